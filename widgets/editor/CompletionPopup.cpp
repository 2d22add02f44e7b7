// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/CompletionPopup.h"

#include "editor/TextColors.h"
#include "items/ValueText.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QLabel>
#include <QScreen>
#include <QTreeView>
#include <QVBoxLayout>

namespace tocsin::widgets {

using kql::services::CompletionItem;
using kql::services::CompletionKind;

namespace {

constexpr int kRowsShown = 10;
constexpr int kNameWidth = 280, kDetailWidth = 300;
constexpr std::size_t kMostItems = 400; ///< more are found by typing

QString kindText(CompletionKind kind)
{
    switch (kind) {
    case CompletionKind::Operator: return CompletionPopup::tr("operator");
    case CompletionKind::Keyword: return CompletionPopup::tr("keyword");
    case CompletionKind::Table: return CompletionPopup::tr("table");
    case CompletionKind::Column: return CompletionPopup::tr("column");
    case CompletionKind::Function: return CompletionPopup::tr("function");
    case CompletionKind::Aggregate: return CompletionPopup::tr("aggregate");
    case CompletionKind::Plugin: return CompletionPopup::tr("plugin");
    case CompletionKind::Variable: return CompletionPopup::tr("name of let");
    case CompletionKind::Option: return CompletionPopup::tr("option");
    case CompletionKind::Value: return CompletionPopup::tr("value");
    case CompletionKind::Type: return CompletionPopup::tr("type");
    case CompletionKind::Database: return CompletionPopup::tr("database");
    case CompletionKind::Property: return CompletionPopup::tr("property");
    case CompletionKind::Symbol: return CompletionPopup::tr("comparison");
    case CompletionKind::Literal: return CompletionPopup::tr("literal");
    case CompletionKind::Punctuation:
    case CompletionKind::Name: break;
    }
    return {};
}

} // namespace

/// Label and detail of each item.
class CompletionModel final : public QAbstractTableModel {
public:
    enum Column { Label, Detail, ColumnCount };

    CompletionModel(const Theme& theme, QObject* parent) : QAbstractTableModel(parent), m_theme(theme) {}

    void setItems(std::vector<CompletionItem> items)
    {
        beginResetModel();
        m_items = std::move(items);
        endResetModel();
    }
    const CompletionItem* item(int row) const { return row >= 0 && row < static_cast<int>(m_items.size()) ? &m_items[static_cast<std::size_t>(row)] : nullptr; }

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_items.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        const CompletionItem* entry = item(index.row());
        if (!entry)
            return {};
        if (role == Qt::DisplayRole)
            return items::toQString(index.column() == Label ? entry->label : entry->detail);
        if (role == Qt::ForegroundRole)
            return m_theme.color(index.column() == Label ? colorOf(entry->kind) : ThemeColor::TextQuiet);
        if (role == Qt::AccessibleTextRole)
            return QString(items::toQString(entry->label) + QLatin1String(", ") + kindText(entry->kind));
        return {};
    }

private:
    const Theme& m_theme;
    std::vector<CompletionItem> m_items;
};

CompletionPopup::CompletionPopup(const Theme& theme, QWidget* editor)
    : QFrame(editor, Qt::ToolTip | Qt::FramelessWindowHint), m_theme(theme), m_model(new CompletionModel(theme, this)), m_view(new QTreeView), m_help(new QLabel)
{
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Completions"));
    m_view->setModel(m_model);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setHeaderHidden(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAllColumnsShowFocus(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->header()->setStretchLastSection(true);
    m_view->setColumnWidth(CompletionModel::Label, kNameWidth);
    m_help->setWordWrap(true);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setContentsMargins(theme.space(2), theme.space(), theme.space(2), theme.space());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_view, 1);
    column->addWidget(m_help);
    connect(m_view, &QTreeView::clicked, this, &CompletionPopup::chosen);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &CompletionPopup::showHelp);
    connect(&theme, &Theme::changed, this, &CompletionPopup::restyle);
    restyle();
}

void CompletionPopup::restyle()
{
    m_view->setFont(m_theme.monospaceFont());
    m_help->setFont(m_theme.smallFont());
}

void CompletionPopup::present(std::vector<CompletionItem> items, const QRect& word)
{
    std::erase_if(items, [](const CompletionItem& item) { return !kql::services::isChoice(item); });
    // What may stand behind the word is only of use when nothing completes the word itself.
    if (!items.empty() && !items.front().follows)
        std::erase_if(items, [](const CompletionItem& item) { return item.follows; });
    if (items.size() > kMostItems)
        items.resize(kMostItems);
    if (items.empty()) {
        hide();
        return;
    }
    if (!isVisible())
        m_moved = false;
    m_model->setItems(std::move(items));
    m_view->setCurrentIndex(m_model->index(0, 0));
    m_view->scrollToTop();
    showHelp();
    place(word);
    show();
}

void CompletionPopup::place(const QRect& word)
{
    const int row = std::max(m_view->sizeHintForRow(0), m_view->fontMetrics().height() + 4);
    const int lines = std::min(kRowsShown, m_model->rowCount());
    resize(kNameWidth + kDetailWidth, row * lines + m_help->sizeHint().height() + 2 * frameWidth());
    m_help->setFixedHeight(m_help->fontMetrics().lineSpacing() * 3 + 2 * m_theme.space());
    resize(width(), row * lines + m_help->height() + 2 * frameWidth());
    const QScreen* screen = parentWidget()->screen();
    const QRect room = screen ? screen->availableGeometry() : QRect(0, 0, 1440, 900);
    const bool above = word.bottom() + height() > room.bottom() && word.top() - height() >= room.top();
    const int x = std::clamp(word.left() - m_theme.space(), room.left(), std::max(room.left(), room.right() - width()));
    QFrame::move(x, above ? word.top() - height() : word.bottom() + 1);
}

const CompletionItem* CompletionPopup::current() const { return isVisible() ? m_model->item(m_view->currentIndex().row()) : nullptr; }

int CompletionPopup::count() const { return m_model->rowCount(); }

void CompletionPopup::move(int rows)
{
    const int count = m_model->rowCount();
    int row = m_view->currentIndex().row() + rows;
    if (std::abs(rows) == 1)
        row = (row + count) % count; // round the ends
    m_view->setCurrentIndex(m_model->index(std::clamp(row, 0, count - 1), 0));
    m_moved = true;
}

void CompletionPopup::showHelp()
{
    const CompletionItem* item = m_model->item(m_view->currentIndex().row());
    if (!item)
        return;
    QString text = kindText(item->kind);
    if (!item->detail.empty())
        text += QStringLiteral("  ·  ") + items::toQString(item->detail);
    if (!item->help.empty())
        text += QLatin1Char('\n') + items::toQString(item->help);
    if (!item->example.empty())
        text += QLatin1Char('\n') + m_help->fontMetrics().elidedText(items::toQString(item->example), Qt::ElideMiddle, width() - 6 * m_theme.space());
    m_help->setText(text);
}

void CompletionPopup::hideEvent(QHideEvent* event)
{
    m_moved = false;
    QFrame::hideEvent(event);
}

} // namespace tocsin::widgets
