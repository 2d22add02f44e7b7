// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "column/Batch.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// Rows of one table under construction. A cell that is not set is null (text: empty); the first setting of a cell counts. Columns
/// nobody set in a batch cost nothing: they become constants.
class EvtxRows {
public:
    explicit EvtxRows(catalog::TableSchema schema);

    const catalog::TableSchema& schema() const { return m_schema; }
    /// Place of a column, which must exist.
    std::size_t column(std::string_view name) const { return m_schema.indexOf(name).value(); }

    void text(std::size_t column, std::string_view value)
    {
        if (!value.empty() && claim(column))
            m_builders[column].as<DataType::String>().append(value);
    }
    /// Encoded as in Dynamic.h.
    void dynamic(std::size_t column, std::string_view encoded)
    {
        if (claim(column))
            m_builders[column].as<DataType::Dynamic>().append(encoded);
    }
    void integer(std::size_t column, std::optional<std::int32_t> value)
    {
        if (value && claim(column))
            m_builders[column].as<DataType::Int>().append(*value);
    }
    void dateTime(std::size_t column, Ticks value)
    {
        if (claim(column))
            m_builders[column].as<DataType::DateTime>().append(value);
    }
    void guid(std::size_t column, const Guid& value)
    {
        if (claim(column))
            m_builders[column].as<DataType::Guid>().append(value);
    }
    void endRow() { ++m_rows; }
    std::size_t rows() const { return m_rows; }
    /// The rows so far as a batch with the columns of the schema; the next row is the first of a new one.
    Batch take();

private:
    /// Whether the cell of the current row is still free; brings the column up to the row.
    bool claim(std::size_t column)
    {
        if (m_filled[column] > m_rows)
            return false;
        pad(column);
        m_filled[column] = m_rows + 1;
        return true;
    }
    void pad(std::size_t column);

    catalog::TableSchema m_schema;
    std::vector<VectorBuilder> m_builders;
    std::vector<std::size_t> m_filled; ///< rows each column has
    std::size_t m_rows = 0;
};

} // namespace tocsin::ingest
