// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"
#include "catalog/ValueCounts.h"
#include "store/scan/StoreReaders.h"

namespace tocsin::store {

/// In the place of a column's id: it is a member of another one.
inline constexpr std::int64_t kMemberColumn = -1;

/// What one scan and its morsels share of a table in a snapshot.
struct SegmentTableContent {
    catalog::TableSchema schema;
    std::vector<std::int64_t> columnIds; ///< of each column of the schema; 0 if the file does not have it
    std::vector<catalog::JsonMember> members; ///< the schema's last columns are these, of the columns before
    std::vector<std::shared_ptr<const SegmentInfo>> segments;
    std::shared_ptr<StoreReaders> readers;
    std::shared_ptr<const SnapshotPins::Pin> pin;
};

/// A table of column segments as a snapshot saw it. A table that is only declared has no segments.
class SegmentTable final : public catalog::TableSource, public catalog::CountsValues {
public:
    explicit SegmentTable(SegmentTableContent content) : m_content(std::make_shared<const SegmentTableContent>(std::move(content))) {}
    const catalog::TableSchema& schema() const override { return m_content->schema; }
    catalog::TableStatistics statistics() const override;
    Result<std::unique_ptr<catalog::TableScan>> scan(const catalog::ScanRequest& request) const override;
    std::shared_ptr<const catalog::TableSource> withMembers(std::span<const catalog::JsonMember> members) const override;
    bool canCount() const override { return true; }
    Result<std::uint64_t> countRows(const catalog::TimePeriod& period, std::stop_token stop) const override;
    bool canFetch() const override { return true; }
    std::size_t pieces() const override { return m_content->segments.size(); }
    Result<std::optional<catalog::ValueCounts>> countValues(std::size_t piece, std::size_t column) const override;
    Result<Batch> fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const override;

private:
    std::shared_ptr<const SegmentTableContent> m_content;
};

} // namespace tocsin::store
