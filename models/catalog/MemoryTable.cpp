// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/MemoryTable.h"

#include <algorithm>
#include <atomic>

namespace tocsin::catalog {
namespace {

/// A column of the rows. Behind those of the schema may stand the times of ingestion; rows without them have none.
Vector columnOf(const Batch& rows, std::size_t column)
{
    return column < rows.columns.size() ? rows.columns[column] : Vector::nulls(DataType::DateTime, rows.storedRows);
}

class MemoryMorsel final : public Morsel {
public:
    MemoryMorsel(std::uint64_t ordinal, Batch batch, bool withIds) : m_ordinal(ordinal), m_batch(std::move(batch)), m_withIds(withIds) {}
    std::uint64_t ordinal() const override { return m_ordinal; }
    Result<std::optional<Batch>> next() override
    {
        if (m_at >= m_batch.rows())
            return std::nullopt;
        const std::size_t count = std::min(kBatchRows, m_batch.rows() - m_at);
        Batch part = m_withIds ? m_batch.slice(m_at, count).compacted() : m_batch.slice(m_at, count);
        if (m_withIds)
            part.columns.push_back(rowIds(m_ordinal, m_at, count));
        m_at += count;
        return part;
    }

private:
    std::uint64_t m_ordinal;
    Batch m_batch;
    bool m_withIds;
    std::size_t m_at = 0;
};

class MemoryScan final : public TableScan {
public:
    MemoryScan(std::shared_ptr<const std::vector<Batch>> batches, std::vector<std::size_t> columns, bool withIds)
        : m_batches(std::move(batches)), m_columns(std::move(columns)), m_withIds(withIds)
    {
    }
    Result<std::unique_ptr<Morsel>> nextMorsel(std::stop_token stop) override
    {
        if (stop.stop_requested())
            return fail(kCancelled);
        const std::size_t index = m_next.fetch_add(1);
        if (index >= m_batches->size())
            return nullptr;
        const Batch& whole = (*m_batches)[index];
        Batch wanted{{}, whole.storedRows, whole.selection};
        for (const std::size_t column : m_columns)
            wanted.columns.push_back(columnOf(whole, column));
        m_rows.fetch_add(whole.rows());
        return std::make_unique<MemoryMorsel>(index, std::move(wanted), m_withIds);
    }
    std::uint64_t ordinals() const override { return m_batches->size(); }
    ScanStatistics statistics() const override { return {m_batches->size(), std::min(m_next.load(), m_batches->size()), m_rows.load(), 0}; }

private:
    std::shared_ptr<const std::vector<Batch>> m_batches;
    std::vector<std::size_t> m_columns;
    bool m_withIds;
    std::atomic<std::size_t> m_next = 0;
    std::atomic<std::uint64_t> m_rows = 0;
};

} // namespace

MemoryTable::MemoryTable(TableSchema schema, std::vector<Batch> batches)
    : m_schema(std::move(schema)), m_batches(std::make_shared<const std::vector<Batch>>(std::move(batches)))
{
}

TableStatistics MemoryTable::statistics() const
{
    TableStatistics statistics;
    statistics.segments = m_batches->size();
    for (const Batch& batch : *m_batches)
        statistics.rows += batch.rows();
    return statistics;
}

Result<std::unique_ptr<TableScan>> MemoryTable::scan(const ScanRequest& request) const
{
    return std::make_unique<MemoryScan>(m_batches, request.columns, request.rowIds);
}

Result<std::uint64_t> MemoryTable::countRows(const TimePeriod& period, std::stop_token stop) const
{
    if (period.isOpen())
        return statistics().rows;
    const auto time = m_schema.indexOf("TimeGenerated");
    std::uint64_t count = 0;
    for (const Batch& batch : *m_batches) {
        if (stop.stop_requested())
            return fail(kCancelled);
        count += time ? countTimes(batch.column(*time), period) : 0;
    }
    return count;
}

Result<Batch> MemoryTable::fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const
{
    Batch result;
    result.storedRows = rowIds.size();
    for (const std::size_t column : columns) {
        if (stop.stop_requested())
            return fail(kCancelled);
        std::vector<Vector> pieces;
        for (const Batch& batch : *m_batches)
            pieces.push_back(columnOf(batch, column));
        VectorBuilder values(column < m_schema.columns.size() ? m_schema.columns[column].type : DataType::DateTime);
        for (const std::int64_t id : rowIds) {
            const auto piece = static_cast<std::size_t>(id >> kRowIdShift);
            const std::size_t row = static_cast<std::uint32_t>(id);
            const Selection& selection = (*m_batches)[piece].selection;
            values.append(pieces[piece], selection ? (*selection)[row] : row);
        }
        result.columns.push_back(values.finish());
    }
    return result;
}

class MemoryCatalog::Contents final : public Snapshot {
public:
    std::shared_ptr<const TableSource> findTable(std::string_view name) const override
    {
        const auto found = tables.find(name);
        return found == tables.end() ? nullptr : found->second;
    }
    const StoredFunction* findFunction(std::string_view name) const override
    {
        const auto found = functions.find(name);
        return found == functions.end() ? nullptr : &found->second;
    }
    std::vector<std::string> tableNames() const override { return names(tables); }
    std::vector<std::string> functionNames() const override { return names(functions); }
    std::string databaseName() const override { return database; }

    std::map<std::string, std::shared_ptr<const TableSource>, std::less<>> tables;
    std::map<std::string, StoredFunction, std::less<>> functions;
    std::string database;

private:
    template <typename Map>
    static std::vector<std::string> names(const Map& map)
    {
        std::vector<std::string> result;
        for (const auto& [name, value] : map)
            result.push_back(name);
        return result;
    }
};

MemoryCatalog::MemoryCatalog(std::string databaseName) : m_contents(std::make_shared<Contents>()) { m_contents->database = std::move(databaseName); }

void MemoryCatalog::add(std::shared_ptr<const TableSource> table)
{
    auto next = std::make_shared<Contents>(*m_contents); // snapshots already handed out stay as they are
    next->tables[table->schema().name] = std::move(table);
    m_contents = std::move(next);
}

void MemoryCatalog::add(StoredFunction function)
{
    auto next = std::make_shared<Contents>(*m_contents);
    next->functions[function.name] = std::move(function);
    m_contents = std::move(next);
}

Result<std::shared_ptr<const Snapshot>> MemoryCatalog::snapshot() const { return m_contents; }

} // namespace tocsin::catalog
