// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/QueryTools.h"

#include "editor/OutlinePopup.h"
#include "editor/QueryEditor.h"
#include "editor/RenameBox.h"
#include "items/ErrorText.h"
#include "items/ValueText.h"
#include "kql/services/Format.h"
#include "kql/services/Outline.h"

#include <QLineEdit>
#include <QTimer>
#include <QToolTip>

namespace tocsin::widgets {

namespace services = kql::services;

QueryTools::QueryTools(QueryEditor& editor, const Theme& theme, QObject* parent) : QObject(parent), m_editor(editor), m_theme(theme) { setSchema({}); }

void QueryTools::setSchema(const items::SchemaContents& contents)
{
    catalog::MemoryCatalog tables(contents.database);
    for (const auto& table : contents.tables)
        tables.add(std::make_shared<catalog::MemoryTable>(table.schema, std::vector<Batch>{}));
    if (auto snapshot = tables.snapshot())
        m_snapshot = *snapshot;
}

std::string QueryTools::document() const { return m_editor.text().toStdString(); }

services::SymbolContext QueryTools::context() const
{
    services::SymbolContext context;
    context.functions = &m_functions;
    context.columnsOf = [this](std::string_view name) -> std::optional<std::vector<std::string>> {
        const auto table = m_snapshot ? m_snapshot->findTable(name) : nullptr;
        if (!table)
            return std::nullopt;
        std::vector<std::string> names;
        for (const auto& column : table->schema().columns)
            names.push_back(column.name);
        return names;
    };
    return context;
}

void QueryTools::tip(const QString& text, std::size_t byte)
{
    QToolTip::showText(m_editor.mapToGlobal(m_editor.placeOf(byte).bottomLeft() + QPoint(0, m_theme.space())), text, &m_editor, {}, 3000);
}

void QueryTools::format()
{
    const std::string before = document(), after = services::formatQuery(before);
    if (before == after)
        return tip(tr("Nothing to format here, or it does not parse."), m_editor.cursor());
    m_editor.replace({{{0, before.size()}, after}}, services::placeAfterFormat(before, m_editor.cursor(), after));
    Q_EMIT done();
}

void QueryTools::formatSelection()
{
    const std::string before = document();
    const auto edit = services::formatSelection(before, m_editor.selection());
    if (!edit)
        return tip(tr("Nothing to format here, or it does not parse."), m_editor.cursor());
    const std::size_t cursor = m_editor.cursor();
    std::size_t after = cursor;
    if (cursor >= edit->span.end())
        after = cursor - edit->span.length + edit->text.size();
    else if (cursor > edit->span.start)
        after = edit->span.start + services::placeAfterFormat(std::string_view(before).substr(edit->span.start, edit->span.length), cursor - edit->span.start, edit->text);
    m_editor.replace({*edit}, after);
    Q_EMIT done();
}

void QueryTools::goToDefinition()
{
    const auto symbol = services::symbolAt(document(), m_editor.cursor(), context());
    if (!symbol)
        return Q_EMIT refused(makeError(services::kNoSymbol));
    if (!symbol->symbol.definition) {
        const QString name = items::toQString(symbol->symbol.name);
        return tip(symbol->symbol.kind == services::SymbolKind::SourceTable    ? tr("%1 is a table of the workspace.").arg(name)
                   : symbol->symbol.kind == services::SymbolKind::SourceColumn ? tr("%1 is a column of %2.").arg(name, items::toQString(symbol->symbol.table))
                                                                               : tr("%1 is named by the language after an expression.").arg(name),
                   m_editor.cursor());
    }
    m_editor.goTo(symbol->symbol.definition->start);
    m_editor.select(*symbol->symbol.definition);
    Q_EMIT done();
}

void QueryTools::showReferences()
{
    const auto symbol = services::symbolAt(document(), m_editor.cursor(), context());
    if (!symbol)
        return Q_EMIT refused(makeError(services::kNoSymbol));
    std::vector<SourceSpan> places;
    for (const services::Reference& reference : symbol->references)
        places.push_back(reference.span);
    m_editor.markReferences(places);
    tip(tr("%1: %n place(s)", nullptr, static_cast<int>(places.size())).arg(items::toQString(symbol->symbol.name)), m_editor.cursor());
    Q_EMIT done();
}

void QueryTools::rename() { openRename(m_editor.cursor()); }

void QueryTools::openRename(std::size_t byte)
{
    const auto symbol = services::symbolAt(document(), byte, context());
    if (!symbol)
        return Q_EMIT refused(makeError(services::kNoSymbol));
    // Refuse what has no other name at once, before something is typed.
    if (const auto possible = services::renameSymbol(document(), byte, symbol->symbol.name + "_", context()); !possible && possible.error().kind != &services::kNameTaken)
        return Q_EMIT refused(possible.error());
    std::vector<SourceSpan> places;
    for (const services::Reference& reference : symbol->references)
        places.push_back(reference.span);
    m_editor.markReferences(places);
    auto* box = new RenameBox(m_theme, items::toQString(symbol->symbol.name), [this, byte](const QString& name) {
        const std::string before = document();
        const auto edits = services::renameSymbol(before, byte, name.trimmed().toStdString(), context());
        if (!edits)
            return items::errorText(edits.error());
        std::size_t after = byte;
        for (const services::TextEdit& edit : *edits)
            if (edit.span.end() < byte)
                after += edit.text.size() - edit.span.length;
            else if (edit.span.start <= byte)
                after = after - (byte - edit.span.start) + edit.text.size();
        if (!edits->empty())
            m_editor.replace(*edits, after);
        m_editor.markReferences({});
        Q_EMIT done();
        return QString();
    }, &m_editor);
    box->openAt(m_editor.placeOf(symbol->span.start));
}

void QueryTools::extractLet()
{
    const std::string before = document();
    const auto extraction = services::extractLet(before, m_editor.selection(), context(), services::boundColumnTypes(*m_snapshot, m_functions));
    if (!extraction)
        return Q_EMIT refused(extraction.error());
    m_editor.replace(extraction->edits, extraction->nameAt);
    Q_EMIT done();
    openRename(extraction->nameAt);
}

void QueryTools::inlineLet()
{
    const auto edits = services::inlineLet(document(), m_editor.cursor(), context());
    if (!edits)
        return Q_EMIT refused(edits.error());
    m_editor.replace(*edits, edits->front().span.start);
    Q_EMIT done();
}

void QueryTools::showOutline()
{
    const auto items = services::outline(document());
    if (items.empty())
        return tip(tr("There is no statement here yet."), m_editor.cursor());
    auto* popup = new OutlinePopup(m_theme, items, m_editor.cursor(), &m_editor);
    connect(popup, &OutlinePopup::chosen, this, [this](quint64 byte) { m_editor.goTo(byte); });
    const int width = std::clamp(m_editor.width() * 2 / 3, 420, 640), height = std::clamp(static_cast<int>(items.size()) * m_theme.rowHeight() + 60, 160, 440);
    popup->resize(width, height);
    popup->move(m_editor.mapToGlobal(QPoint(std::max(0, (m_editor.width() - width) / 2), m_theme.space(2))));
    popup->show();
    popup->search()->setFocus();
}

} // namespace tocsin::widgets
