// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Functions of statistics that the standard library lacks.
namespace tocsin::kql {

/// Logarithm of the absolute value of the gamma function; safe in any thread.
double logGamma(double x);
/// Regularised incomplete beta function, 0 … 1; NaN outside the domain (0 <= x <= 1, parameters above 0).
/// By its continued fraction, evaluated with Lentz's method (Abramowitz and Stegun 26.5.8).
double betaCdf(double x, double alpha, double beta);
double betaInverse(double probability, double alpha, double beta);
double betaDensity(double x, double alpha, double beta);
/// Probability that |t| of Student's distribution is at least this large.
double studentTwoSided(double t, double degreesOfFreedom);

} // namespace tocsin::kql
