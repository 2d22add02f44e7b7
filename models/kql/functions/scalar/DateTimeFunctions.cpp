// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Calendar.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Wrapping.h"

#include <cmath>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;

std::optional<Ticks> inRange(std::optional<Ticks> ticks) { return ticks && inDateTimeRange(*ticks) ? ticks : std::nullopt; }

void addNow(FunctionRegistry& registry)
{
    const auto now = [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        const std::int64_t offset = arguments.empty() ? 0 : kernels::constantLong(arguments, 0, 0);
        return Vector::constant(Value::dateTime(context.now + offset), rows);
    };
    const auto ago = [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        kernels::ResultWriter<DateTime> writer(rows);
        kernels::forRows<TimeSpan>(arguments, rows, [&](std::size_t row, bool null, Ticks span) {
            writer.put(row, null ? std::nullopt : inRange(wrapSubtract(context.now, span)));
        });
        return writer.finish();
    };
    registry.add(ScalarFunction{.name = "now", .category = "datetime", .help = "The time of the query (UTC), the same in all its parts; with an optional offset.", .example = "print now() == now() // true",
        .signatures = {signature({}, DateTime, now), signature({constant("offset", TimeSpan)}, DateTime, now)}});
    registry.add(ScalarFunction{.name = "ago", .category = "datetime", .help = "The time of the query less a timespan.", .example = "print now() - ago(1h) // 01:00:00",
        .signatures = {signature({{"span", TimeSpan}}, DateTime, ago)}});
}

/// startofday … endofyear, with an optional number of units to move by.
template <CalendarUnit unit, bool end>
void addEdge(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example)
{
    registry.add(ScalarFunction{.name = name, .category = "datetime", .help = help, .example = example,
        .signatures = {signature({{"time", DateTime}}, DateTime, map<DateTime, DateTime>([](Ticks time) { return unitEdge(unit, time, 0, end); })),
                       signature({{"time", DateTime}, {"offset", Long}}, DateTime, map<DateTime, DateTime, Long>([](Ticks time, std::int64_t offset) { return unitEdge(unit, time, offset, end); }))},
        .traits = kNullStrict});
}

void addEdges(FunctionRegistry& registry)
{
    addEdge<CalendarUnit::Day, false>(registry, "startofday", "The start of the day, moved by a number of days.", "print startofday(datetime(2024-06-15 12:30)) // 2024-06-15T00:00:00.0000000Z");
    addEdge<CalendarUnit::Week, false>(registry, "startofweek", "The start of the week, a Sunday, moved by a number of weeks.", "print startofweek(datetime(2024-06-15 12:30)) // 2024-06-09T00:00:00.0000000Z");
    addEdge<CalendarUnit::Month, false>(registry, "startofmonth", "The start of the month, moved by a number of months.", "print startofmonth(datetime(2024-06-15 12:30)) // 2024-06-01T00:00:00.0000000Z");
    addEdge<CalendarUnit::Year, false>(registry, "startofyear", "The start of the year, moved by a number of years.", "print startofyear(datetime(2024-06-15 12:30), -1) // 2023-01-01T00:00:00.0000000Z");
    addEdge<CalendarUnit::Day, true>(registry, "endofday", "The last tick of the day, moved by a number of days.", "print endofday(datetime(2024-06-15 12:30)) // 2024-06-15T23:59:59.9999999Z");
    addEdge<CalendarUnit::Week, true>(registry, "endofweek", "The last tick of the week, which ends on Saturday.", "print endofweek(datetime(2024-06-15 12:30)) // 2024-06-15T23:59:59.9999999Z");
    addEdge<CalendarUnit::Month, true>(registry, "endofmonth", "The last tick of the month.", "print endofmonth(datetime(2024-02-15)) // 2024-02-29T23:59:59.9999999Z");
    addEdge<CalendarUnit::Year, true>(registry, "endofyear", "The last tick of the year.", "print endofyear(datetime(2024-02-15)) // 2024-12-31T23:59:59.9999999Z");
}

