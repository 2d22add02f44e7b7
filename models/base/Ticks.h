// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

/// A count of 100 ns. As a datetime: since 0001-01-01T00:00:00 UTC; as a timespan: signed length.
/// Range of datetime as in Kusto: 0001-01-01 … 9999-12-31T23:59:59.9999999.
using Ticks = std::int64_t;

inline constexpr Ticks kTicksPerMicrosecond = 10;
inline constexpr Ticks kTicksPerMillisecond = 10'000;
inline constexpr Ticks kTicksPerSecond = 10'000'000;
inline constexpr Ticks kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr Ticks kTicksPerHour = 60 * kTicksPerMinute;
inline constexpr Ticks kTicksPerDay = 24 * kTicksPerHour;
inline constexpr Ticks kMinDateTime = 0;
inline constexpr Ticks kMaxDateTime = 3'155'378'975'999'999'999;
inline constexpr Ticks kUnixEpoch = 621'355'968'000'000'000; ///< 1970-01-01
inline constexpr Ticks kFileTimeEpoch = 504'911'232'000'000'000; ///< 1601-01-01, the zero of Windows FILETIME

/// A date and time of day in the proleptic Gregorian calendar.
struct CivilTime {
    int year = 1;
    int month = 1; ///< 1 … 12
    int day = 1;   ///< 1 … 31
    int hour = 0;
    int minute = 0;
    int second = 0;
    int fraction = 0; ///< 100 ns units, 0 … 9,999,999
};

/// Days since 0001-01-01 of a civil date (Howard Hinnant's days_from_civil, shifted).
std::int64_t daysFromCivil(int year, int month, int day);
bool isValidCivil(const CivilTime& time);
/// The fields must be valid.
Ticks ticksFromCivil(const CivilTime& time);
/// The ticks must be in the datetime range.
CivilTime civilFromTicks(Ticks ticks);
int daysInMonth(int year, int month);
/// 0 = Sunday.
int dayOfWeek(Ticks ticks);
int dayOfYear(Ticks ticks);
inline bool inDateTimeRange(Ticks ticks) { return ticks >= kMinDateTime && ticks <= kMaxDateTime; }

/// `2024-06-15T12:34:56.1234567Z`, always seven decimals.
std::string formatDateTime(Ticks ticks);
void appendDateTime(std::string& out, Ticks ticks);
/// `[-][d.]hh:mm:ss[.fffffff]`.
std::string formatTimeSpan(Ticks ticks);
void appendTimeSpan(std::string& out, Ticks ticks);

/// Reads the datetime forms that Kusto's todatetime accepts: ISO 8601 with 0 to 9 decimals, `T` or a blank, `Z`, an offset or nothing
/// (then UTC); date only; year and month; RFC 822 and 850 with English names; `m/d/yyyy h:mm[:ss[.f]] [AM|PM]`. Nothing on other text.
std::optional<Ticks> parseDateTime(std::string_view text);
/// Only the ISO form; several times faster than parseDateTime. For import.
std::optional<Ticks> parseIsoDateTime(std::string_view text);
/// Reads `[-][d.]hh:mm[:ss[.fffffff]]`, a plain number of days, and KQL unit literals (`1.5h`, `30m`, `100ms`, `1tick`).
std::optional<Ticks> parseTimeSpan(std::string_view text);

} // namespace tocsin
