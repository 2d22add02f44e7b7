// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Wrapping.h"

#include <cmath>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::dense;
using kernels::map;

std::optional<Ticks> inRange(Ticks ticks) { return inDateTimeRange(ticks) ? std::optional(ticks) : std::nullopt; }

std::vector<Parameter> pair(DataType left, DataType right) { return {{"left", left}, {"right", right}}; }

std::optional<double> moduloReal(double a, double b)
{
    const double rest = std::fmod(a, b);
    return rest < 0 ? rest + std::abs(b) : rest;
}

std::optional<tocsin::Decimal> moduloDecimal(const tocsin::Decimal& a, const tocsin::Decimal& b)
{
    auto rest = tocsin::Decimal::remainder(a, b);
    if (rest && rest->isNegative())
        rest = *rest + (b.isNegative() ? -b : b);
    return rest;
}

std::optional<Ticks> scaled(double factor, Ticks span) { return longFromReal(factor * static_cast<double>(span)); }

std::optional<Ticks> dividedSpan(Ticks span, double by)
{
    return longFromReal(static_cast<double>(span) / by);
}

/// Numbers inside dynamic values: whole ones as long, others as real; null for anything else.
template <typename OfLong, typename OfReal>
ScalarKernel overDynamic(OfLong ofLong, OfReal ofReal)
{
    return kernels::mapDynamic<Dynamic, Dynamic>([ofLong, ofReal](std::string_view left, std::string_view right, DynamicBuilder& out) -> bool {
        const DynamicView a(left), b(right);
        const auto isWhole = [](DynamicView view) { return view.tag() == DynamicTag::Long; };
        const auto isNumber = [&](DynamicView view) { return isWhole(view) || view.tag() == DynamicTag::Real; };
        const auto real = [&](DynamicView view) { return isWhole(view) ? static_cast<double>(view.asLong()) : view.asReal(); };
        if (!isNumber(a) || !isNumber(b))
            return false;
        if (isWhole(a) && isWhole(b)) {
            const std::optional<std::int64_t> whole = ofLong(a.asLong(), b.asLong());
            if (whole)
                out.number(*whole);
            return whole.has_value();
        }
        const std::optional<double> number = ofReal(real(a), real(b));
        if (number)
            out.real(*number);
        return number.has_value();
    });
}

double ratio(Ticks a, Ticks b) { return static_cast<double>(a) / static_cast<double>(b); }

void addAddition(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{
        .name = "+", .category = "arithmetic", .help = "Adds numbers or timespans, or a timespan to a datetime.", .example = "print 2 + 3 // 5",
        .signatures = {
            signature(pair(Dynamic, Dynamic), Dynamic, overDynamic(wrapAdd, [](double a, double b) { return a + b; })),
            signature(pair(Long, Long), Long, dense<Long, Long, Long>(wrapAdd)),
            signature(pair(Real, Real), Real, dense<Real, Real, Real>([](double a, double b) { return a + b; })),
            signature(pair(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>([](const auto& a, const auto& b) { return a + b; })),
            signature(pair(TimeSpan, TimeSpan), TimeSpan, dense<TimeSpan, TimeSpan, TimeSpan>(wrapAdd)),
            signature(pair(DateTime, TimeSpan), DateTime, map<DateTime, DateTime, TimeSpan>([](Ticks a, Ticks b) { return inRange(wrapAdd(a, b)); })),
            signature(pair(TimeSpan, DateTime), DateTime, map<DateTime, TimeSpan, DateTime>([](Ticks a, Ticks b) { return inRange(wrapAdd(a, b)); })),
        },
        .traits = kNullStrict});
}

void addSubtraction(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{
        .name = "-", .category = "arithmetic", .help = "Subtracts numbers, timespans or datetimes; with one operand, changes the sign.", .example = "print 2 - 3 // -1",
        .signatures = {
            signature(pair(Dynamic, Dynamic), Dynamic, overDynamic(wrapSubtract, [](double a, double b) { return a - b; })),
            signature(pair(Long, Long), Long, dense<Long, Long, Long>(wrapSubtract)),
            signature(pair(Real, Real), Real, dense<Real, Real, Real>([](double a, double b) { return a - b; })),
            signature(pair(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>([](const auto& a, const auto& b) { return a - b; })),
            signature(pair(TimeSpan, TimeSpan), TimeSpan, dense<TimeSpan, TimeSpan, TimeSpan>(wrapSubtract)),
            signature(pair(DateTime, DateTime), TimeSpan, dense<TimeSpan, DateTime, DateTime>(wrapSubtract)),
            signature(pair(DateTime, TimeSpan), DateTime, map<DateTime, DateTime, TimeSpan>([](Ticks a, Ticks b) { return inRange(wrapSubtract(a, b)); })),
            signature({{"value", Long}}, Long, map<Long, Long>(wrapNegate)),
            signature({{"value", Real}}, Real, map<Real, Real>([](double a) { return -a; })),
            signature({{"value", Decimal}}, Decimal, map<Decimal, Decimal>([](const auto& a) { return -a; })),
            signature({{"value", TimeSpan}}, TimeSpan, map<TimeSpan, TimeSpan>(wrapNegate)),
        },
        .traits = kNullStrict});
}