template <typename F>
void addPart(FunctionRegistry& registry, std::string_view name, DataType out, std::string_view help, std::string_view example, F part)
{
    ScalarKernel kernel = out == Int ? map<Int, DateTime>([part](Ticks t) { return static_cast<std::int32_t>(part(t)); })
                        : out == Long ? map<Long, DateTime>([part](Ticks t) { return static_cast<std::int64_t>(part(t)); })
                                      : map<TimeSpan, DateTime>([part](Ticks t) { return static_cast<Ticks>(part(t)); });
    registry.add(ScalarFunction{.name = name, .category = "datetime", .help = help, .example = example,
        .signatures = {signature({{"time", DateTime}}, out, std::move(kernel))}, .traits = kNullStrict});
}

void addParts(FunctionRegistry& registry)
{
    addPart(registry, "hourofday", Int, "The hour, 0 to 23.", "print hourofday(datetime(2024-06-15 12:30)) // 12", [](Ticks t) { return t / kTicksPerHour % 24; });
    addPart(registry, "dayofweek", TimeSpan, "The time since the last Sunday in whole days, as a timespan.", "print dayofweek(datetime(2024-06-15)) // 6.00:00:00", [](Ticks t) { return dayOfWeek(t) * kTicksPerDay; });
    addPart(registry, "dayofmonth", Int, "The day of the month, from 1.", "print dayofmonth(datetime(2024-06-15)) // 15", [](Ticks t) { return civilFromTicks(t).day; });
    addPart(registry, "dayofyear", Int, "The day of the year, from 1.", "print dayofyear(datetime(2024-02-01)) // 32", [](Ticks t) { return dayOfYear(t); });
    addPart(registry, "monthofyear", Int, "The month, 1 to 12.", "print monthofyear(datetime(2024-06-15)) // 6", [](Ticks t) { return civilFromTicks(t).month; });
    addPart(registry, "getyear", Int, "The year.", "print getyear(datetime(2024-06-15)) // 2024", [](Ticks t) { return civilFromTicks(t).year; });
    addPart(registry, "week_of_year", Int, "The number of the week by ISO 8601.", "print week_of_year(datetime(2024-12-31)) // 1", [](Ticks t) { return isoWeek(t); });
    registry.addAlias("getmonth", "monthofyear");
    registry.addAlias("weekofyear", "week_of_year");
}

/// bin and floor: towards minus infinity; a bin size that is not positive gives null.
template <typename T> std::optional<T> binDown(T value, T size)
{
    if constexpr (std::is_same_v<T, double>) {
        if (!(size > 0))
            return std::nullopt;
        return std::floor(value / size) * size;
    } else {
        if (size <= 0)
            return std::nullopt;
        return wrapSubtract(value, *moduloLong(value, size));
    }
}

/// Bins of one size: neighbouring rows mostly fall into the same one, which spares the division.
template <DataType T, DataType Size>
ScalarKernel binKernel()
{
    return [general = map<T, T, Size>(binDown<std::int64_t>)](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        const Vector& vector = arguments[0];
        const std::int64_t size = arguments[1].isConstant() && !arguments[1].isNull(0) ? *static_cast<const std::int64_t*>(arguments[1].data()) : 0;
        if (vector.kind() != VectorKind::Flat || size <= 0)
            return general(context, arguments, rows);
        const auto values = vector.values<std::int64_t>();
        auto bins = makeBuffer<std::int64_t>(rows);
        std::int64_t bin = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            if (static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(bin) >= static_cast<std::uint64_t>(size))
                bin = *binDown<std::int64_t>(values[i], size);
            bins[i] = bin;
            if (bin > values[i]) // at the end of the range, where it has wrapped
                bin = 0;
        }
        return Vector::flat<std::int64_t>(T, std::move(bins), rows, vector.sharedNullMask());
    };
}

std::optional<tocsin::Decimal> binDecimal(const tocsin::Decimal& value, const tocsin::Decimal& size)
{
    if (size.isZero() || size.isNegative())
        return std::nullopt;
    const auto quotient = tocsin::Decimal::divide(value, size);
    return quotient ? std::optional(quotient->floor() * size) : std::nullopt;
}

template <typename T> std::optional<T> binFrom(T value, T size, T anchor)
{
    const auto offset = binDown<T>(value - anchor, size);
    return offset ? std::optional<T>(*offset + anchor) : std::nullopt;
}

