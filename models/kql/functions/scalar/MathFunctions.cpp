// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/SpecialFunctions.h"
#include "kql/functions/support/Wrapping.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;

using RealFunction = double (*)(double);

struct RealEntry {
    std::string_view name;
    RealFunction function;
    std::string_view help;
    std::string_view example;
};

void addRealFunctions(FunctionRegistry& registry)
{
    const RealEntry entries[] = {
        {"sqrt", [](double x) { return std::sqrt(x); }, "The square root.", "print sqrt(16) // 4.0"},
        {"exp", [](double x) { return std::exp(x); }, "e to the power of the value.", "print exp(0) // 1.0"},
        {"exp2", [](double x) { return std::exp2(x); }, "2 to the power of the value.", "print exp2(3) // 8.0"},
        {"exp10", [](double x) { return std::pow(10.0, x); }, "10 to the power of the value.", "print exp10(2) // 100.0"},
        {"log", [](double x) { return std::log(x); }, "The natural logarithm.", "print log(1) // 0.0"},
        {"log2", [](double x) { return std::log2(x); }, "The logarithm to base 2.", "print log2(8) // 3.0"},
        {"log10", [](double x) { return std::log10(x); }, "The logarithm to base 10.", "print log10(1000) // 3.0"},
        {"sin", [](double x) { return std::sin(x); }, "The sine of an angle in radians.", "print sin(0) // 0.0"},
        {"cos", [](double x) { return std::cos(x); }, "The cosine of an angle in radians.", "print cos(0) // 1.0"},
        {"tan", [](double x) { return std::tan(x); }, "The tangent of an angle in radians.", "print tan(0) // 0.0"},
        {"cot", [](double x) { return 1 / std::tan(x); }, "The cotangent of an angle in radians.", "print round(cot(1), 4) // 0.6421"},
        {"asin", [](double x) { return std::asin(x); }, "The angle in radians with this sine.", "print asin(0) // 0.0"},
        {"acos", [](double x) { return std::acos(x); }, "The angle in radians with this cosine.", "print acos(1) // 0.0"},
        {"atan", [](double x) { return std::atan(x); }, "The angle in radians with this tangent.", "print atan(0) // 0.0"},
        {"degrees", [](double x) { return x / std::numbers::pi * 180; }, "An angle in radians, in degrees.", "print degrees(pi()) // 180.0"},
        {"radians", [](double x) { return x * std::numbers::pi / 180; }, "An angle in degrees, in radians.", "print radians(0) // 0.0"},
        {"gamma", [](double x) { return std::tgamma(x); }, "The gamma function.", "print gamma(5) // 24.0"},
        {"loggamma", [](double x) { return logGamma(x); }, "The logarithm of the absolute value of the gamma function.", "print loggamma(1) // 0.0"},
        {"erf", [](double x) { return std::erf(x); }, "The error function.", "print erf(0) // 0.0"},
        {"erfc", [](double x) { return std::erfc(x); }, "The complementary error function.", "print erfc(0) // 1.0"},
    };
    for (const RealEntry& entry : entries)
        registry.add(ScalarFunction{.name = entry.name, .category = "math", .help = entry.help, .example = entry.example,
            .signatures = {signature({{"value", Real}}, Real, map<Real, Real>([f = entry.function](double x) { return f(x); }))}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "atan2", .category = "math", .help = "The angle in radians between the x axis and the point (x, y).", .example = "print atan2(0, 1) // 0.0",
        .signatures = {signature({{"y", Real}, {"x", Real}}, Real, map<Real, Real, Real>([](double y, double x) { return std::atan2(y, x); }))}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "pow", .category = "math", .help = "The base to the power of the exponent.", .example = "print pow(2, 3) // 8.0",
        .signatures = {signature({{"base", Real}, {"exponent", Real}}, Real, map<Real, Real, Real>([](double x, double y) { return std::pow(x, y); }))}, .traits = kNullStrict});
    registry.addAlias("power", "pow");
    registry.add(ScalarFunction{.name = "pi", .category = "math", .help = "The constant pi.", .example = "print round(pi(), 4) // 3.1416",
        .signatures = {signature({}, Real, [](KernelContext&, std::span<const Vector>, std::size_t rows) -> Result<Vector> { return Vector::constant(Value::real(std::numbers::pi), rows); })}});
    registry.add(ScalarFunction{.name = "beta_cdf", .category = "math", .help = "The cumulative beta distribution.", .example = "print round(beta_cdf(0.5, 2, 2), 4) // 0.5",
        .signatures = {signature({{"x", Real}, {"alpha", Real}, {"beta", Real}}, Real, map<Real, Real, Real, Real>(betaCdf))}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "beta_inv", .category = "math", .help = "The value at a probability of the cumulative beta distribution.", .example = "print round(beta_inv(0.5, 2, 2), 4) // 0.5",
        .signatures = {signature({{"probability", Real}, {"alpha", Real}, {"beta", Real}}, Real, map<Real, Real, Real, Real>([](double p, double alpha, double beta) {
            // NaN for parameters that are not positive
            return p >= 0 && p <= 1 ? std::optional(betaInverse(p, alpha, beta)) : std::nullopt;
        }))}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "beta_pdf", .category = "math", .help = "The density of the beta distribution.", .example = "print round(beta_pdf(0.5, 2, 2), 4) // 1.5",
        .signatures = {signature({{"x", Real}, {"alpha", Real}, {"beta", Real}}, Real, map<Real, Real, Real, Real>(betaDensity))}, .traits = kNullStrict});
}

