// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"
#include "items/RowOrder.h"

#include <QAbstractTableModel>

namespace tocsin::items {

class TimeDisplay;

/// One result of a query as a table: holds the batches as they came and formats a cell only when it is asked for.
class ResultTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class State { Empty, Loading, Partial, Complete };

    explicit ResultTableModel(const TimeDisplay& time, QObject* parent = nullptr);

    /// Starts a new result without rows.
    void start(engine::ResultSchema schema);
    void append(const std::vector<Batch>& batches);
    /// No more rows will come; `complete` is false after a failure or a cancel.
    void end(bool complete);
    void clear();

    State state() const { return m_state; }
    const engine::ResultSchema& schema() const { return m_schema; }
    const std::vector<Batch>& batches() const { return m_batches; }
    /// Another order of the same rows; null for the order of the query.
    void setOrder(std::shared_ptr<const RowOrder> order);
    bool isOrdered() const { return m_order != nullptr; }

    /// Where a row of the view is.
    RowPlace place(int row) const;
    const Vector& column(RowPlace place, int column) const { return m_batches[place.batch].columns[static_cast<std::size_t>(column)]; }
    /// The whole value, as for the clipboard.
    QString wholeText(int row, int column) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TimeDisplay& m_time;
    engine::ResultSchema m_schema;
    std::vector<Batch> m_batches;
    std::vector<std::size_t> m_starts; ///< first row of each batch
    std::size_t m_rows = 0;
    std::shared_ptr<const RowOrder> m_order;
    State m_state = State::Empty;
    int m_severityColumn = -1;
};

} // namespace tocsin::items
