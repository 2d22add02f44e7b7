// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/SegmentRows.h"
#include "store/import/StoreWriters.h"

namespace tocsin::store {

/// Whether every row of the segment has a TimeGenerated before the time. Rows without one would go with the others, so a segment that has any
/// is not.
bool isAllBefore(const SegmentInfo& segment, std::int64_t timeColumn, Ticks time);

/// Drops the segments of a table in which every row has a TimeGenerated before the time. Returns how many rows they hold.
Result<std::uint64_t> dropSegmentsBefore(StoreWriters& store, const std::string& table, Ticks time);

} // namespace tocsin::store