/// Half away from zero, to a number of decimals (or, negative, of powers of ten).
double rounded(double value, std::int64_t digits)
{
    if (!std::isfinite(value) || digits > 300)
        return value;
    if (digits >= 0) {
        const double scale = std::pow(10.0, static_cast<double>(digits));
        const double scaled = value * scale;
        return std::isfinite(scaled) ? std::round(scaled) / scale : value;
    }
    const double scale = std::pow(10.0, static_cast<double>(-std::max<std::int64_t>(digits, -300)));
    return std::round(value / scale) * scale;
}

tocsin::Decimal roundedDecimal(const tocsin::Decimal& value, std::int64_t digits)
{
    tocsin::Decimal scale(1);
    for (std::int64_t i = 0; i < std::min<std::int64_t>(std::abs(digits), 34); ++i)
        scale = scale * tocsin::Decimal(10);
    const tocsin::Decimal half = *tocsin::Decimal::divide(tocsin::Decimal(1), tocsin::Decimal(2));
    const tocsin::Decimal magnitude = value.isNegative() ? -value : value;
    const tocsin::Decimal scaled = digits >= 0 ? magnitude * scale : tocsin::Decimal::divide(magnitude, scale).value_or(magnitude);
    const tocsin::Decimal whole = (scaled + half).floor();
    const tocsin::Decimal back = digits >= 0 ? tocsin::Decimal::divide(whole, scale).value_or(whole) : whole * scale;
    return value.isNegative() ? -back : back;
}

/// Half a unit of the last digit kept goes away from zero.
std::int64_t roundedLong(std::int64_t value, std::int64_t digits)
{
    if (digits >= 0)
        return value;
    if (digits < -18)
        return 0;
    std::int64_t unit = 1;
    for (; digits < 0; ++digits)
        unit *= 10;
    const std::int64_t rest = value % unit;
    const std::int64_t cut = value - rest;
    return rest >= unit - unit / 2 ? wrapAdd(cut, unit) : rest <= unit / 2 - unit ? wrapSubtract(cut, unit) : cut;
}

template <DataType T> Signature absolute()
{
    return signature({{"value", T}}, T, map<T, T>([](const auto& x) {
        if constexpr (T == Decimal)
            return x.isNegative() ? -x : x;
        else if constexpr (T == Real)
            return std::abs(x);
        else
            return static_cast<Physical<T>>(x < 0 ? wrapNegate(x) : x);
    }));
}

