// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"

#include <fmt/format.h>

namespace tocsin::kql {
namespace {

using enum DataType;

void addConversion(FunctionRegistry& registry, DataType to, std::string_view name, std::string_view help, std::string_view example)
{
    registry.add(ScalarFunction{.name = name, .category = "conversion", .help = help, .example = example,
        .signatures = {signature({{"value", types::any}}, to, [to](KernelContext&, std::span<const Vector> arguments, std::size_t) { return convertVector(arguments[0], to); })}});
}

/// todecimal() of a real keeps the digits of its text; datetimes and timespans count as ticks.
void addConversions(FunctionRegistry& registry)
{
    addConversion(registry, String, "tostring", "The value as text; null gives an empty text.", "print tostring(1.5) // 1.5");
    addConversion(registry, Long, "tolong", "The value as long, null if it is not one.", "print tolong('123') // 123");
    addConversion(registry, Int, "toint", "The value as int, null if it is not one; decimals are cut.", "print toint(2.9) // 2");
    addConversion(registry, Real, "toreal", "The value as real, null if it is not one.", "print toreal('1.5') // 1.5");
    addConversion(registry, Decimal, "todecimal", "The value as decimal, null if it is not one.", "print todecimal('1.50') // 1.50");
    addConversion(registry, Bool, "tobool", "The value as bool, null if it is not one.", "print tobool('true') // true");
    addConversion(registry, DateTime, "todatetime", "The value as datetime, null if it is not one.", "print todatetime('2024-06-15 12:30') // 2024-06-15T12:30:00.0000000Z");
    addConversion(registry, TimeSpan, "totimespan", "The value as timespan, null if it is not one.", "print totimespan('0.01:30:00') // 01:30:00");
    addConversion(registry, Guid, "toguid", "The value as guid, null if it is not one.", "print toguid('70fc66f7-8279-44fc-9092-d364d70fce44') // 70fc66f7-8279-44fc-9092-d364d70fce44");
    for (const auto& [alias, name] : {std::pair{"todouble", "toreal"}, {"toboolean", "tobool"}, {"totime", "totimespan"}, {"tofloat", "toreal"}})
        registry.addAlias(alias, name);
}

void hex(std::int64_t value, std::int64_t width, std::string& out)
{
    fmt::format_to(std::back_inserter(out), "{:0{}x}", static_cast<std::uint64_t>(value), std::clamp<std::int64_t>(width, 1, 16));
}

} // namespace

void addConversionFunctions(FunctionRegistry& registry)
{
    addConversions(registry);
    registry.add(ScalarFunction{.name = "tohex", .category = "conversion", .help = "The integer in hexadecimal, with leading zeros to a minimum length (of at most 16).", .example = "print tohex(256, 8) // 00000100",
        .signatures = {signature({{"value", Int}}, String, kernels::mapText<String, Int>([](std::int32_t value, std::string& out) { hex(static_cast<std::uint32_t>(value), 1, out); })),
                       signature({{"value", Int}, {"length", Long}}, String, kernels::mapText<String, Int, Long>([](std::int32_t value, std::int64_t width, std::string& out) { hex(static_cast<std::uint32_t>(value), width, out); })),
                       signature({{"value", Long}}, String, kernels::mapText<String, Long>([](std::int64_t value, std::string& out) { hex(value, 1, out); })),
                       signature({{"value", Long}, {"length", Long}}, String, kernels::mapText<String, Long, Long>(hex))}});
}

} // namespace tocsin::kql
