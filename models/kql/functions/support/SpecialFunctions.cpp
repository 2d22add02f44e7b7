// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/SpecialFunctions.h"

#include <cmath>
#include <limits>

namespace tocsin::kql {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = 1e-300;
constexpr int kMaxTerms = 500;
constexpr double kMaxShape = 10'000; ///< of alpha and beta in betaCdf()

double away(double value) { return std::abs(value) < kTiny ? kTiny : value; }

double betaFraction(double x, double a, double b)
{
    double c = 1;
    double d = 1 / away(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m < kMaxTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away(1 + even * d);
        c = away(1 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away(1 + odd * d);
        c = away(1 + odd / c);
        const double step = d * c;
        result *= step;
        if (std::abs(step - 1) < 1e-15)
            break;
    }
    return result;
}

/// The regularised incomplete beta function.
double incompleteBeta(double x, double alpha, double beta)
{
    if (!(x >= 0 && x <= 1) || !(alpha > 0) || !(beta > 0))
        return kNaN;
    if (x == 0 || x == 1)
        return x;
    const double front = std::exp(logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta) + alpha * std::log(x) + beta * std::log1p(-x));
    if (x < (alpha + 1) / (alpha + beta + 2))
        return front * betaFraction(x, alpha, beta) / alpha;
    return 1 - front * betaFraction(1 - x, beta, alpha) / beta;
}

} // namespace

double logGamma(double x)
{
    int sign = 0;
    return lgamma_r(x, &sign);
}

double betaCdf(double x, double alpha, double beta)
{
    return alpha > kMaxShape || beta > kMaxShape ? kNaN : incompleteBeta(x, alpha, beta);
}

double betaInverse(double probability, double alpha, double beta)
{
    if (!(probability >= 0 && probability <= 1) || !(alpha > 0) || !(beta > 0))
        return kNaN;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 200 && high - low > 1e-17; ++i) {
        const double middle = (low + high) / 2;
        (incompleteBeta(middle, alpha, beta) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

double betaDensity(double x, double alpha, double beta)
{
    if (!(alpha > 0) || !(beta > 0) || !(x > 0 && x < 1))
        return kNaN;
    return std::exp(logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)) * std::pow(x, alpha - 1) * std::pow(1 - x, beta - 1);
}

double studentTwoSided(double t, double degreesOfFreedom)
{
    return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

} // namespace tocsin::kql
