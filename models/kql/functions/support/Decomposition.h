// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/support/Series.h"

#include <string_view>

/// Taking a series apart into seasonal part, trend and residual, by classical decomposition.
namespace tocsin::kql::series {

/// Autocorrelation at a lag, -1 … 1, of the finite values.
double autocorrelation(std::span<const double> values, std::size_t lag);

struct Period {
    double length = 0; ///< in items; 0 for none
    double score = 0;  ///< 0 … 1
};
/// The strongest periods between two lengths: peaks of the autocorrelation of the detrended series.
std::vector<Period> detectPeriods(std::span<const double> values, double shortest, double longest, std::size_t atMost);

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
