// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Fourier.h"
#include "kql/functions/support/Series.h"
#include "kql/functions/support/SpecialFunctions.h"

#include <algorithm>
#include <complex>
#include <numbers>

namespace tocsin::kql {
namespace {

using enum DataType;
using namespace series;
using kernels::map;

std::optional<double> fold(std::string_view bytes, double start, double (*step)(double, double))
{
    const auto values = read(DynamicView(bytes));
    if (!values)
        return std::nullopt;
    double result = start;
    for (const double value : *values) {
        if (std::isnan(value))
            return std::nullopt;
        result = step(result, value);
    }
    return result;
}

/// Products of two series with each other and with themselves, over the places where both have a number. The longer one is cut.
struct Products {
    double left = 0, both = 0, right = 0;
};

std::optional<Products> products(const Series& a, const Series& b)
{
    if (a.empty() || b.empty())
        return std::nullopt;
    Products sums;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (std::isnan(a[i]) || std::isnan(b[i]))
            continue;
        sums.left += a[i] * a[i];
        sums.both += a[i] * b[i];
        sums.right += b[i] * b[i];
    }
    return sums;
}

std::optional<double> dot(const Series& a, const Series& b)
{
    const auto sums = products(a, b);
    return sums && !std::isnan(sums->both) ? std::optional(sums->both) : std::nullopt;
}

std::optional<double> correlation(const Series& a, const Series& b)
{
    if (a.size() != b.size() || a.empty())
        return std::nullopt;
    const Moments first = moments(a);
    const Moments second = moments(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - first.mean) * (b[i] - second.mean);
    const double result = sum / std::sqrt(first.squares * second.squares);
    return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

using PairFunction = std::optional<double> (*)(const Series&, const Series&);

ScalarKernel pairKernel(PairFunction function)
{
    return map<Real, Dynamic, Dynamic>([function](std::string_view left, std::string_view right) -> std::optional<double> {
        const auto a = read(DynamicView(left));
        const auto b = read(DynamicView(right));
        return a && b ? function(*a, *b) : std::nullopt;
    });
}

std::optional<double> cosine(const Series& a, const Series& b)
{
    const Products sums = products(a, b).value_or(Products());
    const double result = sums.both / std::sqrt(sums.left * sums.right);
    return std::isnan(result) ? std::nullopt : std::optional(result);
}

/// A number stands for a series of that number throughout.
std::optional<double> dotNumber(std::string_view bytes, double number)
{
    const auto values = read(DynamicView(bytes));
    return values ? dot(*values, Series(values->size(), number)) : std::nullopt;
}

/// series_cosine_similarity(left, right, magnitude of left[, magnitude of right])
Result<Vector> cosineByMagnitudes(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    kernels::ResultWriter<Real> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto a = argument(arguments, 0, row);
        const auto b = argument(arguments, 1, row);
        const auto product = a && b ? dot(*a, *b) : std::nullopt;
        const double first = realArgument(arguments, 2, row, kMissing);
        const double second = product ? realArgument(arguments, 3, row, arguments.size() > 3 ? kMissing : std::sqrt(dot(*b, *b).value_or(0))) : kMissing;
        const double result = product ? *product / (first * second) : kMissing;
        writer.put(row, std::isnan(result) ? std::nullopt : std::optional(result));
    }
    return writer.finish();
}

struct Statistics {
    double min = kMissing, max = kMissing;
    std::int64_t minIndex = -1, maxIndex = -1;
    Moments moments;
};

/// Nothing for a series with values that are no numbers or infinite, unless they are to be ignored.
std::optional<Statistics> statistics(std::span<const Vector> arguments, std::size_t row)
{
    const auto values = argument(arguments, 0, row);
    if (!values || (!kernels::constantBool(arguments, 1, false) && !std::all_of(values->begin(), values->end(), [](double value) { return std::isfinite(value); })))
        return std::nullopt;
    Statistics out;
    out.moments = moments(*values);
    for (std::size_t i = 0; i < values->size(); ++i) {
        const double value = (*values)[i];
        if (!std::isfinite(value))
            continue;
        if (!(value >= out.min)) {
            out.min = value;
            out.minIndex = static_cast<std::int64_t>(i);
        }
        if (!(value <= out.max)) {
            out.max = value;
            out.maxIndex = static_cast<std::int64_t>(i);
        }
    }
    return out;
}

bool statsArray(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto stats = statistics(arguments, row);
    if (!stats)
        return false;
    out.beginArray();
    number(out, stats->min);
    out.number(stats->minIndex);
    number(out, stats->max);
    out.number(stats->maxIndex);
    number(out, stats->moments.count > 0 ? stats->moments.mean : kMissing);
    number(out, std::sqrt(stats->moments.sampleVariance()));
    number(out, stats->moments.sampleVariance());
    out.endArray();
    return true;
}

bool statsBag(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto stats = statistics(arguments, row);
    if (!stats)
        return false;
    const Moments& m = stats->moments;
    out.beginObject();
    out.key("min"), number(out, stats->min);
    out.key("min_idx"), out.number(stats->minIndex);
    out.key("max"), number(out, stats->max);
    out.key("max_idx"), out.number(stats->maxIndex);
    out.key("avg"), number(out, m.count > 0 ? m.mean : kMissing);
    out.key("variance"), number(out, m.sampleVariance());
    out.key("stdev"), number(out, std::sqrt(m.sampleVariance()));
    out.key("sum"), number(out, m.mean * m.count);
    out.key("len"), out.number(static_cast<std::int64_t>(argument(arguments, 0, row)->size()));
    out.endObject();
    return true;
}

template <bool inverse>
bool fourier(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto real = argument(arguments, 0, row);
    const auto imaginary = argument(arguments, 1, row);
    if (!real)
        return false;
    std::vector<std::complex<double>> values;
    for (std::size_t i = 0; i < real->size(); ++i)
        values.emplace_back(std::isnan((*real)[i]) ? 0 : (*real)[i], imaginary && i < imaginary->size() && !std::isnan((*imaginary)[i]) ? (*imaginary)[i] : 0);
    values = fourierTransform(std::move(values), inverse);
    Series parts[2];
    for (const std::complex<double>& value : values) {
        const double scale = inverse ? 1 / static_cast<double>(values.size()) : 1;
        parts[0].push_back(value.real() * scale);
        parts[1].push_back(value.imag() * scale);
    }
    out.beginArray();
    write(out, parts[0]);
    write(out, parts[1]);
    out.endArray();
    return true;
}

std::optional<double> welch(double mean1, double variance1, double count1, double mean2, double variance2, double count2)
{
    if (!(count1 > 1) || !(count2 > 1))
        return std::nullopt;
    const double a = variance1 / count1;
    const double b = variance2 / count2;
    const double t = (mean1 - mean2) / std::sqrt(a + b);
    const double freedom = (a + b) * (a + b) / (a * a / (count1 - 1) + b * b / (count2 - 1));
    const double p = studentTwoSided(t, freedom);
    return std::isnan(p) ? std::nullopt : std::optional(p);
}

} // namespace

