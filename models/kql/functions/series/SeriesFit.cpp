// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/LineFit.h"
#include "kql/functions/support/Series.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using namespace series;

constexpr std::size_t kMaxDegree = 10;

void member(DynamicBuilder& out, std::string_view key, double value)
{
    out.key(key);
    number(out, value);
}

/// rsquare, slope, variance, rvariance, interception, line_fit
bool fitLineArray(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const LineFit fit = fitLine(*values);
    out.beginArray();
    for (const double value : {fit.rSquare, fit.slope, fit.variance, fit.residualVariance, fit.interception})
        number(out, value);
    write(out, fit.points(values->size()));
    out.endArray();
    return true;
}

bool fitLineBag(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    const LineFit fit = fitLine(*values);
    out.beginObject();
    member(out, "rsquare", fit.rSquare);
    member(out, "slope", fit.slope);
    member(out, "interception", fit.interception);
    member(out, "variance", fit.variance);
    member(out, "rvariance", fit.residualVariance);
    out.key("line_fit");
    write(out, fit.points(values->size()));
    out.endObject();
    return true;
}

/// Two lines with the split that leaves the least squared error; the left one takes the values before the split.
struct TwoLines {
    std::size_t split = 0;
    double rSquare = 0;
    LineFit whole, left, right;
    Series points;
};

/// The squared errors that lines leave of the first 0, 1, 2, … values, or of the last ones; by updates of means and deviations (Welford).
Series runningErrors(const Series& values, bool fromTheEnd)
{
    Series errors{0};
    double n = 0, meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double y = values[fromTheEnd ? values.size() - 1 - i : i];
        if (std::isfinite(y)) {
            const double x = static_cast<double>(i);
            ++n;
            const double dx = x - meanX, dy = y - meanY;
            meanX += dx / n;
            meanY += dy / n;
            xx += dx * (x - meanX);
            yy += dy * (y - meanY);
            xy += dx * (y - meanY);
        }
        errors.push_back(std::max(0.0, xx > 0 ? yy - xy * xy / xx : yy));
    }
    return errors;
}

TwoLines fitTwoLines(const Series& values)
{
    TwoLines best;
    best.whole = fitLine(values);
    const std::size_t count = values.size();
    const Series before = runningErrors(values, false);
    const Series behind = runningErrors(values, true);
    const double rounding = 1e-12 * best.whole.squaredError;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t split = 1; split < count; ++split)
        if (before[split] + behind[count - split] < least - rounding) {
            least = before[split] + behind[count - split];
            best.split = split;
        }
    if (best.split > 0) {
        best.left = fitLine(std::span(values).first(best.split));
        best.right = fitLine(std::span(values).subspan(best.split));
        least = best.left.squaredError + best.right.squaredError;
    }
    best.points = best.left.points(best.split);
    const Series rest = best.right.points(count - best.split);
    best.points.insert(best.points.end(), rest.begin(), rest.end());
    const double squares = moments(values).squares;
    best.rSquare = squares > 0 && std::isfinite(least) ? 1 - least / squares : 0;
    best.whole.residualVariance = count > 1 && std::isfinite(least) ? least / static_cast<double>(count - 1) : 0;
    return best;
}

bool fitTwoLinesArray(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values || values->size() < 2)
        return false;
    const TwoLines fit = fitTwoLines(*values);
    out.beginArray();
    number(out, fit.rSquare);
    out.number(static_cast<std::int64_t>(fit.split));
    number(out, fit.whole.variance);
    number(out, fit.whole.residualVariance);
    write(out, fit.points);
    for (const LineFit& side : {fit.right, fit.left})
        for (const double value : {side.rSquare, side.slope, side.interception, side.variance, side.residualVariance})
            number(out, value);
    out.endArray();
    return true;
}