void addMultiplication(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{
        .name = "*", .category = "arithmetic", .help = "Multiplies numbers, or a timespan by a number.", .example = "print 2 * 1h // 02:00:00",
        .signatures = {
            signature(pair(Dynamic, Dynamic), Dynamic, overDynamic(wrapMultiply, [](double a, double b) { return a * b; })),
            signature(pair(Long, Long), Long, dense<Long, Long, Long>(wrapMultiply)),
            signature(pair(Real, Real), Real, dense<Real, Real, Real>([](double a, double b) { return a * b; })),
            signature(pair(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>([](const auto& a, const auto& b) { return a * b; })),
            signature(pair(Long, TimeSpan), TimeSpan, dense<TimeSpan, Long, TimeSpan>(wrapMultiply)),
            signature(pair(TimeSpan, Long), TimeSpan, dense<TimeSpan, TimeSpan, Long>(wrapMultiply)),
            signature(pair(Real, TimeSpan), TimeSpan, map<TimeSpan, Real, TimeSpan>(scaled)),
            signature(pair(TimeSpan, Real), TimeSpan, map<TimeSpan, TimeSpan, Real>([](Ticks a, double b) { return scaled(b, a); })),
        },
        .traits = kNullStrict});
}

void addDivision(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{
        .name = "/", .category = "arithmetic", .help = "Divides numbers or timespans; integers are cut towards zero, and divided by zero give null.", .example = "print 7 / 2 // 3",
        .signatures = {
            signature(pair(Dynamic, Dynamic), Dynamic, overDynamic(divideLong, [](double a, double b) { return a / b; })),
            signature(pair(Long, Long), Long, map<Long, Long, Long>(divideLong)),
            signature(pair(Real, Real), Real, dense<Real, Real, Real>([](double a, double b) { return a / b; })),
            signature(pair(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>([](const auto& a, const auto& b) { return tocsin::Decimal::divide(a, b); })),
            signature(pair(TimeSpan, TimeSpan), Real, dense<Real, TimeSpan, TimeSpan>(ratio)),
            signature(pair(TimeSpan, Long), TimeSpan, map<TimeSpan, TimeSpan, Long>(divideLong)),
            signature(pair(TimeSpan, Real), TimeSpan, map<TimeSpan, TimeSpan, Real>(dividedSpan)),
            signature(pair(DateTime, TimeSpan), Real, dense<Real, DateTime, TimeSpan>(ratio)),
        },
        .traits = kNullStrict});
}

void addModulo(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{
        .name = "%", .category = "arithmetic", .help = "The remainder of a division, never negative.", .example = "print -14 % 12 // 10",
        .signatures = {
            signature(pair(Dynamic, Dynamic), Dynamic, overDynamic(moduloLong, moduloReal)),
            signature(pair(Long, Long), Long, map<Long, Long, Long>(moduloLong)),
            signature(pair(Real, Real), Real, map<Real, Real, Real>(moduloReal)),
            signature(pair(Decimal, Decimal), Decimal, map<Decimal, Decimal, Decimal>(moduloDecimal)),
            signature(pair(TimeSpan, TimeSpan), TimeSpan, map<TimeSpan, TimeSpan, TimeSpan>(moduloLong)),
            signature(pair(DateTime, TimeSpan), TimeSpan, map<TimeSpan, DateTime, TimeSpan>(moduloLong)),
        },
        .traits = kNullStrict});
}

} // namespace

void addArithmetic(FunctionRegistry& registry)
{
    addAddition(registry);
    addSubtraction(registry);
    addMultiplication(registry);
    addDivision(registry);
    addModulo(registry);
}

} // namespace tocsin::kql