void addBins(FunctionRegistry& registry)
{
    const auto two = [](DataType type, DataType size) { return std::vector<Parameter>{{"value", type}, {"size", size}}; };
    registry.add(ScalarFunction{.name = "bin", .category = "rounding", .help = "The value rounded down to a multiple of the bin size.", .example = "print bin(datetime(2024-06-15 12:34), 1h) // 2024-06-15T12:00:00.0000000Z",
        .signatures = {
            signature(two(Long, Long), Long, binKernel<Long, Long>()),
            signature(two(Real, Real), Real, map<Real, Real, Real>(binDown<double>)),
            signature(two(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>(binDecimal)),
            signature(two(DateTime, TimeSpan), DateTime, binKernel<DateTime, TimeSpan>()),
            signature(two(TimeSpan, TimeSpan), TimeSpan, binKernel<TimeSpan, TimeSpan>()),
        }, .traits = kNullStrict});
    registry.addAlias("floor", "bin");
    const auto three = [](DataType type, DataType size) { return std::vector<Parameter>{{"value", type}, {"size", size}, {"anchor", type}}; };
    registry.add(ScalarFunction{.name = "bin_at", .category = "rounding", .help = "The value rounded down to a bin, where bins are counted from an anchor.", .example = "print bin_at(6.5, 2.5, 7) // 4.5",
        .signatures = {
            signature(three(Long, Long), Long, map<Long, Long, Long, Long>(binFrom<std::int64_t>)),
            signature(three(Real, Real), Real, map<Real, Real, Real, Real>(binFrom<double>)),
            signature(three(DateTime, TimeSpan), DateTime, map<DateTime, DateTime, TimeSpan, DateTime>([](Ticks v, Ticks s, Ticks a) { return inRange(binFrom<Ticks>(v, s, a)); })),
            signature(three(TimeSpan, TimeSpan), TimeSpan, map<TimeSpan, TimeSpan, TimeSpan, TimeSpan>(binFrom<Ticks>)),
        }, .traits = kNullStrict});
}

void addCalendarArithmetic(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "datetime_diff", .category = "datetime", .help = "How many boundaries of a calendar unit lie between the second time and the first.", .example = "print datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31)) // 17",
        .signatures = {signature({constant("unit", String, calendarUnitNames()), {"later", DateTime}, {"earlier", DateTime}}, Long, map<Long, String, DateTime, DateTime>([](std::string_view unit, Ticks later, Ticks earlier) -> std::optional<std::int64_t> {
            const auto read = calendarUnit(unit);
            return read ? std::optional(unitsBetween(*read, earlier, later)) : std::nullopt;
        }))}});
    registry.add(ScalarFunction{.name = "datetime_add", .category = "datetime", .help = "The time moved by a number of calendar units.", .example = "print datetime_add('month', 1, datetime(2024-01-31)) // 2024-02-29T00:00:00.0000000Z",
        .signatures = {signature({constant("unit", String, calendarUnitNames()), {"amount", Long}, {"time", DateTime}}, DateTime, map<DateTime, String, Long, DateTime>([](std::string_view unit, std::int64_t amount, Ticks time) -> std::optional<Ticks> {
            const auto read = calendarUnit(unit);
            return read ? addUnits(*read, amount, time) : std::nullopt;
        }))}});
    registry.add(ScalarFunction{.name = "datetime_part", .category = "datetime", .help = "One part of a time: year, quarter, month, week_of_year, day, dayOfYear, hour, minute, second, millisecond, microsecond, nanosecond.", .example = "print datetime_part('quarter', datetime(2024-06-15)) // 2",
        .signatures = {signature({constant("part", String, {"year", "quarter", "month", "week_of_year", "day", "dayOfYear", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"}), {"time", DateTime}}, Int,
                                 map<Int, String, DateTime>([](std::string_view part, Ticks time) -> std::optional<std::int32_t> {
                                     const auto value = datePart(part, time);
                                     return value ? std::optional(static_cast<std::int32_t>(*value)) : std::nullopt;
                                 }))}});
    registry.addAlias("datepart", "datetime_part");
}

} // namespace

void addDateTimeFunctions(FunctionRegistry& registry)
{
    addNow(registry);
    addEdges(registry);
    addParts(registry);
    addBins(registry);
    addCalendarArithmetic(registry);
}

} // namespace tocsin::kql
