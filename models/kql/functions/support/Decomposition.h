// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/support/Series.h"

#include <string_view>

/// Taking a series apart into seasonal part, trend and residual, by classical decomposition.
namespace tocsin::kql::series {

/// Autocorrelations at the lags 0 … most, about -1 … 1, of the finite values.
Series autocorrelations(std::span<const double> values, std::size_t most);

struct Period {
    double length = 0; ///< in items; 0 for none
    double score = 0;  ///< 0 … 1
};
/// A period has at least this many items, as the reference of series_periods_detect() says.
inline constexpr double kShortestPeriod = 4;
/// The strongest periods between two lengths, of kShortestPeriod to half the series: peaks of the autocorrelation of the detrended series.
std::vector<Period> detectPeriods(std::span<const double> values, double shortest, double longest, std::size_t atMost);

/// How well a series repeats after `length` items, 0 … 1: the autocorrelation there if it is a peak, 0 if not or if that is no possible period.
double periodScore(std::span<const double> values, double length);

/// The strongest period if it scores `threshold`, else 0. The reference is silent on how often an automatically found period must occur;
/// here it is more than twice, since a half repeated once is no evidence of a season.
std::size_t findPeriod(std::span<const double> values, double threshold);

/// The median of each phase of the period, repeated over the whole series; 0 without a period.
Series seasonalPart(std::span<const double> values, std::size_t period, std::size_t learnFrom);

enum class Trend { None, Average, Line };
std::optional<Trend> trendNamed(std::string_view name);

struct Decomposition {
    Series baseline, seasonal, trend, residual;
};
/// `seasonality` is a length in items, 0 for none, -1 to find it; `testPoints` at the end are not learnt from.
Decomposition decompose(const Series& values, double seasonality, Trend trend, std::size_t testPoints, double threshold);

/// Tukey's fences: how many quantile ranges a value lies outside [low, high]; negative below, 0 inside.
Series tukeyScores(const Series& values, double low, double high, std::size_t learnFrom);

} // namespace tocsin::kql::series
