// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"

namespace tocsin::catalog {

/// One table made of the rows of two: alerts of this program and alerts that were imported, say. The columns are those of the first,
/// then further ones of the second; a column that a source lacks, or has with another type, is null in its rows.
class UnionTable final : public TableSource {
public:
    UnionTable(std::shared_ptr<const TableSource> first, std::shared_ptr<const TableSource> second);

    const TableSchema& schema() const override { return m_schema; }
    TableStatistics statistics() const override;
    Result<std::unique_ptr<TableScan>> scan(const ScanRequest& request) const override;
    bool canCount() const override { return m_sources[0]->canCount() && m_sources[1]->canCount(); }
    Result<std::uint64_t> countRows(const TimePeriod& period, std::stop_token stop) const override;

private:
    std::shared_ptr<const TableSource> m_sources[2];
    TableSchema m_schema;
};

} // namespace tocsin::catalog