template <DataType T> Signature roundedUp()
{
    return signature({{"value", T}}, T, map<T, T>([](const auto& x) {
        if constexpr (T == Decimal)
            return -((-x).floor());
        else if constexpr (T == Real)
            return std::ceil(x);
        else
            return x;
    }));
}

template <DataType T> Signature signOf()
{
    return signature({{"value", T}}, Real, map<Real, T>([](const auto& x) {
        if constexpr (T == Decimal)
            return x.isZero() ? 0.0 : x.isNegative() ? -1.0 : 1.0;
        else
            return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
    }));
}

/// Whether the number is of a kind; null is of none.
ScalarKernel passes(bool (*test)(double))
{
    return [test](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        kernels::ResultWriter<Bool> writer(rows);
        kernels::forRows<Real>(arguments, rows, [&](std::size_t row, bool null, double x) { writer.put(row, !null && test(x)); });
        return writer.finish();
    };
}

void addRounding(FunctionRegistry& registry)
{
    // Real comes first: that is how numbers inside dynamic values are taken.
    registry.add(ScalarFunction{.name = "abs", .category = "math", .help = "The value without its sign.", .example = "print abs(-5) // 5",
        .signatures = {absolute<Real>(), absolute<Long>(), absolute<Decimal>(), absolute<TimeSpan>()}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "ceiling", .category = "math", .help = "The smallest whole number that is not less.", .example = "print ceiling(1.1) // 2.0",
        .signatures = {roundedUp<Real>(), signature({{"value", Int}}, Int, map<Int, Int>([](std::int32_t x) { return x; })), roundedUp<Long>(), roundedUp<Decimal>()}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "sign", .category = "math", .help = "-1, 0 or 1 as the value is negative, zero or positive.", .example = "print sign(-42) // -1.0",
        .signatures = {signOf<Real>(), signOf<Long>(), signOf<Decimal>()}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "round", .category = "math", .help = "The value rounded to whole numbers, or to a number of decimals.", .example = "print round(2.15, 1) // 2.2",
        .signatures = {
            signature({{"value", Real}}, Real, map<Real, Real>([](double x) { return rounded(x, 0); })),
            signature({{"value", Decimal}}, Decimal, map<Decimal, Decimal>([](const auto& x) { return roundedDecimal(x, 0); })),
            signature({{"value", Real}, {"precision", Long}}, Real, map<Real, Real, Long>(rounded)),
            signature({{"value", Decimal}, {"precision", Long}}, Decimal, map<Decimal, Decimal, Long>(roundedDecimal)),
            signature({{"value", Long}}, Long, map<Long, Long>([](std::int64_t x) { return x; })),
            signature({{"value", Int}}, Int, map<Int, Int>([](std::int32_t x) { return x; })),
            signature({{"value", Long}, {"precision", Long}}, Long, map<Long, Long, Long>(roundedLong)),
        }, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "isnan", .category = "math", .help = "Whether the value is not a number (NaN); false for null.", .example = "print isnan(0.0 / 0) // true",
        .signatures = {signature({{"value", Real}}, Bool, passes([](double x) { return std::isnan(x); }))}});
    registry.add(ScalarFunction{.name = "isinf", .category = "math", .help = "Whether the value is infinite; false for null.", .example = "print isinf(1.0 / 0) // true",
        .signatures = {signature({{"value", Real}}, Bool, passes([](double x) { return std::isinf(x); }))}});
    registry.add(ScalarFunction{.name = "isfinite", .category = "math", .help = "Whether the value is neither infinite nor NaN; false for null.", .example = "print isfinite(1.0) // true",
        .signatures = {signature({{"value", Real}}, Bool, passes([](double x) { return std::isfinite(x); }))}});
}

