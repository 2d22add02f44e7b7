// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/compaction/MergePlan.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kFullRows = kSegmentRows / 2;                  ///< from here on merging gains little
constexpr std::uint64_t kFullBytes = 32 * 1024 * 1024;               ///< compressed; merged segments of long texts must stay manageable

std::size_t rowsOf(const SegmentGroup& group)
{
    std::size_t rows = 0;
    for (const auto& segment : group)
        rows += segment->rows;
    return rows;
}

/// Adds the group to the plan if merging it is worth while.
void addGroup(SegmentGroup group, std::vector<SegmentGroup>& plan)
{
    while (group.size() > 1 && group.front()->rows > rowsOf(group) - group.front()->rows)
        group.erase(group.begin());
    if (group.size() > 1)
        plan.push_back(std::move(group));
}

} // namespace

std::vector<SegmentGroup> planMerges(const std::vector<std::shared_ptr<const SegmentInfo>>& segments, const std::set<std::int64_t>& open)
{
    std::vector<SegmentGroup> plan;
    SegmentGroup group;
    std::uint64_t bytes = 0;
    const auto finishGroup = [&] {
        addGroup(std::exchange(group, {}), plan);
        bytes = 0;
    };
    for (const auto& segment : segments) {
        const bool alone = segment->rows >= kFullRows || segment->bytes >= kFullBytes || !segment->damage.empty() || open.contains(segment->import);
        const bool fits = !group.empty() && group.front()->table == segment->table && rowsOf(group) + segment->rows <= kSegmentRows && bytes + segment->bytes <= kFullBytes;
        if (alone || !fits)
            finishGroup();
        if (alone)
            continue;
        group.push_back(segment);
        bytes += segment->bytes;
    }
    finishGroup();
    return plan;
}

} // namespace tocsin::store
