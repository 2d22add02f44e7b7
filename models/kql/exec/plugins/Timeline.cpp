// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/Timeline.h"

#include <cmath>

namespace tocsin::kql {
namespace {

constexpr Point kFurthest = 9.2e18L; ///< of an index, so that it stays within 64 bits

std::optional<Point> pointOf(const Value& value)
{
    if (value.isNull())
        return std::nullopt;
    if (value.type() == DataType::Long || value.type() == DataType::DateTime || value.type() == DataType::TimeSpan)
        return static_cast<Point>(value.asLong());
    const std::optional<double> number = realOf(value);
    return number && std::isfinite(*number) ? std::optional<Point>(*number) : std::nullopt;
}

std::string describe(const Value& value) { return value.isNull() ? "null" : std::string(typeName(value.type())) + " " + value.toString(); }

} // namespace

Result<Timeline> Timeline::make(PluginCall& call, const Batch& rows, std::string_view parameter)
{
    TOCSIN_TRY_ASSIGN(const Vector column, call.column(parameter, rows));
    TOCSIN_TRY(call.memory.grow(rows.storedRows * sizeof(std::optional<Point>)));
    Timeline timeline(column.type());
    timeline.m_points.reserve(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
        TOCSIN_TRY(call.tick());
        timeline.m_points.push_back(pointOf(column.valueAt(row)));
    }
    return timeline;
}

Result<Point> Timeline::moment(PluginCall& call, std::string_view parameter) const
{
    TOCSIN_TRY_ASSIGN(const Value value, call.constant(parameter));
    const std::optional<Point> point = pointOf(value);
    const bool fits = isTime() ? value.type() == m_type : isNumeric(value.type());
    if (!point || !fits)
        return std::unexpected(call.badValue(parameter, describe(value), "of the timeline's type, " + std::string(typeName(m_type))));
    return *point;
}

std::optional<Point> Timeline::lengthOf(const Value& value) const
{
    const bool fits = isTime() ? value.type() == DataType::TimeSpan : isNumeric(value.type());
    return fits ? pointOf(value) : std::nullopt;
}

Result<Point> Timeline::length(PluginCall& call, std::string_view parameter) const
{
    TOCSIN_TRY_ASSIGN(const Value value, call.constant(parameter));
    const std::optional<Point> point = lengthOf(value);
    if (!point || *point <= 0)
        return std::unexpected(call.badValue(parameter, describe(value), isTime() ? "a timespan above 0" : "a number above 0"));
    return *point;
}

Value Timeline::value(Point point) const
{
    switch (m_type) {
    case DataType::DateTime: return Value::dateTime(static_cast<Ticks>(point));
    case DataType::TimeSpan: return Value::timeSpan(static_cast<Ticks>(point));
    case DataType::Real: return Value::real(static_cast<double>(point));
    case DataType::Decimal: return valueAs(Value::real(static_cast<double>(point)), m_type);
    case DataType::Int: return Value::int32(static_cast<std::int32_t>(point));
    default: return Value::int64(static_cast<std::int64_t>(point));
    }
}

Result<Periods> Periods::make(PluginCall& call, std::string_view parameter, const Timeline& timeline, Point origin)
{
    TOCSIN_TRY_ASSIGN(const Value value, call.constant(parameter));
    if (value.type() != DataType::String) {
        TOCSIN_TRY_ASSIGN(const Point length, timeline.length(call, parameter));
        return ofLength(length, origin);
    }
    const std::string& name = value.asText();
    if (timeline.type() != DataType::DateTime || (name != "week" && name != "month" && name != "year"))
        return std::unexpected(call.badValue(parameter, "'" + name + "'", "a length above 0 or, on a timeline of datetimes, 'week', 'month' or 'year'"));
    return Periods(0, origin, calendarUnit(name));
}

std::int64_t Periods::indexOf(Point point) const
{
    if (m_unit)
        return unitsBetween(*m_unit, static_cast<Ticks>(m_origin), static_cast<Ticks>(point));
    return static_cast<std::int64_t>(std::clamp(std::floor((point - m_origin) / m_length), -kFurthest, kFurthest));
}

Point Periods::start(std::int64_t index) const
{
    if (m_unit)
        return static_cast<Point>(unitEdge(*m_unit, static_cast<Ticks>(m_origin), index, false).value_or(index < 0 ? 0 : kMaxDateTime));
    return m_origin + static_cast<Point>(index) * m_length;
}

std::int64_t Periods::reach(std::int64_t index, Point window) const
{
    if (m_unit) {
        const Point from = end(index) - window;
        std::int64_t first = indexOf(std::max<Point>(from, 0));
        if (start(first) < from)
            ++first;
        return std::max<std::int64_t>(0, index - first);
    }
    return static_cast<std::int64_t>(std::clamp(std::floor((window - m_length) / m_length), Point(0), kFurthest));
}

} // namespace tocsin::kql
