// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/support/Decomposition.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using namespace series;

constexpr double kSeasonalityThreshold = 0.6; ///< of series_decompose and its kin
constexpr double kSeasonalThreshold = 0.7;    ///< of series_seasonal

Trend trendArgument(std::span<const Vector> arguments, std::size_t index, Trend otherwise)
{
    const std::string_view name = kernels::constantText(arguments, index);
    return name.empty() ? otherwise : trendNamed(name).value_or(otherwise);
}

std::size_t countArgument(std::span<const Vector> arguments, std::size_t index)
{
    return static_cast<std::size_t>(std::max<std::int64_t>(0, kernels::constantLong(arguments, index, 0)));
}

/// Baseline, seasonal part, trend and residual.
void writeParts(DynamicBuilder& out, const Decomposition& parts)
{
    out.beginArray();
    for (const Series* part : {&parts.baseline, &parts.seasonal, &parts.trend, &parts.residual})
        write(out, *part);
    out.endArray();
}

/// series_decompose(series[, seasonality[, trend[, test_points[, threshold]]]])
bool decomposeKernel(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    writeParts(out, decompose(*values, realArgument(arguments, 1, row, -1), trendArgument(arguments, 2, Trend::Average), countArgument(arguments, 3), realArgument(arguments, 4, row, kSeasonalityThreshold)));
    return true;
}

/// series_decompose_anomalies(series[, threshold[, seasonality[, trend[, test_points[, method[, seasonality_threshold]]]]]])
bool anomalies(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const double threshold = realArgument(arguments, 1, row, 1.5);
    const std::size_t testPoints = countArgument(arguments, 4);
    const Decomposition parts = decompose(*values, realArgument(arguments, 2, row, -1), trendArgument(arguments, 3, Trend::Average), testPoints, realArgument(arguments, 6, row, kSeasonalityThreshold));
    const bool plainTukey = equalsIgnoringCase(kernels::constantText(arguments, 5, "ctukey"), "tukey");
    const Series scores = tukeyScores(parts.residual, plainTukey ? 0.25 : 0.1, plainTukey ? 0.75 : 0.9, values->size() - std::min(testPoints, values->size()));
    out.beginArray();
    out.beginArray();
    for (const double score : scores)
        out.number(score > threshold ? 1 : score < -threshold ? -1 : 0);
    out.endArray();
    write(out, scores);
    write(out, parts.baseline);
    out.endArray();
    return true;
}

/// series_decompose_forecast(series, points[, seasonality[, trend[, threshold]]])
bool forecast(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    writeParts(out, decompose(*values, realArgument(arguments, 2, row, -1), trendArgument(arguments, 3, Trend::Line), countArgument(arguments, 1), realArgument(arguments, 4, row, kSeasonalityThreshold)));
    return true;
}

/// How many points at the end of a series are kept out of what is learned from it.
std::size_t withheld(const Series& values, std::span<const Vector> arguments, std::size_t index, std::size_t row)
{
    return static_cast<std::size_t>(std::clamp(realArgument(arguments, index, row, 0), 0.0, static_cast<double>(values.size())));
}

/// series_outliers(series[, kind[, ignored[, low percentile[, high percentile[, test points]]]]])
bool outliers(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const double ignored = realArgument(arguments, 2, row, kMissing);
    for (double& value : *values)
        if (value == ignored)
            value = kMissing;
    const bool plainTukey = equalsIgnoringCase(kernels::constantText(arguments, 1, "ctukey"), "tukey");
    const double low = plainTukey ? 25 : realArgument(arguments, 3, row, 10);
    const double high = plainTukey ? 75 : realArgument(arguments, 4, row, 90);
    write(out, tukeyScores(*values, std::clamp(low, 0.0, 100.0) / 100, std::clamp(high, 0.0, 100.0) / 100, values->size() - withheld(*values, arguments, 5, row)));
    return true;
}

void writePeriods(DynamicBuilder& out, const std::vector<Period>& periods)
{
    Series lengths;
    Series scores;
    for (const Period& period : periods) {
        lengths.push_back(period.length);
        scores.push_back(period.score);
    }
    out.beginArray();
    write(out, lengths);
    write(out, scores);
    out.endArray();
}

/// series_periods_detect(series, shortest, longest, count)
bool periodsDetect(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const auto count = static_cast<std::size_t>(std::clamp(realArgument(arguments, 3, row, 1), 1.0, 16.0));
    std::vector<Period> periods = detectPeriods(*values, realArgument(arguments, 1, row, 2), realArgument(arguments, 2, row, static_cast<double>(values->size())), count);
    periods.resize(count);
    writePeriods(out, periods);
    return true;
}

