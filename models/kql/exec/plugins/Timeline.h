// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/plugins/PluginCall.h"
#include "kql/functions/support/Calendar.h"

namespace tocsin::kql {

/// A place on a timeline of any type: exact for ticks and long.
using Point = long double;

/// A column that orders rows in time (or by number), read as points.
class Timeline {
public:
    static Result<Timeline> make(PluginCall& call, const Batch& rows, std::string_view parameter = "TimelineColumn");

    std::optional<Point> at(std::size_t row) const { return m_points[row]; }
    std::size_t size() const { return m_points.size(); }
    DataType type() const { return m_type; }
    /// A constant on this timeline; an error for one of another kind (a number on a timeline of datetimes …).
    Result<Point> moment(PluginCall& call, std::string_view parameter) const;
    /// A constant distance, above 0.
    Result<Point> length(PluginCall& call, std::string_view parameter) const;
    std::optional<Point> lengthOf(const Value& value) const;
    Value value(Point point) const;

private:
    explicit Timeline(DataType type) : m_type(type) {}
    bool isTime() const { return m_type == DataType::DateTime || m_type == DataType::TimeSpan; }
    DataType m_type;
    std::vector<std::optional<Point>> m_points;
};

/// Divides a timeline into periods that are numbered from the one that begins at (or, by the calendar, holds) the origin.
class Periods {
public:
    /// The length is the constant `parameter`; week, month and year are periods of the calendar.
    static Result<Periods> make(PluginCall& call, std::string_view parameter, const Timeline& timeline, Point origin);
    static Periods ofLength(Point length, Point origin) { return {length, origin, std::nullopt}; }

    std::int64_t indexOf(Point point) const;
    Point start(std::int64_t index) const;
    Point end(std::int64_t index) const { return start(index + 1); }
    /// How many periods before a period a window that ends with it reaches back (0: only the period itself).
    std::int64_t reach(std::int64_t index, Point window) const;

private:
    Periods(Point length, Point origin, std::optional<CalendarUnit> unit) : m_length(length), m_origin(origin), m_unit(unit) {}
    Point m_length;
    Point m_origin;
    std::optional<CalendarUnit> m_unit;
};

} // namespace tocsin::kql
