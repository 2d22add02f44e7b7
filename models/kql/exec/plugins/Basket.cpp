// SPDX-License-Identifier: GPL-3.0-or-later
// Frequent patterns, after R. Agrawal, R. Srikant: Fast Algorithms for Mining Association Rules (1994): a pattern can only be frequent if
// all parts of it are. Each pattern is given with all the values its rows share, and once.
#include "kql/exec/plugins/PatternRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

struct Basket {
    Pattern pattern;
    double weight = 0;
    std::size_t values() const { return static_cast<std::size_t>(std::count_if(pattern.begin(), pattern.end(), [](std::uint32_t v) { return v != kAnyValue; })); }
};

class Apriori {
public:
    Apriori(PluginCall& call, const PatternRows& rows, double least, std::size_t mostDimensions) : m_call(call), m_rows(rows), m_least(least), m_mostDimensions(mostDimensions) {}

    Result<std::vector<Basket>> find()
    {
        const std::vector<std::uint32_t> all = m_rows.all();
        TOCSIN_TRY(extend(all, Pattern(m_rows.columns().size(), kAnyValue), 0, 0));
        return std::move(m_baskets);
    }

private:
    /// Adds the pattern of the rows, then tries each further value of the columns from `column` on.
    Result<void> extend(std::span<const std::uint32_t> rows, const Pattern& chosen, std::size_t column, std::size_t dimensions)
    {
        TOCSIN_TRY(m_call.run.checkStop());
        const Pattern pattern = m_rows.closure(rows, chosen);
        TOCSIN_TRY(add(pattern, rows));
        if (dimensions == m_mostDimensions)
            return {};
        std::vector<PatternRows::Weights> counts;
        for (; column < pattern.size(); ++column) {
            if (pattern[column] != kAnyValue)
                continue; // follows from the others
            m_rows.countValues(rows, column, counts);
            for (std::uint32_t value = 0; value < counts.size(); ++value) {
                if (counts[value].a < m_least)
                    continue;
                Pattern next = chosen;
                next[column] = value;
                TOCSIN_TRY(extend(m_rows.select(rows, column, value), next, column + 1, dimensions + 1));
            }
        }
        return {};
    }

    Result<void> add(const Pattern& pattern, std::span<const std::uint32_t> rows)
    {
        Basket basket{pattern, m_rows.sum(rows).a};
        if (basket.values() == 0 || !m_found.insert(pattern).second)
            return {};
        TOCSIN_TRY(m_call.memory.grow(2 * pattern.size() * sizeof(std::uint32_t) + 128));
        m_baskets.push_back(std::move(basket));
        return {};
    }

    PluginCall& m_call;
    const PatternRows& m_rows;
    double m_least;
    std::size_t m_mostDimensions;
    std::set<Pattern> m_found;
    std::vector<Basket> m_baskets;
};

} // namespace

Result<void> runBasket(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    // 0.015 is the least the reference names, but published rules ask for less.
    TOCSIN_TRY_ASSIGN(const double threshold, call.real("Threshold", 0.05, 0.0001, 1));
    TOCSIN_TRY_ASSIGN(const std::int64_t dimensions, call.whole("MaxDimensions", 5, 1, 1'000));
    TOCSIN_TRY_ASSIGN(const auto weights, rowWeights(call, rows));
    TOCSIN_TRY_ASSIGN(const PatternRows patterns, PatternRows::make(call, rows, weights, ownColumns(call, {"WeightColumn"}),
                                                                    [threshold](const auto& value, const auto& total) { return value.a > 0 && value.a >= threshold * total.a; }));
    if (patterns.size() == 0 || patterns.total().a <= 0)
        return {};
    TOCSIN_TRY_ASSIGN(std::vector<Basket> baskets, Apriori(call, patterns, threshold * patterns.total().a, static_cast<std::size_t>(dimensions)).find());
    std::stable_sort(baskets.begin(), baskets.end(), [](const Basket& a, const Basket& b) { return a.weight != b.weight ? a.weight > b.weight : a.values() > b.values(); });
    TOCSIN_TRY_ASSIGN(PatternWriter writer, PatternWriter::make(call, patterns, call.node.columns.size() - 3, out));
    std::int64_t segment = 0;
    for (const Basket& basket : baskets)
        TOCSIN_TRY(writer.add({Value::int64(segment++), wholeWeight(basket.weight), Value::real(percentOf(basket.weight, patterns.total().a))}, basket.pattern));
    return writer.finish();
}

} // namespace tocsin::kql
