// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ResultTableModel.h"

#include "items/Roles.h"
#include "items/Severity.h"
#include "items/TimeDisplay.h"
#include "items/ValueText.h"

#include <limits>

namespace tocsin::items {

ResultTableModel::ResultTableModel(const TimeDisplay& time, QObject* parent) : QAbstractTableModel(parent), m_time(time)
{
    connect(&time, &TimeDisplay::changed, this, [this] {
        if (m_rows > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DisplayRole});
        if (columnCount() > 0)
            Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    });
}

void ResultTableModel::start(engine::ResultSchema schema)
{
    beginResetModel();
    m_schema = std::move(schema);
    m_batches.clear();
    m_starts.clear();
    m_rows = 0;
    m_order.reset();
    m_state = State::Loading;
    m_severityColumn = -1;
    for (std::size_t i = 0; i < m_schema.columns.size(); ++i)
        if (const auto& name = m_schema.columns[i].name; name == "Severity" || name == "AlertSeverity")
            m_severityColumn = static_cast<int>(i);
    endResetModel();
}

void ResultTableModel::append(const std::vector<Batch>& batches)
{
    std::size_t added = 0;
    for (const Batch& batch : batches)
        added += batch.rows();
    if (added == 0 || m_rows + added > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        return;
    beginInsertRows({}, static_cast<int>(m_rows), static_cast<int>(m_rows + added - 1));
    for (const Batch& batch : batches) {
        if (batch.rows() == 0)
            continue;
        m_starts.push_back(m_rows);
        m_batches.push_back(batch.selection ? batch.compacted() : batch);
        m_rows += batch.rows();
    }
    // Rows that come later are not in the order that was made before.
    m_order.reset();
    endInsertRows();
}

void ResultTableModel::end(bool complete) { m_state = complete ? State::Complete : State::Partial; }

void ResultTableModel::clear()
{
    start({});
    m_state = State::Empty;
}

void ResultTableModel::setOrder(std::shared_ptr<const RowOrder> order)
{
    if (order && order->size() != m_rows)
        return;
    Q_EMIT layoutAboutToBeChanged();
    m_order = std::move(order);
    Q_EMIT layoutChanged();
}

RowPlace ResultTableModel::place(int row) const
{
    if (m_order)
        return (*m_order)[static_cast<std::size_t>(row)];
    const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), static_cast<std::size_t>(row));
    const auto batch = static_cast<std::uint32_t>(after - m_starts.begin() - 1);
    return {batch, static_cast<std::uint32_t>(static_cast<std::size_t>(row) - m_starts[batch])};
}

QString ResultTableModel::wholeText(int row, int column) const
{
    const RowPlace at = place(row);
    return items::wholeText(this->column(at, column), at.row);
}

int ResultTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows); }

int ResultTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_schema.columns.size()); }

QVariant ResultTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const DataType type = m_schema.columns[static_cast<std::size_t>(index.column())].type;
    switch (role) {
    case Qt::TextAlignmentRole: return int((isNumeric(type) || type == DataType::TimeSpan ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case MonospaceRole: return type == DataType::DateTime || type == DataType::Guid || type == DataType::TimeSpan;
    case MiddleElideRole: return type == DataType::Guid;
    default: break;
    }
    const RowPlace at = place(index.row());
    const Vector& vector = column(at, index.column());
    switch (role) {
    case Qt::DisplayRole: return cellText(vector, at.row, m_time);
    case Qt::ToolTipRole: return type == DataType::DateTime && !vector.isNull(at.row) ? m_time.tooltip(vector.valueAt(at.row).asLong()) : QVariant();
    case RawRole:
    case SortRole: return rawValue(vector, at.row);
    case CopyRole: return items::wholeText(vector, at.row);
    case NullRole: return vector.isNull(at.row);
    case SeverityRole:
        if (index.column() == m_severityColumn)
            if (const auto severity = severityFromWord(cellText(vector, at.row, m_time)))
                return static_cast<int>(*severity);
        return {};
    default: return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const catalog::ColumnSchema& column = m_schema.columns[static_cast<std::size_t>(section)];
    const bool right = isNumeric(column.type) || column.type == DataType::TimeSpan;
    switch (role) {
    case Qt::DisplayRole: return column.type == DataType::DateTime ? tr("%1 [%2]").arg(toQString(column.name), m_time.zoneName()) : toQString(column.name);
    case Qt::TextAlignmentRole: return int((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return tr("%1: %2").arg(toQString(column.name), toQString(typeName(column.type)));
    default: return {};
    }
}

} // namespace tocsin::items
