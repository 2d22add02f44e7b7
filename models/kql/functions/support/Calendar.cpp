// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Calendar.h"

#include "base/Utf8.h"
#include "kql/functions/support/Wrapping.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::kql {
namespace {

constexpr std::array kUnits{
    std::pair{std::string_view("year"), CalendarUnit::Year}, std::pair{std::string_view("quarter"), CalendarUnit::Quarter},
    std::pair{std::string_view("month"), CalendarUnit::Month}, std::pair{std::string_view("week"), CalendarUnit::Week},
    std::pair{std::string_view("day"), CalendarUnit::Day}, std::pair{std::string_view("hour"), CalendarUnit::Hour},
    std::pair{std::string_view("minute"), CalendarUnit::Minute}, std::pair{std::string_view("second"), CalendarUnit::Second},
    std::pair{std::string_view("millisecond"), CalendarUnit::Millisecond}, std::pair{std::string_view("microsecond"), CalendarUnit::Microsecond},
    std::pair{std::string_view("nanosecond"), CalendarUnit::Nanosecond}};

/// Length of the units that are all equally long.
Ticks lengthOf(CalendarUnit unit)
{
    switch (unit) {
    case CalendarUnit::Week: return 7 * kTicksPerDay;
    case CalendarUnit::Day: return kTicksPerDay;
    case CalendarUnit::Hour: return kTicksPerHour;
    case CalendarUnit::Minute: return kTicksPerMinute;
    case CalendarUnit::Second: return kTicksPerSecond;
    case CalendarUnit::Millisecond: return kTicksPerMillisecond;
    case CalendarUnit::Microsecond: return kTicksPerMicrosecond;
    default: return 1;
    }
}

/// Months in a unit that is counted in months, else 0.
int monthsOf(CalendarUnit unit) { return unit == CalendarUnit::Year ? 12 : unit == CalendarUnit::Quarter ? 3 : unit == CalendarUnit::Month ? 1 : 0; }

std::int64_t monthNumber(Ticks time)
{
    const CivilTime civil = civilFromTicks(time);
    return civil.year * 12LL + civil.month - 1;
}

std::optional<Ticks> startOfMonthNumber(std::int64_t number)
{
    if (number < 12 || number >= 10000 * 12)
        return std::nullopt;
    return daysFromCivil(static_cast<int>(number / 12), static_cast<int>(number % 12) + 1, 1) * kTicksPerDay;
}

/// Number of the unit that holds the time, for units of equal length. Day 0 (0001-01-01) is a Monday, so weeks are shifted by one day.
std::int64_t unitNumber(CalendarUnit unit, Ticks time)
{
    return unit == CalendarUnit::Week ? (time + kTicksPerDay) / lengthOf(unit) : time / lengthOf(unit);
}

std::optional<Ticks> inRange(Ticks time) { return inDateTimeRange(time) ? std::optional(time) : std::nullopt; }

} // namespace

std::vector<std::string_view> calendarUnitNames()
{
    std::vector<std::string_view> names;
    for (const auto& [name, unit] : kUnits)
        names.push_back(name);
    return names;
}

std::optional<CalendarUnit> calendarUnit(std::string_view name)
{
    const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& unit) { return equalsIgnoringCase(unit.first, name); });
    return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Ticks> unitEdge(CalendarUnit unit, Ticks time, std::int64_t offset, bool end)
{
    if (offset > 4'000'000 || offset < -4'000'000)
        return std::nullopt;
    if (const int months = monthsOf(unit)) {
        const std::int64_t number = (monthNumber(time) / months + offset) * months;
        const auto start = startOfMonthNumber(number);
        if (!start || !end)
            return start;
        const auto next = startOfMonthNumber(number + months);
        return next ? *next - 1 : kMaxDateTime;
    }
    const Ticks shift = unit == CalendarUnit::Week ? kTicksPerDay : 0;
    const Ticks start = wrapMultiply(unitNumber(unit, time) + offset, lengthOf(unit)) - shift;
    return inRange(end ? start + lengthOf(unit) - 1 : start);
}

std::int64_t unitsBetween(CalendarUnit unit, Ticks earlier, Ticks later)
{
    if (const int months = monthsOf(unit))
        return monthNumber(later) / months - monthNumber(earlier) / months;
    if (unit == CalendarUnit::Nanosecond)
        return wrapMultiply(later - earlier, 100);
    return unitNumber(unit, later) - unitNumber(unit, earlier);
}

std::optional<Ticks> addUnits(CalendarUnit unit, std::int64_t amount, Ticks time)
{
    if (const int months = monthsOf(unit)) {
        if (amount > 200'000 || amount < -200'000)
            return std::nullopt;
        const std::int64_t number = monthNumber(time) + amount * months;
        const auto start = startOfMonthNumber(number);
        if (!start)
            return std::nullopt;
        const int day = std::min(civilFromTicks(time).day, daysInMonth(static_cast<int>(number / 12), static_cast<int>(number % 12) + 1));
        return *start + (day - 1) * kTicksPerDay + time % kTicksPerDay;
    }
    std::int64_t move = 0;
    if (unit == CalendarUnit::Nanosecond)
        move = amount / 100;
    else if (__builtin_mul_overflow(amount, lengthOf(unit), &move))
        return std::nullopt;
    Ticks moved = 0;
    return __builtin_add_overflow(time, move, &moved) ? std::nullopt : inRange(moved);
}

int isoWeek(Ticks time)
{
    // The week belongs to the year of its Thursday.
    const std::int64_t day = time / kTicksPerDay;
    const std::int64_t thursday = day - day % 7 + 3;
    return (dayOfYear(std::min(thursday * kTicksPerDay, kMaxDateTime)) - 1) / 7 + 1;
}

std::optional<std::int64_t> datePart(std::string_view part, Ticks time)
{
    if (equalsIgnoringCase(part, "dayofyear"))
        return dayOfYear(time);
    if (equalsIgnoringCase(part, "week_of_year") || equalsIgnoringCase(part, "weekofyear"))
        return isoWeek(time);
    const auto unit = calendarUnit(part);
    if (!unit)
        return std::nullopt;
    const CivilTime civil = civilFromTicks(time);
    switch (*unit) {
    case CalendarUnit::Year: return civil.year;
    case CalendarUnit::Quarter: return (civil.month - 1) / 3 + 1;
    case CalendarUnit::Month: return civil.month;
    case CalendarUnit::Week: return isoWeek(time);
    case CalendarUnit::Day: return civil.day;
    case CalendarUnit::Hour: return civil.hour;
    case CalendarUnit::Minute: return civil.minute;
    case CalendarUnit::Second: return civil.second;
    case CalendarUnit::Millisecond: return civil.fraction / kTicksPerMillisecond;
    case CalendarUnit::Microsecond: return civil.fraction / kTicksPerMicrosecond;
    case CalendarUnit::Nanosecond: return civil.fraction * 100LL;
    }
    return std::nullopt;
}

} // namespace tocsin::kql
