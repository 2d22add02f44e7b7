// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/ResultGrid.h"

#include "common/Theme.h"
#include "common/ViewSetup.h"
#include "items/ResultSummary.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

namespace tocsin::widgets {

namespace {

/// Sums of more cells than this are not worth the wait.
constexpr int kMostSummedCells = 200'000;

} // namespace

ResultGrid::ResultGrid(items::ResultTableModel& model, Executor& executor, const Theme& theme, QWidget* parent)
    : QTableView(parent), m_model(model), m_executor(executor), m_theme(theme)
{
    setModel(&model);
    setUpTable(this, theme);
    setSelectionBehavior(QAbstractItemView::SelectItems);
    setAccessibleName(tr("Results"));
    horizontalHeader()->setSectionsClickable(true);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, &ResultGrid::orderBy);
    connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { Q_EMIT rowActivated(index.row()); });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_orderColumn = -1;
        ++m_ordering;
        horizontalHeader()->setSortIndicatorShown(false);
        summarizeSelection();
    });
}

void ResultGrid::fitOnce()
{
    if (m_fitted || m_model.columnCount() == 0)
        return;
    m_fitted = m_model.rowCount() > 0;
    fitColumns(this, 360);
}

void ResultGrid::forgetWidths() { m_fitted = false; }

void ResultGrid::copy() { copySelection(this); }

void ResultGrid::orderBy(int column)
{
    if (m_model.state() == items::ResultTableModel::State::Loading || m_model.rowCount() == 0)
        return;
    if (column != m_orderColumn) {
        m_orderColumn = column;
        m_descending = true;
    } else if (m_descending) {
        m_descending = false;
    } else {
        m_orderColumn = -1;
    }
    ++m_ordering;
    horizontalHeader()->setSortIndicatorShown(m_orderColumn >= 0);
    if (m_orderColumn < 0) {
        m_model.setOrder(nullptr);
        return;
    }
    horizontalHeader()->setSortIndicator(column, m_descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    items::runAsync(
        m_executor, m_mailbox,
        [batches = m_model.batches(), column = static_cast<std::size_t>(column), descending = m_descending] { return items::orderRows(batches, column, descending); },
        [this, ordering = m_ordering](std::shared_ptr<const items::RowOrder> order) {
            if (ordering == m_ordering)
                m_model.setOrder(std::move(order));
        });
}

void ResultGrid::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    summarizeSelection();
}

void ResultGrid::summarizeSelection()
{
    if (!selectionModel())
        return;
    qsizetype cells = 0;
    std::vector<std::pair<int, int>> rows;
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        cells += qsizetype(range.height()) * range.width();
        rows.emplace_back(range.top(), range.bottom());
    }
    std::sort(rows.begin(), rows.end());
    int count = 0, covered = -1;
    for (const auto& [top, bottom] : rows) {
        count += std::max(0, bottom - std::max(top, covered + 1) + 1);
        covered = std::max(covered, bottom);
    }
    const bool sums = cells > 1 && cells <= kMostSummedCells;
    Q_EMIT selectionSummaryChanged(sums ? items::summarize(m_model, selectionModel()->selectedIndexes()).text() : QString(), count);
}

void ResultGrid::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    const bool details = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || (event->key() == Qt::Key_F10 && event->modifiers() == Qt::ControlModifier);
    if (details && event->modifiers() != Qt::ShiftModifier && currentIndex().isValid()) {
        Q_EMIT rowActivated(currentIndex().row());
        return;
    }
    QTableView::keyPressEvent(event);
}

void ResultGrid::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu;
    QAction* copyAction = menu.addAction(m_theme.icon(QStringLiteral("copy")), tr("Copy"));
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setEnabled(selectionModel() && selectionModel()->hasSelection());
    QAction* details = menu.addAction(m_theme.icon(QStringLiteral("details")), tr("Row details"));
    details->setEnabled(currentIndex().isValid());
    menu.addSeparator();
    QAction* hide = menu.addAction(tr("Hide column"));
    hide->setEnabled(currentIndex().isValid());
    QAction* showAll = menu.addAction(tr("Show all columns"));
    const QPoint at = event->reason() == QContextMenuEvent::Keyboard ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()) : event->globalPos();
    const QAction* chosen = menu.exec(at);
    if (chosen == copyAction)
        copy();
    else if (chosen == details)
        Q_EMIT rowActivated(currentIndex().row());
    else if (chosen == hide)
        hideColumn(currentIndex().column());
    else if (chosen == showAll)
        for (int c = 0; c < m_model.columnCount(); ++c)
            showColumn(c);
}

} // namespace tocsin::widgets
