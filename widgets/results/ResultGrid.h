// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/Async.h"
#include "items/ResultTableModel.h"

#include <QTableView>

namespace tocsin::widgets {

class Theme;

/// The table of a result. A click on a header orders the rows in a worker; the third click gives back the query's order.
class ResultGrid final : public QTableView {
    Q_OBJECT
public:
    ResultGrid(items::ResultTableModel& model, Executor& executor, const Theme& theme, QWidget* parent = nullptr);

    /// Widths from what has arrived; once a result.
    void fitOnce();
    void forgetWidths();
    void copy();

Q_SIGNALS:
    void rowActivated(int row);
    void selectionSummaryChanged(const QString& text, int selectedRows);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void orderBy(int column);
    void summarizeSelection();

    items::ResultTableModel& m_model;
    Executor& m_executor;
    const Theme& m_theme;
    items::Mailbox m_mailbox;
    bool m_fitted = false;
    int m_orderColumn = -1;
    bool m_descending = true;
    int m_ordering = 0;
};

} // namespace tocsin::widgets
