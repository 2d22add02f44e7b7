// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/support/Series.h"

namespace tocsin::kql::series {

/// A least-squares line over positions 0, 1, 2 …; missing values take no part.
struct LineFit {
    double slope = 0;
    double interception = 0;
    double rSquare = 0;
    double variance = 0;         ///< of the values
    double residualVariance = 0; ///< of what the line leaves
    double squaredError = 0;
    Series points(std::size_t count) const;
};
LineFit fitLine(std::span<const double> values);

struct PolynomialFit {
    Series coefficients; ///< highest power first
    double rSquare = 0;
    double variance = 0;
    double residualVariance = 0;
    Series points;
};
/// By the normal equations over places scaled to -1 … 1. `places` has a place for each value.
PolynomialFit fitPolynomialOf(const Series& values, const Series& places, std::size_t degree);

} // namespace tocsin::kql::series
