// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/import/StoreWriters.h"

namespace tocsin::store {

/// Drops the segments of a table in which every row has a TimeGenerated before the time. Returns how many rows they hold.
Result<std::uint64_t> dropSegmentsBefore(StoreWriters& store, const std::string& table, Ticks time);

} // namespace tocsin::store
