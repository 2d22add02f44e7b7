// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/PatternRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace tocsin::kql {
namespace {

constexpr std::size_t kBeam = 64; ///< patterns of each length that are made longer: those that tell the sets apart best

struct Difference {
    Pattern pattern;
    std::vector<std::uint32_t> rows;
    PatternRows::Weights weights;
    double difference = 0; ///< of the parts of both sets
};

class DifferenceSearch {
public:
    DifferenceSearch(PluginCall& call, const PatternRows& rows, double threshold) : m_call(call), m_rows(rows), m_threshold(threshold) {}

    double shareA(const PatternRows::Weights& weights) const { return m_rows.total().a > 0 ? weights.a / m_rows.total().a : 0; }
    double shareB(const PatternRows::Weights& weights) const { return m_rows.total().b > 0 ? weights.b / m_rows.total().b : 0; }
    double difference(const PatternRows::Weights& weights) const { return std::abs(shareA(weights) - shareB(weights)); }

    /// Patterns that differ enough, found by adding value after value to the best ones.
    Result<std::vector<Difference>> find(std::size_t mostDimensions)
    {
        std::vector<Difference> found;
        std::vector<Difference> beam(1);
        beam[0].pattern.assign(m_rows.columns().size(), kAnyValue);
        beam[0].rows = m_rows.all();
        std::set<Pattern> seen;
        for (std::size_t dimensions = 0; dimensions < std::min(mostDimensions, m_rows.columns().size()) && !beam.empty(); ++dimensions) {
            std::vector<Difference> longer;
            for (const Difference& shorter : beam)
                TOCSIN_TRY(extend(shorter, seen, longer));
            std::stable_sort(longer.begin(), longer.end(), [](const Difference& a, const Difference& b) { return a.difference > b.difference; });
            if (longer.size() > kBeam)
                longer.resize(kBeam);
            for (Difference& one : longer) {
                TOCSIN_TRY(m_call.memory.grow(one.rows.size() * sizeof(std::uint32_t)));
                one.pattern = m_rows.closure(one.rows, std::move(one.pattern));
                if (one.difference >= m_threshold)
                    found.push_back(one);
            }
            beam = std::move(longer);
        }
        return found;
    }

    /// Takes the pattern that differs most in the rows that none before it has, again and again.
    Result<std::vector<Difference>> choose(std::vector<Difference> found)
    {
        std::vector<Difference> chosen;
        std::vector<bool> covered(m_rows.size());
        while (!found.empty()) {
            std::size_t best = 0;
            double most = -1;
            for (std::size_t i = 0; i < found.size(); ++i) {
                TOCSIN_TRY(m_call.run.checkStop());
                PatternRows::Weights fresh;
                for (const std::uint32_t row : found[i].rows)
                    if (!covered[row]) {
                        fresh.a += m_rows.weights(row).a;
                        fresh.b += m_rows.weights(row).b;
                    }
                if (const double value = difference(fresh); value > most + 1e-12) {
                    most = value;
                    best = i;
                }
            }
            if (most < m_threshold)
                break;
            for (const std::uint32_t row : found[best].rows)
                covered[row] = true;
            chosen.push_back(std::move(found[best]));
            found.erase(found.begin() + static_cast<std::ptrdiff_t>(best));
        }
        return chosen;
    }

private:
    Result<void> extend(const Difference& shorter, std::set<Pattern>& seen, std::vector<Difference>& longer)
    {
        std::vector<PatternRows::Weights> counts;
        for (std::size_t column = 0; column < shorter.pattern.size(); ++column) {
            TOCSIN_TRY(m_call.run.checkStop());
            if (shorter.pattern[column] != kAnyValue)
                continue;
            m_rows.countValues(shorter.rows, column, counts);
            for (std::uint32_t value = 0; value < counts.size(); ++value) {
                // What has too small a part of both sets cannot differ enough, however much longer it gets.
                if (std::max(shareA(counts[value]), shareB(counts[value])) < m_threshold)
                    continue;
                Difference next;
                next.pattern = shorter.pattern;
                next.pattern[column] = value;
                if (!seen.insert(next.pattern).second)
                    continue;
                TOCSIN_TRY(m_call.memory.grow(next.pattern.size() * sizeof(std::uint32_t) + 64));
                next.rows = m_rows.select(shorter.rows, column, value);
                next.weights = counts[value];
                next.difference = difference(next.weights);
                longer.push_back(std::move(next));
            }
        }
        return {};
    }

    PluginCall& m_call;
    const PatternRows& m_rows;
    double m_threshold;
};

/// The weight of each row in the set its split value puts it in.
Result<std::vector<PatternRows::Weights>> splitWeights(PluginCall& call, const Batch& rows)
{
    TOCSIN_TRY_ASSIGN(std::vector<PatternRows::Weights> weights, rowWeights(call, rows));
    TOCSIN_TRY_ASSIGN(const Vector split, call.column("SplitColumn", rows));
    TOCSIN_TRY_ASSIGN(const Value valueA, call.constant("SplitValueA"));
    TOCSIN_TRY_ASSIGN(const Value valueB, call.constant("SplitValueB"));
    TOCSIN_TRY_ASSIGN(const Vector texts, convertVector(split, DataType::String));
    const std::string a = valueA.toString(), b = valueB.toString();
    if (a == b)
        return std::unexpected(call.badValue("SplitValueB", "'" + b + "'", "another value than SplitValueA"));
    const VectorReader<std::string_view> text(texts);
    for (std::size_t row = 0; row < weights.size(); ++row) {
        TOCSIN_TRY(call.tick());
        const double weight = weights[row].a;
        weights[row] = {text[row] == a ? weight : 0, text[row] == b ? weight : 0};
    }
    return weights;
}

} // namespace

Result<void> runDiffpatterns(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const double threshold, call.real("Threshold", 0.05, 0.015, 1));
    TOCSIN_TRY_ASSIGN(const std::int64_t dimensions, call.whole("MaxDimensions", std::numeric_limits<std::int32_t>::max(), 1, std::numeric_limits<std::int32_t>::max()));
    TOCSIN_TRY_ASSIGN(const auto weights, splitWeights(call, rows));
    const auto keeps = [threshold](const PatternRows::Weights& value, const PatternRows::Weights& total) {
        return (total.a > 0 && value.a >= threshold * total.a) || (total.b > 0 && value.b >= threshold * total.b);
    };
    TOCSIN_TRY_ASSIGN(const PatternRows patterns, PatternRows::make(call, rows, weights, ownColumns(call, {"WeightColumn", "SplitColumn"}), keeps));
    DifferenceSearch search(call, patterns, threshold);
    TOCSIN_TRY_ASSIGN(std::vector<Difference> found, search.find(static_cast<std::size_t>(dimensions)));
    TOCSIN_TRY_ASSIGN(const std::vector<Difference> chosen, search.choose(std::move(found)));
    TOCSIN_TRY_ASSIGN(PatternWriter writer, PatternWriter::make(call, patterns, call.node.columns.size() - 6, out));
    std::int64_t segment = 0;
    for (const Difference& one : chosen) {
        const double a = 100 * search.shareA(one.weights), b = 100 * search.shareB(one.weights);
        TOCSIN_TRY(writer.add({Value::int64(segment++), wholeWeight(one.weights.a), wholeWeight(one.weights.b), Value::real(a), Value::real(b), Value::real(std::abs(a - b))}, one.pattern));
    }
    return writer.finish();
}

} // namespace tocsin::kql
