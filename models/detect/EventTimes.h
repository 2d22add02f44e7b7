// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"

#include <optional>
#include <vector>

namespace tocsin::detect {

/// When there were events at all. Logs of a case are often hours of activity years apart; a schedule replayed over them needs to look
/// only where something is.
class EventTimes {
public:
    /// Stretches [from, to) that may hold events, in any order, overlapping or not.
    explicit EventTimes(std::vector<engine::TimeRange> stretches);

    /// The earliest time after `time` at which there may be an event; nothing if there is none.
    std::optional<Ticks> firstAfter(Ticks time) const;

private:
    std::vector<engine::TimeRange> m_stretches; ///< by time, disjoint
};

} // namespace tocsin::detect
