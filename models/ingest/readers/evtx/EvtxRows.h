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
        if (!value.empty())
            put<DataType::String>(column, value);
    }
    /// Encoded as in Dynamic.h.
    void dynamic(std::size_t column, std::string_view encoded) { put<DataType::Dynamic>(column, encoded); }
    void integer(std::size_t column, std::optional<std::int32_t> value)
    {
        if (value)
            put<DataType::Int>(column, *value);
    }
    void dateTime(std::size_t column, Ticks value) { put<DataType::DateTime>(column, value); }
    void guid(std::size_t column, const Guid& value) { put<DataType::Guid>(column, value); }
    void endRow() { ++m_rows; }
    std::size_t rows() const { return m_rows; }
    /// The rows so far as a batch with the columns of the schema; the next row is the first of a new one.
    Batch take();

private:
    /// Brings the column up to the current row and sets its cell, if that is free. A value of another type than the column's is left out.
    template <DataType T> void put(std::size_t column, const Physical<T>& value)
    {
        if (m_filled[column] > m_rows || m_builders[column].type() != T)
            return;
        pad(column);
        m_filled[column] = m_rows + 1;
        m_builders[column].as<T>().append(value);
    }
    void pad(std::size_t column);

    catalog::TableSchema m_schema;
    std::vector<VectorBuilder> m_builders;
    std::vector<std::size_t> m_filled; ///< rows each column has
    std::size_t m_rows = 0;
};

} // namespace tocsin::ingest
