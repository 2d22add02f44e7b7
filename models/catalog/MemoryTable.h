// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"

#include <map>

namespace tocsin::catalog {

/// A table held in memory: small results, system tables, tests. Each batch is one morsel.
class MemoryTable final : public TableSource {
public:
    MemoryTable(TableSchema schema, std::vector<Batch> batches);

    const TableSchema& schema() const override { return m_schema; }
    TableStatistics statistics() const override;
    Result<std::unique_ptr<TableScan>> scan(const ScanRequest& request) const override;
    bool canCount() const override { return true; }
    Result<std::uint64_t> countRows(const TimePeriod& period, std::stop_token stop) const override;
    bool canFetch() const override { return true; }
    Result<Batch> fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const override;

private:
    TableSchema m_schema;
    std::shared_ptr<const std::vector<Batch>> m_batches;
};

/// A fixed set of tables and functions; its own snapshot.
class MemoryCatalog final : public Catalog {
public:
    explicit MemoryCatalog(std::string databaseName = "memory");
    void add(std::shared_ptr<const TableSource> table);
    void add(StoredFunction function);
    Result<std::shared_ptr<const Snapshot>> snapshot() const override;

private:
    class Contents;
    std::shared_ptr<Contents> m_contents;
};

} // namespace tocsin::catalog
