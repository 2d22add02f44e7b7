// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Decomposition.h"

#include "base/Utf8.h"
#include "kql/functions/support/Fourier.h"
#include "kql/functions/support/LineFit.h"

#include <algorithm>

namespace tocsin::kql::series {
namespace {

constexpr double kNearlyBest = 0.8;

/// Leaves out what is a multiple of a better period: it repeats only because that one does.
void dropMultiples(std::vector<Period>& periods)
{
    std::vector<Period> kept;
    for (const Period& period : periods) {
        const bool multiple = std::any_of(kept.begin(), kept.end(), [&](const Period& better) {
            const double times = std::round(period.length / better.length);
            return times >= 2 && std::abs(period.length - times * better.length) <= std::max(1.0, 0.05 * better.length);
        });
        if (!multiple)
            kept.push_back(period);
    }
    periods = std::move(kept);
}

} // namespace

Series autocorrelations(std::span<const double> values, std::size_t most)
{
    const Moments m = moments(values);
    if (m.squares <= 0)
        return Series(most + 1);
    Series deviations(values.begin(), values.end());
    for (double& value : deviations)
        value = std::isfinite(value) ? value - m.mean : 0;
    Series out = laggedProducts(deviations, most);
    // Scaled up for the terms that a long lag loses.
    for (std::size_t lag = 0; lag <= most && lag < values.size(); ++lag)
        out[lag] *= static_cast<double>(values.size()) / static_cast<double>(values.size() - lag) / m.squares;
    return out;
}

double periodScore(std::span<const double> values, double length)
{
    if (length < kShortestPeriod || length > static_cast<double>(values.size()) / 2)
        return 0;
    const auto lag = static_cast<std::size_t>(std::llround(length));
    const Series scores = autocorrelations(values, lag + 1);
    const bool peak = scores[lag] >= scores[lag - 1] && scores[lag] >= scores[lag + 1];
    return peak ? std::clamp(scores[lag], 0.0, 1.0) : 0;
}

std::vector<Period> detectPeriods(std::span<const double> values, double shortest, double longest, std::size_t atMost)
{
    const LineFit line = fitLine(values);
    const Series trend = line.points(values.size());
    Series flat(values.begin(), values.end());
    for (std::size_t i = 0; i < flat.size(); ++i)
        flat[i] -= trend[i];
    const auto first = static_cast<std::size_t>(std::max(kShortestPeriod, shortest));
    const auto last = std::min(static_cast<std::size_t>(std::max(0.0, longest)), flat.size() / 2);
    const Series scores = autocorrelations(flat, last + 1);
    std::vector<Period> found;
    for (std::size_t lag = first; lag <= last; ++lag)
        if (scores[lag] > 0 && scores[lag] >= scores[lag - 1] && scores[lag] >= scores[lag + 1])
            found.push_back({static_cast<double>(lag), std::min(scores[lag], 1.0)});
    std::stable_sort(found.begin(), found.end(), [](const Period& a, const Period& b) { return a.score > b.score; });
    // A multiple of the true period scores about as well: the shortest of the good ones comes first.
    if (!found.empty()) {
        auto first = found.begin();
        for (auto it = found.begin(); it != found.end(); ++it)
            if (it->score >= kNearlyBest * found.front().score && it->length < first->length)
                first = it;
        std::rotate(found.begin(), first, first + 1);
    }
    dropMultiples(found);
    if (found.size() > atMost)
        found.resize(atMost);
    return found;
}

std::size_t findPeriod(std::span<const double> values, double threshold)
{
    const auto found = detectPeriods(values, kShortestPeriod, (static_cast<double>(values.size()) - 1) / 2, 1);
    return !found.empty() && found[0].score >= threshold ? static_cast<std::size_t>(found[0].length) : 0;
}

Series seasonalPart(std::span<const double> values, std::size_t period, std::size_t learnFrom)
{
    Series out(values.size());
    if (period < 2 || period > values.size())
        return out;
    std::vector<Series> phases(period);
    for (std::size_t i = 0; i < std::min(learnFrom, values.size()); ++i)
        if (std::isfinite(values[i]))
            phases[i % period].push_back(values[i]);
    Series medians(period);
    for (std::size_t phase = 0; phase < period; ++phase) {
        std::sort(phases[phase].begin(), phases[phase].end());
        medians[phase] = phases[phase].empty() ? 0 : quantile(phases[phase], 0.5);
    }
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = medians[i % period];
    return out;
}

std::optional<Trend> trendNamed(std::string_view name)
{
    if (equalsIgnoringCase(name, "avg"))
        return Trend::Average;
    if (equalsIgnoringCase(name, "linefit"))
        return Trend::Line;
    if (equalsIgnoringCase(name, "none"))
        return Trend::None;
    return std::nullopt;
}

Decomposition decompose(const Series& values, double seasonality, Trend trend, std::size_t testPoints, double threshold)
{
    const std::size_t learn = values.size() - std::min(testPoints, values.size());
    const std::span<const double> known(values.data(), learn);
    Decomposition out;
    const LineFit line = fitLine(known);
    out.trend = trend == Trend::Line ? line.points(values.size()) : Series(values.size(), trend == Trend::Average ? moments(known).mean : 0);
    Series detrended(values);
    for (std::size_t i = 0; i < values.size(); ++i)
        detrended[i] -= out.trend[i];
    auto period = static_cast<std::size_t>(std::max(0.0, std::round(seasonality)));
    if (seasonality < 0) {
        period = findPeriod(known, threshold);
    }
    out.seasonal = seasonalPart(detrended, period, learn);
    for (std::size_t i = 0; i < values.size(); ++i) {
        out.baseline.push_back(out.trend[i] + out.seasonal[i]);
        out.residual.push_back(values[i] - out.baseline[i]);
    }
    return out;
}

Series tukeyScores(const Series& values, double low, double high, std::size_t learnFrom)
{
    Series sorted;
    for (std::size_t i = 0; i < std::min(learnFrom, values.size()); ++i)
        if (std::isfinite(values[i]))
            sorted.push_back(values[i]);
    Series out(values.size());
    if (sorted.empty())
        return out;
    std::sort(sorted.begin(), sorted.end());
    const double bottom = quantile(sorted, low);
    const double top = quantile(sorted, high);
    const double range = top - bottom;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            continue;
        const double outside = values[i] > top ? values[i] - top : values[i] < bottom ? values[i] - bottom : 0;
        const double limit = std::max(std::abs(top), std::abs(bottom)) * 1e-12; // rounding is no anomaly
        if (std::abs(outside) > limit)
            out[i] = range > limit ? outside / range : std::copysign(std::numeric_limits<double>::infinity(), outside);
    }
    return out;
}

} // namespace tocsin::kql::series
