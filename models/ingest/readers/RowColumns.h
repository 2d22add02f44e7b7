// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <optional>
#include <vector>

namespace tocsin::ingest {

/// The cells of rows under construction, column by column. A cell that is not set is null (text: empty); the first setting of a cell
/// counts. Columns nobody set in a batch cost nothing: they become constants.
class RowColumns {
public:
    void add(DataType type) { m_columns.emplace_back(type); }
    std::size_t count() const { return m_columns.size(); }
    DataType typeOf(std::size_t column) const { return m_columns[column].type; }
    /// Whether the current row has a value there.
    bool isSet(std::size_t column) const { return m_columns[column].filled > m_rows; }
    /// T must be the column's type.
    template <DataType T> void put(std::size_t column, const Physical<T>& value)
    {
        Column& target = m_columns[column];
        if (target.filled > m_rows)
            return;
        if (target.filled < m_rows || !target.builder)
            pad(target);
        target.filled = m_rows + 1;
        target.builder->as<T>().append(value);
    }
    void endRow() { ++m_rows; }
    std::size_t rows() const { return m_rows; }
    /// The rows so far; the next row is the first of a new batch.
    Batch take();

private:
    struct Column {
        explicit Column(DataType type) : type(type) {}
        DataType type;
        std::optional<VectorBuilder> builder; ///< made at the first value: most tables are wider than their logs
        std::size_t filled = 0;               ///< rows the builder has
    };
    void pad(Column& column);

    std::vector<Column> m_columns;
    std::size_t m_rows = 0;
};

} // namespace tocsin::ingest
