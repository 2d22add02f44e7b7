// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "store/file/Schema.h"
#include "store/segment/EncodedColumn.h"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace tocsin::store {

/// What the file says about a segment. Never changes while the segment is there.
struct SegmentInfo {
    std::int64_t id = 0;
    std::int64_t table = 0;
    std::int64_t position = 0;
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
    std::optional<Ticks> minTime;
    std::optional<Ticks> maxTime;
    Ticks minIngest = 0;
    Ticks maxIngest = 0;
    std::int64_t import = 0; ///< 0: none
    SegmentZones zones;
    std::string damage;      ///< why it cannot be used; empty if it can

    /// Null for a column that came later.
    const Zone* zone(std::int64_t column) const { return zones.of(column); }
};

/// A segment to be written: encoded columns with the names under which they came.
struct EncodedSegment {
    catalog::TableSchema table; ///< name and description; its columns are not looked at
    std::size_t rows = 0;
    struct Column {
        catalog::ColumnSchema schema;
        EncodedColumn encoded;
    };
    std::vector<Column> columns;
    /// One time for all rows, or the range of `ingestTimes`.
    Ticks minIngest = 0;
    Ticks maxIngest = 0;
    std::optional<EncodedColumn> ingestTimes;
};

/// Writes a segment inside the caller's transaction; tables and columns are created as needed. Returns the segment's row.
Result<SegmentInfo> insertSegment(Connection& connection, EncodedSegment segment, SegmentState state, std::int64_t import, std::optional<std::int64_t> position = {});

/// Takes visible segments out of sight as dropped or purged; false if one of them is not visible any more, and then nothing may be replaced.
Result<bool> dropSegments(Connection& connection, const std::vector<std::int64_t>& ids, SegmentState state = SegmentState::Dropped);

/// Shows a pending segment, as one of an import (0: none).
Result<void> publishSegment(Connection& connection, std::int64_t id, std::int64_t import);

/// Deletes segments and their chunks; what was purged is overwritten.
Result<void> deleteSegments(Connection& connection, const std::vector<std::int64_t>& ids);

/// Reads the rows of segments, each only once: a segment never changes. Any thread.
class SegmentInfoCache {
public:
    /// The visible segments in table order, as the connection sees them now.
    Result<std::vector<std::shared_ptr<const SegmentInfo>>> visibleSegments(Connection& connection);

private:
    std::mutex m_mutex;
    std::unordered_map<std::int64_t, std::shared_ptr<const SegmentInfo>> m_segments;
};

} // namespace tocsin::store
