// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "ingest/readers/RowColumns.h"

#include <optional>
#include <string_view>

namespace tocsin::ingest {

/// Rows of one of the Windows tables: values of the column's own type, by the place of the column. A value of another type is left out.
class EvtxRows {
public:
    explicit EvtxRows(catalog::TableSchema schema) : m_schema(std::move(schema))
    {
        for (const catalog::ColumnSchema& column : m_schema.columns)
            m_cells.add(column.type);
    }

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
    void endRow() { m_cells.endRow(); }
    std::size_t rows() const { return m_cells.rows(); }
    /// The rows so far as a batch with the columns of the schema; the next row is the first of a new one.
    Batch take() { return m_cells.take(); }

private:
    template <DataType T> void put(std::size_t column, const Physical<T>& value)
    {
        if (m_cells.typeOf(column) == T)
            m_cells.put<T>(column, value);
    }

    catalog::TableSchema m_schema;
    RowColumns m_cells;
};

} // namespace tocsin::ingest
