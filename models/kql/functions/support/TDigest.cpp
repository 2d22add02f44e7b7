// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/TDigest.h"

#include "kql/functions/support/Series.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr std::size_t kCompressed = 1000; ///< centroids left by a compression
constexpr std::size_t kBuffered = 4000;   ///< centroids held before one
constexpr std::int64_t kVersion = 1;

} // namespace

void TDigest::add(double value, double weight)
{
    if (std::isnan(value) || !(weight > 0))
        return;
    m_centroids.push_back({value, weight});
    compressIfFull();
}

void TDigest::merge(const TDigest& other)
{
    m_centroids.insert(m_centroids.end(), other.m_centroids.begin(), other.m_centroids.end());
    compressIfFull();
}

/// The centroids left grow with the logarithm of the weight, so a compression must have added enough to pay.
void TDigest::compressIfFull()
{
    if (m_centroids.size() <= std::max(kBuffered, 2 * m_left))
        return;
    compress();
    m_left = m_centroids.size();
}

std::vector<TDigest::Centroid> TDigest::sorted() const
{
    std::vector<Centroid> out = m_centroids;
    std::stable_sort(out.begin(), out.end(), [](const Centroid& a, const Centroid& b) { return a.mean < b.mean; });
    return out;
}

/// Neighbours are merged as long as the weight of one centroid stays below 4·N·q(1-q)/size: small at the ends, large in the middle.
void TDigest::compress()
{
    const std::vector<Centroid> all = sorted();
    const double total = totalWeight();
    m_centroids.clear();
    double before = 0;
    for (const Centroid& next : all) {
        if (!m_centroids.empty()) {
            Centroid& last = m_centroids.back();
            const double together = last.weight + next.weight;
            const double q = (before + together / 2) / total;
            if (together <= 4 * total * q * (1 - q) / static_cast<double>(kCompressed) || last.mean == next.mean) {
                last.mean += (next.mean - last.mean) * next.weight / together;
                last.weight = together;
                continue;
            }
            before += last.weight;
        }
        m_centroids.push_back(next);
    }
}

double TDigest::totalWeight() const
{
    double total = 0;
    for (const Centroid& centroid : m_centroids)
        total += centroid.weight;
    return total;
}

double TDigest::percentile(double p) const
{
    const std::vector<Centroid> all = sorted();
    const double wanted = std::clamp(p, 0.0, 100.0) / 100 * totalWeight();
    double sum = 0;
    for (const Centroid& centroid : all) {
        sum += centroid.weight;
        if (sum >= wanted)
            return centroid.mean;
    }
    return all.back().mean;
}

double TDigest::rank(double value) const
{
    double sum = 0;
    for (const Centroid& centroid : m_centroids)
        if (centroid.mean <= value)
            sum += centroid.weight;
    return sum;
}

void TDigest::write(DynamicBuilder& out) const
{
    series::Series means;
    series::Series weights;
    for (const Centroid& centroid : sorted()) {
        means.push_back(centroid.mean);
        weights.push_back(centroid.weight);
    }
    out.beginArray();
    out.beginArray();
    out.number(kVersion);
    out.endArray();
    series::write(out, means);
    series::write(out, weights);
    out.endArray();
}

std::optional<TDigest> TDigest::read(DynamicView value)
{
    if (!value.isArray() || value.size() != 3)
        return std::nullopt;
    const auto means = series::read(value.item(1));
    const auto weights = series::read(value.item(2));
    if (!means || !weights || means->size() != weights->size())
        return std::nullopt;
    TDigest out;
    for (std::size_t i = 0; i < means->size(); ++i)
        out.add((*means)[i], (*weights)[i]);
    return out;
}

} // namespace tocsin::kql
