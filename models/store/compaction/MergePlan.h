// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/SegmentRows.h"

#include <set>

namespace tocsin::store {

using SegmentGroup = std::vector<std::shared_ptr<const SegmentInfo>>;

/// Which neighbours to merge: runs that fit into one segment together. A segment that is larger than all that would join it stays alone
/// until more has come, so that each row is rewritten only a few times. `segments` are in table order; segments of the imports in `open`,
/// full ones and damaged ones are left alone.
std::vector<SegmentGroup> planMerges(const std::vector<std::shared_ptr<const SegmentInfo>>& segments, const std::set<std::int64_t>& open);

} // namespace tocsin::store
