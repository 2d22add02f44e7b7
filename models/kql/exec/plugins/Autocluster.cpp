// SPDX-License-Identifier: GPL-3.0-or-later
// Seed-Expand, after R. Ofer, A. Eldar, A. Shalev, Y. Resheff: Algorithms for Telemetry Data Mining using Discrete Attributes (2017).
// Seeds are taken at equal steps through the rows, so that the same rows always give the same patterns.
#include "kql/exec/plugins/PatternRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace tocsin::kql {
namespace {

constexpr double kRarest = 0.005;   ///< values of a smaller part of the rows are no part of patterns
constexpr double kWorstScore = 0.2; ///< of the best pattern's
constexpr double kLeastNew = 0.5;   ///< of a pattern's rows that better patterns leave out
constexpr std::size_t kMostPatterns = 20;

struct Cluster {
    Pattern pattern;
    std::vector<std::uint32_t> rows;
    double weight = 0;
    double score = 0;
};

class SeedExpand {
public:
    SeedExpand(PluginCall& call, const PatternRows& rows, double sizeWeight) : m_call(call), m_rows(rows), m_sizeWeight(sizeWeight)
    {
        const std::vector<std::uint32_t> all = rows.all();
        m_shares.resize(rows.columns().size());
        for (std::size_t column = 0; column < m_shares.size(); ++column) {
            std::vector<PatternRows::Weights> counts;
            rows.countValues(all, column, counts);
            for (const PatternRows::Weights& count : counts)
                m_shares[column].push_back(count.a / rows.total().a);
        }
    }

    /// Grows the pattern of no values by the seed's values, at each step by the one that scores best; the best pattern on the way.
    Result<Cluster> expand(std::uint32_t seed)
    {
        Cluster best, current;
        current.pattern.assign(m_rows.columns().size(), kAnyValue);
        current.rows = m_rows.all();
        for (std::size_t step = 0; step < m_rows.columns().size(); ++step) {
            Cluster next;
            for (std::size_t column = 0; column < m_rows.columns().size(); ++column) {
                TOCSIN_TRY(m_call.run.checkStop());
                const std::uint32_t value = m_rows.code(seed, column);
                if (current.pattern[column] != kAnyValue || value == kAnyValue)
                    continue;
                Cluster candidate;
                candidate.pattern = current.pattern;
                candidate.pattern[column] = value;
                candidate.rows = m_rows.select(current.rows, column, value);
                candidate.weight = m_rows.sum(candidate.rows).a;
                candidate.score = score(candidate);
                if (next.rows.empty() || candidate.score > next.score)
                    next = std::move(candidate);
            }
            if (next.rows.empty())
                break;
            current = std::move(next);
            if (current.score > best.score)
                best = current;
        }
        best.pattern = m_rows.closure(best.rows, std::move(best.pattern));
        return best;
    }

private:
    /// The weighted geometric mean of the part of the rows it covers and of how much its values say: a value shared by all rows says nothing.
    double score(const Cluster& cluster) const
    {
        double information = 0;
        for (std::size_t column = 0; column < cluster.pattern.size(); ++column)
            if (cluster.pattern[column] != kAnyValue)
                information += 1 - m_shares[column][cluster.pattern[column]];
        information /= static_cast<double>(cluster.pattern.size());
        return std::pow(cluster.weight / m_rows.total().a, m_sizeWeight) * std::pow(information, 1 - m_sizeWeight);
    }

    PluginCall& m_call;
    const PatternRows& m_rows;
    double m_sizeWeight;
    std::vector<std::vector<double>> m_shares; ///< per column and value: its part of all rows
};

/// Rows at equal steps of the whole weight.
std::vector<std::uint32_t> chooseSeeds(const PatternRows& rows, std::int64_t count)
{
    std::vector<std::uint32_t> seeds;
    const double step = rows.total().a / static_cast<double>(count);
    double next = step / 2, passed = 0;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        passed += rows.weights(row).a;
        if (passed < next)
            continue;
        seeds.push_back(row);
        while (next <= passed)
            next += step;
    }
    return seeds;
}

/// The best ones, each with enough rows that those before it do not have.
std::vector<Cluster> choose(std::vector<Cluster> clusters, const PatternRows& rows)
{
    std::stable_sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) { return a.score > b.score; });
    std::vector<Cluster> chosen;
    std::vector<bool> covered(rows.size());
    for (Cluster& cluster : clusters) {
        if (chosen.size() >= kMostPatterns || cluster.score < kWorstScore * clusters[0].score)
            break;
        double fresh = 0;
        for (const std::uint32_t row : cluster.rows)
            fresh += covered[row] ? 0 : rows.weights(row).a;
        if (fresh < kLeastNew * cluster.weight)
            continue;
        for (const std::uint32_t row : cluster.rows)
            covered[row] = true;
        chosen.push_back(std::move(cluster));
    }
    return chosen;
}

} // namespace

Result<void> runAutocluster(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const double sizeWeight, call.real("SizeWeight", 0.5, 0, 1));
    TOCSIN_TRY_ASSIGN(const std::int64_t seedCount, call.whole("NumSeeds", 25, 1, 10'000));
    TOCSIN_TRY_ASSIGN(const auto weights, rowWeights(call, rows));
    TOCSIN_TRY_ASSIGN(const PatternRows patterns, PatternRows::make(call, rows, weights, ownColumns(call, {"WeightColumn"}),
                                                                    [](const auto& value, const auto& total) { return value.a > 0 && value.a >= kRarest * total.a; }));
    if (patterns.size() == 0 || patterns.total().a <= 0)
        return {};
    SeedExpand search(call, patterns, sizeWeight);
    std::vector<Cluster> clusters;
    std::set<Pattern> found;
    for (const std::uint32_t seed : chooseSeeds(patterns, seedCount)) {
        TOCSIN_TRY_ASSIGN(Cluster cluster, search.expand(seed));
        if (cluster.rows.empty() || !found.insert(cluster.pattern).second)
            continue;
        TOCSIN_TRY(call.memory.grow(cluster.rows.size() * sizeof(std::uint32_t)));
        clusters.push_back(std::move(cluster));
    }
    TOCSIN_TRY_ASSIGN(PatternWriter writer, PatternWriter::make(call, patterns, call.node.columns.size() - 3, out));
    std::int64_t segment = 0;
    for (const Cluster& cluster : choose(std::move(clusters), patterns))
        TOCSIN_TRY(writer.add({Value::int64(segment++), wholeWeight(cluster.weight), Value::real(percentOf(cluster.weight, patterns.total().a))}, cluster.pattern));
    return writer.finish();
}

} // namespace tocsin::kql
