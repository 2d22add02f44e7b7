// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Series.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using namespace series;

struct UnaryEntry {
    std::string_view name;
    double (*function)(double);
    std::string_view help;
    std::string_view example;
};

struct BinaryEntry {
    std::string_view name;
    double (*function)(double, double);
    bool comparison;
    std::string_view help;
    std::string_view example;
};

ScalarKernel unaryKernel(double (*function)(double))
{
    return rowKernel([function](std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out) {
        auto values = argument(arguments, 0, row);
        if (!values)
            return false;
        for (double& value : *values)
            value = function(value);
        write(out, *values);
        return true;
    });
}

/// Arrays item by item; a lone number stands for an array of it. Missing items give null.
ScalarKernel binaryKernel(double (*function)(double, double), bool comparison)
{
    return rowKernel([function, comparison](std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out) {
        const auto side = [&](std::size_t i) { return DynamicView(arguments[i].isNull(row) ? std::string_view() : VectorReader<std::string_view>(arguments[i])[row]); };
        const DynamicView views[] = {side(0), side(1)};
        Series values[2];
        std::size_t length = 0;
        for (std::size_t i = 0; i < 2; ++i) {
            if (auto read = series::read(views[i])) {
                values[i] = std::move(*read);
                length = std::max(length, values[i].size());
            } else if (views[i].isNull() || views[i].isString() || !views[1 - i].isArray()) {
                return false;
            }
        }
        for (std::size_t i = 0; i < 2; ++i)
            if (!views[i].isArray())
                values[i].assign(length, fromDynamic<Real>(views[i]).value_or(kMissing));
        out.beginArray();
        for (std::size_t i = 0; i < length; ++i) {
            const double a = i < values[0].size() ? values[0][i] : kMissing;
            const double b = i < values[1].size() ? values[1][i] : kMissing;
            if (std::isnan(a) || std::isnan(b))
                out.null();
            else if (comparison)
                out.boolean(function(a, b) != 0);
            else
                number(out, function(a, b));
        }
        out.endArray();
        return true;
    });
}

void addUnary(FunctionRegistry& registry)
{
    const UnaryEntry entries[] = {
        {"series_abs", [](double x) { return std::abs(x); }, "The absolute value of each item.", "print series_abs(dynamic([-1, 2])) // [1.0,2.0]"},
        {"series_acos", [](double x) { return std::acos(x); }, "The arc cosine of each item.", "print series_acos(dynamic([1])) // [0.0]"},
        {"series_asin", [](double x) { return std::asin(x); }, "The arc sine of each item.", "print series_asin(dynamic([0])) // [0.0]"},
        {"series_atan", [](double x) { return std::atan(x); }, "The arc tangent of each item.", "print series_atan(dynamic([0])) // [0.0]"},
        {"series_ceiling", [](double x) { return std::ceil(x); }, "Each item rounded up.", "print series_ceiling(dynamic([1.5])) // [2.0]"},
        {"series_cos", [](double x) { return std::cos(x); }, "The cosine of each item.", "print series_cos(dynamic([0])) // [1.0]"},
        {"series_exp", [](double x) { return std::exp(x); }, "e to the power of each item.", "print series_exp(dynamic([0])) // [1.0]"},
        {"series_floor", [](double x) { return std::floor(x); }, "Each item rounded down.", "print series_floor(dynamic([1.5])) // [1.0]"},
        {"series_log", [](double x) { return std::log(x); }, "The natural logarithm of each item.", "print series_log(dynamic([1])) // [0.0]"},
        {"series_sign", [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }, "The sign of each item: -1, 0 or 1.", "print series_sign(dynamic([-5, 5])) // [-1.0,1.0]"},
        {"series_sin", [](double x) { return std::sin(x); }, "The sine of each item.", "print series_sin(dynamic([0])) // [0.0]"},
        {"series_tan", [](double x) { return std::tan(x); }, "The tangent of each item.", "print series_tan(dynamic([0])) // [0.0]"},
    };
    for (const UnaryEntry& entry : entries)
        registry.add(ScalarFunction{.name = entry.name, .category = "series", .help = entry.help, .example = entry.example, .signatures = {signature({{"series", Dynamic}}, Dynamic, unaryKernel(entry.function))}});
}

void addBinary(FunctionRegistry& registry)
{
    const BinaryEntry entries[] = {
        {"series_add", [](double a, double b) { return a + b; }, false, "The sum of two series, item by item.", "print series_add(dynamic([1, 2]), dynamic([3, 4])) // [4.0,6.0]"},
        {"series_subtract", [](double a, double b) { return a - b; }, false, "The difference of two series, item by item.", "print series_subtract(dynamic([5]), dynamic([3])) // [2.0]"},
        {"series_multiply", [](double a, double b) { return a * b; }, false, "The product of two series, item by item.", "print series_multiply(dynamic([5]), dynamic([3])) // [15.0]"},
        {"series_divide", [](double a, double b) { return a / b; }, false, "The quotient of two series, item by item.", "print series_divide(dynamic([6]), dynamic([3])) // [2.0]"},
        {"series_pow", [](double a, double b) { return std::pow(a, b); }, false, "One series to the power of another, item by item.", "print series_pow(dynamic([2]), dynamic([3])) // [8.0]"},
        {"series_equals", [](double a, double b) { return a == b ? 1.0 : 0.0; }, true, "Whether the items of two series are equal.", "print series_equals(dynamic([1, 2]), dynamic([1, 3])) // [true,false]"},
        {"series_not_equals", [](double a, double b) { return a != b ? 1.0 : 0.0; }, true, "Whether the items of two series differ.", "print series_not_equals(dynamic([1, 2]), dynamic([1, 3])) // [false,true]"},
        {"series_less", [](double a, double b) { return a < b ? 1.0 : 0.0; }, true, "Whether the items of the first series are less.", "print series_less(dynamic([1, 4]), dynamic([1, 5])) // [false,true]"},
        {"series_less_equals", [](double a, double b) { return a <= b ? 1.0 : 0.0; }, true, "Whether the items of the first series are less or equal.", "print series_less_equals(dynamic([1, 6]), dynamic([1, 5])) // [true,false]"},
        {"series_greater", [](double a, double b) { return a > b ? 1.0 : 0.0; }, true, "Whether the items of the first series are greater.", "print series_greater(dynamic([1, 6]), dynamic([1, 5])) // [false,true]"},
        {"series_greater_equals", [](double a, double b) { return a >= b ? 1.0 : 0.0; }, true, "Whether the items of the first series are greater or equal.", "print series_greater_equals(dynamic([1, 4]), dynamic([1, 5])) // [true,false]"},
    };
    for (const BinaryEntry& entry : entries)
        registry.add(ScalarFunction{.name = entry.name, .category = "series", .help = entry.help, .example = entry.example,
            .signatures = {signature({{"left", types::any}, {"right", types::any}}, Dynamic, [kernel = binaryKernel(entry.function, entry.comparison)](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
                TOCSIN_TRY_ASSIGN(const Vector left, convertVector(arguments[0], Dynamic));
                TOCSIN_TRY_ASSIGN(const Vector right, convertVector(arguments[1], Dynamic));
                return kernel(context, std::vector<Vector>{left, right}, rows);
            })}});
}

} // namespace

void addSeriesElementwise(FunctionRegistry& registry)
{
    addUnary(registry);
    addBinary(registry);
}

} // namespace tocsin::kql
