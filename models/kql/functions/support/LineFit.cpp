// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/LineFit.h"

#include <algorithm>

namespace tocsin::kql::series {
namespace {

/// Solves a small symmetric system by Gauss with pivoting; a singular direction gets 0.
Series solve(std::vector<Series> matrix, Series right)
{
    const std::size_t n = right.size();
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t i = column + 1; i < n; ++i)
            if (std::abs(matrix[i][column]) > std::abs(matrix[pivot][column]))
                pivot = i;
        std::swap(matrix[column], matrix[pivot]);
        std::swap(right[column], right[pivot]);
        if (std::abs(matrix[column][column]) < 1e-12)
            continue;
        for (std::size_t i = column + 1; i < n; ++i) {
            const double factor = matrix[i][column] / matrix[column][column];
            for (std::size_t k = column; k < n; ++k)
                matrix[i][k] -= factor * matrix[column][k];
            right[i] -= factor * right[column];
        }
    }
    Series out(n);
    for (std::size_t i = n; i-- > 0;) {
        double rest = right[i];
        for (std::size_t k = i + 1; k < n; ++k)
            rest -= matrix[i][k] * out[k];
        out[i] = std::abs(matrix[i][i]) < 1e-12 ? 0 : rest / matrix[i][i];
    }
    return out;
}

/// Coefficients (lowest power first) of a polynomial in (x - centre) / scale as one in x.
Series unscaled(const Series& scaled, double centre, double scale)
{
    Series out(scaled.size());
    Series power{1}; // ((x - centre) / scale)^k
    for (const double coefficient : scaled) {
        for (std::size_t i = 0; i < power.size(); ++i)
            out[i] += coefficient * power[i];
        Series next(power.size() + 1);
        for (std::size_t i = 0; i < power.size(); ++i) {
            next[i] -= power[i] * centre / scale;
            next[i + 1] += power[i] / scale;
        }
        power = std::move(next);
    }
    return out;
}

} // namespace

Series LineFit::points(std::size_t count) const
{
    Series out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = interception + slope * static_cast<double>(i);
    return out;
}

LineFit fitLine(std::span<const double> values)
{
    double count = 0, meanX = 0, meanY = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            continue;
        count += 1;
        meanX += static_cast<double>(i);
        meanY += values[i];
    }
    LineFit fit;
    if (count == 0)
        return fit;
    meanX /= count;
    meanY /= count;
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            continue;
        const double x = static_cast<double>(i) - meanX;
        const double y = values[i] - meanY;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    fit.slope = xx > 0 ? xy / xx : 0;
    fit.interception = meanY - fit.slope * meanX;
    fit.squaredError = std::max(0.0, yy - fit.slope * xy);
    fit.rSquare = yy > 0 ? 1 - fit.squaredError / yy : 0;
    fit.variance = count > 1 ? yy / (count - 1) : 0;
    fit.residualVariance = count > 1 ? fit.squaredError / (count - 1) : 0;
    return fit;
}

PolynomialFit fitPolynomialOf(const Series& values, const Series& places, std::size_t degree)
{
    PolynomialFit fit;
    const auto [least, greatest] = std::minmax_element(places.begin(), places.end());
    const double centre = places.empty() ? 0 : (*least + *greatest) / 2;
    const double scale = places.empty() || *greatest == *least ? 1 : (*greatest - *least) / 2;
    std::vector<Series> matrix(degree + 1, Series(degree + 1));
    Series right(degree + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            continue;
        const double x = (places[i] - centre) / scale;
        Series powers(2 * degree + 1, 1);
        for (std::size_t k = 1; k < powers.size(); ++k)
            powers[k] = powers[k - 1] * x;
        for (std::size_t a = 0; a <= degree; ++a) {
            right[a] += powers[a] * values[i];
            for (std::size_t b = 0; b <= degree; ++b)
                matrix[a][b] += powers[a + b];
        }
    }
    fit.coefficients = unscaled(solve(std::move(matrix), std::move(right)), centre, scale);
    double error = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        double point = 0;
        for (std::size_t k = fit.coefficients.size(); k-- > 0;)
            point = point * places[i] + fit.coefficients[k];
        fit.points.push_back(point);
        if (std::isfinite(values[i]))
            error += (values[i] - point) * (values[i] - point);
    }
    const Moments m = moments(values);
    fit.variance = m.sampleVariance();
    fit.residualVariance = m.count > 1 ? error / (m.count - 1) : 0;
    fit.rSquare = m.squares > 0 ? 1 - error / m.squares : 0;
    std::reverse(fit.coefficients.begin(), fit.coefficients.end());
    return fit;
}

} // namespace tocsin::kql::series