void addSeriesSummaries(FunctionRegistry& registry)
{
    const std::vector<Parameter> one{{"series", Dynamic}};
    const std::vector<Parameter> two{{"left", Dynamic}, {"right", Dynamic}};
    registry.add(ScalarFunction{.name = "series_sum", .category = "series", .help = "The sum of the items.", .example = "print series_sum(dynamic([1, 2, 3])) // 6.0", .signatures = {signature(one, Real, map<Real, Dynamic>([](std::string_view bytes) { return fold(bytes, 0, [](double a, double b) { return a + b; }); }))}});
    registry.add(ScalarFunction{.name = "series_product", .category = "series", .help = "The product of the items.", .example = "print series_product(dynamic([1, 2, 3])) // 6.0", .signatures = {signature(one, Real, map<Real, Dynamic>([](std::string_view bytes) { return fold(bytes, 1, [](double a, double b) { return a * b; }); }))}});
    registry.add(ScalarFunction{.name = "series_magnitude", .category = "series", .help = "The Euclidean length of the series.", .example = "print series_magnitude(dynamic([3, 4])) // 5.0", .signatures = {signature(one, Real, map<Real, Dynamic>([](std::string_view bytes) {
        const auto sum = fold(bytes, 0, [](double a, double b) { return a + b * b; });
        return sum ? std::optional(std::sqrt(*sum)) : std::nullopt;
    }))}});
    registry.add(ScalarFunction{.name = "series_dot_product", .category = "series", .help = "The dot product of two series.", .example = "print series_dot_product(dynamic([1, 2]), dynamic([3, 4])) // 11.0", .signatures = {signature(two, Real, pairKernel(dot)),
            signature({{"left", Dynamic}, {"right", Real}}, Real, map<Real, Dynamic, Real>(dotNumber)), signature({{"left", Real}, {"right", Dynamic}}, Real, map<Real, Real, Dynamic>([](double number, std::string_view bytes) { return dotNumber(bytes, number); }))}});
    registry.add(ScalarFunction{.name = "series_cosine_similarity", .category = "series", .help = "The cosine of the angle between two series.", .example = "print series_cosine_similarity(dynamic([0, 1]), dynamic([0, 2])) // 1.0",
        .signatures = {signature(two, Real, pairKernel(cosine)), signature({{"left", Dynamic}, {"right", Dynamic}, {"magnitude1", Real}, optional("magnitude2", Real)}, Real, cosineByMagnitudes)}});
    registry.add(ScalarFunction{.name = "series_pearson_correlation", .category = "series", .help = "The Pearson correlation of two series.", .example = "print series_pearson_correlation(dynamic([1, 2, 3]), dynamic([3, 2, 1])) // -1.0", .signatures = {signature(two, Real, pairKernel(correlation))}});
    registry.add(ScalarFunction{.name = "series_stats", .category = "series", .help = "Minimum and maximum with their positions, mean, standard deviation and variance, as columns or an array.", .example = "print s = dynamic([3, 1, 2]) | extend (low, at, high) = series_stats(s) | project high // 3.0",
        .signatures = {signature({{"series", Dynamic}, optional("ignore_nonfinite", Bool)}, Dynamic, rowKernel(statsArray))}});
    registry.add(ScalarFunction{.name = "series_stats_dynamic", .category = "series", .help = "Minimum and maximum with their positions, mean, standard deviation and variance, as a bag.", .example = "print series_stats_dynamic(dynamic([3, 1, 2])).max // 3.0",
        .signatures = {signature({{"series", Dynamic}, optional("ignore_nonfinite", Bool)}, Dynamic, rowKernel(statsBag))}});
    const std::vector<Parameter> complexParts{{"real", Dynamic}, optional("imaginary", Dynamic)};
    registry.add(ScalarFunction{.name = "series_fft", .category = "series", .help = "The Fourier transform of a series: its real and imaginary parts.", .example = "print s = dynamic([1, 1]) | extend (re, im) = series_fft(s) | project re // [2.0,0.0]", .signatures = {signature(complexParts, Dynamic, rowKernel(fourier<false>))}});
    registry.add(ScalarFunction{.name = "series_ifft", .category = "series", .help = "The inverse Fourier transform of a series: its real and imaginary parts.", .example = "print s = dynamic([2, 0]) | extend (re, im) = series_ifft(s) | project re // [1.0,1.0]", .signatures = {signature(complexParts, Dynamic, rowKernel(fourier<true>))}});
    registry.add(ScalarFunction{.name = "welch_test", .category = "math", .help = "The p-value of Welch's t-test for two samples, given mean, variance and count of each.", .example = "print round(welch_test(1.0, 1.0, 10, 1.0, 1.0, 10), 2) // 1.0",
        .signatures = {signature({{"mean1", Real}, {"variance1", Real}, {"count1", Real}, {"mean2", Real}, {"variance2", Real}, {"count2", Real}}, Real, map<Real, Real, Real, Real, Real, Real, Real>(welch))}});
}

} // namespace tocsin::kql
