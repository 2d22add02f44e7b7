// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/OutlinePopup.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QVBoxLayout>

namespace tocsin::widgets {

namespace {

using Kind = kql::services::OutlineItem::Kind;
constexpr int kByteRole = Qt::UserRole;

QString iconName(Kind kind)
{
    switch (kind) {
    case Kind::Query: return QStringLiteral("query");
    case Kind::Table: return QStringLiteral("table");
    case Kind::Value: return QStringLiteral("tag");
    case Kind::Function: return QStringLiteral("function");
    case Kind::Declaration: return QStringLiteral("details");
    case Kind::Operator: break;
    }
    return {};
}

} // namespace

OutlinePopup::OutlinePopup(const Theme& theme, const std::vector<kql::services::OutlineItem>& items, std::size_t cursor, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_search(new QLineEdit), m_tree(new QTreeWidget)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2));
    column->setSpacing(theme.space());
    m_search->setPlaceholderText(tr("Go to a statement, a let, an operator…"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Search the outline"));
    m_tree->setAccessibleName(tr("Outline"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIconSize(QSize(theme.iconSize(), theme.iconSize()));
    m_tree->setIndentation(theme.space(4));
    m_tree->setTextElideMode(Qt::ElideRight);
    column->addWidget(m_search);
    column->addWidget(m_tree);

    std::vector<QTreeWidgetItem*> parents;
    QTreeWidgetItem* here = nullptr;
    for (const auto& item : items) {
        const auto level = static_cast<std::size_t>(std::min<int>(item.level, static_cast<int>(parents.size())));
        parents.resize(level);
        auto* row = new QTreeWidgetItem({QString::fromStdString(item.title), QString::fromStdString(item.detail)});
        if (const QString icon = iconName(item.kind); !icon.isEmpty())
            row->setIcon(0, theme.icon(icon));
        row->setFont(0, item.kind == Kind::Operator ? theme.monospaceFont() : theme.boldFont());
        row->setFont(1, theme.monospaceFont());
        row->setForeground(1, theme.color(ThemeColor::TextQuiet));
        row->setToolTip(1, row->text(1));
        row->setData(0, kByteRole, static_cast<quint64>(item.focus.start));
        if (parents.empty())
            m_tree->addTopLevelItem(row);
        else
            parents.back()->addChild(row);
        parents.push_back(row);
        if (item.span.start <= cursor && cursor <= item.span.end())
            here = row;
    }
    m_tree->expandAll();
    m_tree->header()->setStretchLastSection(true);
    m_tree->resizeColumnToContents(0);
    m_tree->setCurrentItem(here ? here : m_tree->topLevelItem(0));
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &OutlinePopup::narrow);
    connect(m_tree, &QTreeWidget::itemActivated, this, &OutlinePopup::choose);
    connect(m_tree, &QTreeWidget::itemClicked, this, &OutlinePopup::choose);
    setFocusProxy(m_search);
}

void OutlinePopup::narrow(const QString& text)
{
    QTreeWidgetItem* first = nullptr;
    for (QTreeWidgetItemIterator at(m_tree); *at; ++at) {
        const bool fits = (*at)->text(0).contains(text, Qt::CaseInsensitive) || (*at)->text(1).contains(text, Qt::CaseInsensitive);
        (*at)->setHidden(!fits);
        if (fits && !first)
            first = *at;
        for (QTreeWidgetItem* parent = fits ? (*at)->parent() : nullptr; parent; parent = parent->parent())
            parent->setHidden(false);
    }
    m_tree->setCurrentItem(first);
}

void OutlinePopup::choose(QTreeWidgetItem* item)
{
    if (!item)
        return;
    const quint64 byte = item->data(0, kByteRole).toULongLong();
    close();
    Q_EMIT chosen(byte);
}

bool OutlinePopup::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        switch (key->key()) {
        case Qt::Key_Return: case Qt::Key_Enter: choose(m_tree->currentItem()); return true;
        case Qt::Key_Up: case Qt::Key_Down: case Qt::Key_PageUp: case Qt::Key_PageDown: QCoreApplication::sendEvent(m_tree, key); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace tocsin::widgets
