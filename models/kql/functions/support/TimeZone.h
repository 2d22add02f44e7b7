// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql {

/// Rules of one time zone, from the system's zone files (TZif, RFC 8536): its transitions and the rule for the years behind them.
class TimeZone {
public:
    /// Nothing for a name that is no zone or a file that cannot be read.
    static std::optional<TimeZone> load(std::string_view name);

    Ticks toLocal(Ticks utc) const { return utc + offsetAt(utc) * kTicksPerSecond; }
    /// A local time that never was (clocks went forward) is read by the greater offset; of one that was twice the first counts.
    Ticks toUtc(Ticks local) const;
    /// Seconds east of UTC.
    std::int64_t offsetAt(Ticks utc) const;

private:
    struct Transition {
        Ticks at;
        std::int64_t offset;
    };
    static std::optional<TimeZone> parse(std::string_view file);
    void addRuleYears(std::string_view rule);

    std::int64_t m_firstOffset = 0;
    std::vector<Transition> m_transitions; ///< ascending
};

/// The names of all zones of the system, in order; empty if it has no list of them.
std::vector<std::string> timeZoneNames();

/// Zones by name, each read once.
class TimeZoneCache {
public:
    const TimeZone* get(std::string_view name);

private:
    std::map<std::string, std::optional<TimeZone>, std::less<>> m_zones;
};

} // namespace tocsin::kql
