// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <optional>
#include <string_view>
#include <vector>

/// Calendar units as the KQL datetime functions use them. Weeks begin on Sunday.
namespace tocsin::kql {

enum class CalendarUnit { Year, Quarter, Month, Week, Day, Hour, Minute, Second, Millisecond, Microsecond, Nanosecond };

std::vector<std::string_view> calendarUnitNames();
std::optional<CalendarUnit> calendarUnit(std::string_view name);

/// Start (or last tick) of the unit that holds the time, `offset` units later. Nothing outside the datetime range.
std::optional<Ticks> unitEdge(CalendarUnit unit, Ticks time, std::int64_t offset, bool end);
/// Unit boundaries crossed from `earlier` to `later`; negative if later comes first.
std::int64_t unitsBetween(CalendarUnit unit, Ticks earlier, Ticks later);
/// A day that the target month lacks becomes its last. Nothing outside the datetime range.
std::optional<Ticks> addUnits(CalendarUnit unit, std::int64_t amount, Ticks time);
/// datetime_part(); nothing for an unknown part.
std::optional<std::int64_t> datePart(std::string_view part, Ticks time);
/// Week number of ISO 8601.
int isoWeek(Ticks time);

} // namespace tocsin::kql
