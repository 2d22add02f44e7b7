// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/TimeZone.h"
#include "kql/functions/support/Wrapping.h"

#include <cmath>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;
using kernels::mapText;

void appendPadded(std::string& out, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    if (digits.size() < width)
        out.append(width - digits.size(), '0');
    out += digits;
}

/// The first `width` of the seven decimals of a second; with `trimmed`, without zeros at the end.
void appendFraction(std::string& out, std::int64_t fraction, std::size_t width, bool trimmed)
{
    std::string digits;
    appendPadded(digits, fraction, 7);
    digits.resize(std::min<std::size_t>(width, 7));
    while (trimmed && digits.ends_with('0'))
        digits.pop_back();
    out += digits;
}

/// Splits a format into runs of one letter and calls `field(letter, length)`; what is no field letter is copied.
template <typename Field>
void forEachField(std::string_view format, std::string_view letters, std::string& out, Field&& field)
{
    for (std::size_t i = 0; i < format.size();) {
        if (letters.find(format[i]) == std::string_view::npos) {
            out += format[i++];
            continue;
        }
        std::size_t end = i;
        while (end < format.size() && format[end] == format[i])
            ++end;
        field(format[i], end - i);
        i = end;
    }
}

void formatTime(Ticks time, std::string_view format, std::string& out)
{
    const CivilTime civil = civilFromTicks(time);
    forEachField(format, "dfFhHmMsyt", out, [&](char letter, std::size_t width) {
        switch (letter) {
        case 'd': appendPadded(out, civil.day, width); break;
        case 'f': appendFraction(out, civil.fraction, width, false); break;
        case 'F': appendFraction(out, civil.fraction, width, true); break;
        case 'h': appendPadded(out, (civil.hour + 11) % 12 + 1, width); break;
        case 'H': appendPadded(out, civil.hour, width); break;
        case 'm': appendPadded(out, civil.minute, width); break;
        case 'M': appendPadded(out, civil.month, width); break;
        case 's': appendPadded(out, civil.second, width); break;
        case 'y': appendPadded(out, width <= 2 ? civil.year % 100 : civil.year, width); break;
        default: out += width == 1 ? (civil.hour < 12 ? "A" : "P") : (civil.hour < 12 ? "AM" : "PM");
        }
    });
}

void formatSpan(Ticks span, std::string_view format, std::string& out)
{
    const bool negative = span < 0;
    const auto length = negative ? 0 - static_cast<std::uint64_t>(span) : static_cast<std::uint64_t>(span);
    const auto part = [&](Ticks unit, std::uint64_t modulus) { return static_cast<std::int64_t>(length / static_cast<std::uint64_t>(unit) % modulus); };
    if (negative)
        out += '-';
    forEachField(format, "dfFhHms", out, [&](char letter, std::size_t width) {
        switch (letter) {
        case 'd': appendPadded(out, static_cast<std::int64_t>(length / kTicksPerDay), width); break;
        case 'f': appendFraction(out, part(1, kTicksPerSecond), width, false); break;
        case 'F': appendFraction(out, part(1, kTicksPerSecond), width, true); break;
        case 'm': appendPadded(out, part(kTicksPerMinute, 60), width); break;
        case 's': appendPadded(out, part(kTicksPerSecond, 60), width); break;
        default: appendPadded(out, part(kTicksPerHour, 24), width);
        }
    });
}

std::optional<Ticks> makeTime(std::int64_t year, std::int64_t month, std::int64_t day, std::int64_t hour, std::int64_t minute, double second)
{
    const auto fits = [](std::int64_t value, std::int64_t low, std::int64_t high) { return value >= low && value <= high; };
    if (!fits(year, 1, 9999) || !fits(month, 1, 12) || !fits(day, 1, 31) || !fits(hour, 0, 23) || !fits(minute, 0, 59) || !(second >= 0 && second < 60))
        return std::nullopt;
    CivilTime civil{static_cast<int>(year), static_cast<int>(month), static_cast<int>(day), static_cast<int>(hour), static_cast<int>(minute), 0, 0};
    if (!isValidCivil(civil))
        return std::nullopt;
    return ticksFromCivil(civil) + std::llround(second * static_cast<double>(kTicksPerSecond));
}

