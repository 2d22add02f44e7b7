// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SqliteTable.h"

#include "column/Dynamic.h"
#include "store/StoreErrors.h"
#include "store/segment/Chunk.h"

#include <limits>

namespace tocsin::store {
namespace {

/// One cell; a value that does not suit the column's type reads as null.
Value readCell(const Statement& row, int column, DataType type)
{
    if (row.isNull(column))
        return Value::null(type);
    switch (type) {
    case DataType::Bool: return Value::boolean(row.integer(column) != 0);
    case DataType::Int: return std::in_range<std::int32_t>(row.integer(column)) ? Value::int32(static_cast<std::int32_t>(row.integer(column))) : Value::null(type);
    case DataType::Long: return Value::int64(row.integer(column));
    case DataType::Real: return Value::real(row.real(column));
    case DataType::DateTime: return inDateTimeRange(row.integer(column)) ? Value::dateTime(row.integer(column)) : Value::null(type);
    case DataType::TimeSpan: return Value::timeSpan(row.integer(column));
    case DataType::String: return Value::string(std::string(row.text(column)));
    case DataType::Dynamic: {
        std::string bytes = parseJsonLenient(row.text(column));
        return bytes.empty() ? Value::null(type) : Value::dynamic(std::move(bytes));
    }
    case DataType::Decimal: {
        const auto value = Decimal::parse(row.text(column));
        return value ? Value::decimal(*value) : Value::null(type);
    }
    case DataType::Guid: {
        const auto value = parseGuid(row.text(column));
        return value ? Value::guid(*value) : Value::null(type);
    }
    }
    return Value::null(type);
}

Result<std::vector<Batch>> readRows(Connection& connection, const SqliteTableDefinition& definition)
{
    const auto& columns = definition.schema.columns;
    TOCSIN_TRY_ASSIGN(Statement select, connection.prepare(definition.select));
    if (select.columnCount() != static_cast<int>(columns.size()))
        return fail(kInternal, "the SELECT of table " + definition.schema.name + " does not give the columns of its schema");
    std::vector<Batch> batches;
    std::vector<VectorBuilder> builders;
    std::size_t rows = 0;
    const auto finishBatch = [&] {
        Batch& batch = batches.emplace_back();
        batch.storedRows = rows;
        for (VectorBuilder& builder : builders)
            batch.columns.push_back(builder.finish());
        batch.columns.push_back(Vector::nulls(DataType::DateTime, rows)); // such rows have no ingestion time
        rows = 0;
    };
    for (const catalog::ColumnSchema& column : columns)
        builders.emplace_back(column.type);
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, select.step());
        if (!row)
            break;
        for (std::size_t i = 0; i < columns.size(); ++i)
            builders[i].append(readCell(select, static_cast<int>(i), columns[i].type));
        if (++rows == kSegmentRows)
            finishBatch();
    }
    if (rows > 0)
        finishBatch();
    return batches;
}

} // namespace

Result<const catalog::MemoryTable*> SqliteTable::rows() const
{
    const std::lock_guard lock(m_mutex);
    if (!m_rows) {
        TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, m_readers->connections.acquire());
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, readRows(*connection, *m_definition));
        m_rows = std::make_unique<catalog::MemoryTable>(m_definition->schema, std::move(batches));
    }
    return m_rows.get();
}

catalog::TableStatistics SqliteTable::statistics() const
{
    const auto table = rows();
    return table ? (*table)->statistics() : catalog::TableStatistics{};
}

Result<std::unique_ptr<catalog::TableScan>> SqliteTable::scan(const catalog::ScanRequest& request) const
{
    TOCSIN_TRY_ASSIGN(const catalog::MemoryTable* table, rows());
    return table->scan(request);
}

} // namespace tocsin::store
