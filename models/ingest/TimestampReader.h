// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::ingest {

/// Reads every form of time that the log formats use: ISO 8601, Azure portal and spreadsheet exports, RFC 1123, CEF, the common log
/// format, Apache's error log, and epoch numbers. A time that carries no zone is taken to be of the zone given here.
class TimestampReader {
public:
    explicit TimestampReader(int utcOffsetMinutes = 0) : m_offset(utcOffsetMinutes * kTicksPerMinute) {}

    std::optional<Ticks> read(std::string_view text) const;

    /// A count since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by size
    /// (below 1e11, below 1e14, below 1e17, else).
    static std::optional<Ticks> fromEpoch(std::int64_t value);
    static std::optional<Ticks> fromEpoch(double value);

private:
    std::optional<Ticks> local(std::optional<Ticks> time, bool hasZone) const;

    Ticks m_offset;
};

/// A time of the BSD syslog protocol (RFC 3164): month, day and time of day, neither year nor zone.
struct YearlessTime {
    int month = 1;
    int day = 1;
    Ticks timeOfDay = 0;
    std::size_t length = 0; ///< characters taken
};

/// `Mmm dd hh:mm:ss[.f…]` at the start of the text; the day may be padded with a blank.
std::optional<YearlessTime> readYearlessTime(std::string_view text);
/// January is 1; nothing if the three letters are no English month.
std::optional<int> monthOfName(std::string_view threeLetters);

} // namespace tocsin::ingest
