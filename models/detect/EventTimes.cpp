// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/EventTimes.h"

#include <algorithm>

namespace tocsin::detect {

EventTimes::EventTimes(std::vector<engine::TimeRange> stretches)
{
    std::sort(stretches.begin(), stretches.end(), [](const engine::TimeRange& a, const engine::TimeRange& b) { return a.from < b.from; });
    for (const engine::TimeRange& stretch : stretches) {
        if (!m_stretches.empty() && stretch.from <= m_stretches.back().to)
            m_stretches.back().to = std::max(m_stretches.back().to, stretch.to);
        else if (stretch.from < stretch.to)
            m_stretches.push_back(stretch);
    }
}

std::optional<Ticks> EventTimes::firstAfter(Ticks time) const
{
    const auto found = std::upper_bound(m_stretches.begin(), m_stretches.end(), time + 1, [](Ticks t, const engine::TimeRange& stretch) { return t < stretch.to; });
    if (found == m_stretches.end())
        return std::nullopt;
    return std::max(time + 1, found->from);
}

} // namespace tocsin::detect