std::optional<Ticks> makeSpan(std::int64_t days, std::int64_t hours, std::int64_t minutes, double seconds)
{
    if (days < 0 || days > 10'675'199 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !(seconds >= 0 && seconds < 60))
        return std::nullopt;
    return days * kTicksPerDay + hours * kTicksPerHour + minutes * kTicksPerMinute + std::llround(seconds * static_cast<double>(kTicksPerSecond));
}

/// unixtime_*_todatetime: whole and fractional numbers of a unit since 1970.
template <std::int64_t ticksNumerator, std::int64_t ticksDenominator>
void addUnixTime(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example)
{
    const auto fromLong = [](std::int64_t value) -> std::optional<Ticks> {
        std::int64_t ticks = 0;
        if (__builtin_mul_overflow(value, ticksNumerator, &ticks))
            return std::nullopt;
        ticks = wrapAdd(ticks / ticksDenominator, kUnixEpoch);
        return inDateTimeRange(ticks) ? std::optional(ticks) : std::nullopt;
    };
    const auto fromReal = [](double value) -> std::optional<Ticks> {
        const auto ticks = longFromReal(std::round(value * static_cast<double>(ticksNumerator) / static_cast<double>(ticksDenominator)));
        return ticks && inDateTimeRange(wrapAdd(*ticks, kUnixEpoch)) ? std::optional(*ticks + kUnixEpoch) : std::nullopt;
    };
    registry.add(ScalarFunction{.name = name, .category = "datetime", .help = help, .example = example,
        .signatures = {signature({{"value", Long}}, DateTime, map<DateTime, Long>(fromLong)), signature({{"value", Real}}, DateTime, map<DateTime, Real>(fromReal))}, .traits = kNullStrict});
}

/// datetime_utc_to_local and datetime_local_to_utc; null for a zone that the system does not know.
template <bool toLocal>
Result<Vector> convertZone(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& zones = kernels::stateOf<TimeZoneCache>(context);
    kernels::ResultWriter<DateTime> writer(rows);
    kernels::forRows<DateTime, String>(arguments, rows, [&](std::size_t row, bool null, Ticks time, std::string_view name) {
        const TimeZone* zone = null ? nullptr : zones.get(name);
        if (!zone) {
            writer.putNull(row);
            return;
        }
        const Ticks moved = toLocal ? zone->toLocal(time) : zone->toUtc(time);
        writer.put(row, inDateTimeRange(moved) ? std::optional(moved) : std::nullopt);
    });
    return writer.finish();
}

Result<Vector> listZones(KernelContext&, std::span<const Vector>, std::size_t rows)
{
    DynamicBuilder builder;
    builder.beginArray();
    for (const std::string& name : timeZoneNames())
        builder.string(name);
    builder.endArray();
    return Vector::constant(Value::dynamic(builder.take()), rows);
}

/// make_datetime() and make_timespan() of one value convert it.
template <DataType To>
Result<Vector> converted(KernelContext&, std::span<const Vector> arguments, std::size_t)
{
    return convertVector(arguments[0], To);
}

void addMaking(FunctionRegistry& registry)
{
    const Parameter year{"year", Long}, month{"month", Long}, day{"day", Long}, hour{"hour", Long}, minute{"minute", Long}, second{"second", Real};
    registry.add(ScalarFunction{.name = "make_datetime", .category = "datetime", .help = "A datetime of year, month, day and, if given, hour, minute and second.", .example = "print make_datetime(2024, 6, 15, 12, 30) // 2024-06-15T12:30:00.0000000Z",
        .signatures = {
            signature({{"value", types::any}}, DateTime, converted<DateTime>),
            signature({year, month, day}, DateTime, map<DateTime, Long, Long, Long>([](auto y, auto m, auto d) { return makeTime(y, m, d, 0, 0, 0); })),
            signature({year, month, day, hour}, DateTime, map<DateTime, Long, Long, Long, Long>([](auto y, auto m, auto d, auto h) { return makeTime(y, m, d, h, 0, 0); })),
            signature({year, month, day, hour, minute}, DateTime, map<DateTime, Long, Long, Long, Long, Long>([](auto y, auto m, auto d, auto h, auto min) { return makeTime(y, m, d, h, min, 0); })),
            signature({year, month, day, hour, minute, second}, DateTime, map<DateTime, Long, Long, Long, Long, Long, Real>(makeTime)),
        }, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "make_timespan", .category = "datetime", .help = "A timespan of hours and minutes, then seconds, or days before them.", .example = "print make_timespan(1, 12, 30, 55.123) // 1.12:30:55.1230000",
        .signatures = {
            signature({{"value", types::any}}, TimeSpan, converted<TimeSpan>),
            signature({hour, minute}, TimeSpan, map<TimeSpan, Long, Long>([](auto h, auto m) { return makeSpan(0, h, m, 0); })),
            signature({hour, minute, second}, TimeSpan, map<TimeSpan, Long, Long, Real>([](auto h, auto m, auto s) { return makeSpan(0, h, m, s); })),
            signature({day, hour, minute, second}, TimeSpan, map<TimeSpan, Long, Long, Long, Real>(makeSpan)),
        }, .traits = kNullStrict});
}

} // namespace

void addDateTimeTextFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "format_datetime", .category = "datetime", .help = "The time as text; the format is made of y, M, d, H (or h and tt), m, s, f and F.", .example = "print format_datetime(datetime(2024-06-15 12:30), 'yy-M-dd [HH:mm:ss]') // 24-6-15 [12:30:00]",
        .signatures = {signature({{"time", DateTime}, {"format", String}}, String, mapText<String, DateTime, String>(formatTime))}});
    registry.add(ScalarFunction{.name = "format_timespan", .category = "datetime", .help = "The timespan as text; the format is made of d, h, m, s, f and F.", .example = "print format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF') // 29.09:00:05:12",
        .signatures = {signature({{"span", TimeSpan}, {"format", String}}, String, mapText<String, TimeSpan, String>(formatSpan))}});
    addMaking(registry);
    addUnixTime<kTicksPerSecond, 1>(registry, "unixtime_seconds_todatetime", "The time a number of seconds after 1970.", "print unixtime_seconds_todatetime(1718454600) // 2024-06-15T12:30:00.0000000Z");
    addUnixTime<kTicksPerMillisecond, 1>(registry, "unixtime_milliseconds_todatetime", "The time a number of milliseconds after 1970.", "print unixtime_milliseconds_todatetime(1718454600123) // 2024-06-15T12:30:00.1230000Z");
    addUnixTime<kTicksPerMicrosecond, 1>(registry, "unixtime_microseconds_todatetime", "The time a number of microseconds after 1970.", "print unixtime_microseconds_todatetime(1718454600123456) // 2024-06-15T12:30:00.1234560Z");
    addUnixTime<1, 100>(registry, "unixtime_nanoseconds_todatetime", "The time a number of nanoseconds after 1970.", "print unixtime_nanoseconds_todatetime(1718454600123456700) // 2024-06-15T12:30:00.1234567Z");
    const std::vector<Parameter> zoned{{"time", DateTime}, {"timezone", String}};
    registry.add(ScalarFunction{.name = "datetime_utc_to_local", .category = "datetime", .help = "A UTC time in the local time of a zone such as `Europe/Berlin`.", .example = "print datetime_utc_to_local(datetime(2024-06-15 12:00), 'Europe/Berlin') // 2024-06-15T14:00:00.0000000Z", .signatures = {signature(zoned, DateTime, convertZone<true>)}});
    registry.add(ScalarFunction{.name = "datetime_local_to_utc", .category = "datetime", .help = "The local time of a zone such as `Europe/Berlin`, in UTC.", .example = "print datetime_local_to_utc(datetime(2024-06-15 12:00), 'Europe/Berlin') // 2024-06-15T10:00:00.0000000Z", .signatures = {signature(zoned, DateTime, convertZone<false>)}});
    registry.add(ScalarFunction{.name = "datetime_list_timezones", .category = "datetime", .help = "The names of the zones that datetime_utc_to_local() and datetime_local_to_utc() know, as an array.", .example = "print array_index_of(datetime_list_timezones(), 'Europe/Berlin') > 0 // true", .signatures = {signature({}, Dynamic, listZones)}});
}

} // namespace tocsin::kql