bool fitTwoLinesBag(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values || values->size() < 2)
        return false;
    const TwoLines fit = fitTwoLines(*values);
    out.beginObject();
    member(out, "rsquare", fit.rSquare);
    out.key("split_idx");
    out.number(static_cast<std::int64_t>(fit.split));
    member(out, "variance", fit.whole.variance);
    member(out, "rvariance", fit.whole.residualVariance);
    out.key("line_fit");
    write(out, fit.points);
    for (const auto& [name, side] : {std::pair{"right", fit.right}, std::pair{"left", fit.left}}) {
        out.key(name);
        out.beginObject();
        member(out, "rsquare", side.rSquare);
        member(out, "slope", side.slope);
        member(out, "interception", side.interception);
        member(out, "variance", side.variance);
        member(out, "rvariance", side.residualVariance);
        out.endObject();
    }
    out.endObject();
    return true;
}

/// rsquare, coefficients (highest power first), variance, rvariance, poly_fit
bool fitPolynomial(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    if (!values)
        return false;
    Series places;
    if (arguments.size() > 1) {
        auto given = argument(arguments, 1, row);
        if (!given || given->size() != values->size() || std::any_of(given->begin(), given->end(), [](double x) { return !std::isfinite(x); }))
            return false;
        places = std::move(*given);
    } else {
        for (std::size_t i = 0; i < values->size(); ++i)
            places.push_back(static_cast<double>(i));
    }
    const auto degree = static_cast<std::size_t>(std::clamp(realArgument(arguments, 2, row, 1), 0.0, static_cast<double>(kMaxDegree)));
    const PolynomialFit fit = fitPolynomialOf(*values, places, degree);
    out.beginArray();
    number(out, fit.rSquare);
    write(out, fit.coefficients);
    number(out, fit.variance);
    number(out, fit.residualVariance);
    write(out, fit.points);
    out.endArray();
    return true;
}

} // namespace

void addSeriesFit(FunctionRegistry& registry)
{
    const std::vector<Parameter> one{{"series", Dynamic}};
    registry.add(ScalarFunction{.name = "series_fit_line", .category = "series", .help = "The straight line that fits a series best: columns rsquare, slope, variance, rvariance, interception, line_fit.", .example = "print s = dynamic([1, 3, 5]) | extend (r, slope) = series_fit_line(s) | project slope // 2.0", .signatures = {signature(one, Dynamic, rowKernel(fitLineArray))}});
    registry.add(ScalarFunction{.name = "series_fit_line_dynamic", .category = "series", .help = "The straight line that fits a series best, as a bag.", .example = "print series_fit_line_dynamic(dynamic([1, 3, 5])).slope // 2.0", .signatures = {signature(one, Dynamic, rowKernel(fitLineBag))}});
    registry.add(ScalarFunction{.name = "series_fit_2lines", .category = "series", .help = "The two straight lines that fit a series best: how well, where they split, and each line.", .example = "print s = dynamic([1, 1, 1, 9, 9, 9]) | extend (r, at) = series_fit_2lines(s) | project at // 3", .signatures = {signature(one, Dynamic, rowKernel(fitTwoLinesArray))}});
    registry.add(ScalarFunction{.name = "series_fit_2lines_dynamic", .category = "series", .help = "The two straight lines that fit a series best, as a bag.", .example = "print series_fit_2lines_dynamic(dynamic([1, 1, 1, 9, 9, 9])).split_idx // 3", .signatures = {signature(one, Dynamic, rowKernel(fitTwoLinesBag))}});
    registry.add(ScalarFunction{.name = "series_fit_poly", .category = "series", .help = "The polynomial of a degree that fits a series best: columns rsquare, coefficients, variance, rvariance, poly_fit.", .example = "print s = dynamic([0, 1, 4, 9]) | extend (r, c) = series_fit_poly(s, dynamic([0, 1, 2, 3]), 2) | project round(todouble(c[0]), 6) // 1.0", .signatures = {signature({{"y_series", Dynamic}, optional("x_series", Dynamic), optional("degree", Real)}, Dynamic, rowKernel(fitPolynomial))}});
}

} // namespace tocsin::kql
