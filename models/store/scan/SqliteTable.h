// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/MemoryTable.h"
#include "store/Workspace.h"
#include "store/scan/StoreReaders.h"

namespace tocsin::store {

/// A table of ordinary SQLite rows in a snapshot. The rows are read at the first use and kept, so that the source always shows the same.
class SqliteTable final : public catalog::TableSource {
public:
    SqliteTable(std::shared_ptr<const SqliteTableDefinition> definition, std::shared_ptr<StoreReaders> readers)
        : m_definition(std::move(definition)), m_readers(std::move(readers))
    {
    }
    const catalog::TableSchema& schema() const override { return m_definition->schema; }
    catalog::TableStatistics statistics() const override;
    Result<std::unique_ptr<catalog::TableScan>> scan(const catalog::ScanRequest& request) const override;

private:
    Result<const catalog::MemoryTable*> rows() const;

    std::shared_ptr<const SqliteTableDefinition> m_definition;
    std::shared_ptr<StoreReaders> m_readers;
    mutable std::mutex m_mutex;
    mutable std::unique_ptr<catalog::MemoryTable> m_rows;
};

} // namespace tocsin::store