/// series_periods_validate(series, period, …)
bool periodsValidate(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    std::vector<Period> periods;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const double length = realArgument(arguments, i, row, 0);
        periods.push_back({length, periodScore(*values, length)});
    }
    writePeriods(out, periods);
    return true;
}

/// series_seasonal(series[, period[, test points]])
bool seasonal(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const double given = realArgument(arguments, 1, row, -1);
    const std::size_t period = given < 0 ? findPeriod(*values, kSeasonalThreshold) : static_cast<std::size_t>(std::min(given, 1e9));
    const Series part = seasonalPart(*values, period, values->size() - withheld(*values, arguments, 2, row));
    write(out, part);
    return true;
}

} // namespace

void addSeriesDecompose(FunctionRegistry& registry)
{
    const Parameter values{"series", Dynamic};
    const Parameter seasonality = optional("seasonality", Real);
    const Parameter trend = optional("trend", String, true);
    const Parameter testPoints = optional("test_points", Long, true);
    const Parameter threshold = optional("seasonality_threshold", Real);
    registry.add(ScalarFunction{.name = "series_decompose", .category = "series", .help = "A series as baseline, seasonal part, trend and residual.", .example = "print s = dynamic([1, 2, 1, 2, 1, 2]) | extend (base) = series_decompose(s, 2) | project base // [1.0,2.0,1.0,2.0,1.0,2.0]",
        .signatures = {signature({values, seasonality, trend, testPoints, threshold}, Dynamic, rowKernel(decomposeKernel))}});
    registry.add(ScalarFunction{.name = "series_decompose_anomalies", .category = "series", .help = "Which items of a series are anomalies (1, -1), with their scores and the expected baseline.", .example = "print s = dynamic([5, 6, 5, 6, 5, 60, 5, 6, 5, 6, 5, 6]) | extend (flag) = series_decompose_anomalies(s, 1.5, 0) | project flag[5] // 1",
        .signatures = {signature({values, optional("threshold", Real), seasonality, trend, testPoints, optional("method", String, true), threshold}, Dynamic, rowKernel(anomalies))}});
    registry.add(ScalarFunction{.name = "series_decompose_forecast", .category = "series", .help = "The series as its seasonal part and trend predict it, the last points without having seen them; then those parts and the residual.", .example = "print s = dynamic([1, 2, 3, 4, 0, 0]) | extend (forecast) = series_decompose_forecast(s, 2, 0) | project forecast // [1.0,2.0,3.0,4.0,5.0,6.0]",
        .signatures = {signature({values, constant("points", Long), seasonality, trend, threshold}, Dynamic, rowKernel(forecast))}});
    registry.add(ScalarFunction{.name = "series_outliers", .category = "series", .help = "A score for each item by Tukey's test: beyond 1.5 or below -1.5 is an outlier.", .example = "print series_outliers(dynamic([1, 2, 3, 4, 100]))[2] // 0.0",
        .signatures = {signature({values, optional("kind", String, true), optional("ignore", Real), optional("low_percentile", Real), optional("high_percentile", Real), optional("test_points", Real)}, Dynamic, rowKernel(outliers))}});
    registry.add(ScalarFunction{.name = "series_periods_detect", .category = "series", .help = "The strongest periods of a series and their scores.", .example = "print s = dynamic([1, 5, 9, 5, 1, 5, 9, 5, 1, 5, 9, 5]) | extend (periods) = series_periods_detect(s, 2, 6, 1) | project periods // [4.0]",
        .signatures = {signature({values, {"shortest", Real}, {"longest", Real}, {"count", Real}}, Dynamic, rowKernel(periodsDetect))}});
    registry.add(ScalarFunction{.name = "series_periods_validate", .category = "series", .help = "Scores from 0 to 1 of how well a series repeats after the given periods.", .example = "print s = dynamic([1, 5, 9, 5, 1, 5, 9, 5, 1, 5, 9, 5]) | extend (periods, scores) = series_periods_validate(s, 4) | project scores // [1.0]",
        .signatures = {signature({values, repeated("period", Real)}, Dynamic, rowKernel(periodsValidate))}});
    registry.add(ScalarFunction{.name = "series_seasonal", .category = "series", .help = "The seasonal part of a series for a period, found if it is not given.", .example = "print series_seasonal(dynamic([2, 5, 3, 4, 2, 5, 3, 4]), 4) // [2.0,5.0,3.0,4.0,2.0,5.0,3.0,4.0]",
        .signatures = {signature({values, optional("period", Real), optional("test_points", Real)}, Dynamic, rowKernel(seasonal))}});
}

} // namespace tocsin::kql