void addBits(FunctionRegistry& registry)
{
    const std::vector<Parameter> two{{"left", Long}, {"right", Long}};
    const auto add = [&](std::string_view name, std::string_view help, std::string_view example, auto function) {
        registry.add(ScalarFunction{.name = name, .category = "binary", .help = help, .example = example, .signatures = {signature(two, Long, map<Long, Long, Long>(function))}, .traits = kNullStrict});
    };
    add("binary_and", "The bitwise and of two integers.", "print binary_and(6, 3) // 2", [](std::int64_t a, std::int64_t b) { return a & b; });
    add("binary_or", "The bitwise or of two integers.", "print binary_or(6, 3) // 7", [](std::int64_t a, std::int64_t b) { return a | b; });
    add("binary_xor", "The bitwise exclusive or of two integers.", "print binary_xor(6, 3) // 5", [](std::int64_t a, std::int64_t b) { return a ^ b; });
    add("binary_shift_left", "The integer with its bits moved to the left (modulo 64), null for a negative number of places.", "print binary_shift_left(1, 4) // 16", [](std::int64_t a, std::int64_t n) { return n >= 0 ? std::optional(static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << (n & 63))) : std::nullopt; });
    add("binary_shift_right", "The integer with its bits moved to the right (modulo 64), null for a negative number of places.", "print binary_shift_right(16, 4) // 1", [](std::int64_t a, std::int64_t n) { return n >= 0 ? std::optional(a >> (n & 63)) : std::nullopt; });
    registry.add(ScalarFunction{.name = "binary_not", .category = "binary", .help = "The integer with every bit turned.", .example = "print binary_not(5) // -6",
        .signatures = {signature({{"value", Long}}, Long, map<Long, Long>([](std::int64_t a) { return ~a; }))}, .traits = kNullStrict});
    registry.add(ScalarFunction{.name = "bitset_count_ones", .category = "binary", .help = "The number of bits that are set.", .example = "print bitset_count_ones(42) // 3",
        .signatures = {signature({{"value", Long}}, Long, map<Long, Long>([](std::int64_t a) { return static_cast<std::int64_t>(std::popcount(static_cast<std::uint64_t>(a))); }))}, .traits = kNullStrict});
}

/// splitmix64: a good 64-bit number for each (seed, position).
std::uint64_t randomBits(std::uint64_t seed, std::uint64_t position)
{
    std::uint64_t z = seed + (position + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

void addRandom(FunctionRegistry& registry)
{
    const auto rand = [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        kernels::ResultWriter<Real> writer(rows);
        const std::int64_t bound = kernels::constantLong(arguments, 0, 0);
        for (std::size_t row = 0; row < rows; ++row) {
            const std::uint64_t bits = randomBits(context.seed, context.firstRow + row);
            writer.put(row, bound > 0 ? static_cast<double>(bits % static_cast<std::uint64_t>(bound)) : static_cast<double>(bits >> 11) * 0x1.0p-53);
        }
        return writer.finish();
    };
    registry.add(ScalarFunction{.name = "rand", .category = "math", .help = "A random number from 0 to below 1, or a whole one from 0 to below n.", .example = "print rand() < 1 // true",
        .signatures = {signature({}, Real, rand), signature({constant("n", Long)}, Real, rand)}, .traits = kNonDeterministic});
    registry.add(ScalarFunction{.name = "new_guid", .category = "math", .help = "A random guid.", .example = "print strlen(tostring(new_guid())) // 36",
        .signatures = {signature({}, Guid, [](KernelContext& context, std::span<const Vector>, std::size_t rows) -> Result<Vector> {
            kernels::ResultWriter<Guid> writer(rows);
            for (std::size_t row = 0; row < rows; ++row) {
                tocsin::Guid guid;
                for (std::size_t half = 0; half < 2; ++half) {
                    const std::uint64_t bits = randomBits(context.seed ^ 0x6E65775F67756964ULL, (context.firstRow + row) * 2 + half);
                    for (std::size_t i = 0; i < 8; ++i)
                        guid.bytes[half * 8 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
                }
                guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0F) | 0x40); // RFC 4122, version 4
                guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3F) | 0x80);
                writer.put(row, guid);
            }
            return writer.finish();
        })}, .traits = kNonDeterministic});
}

} // namespace

void addMathFunctions(FunctionRegistry& registry)
{
    addRealFunctions(registry);
    addRounding(registry);
    addBits(registry);
    addRandom(registry);
}

} // namespace tocsin::kql
