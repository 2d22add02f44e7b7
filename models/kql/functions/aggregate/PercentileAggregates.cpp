// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/aggregate/Ranks.h"
#include "kql/functions/support/Convert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

constexpr double kNoPercentile = std::numeric_limits<double>::quiet_NaN();

/// The percentiles asked for: constants from an argument on, numbers or arrays of numbers. What is null is no percentile, and its result
/// is null.
std::vector<double> percentilesOf(const AggregateBinding& binding, std::size_t from)
{
    std::vector<double> out;
    for (std::size_t i = from; i < binding.constants.size(); ++i) {
        const auto& constant = binding.constants[i];
        if (!constant || constant->isNull()) {
            out.push_back(kNoPercentile);
        } else if (constant->type() == Real) {
            out.push_back(constant->asReal());
        } else if (constant->type() == Dynamic) {
            const DynamicView view(constant->asText());
            for (std::size_t item = 0; item < view.size(); ++item)
                out.push_back(fromDynamic<Real>(view.item(item)).value_or(kNoPercentile));
        }
    }
    return out;
}

/// Exact percentiles by nearest rank: the smallest value that at least p percent of the values (or of the weight) do not exceed.
/// Keeps all values, so memory grows with the rows.
template <DataType T, bool weighted>
class PercentileAccumulator final : public GroupwiseAccumulator<PercentileAccumulator<T, weighted>> {
    using V = Physical<T>;

public:
    PercentileAccumulator(std::vector<double> percentiles, bool asArray) : m_percentiles(std::move(percentiles)), m_asArray(asArray) {}

    void resize(std::size_t count) override { m_groups.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<V> values(arguments[0]);
        const VectorReader<std::int64_t> weights(arguments[weighted ? 1 : 0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (values.isNull(row))
                continue;
            if constexpr (T == Real)
                if (std::isnan(values[row])) // has no rank
                    continue;
            if constexpr (weighted) {
                if (weights.isNull(row) || weights[row] <= 0)
                    continue;
                m_groups[groups[row]].weights.add(weights[row]);
            }
            if constexpr (T == Real)
                m_groups[groups[row]].values.add(values[row] + 0.0); // -0 and 0 are one rank: which came first must not show
            else
                m_groups[groups[row]].values.add(values[row]);
        }
        return {};
    }
    void mergeGroup(std::size_t to, PercentileAccumulator& other, std::size_t from)
    {
        m_groups[to].values.take(other.m_groups[from].values);
        m_groups[to].weights.take(other.m_groups[from].weights);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        return m_asArray ? finishArrays(from, count) : finishColumns(from, count);
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_groups.capacity() * sizeof(Group);
        for (const Group& group : m_groups)
            bytes += group.values.memoryBytes() + group.weights.memoryBytes();
        return bytes;
    }

private:
    struct Group {
        ValueList<V> values;
        ValueList<std::int64_t> weights;
    };

    static std::vector<V> find(Group& group, const std::vector<double>& percentiles)
    {
        std::vector<V> out;
        if constexpr (weighted) {
            const Weighted sorted = sortByValue(group);
            for (const double percentile : percentiles)
                out.push_back(atWeight(sorted, percentile));
        } else {
            std::vector<std::size_t> ranks;
            for (const double percentile : percentiles)
                ranks.push_back(rankOf(percentile, group.values.size()));
            out = valuesAtRanks(group.values, ranks);
        }
        return out;
    }
    struct Weighted {
        std::vector<V> values;
        std::vector<std::int64_t> weights;
    };
    static Weighted sortByValue(Group& group)
    {
        const std::vector<V> values = group.values.joined();
        const std::vector<std::int64_t> weights = group.weights.joined();
        std::vector<std::size_t> order(values.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
        Weighted sorted;
        for (const std::size_t i : order) {
            sorted.values.push_back(values[i]);
            sorted.weights.push_back(weights[i]);
        }
        return sorted;
    }
    static std::size_t rankOf(double percentile, std::size_t values)
    {
        if (std::isnan(percentile))
            return 0;
        const auto count = static_cast<double>(values);
        const double rank = std::ceil(std::clamp(percentile, 0.0, 100.0) / 100 * count);
        return static_cast<std::size_t>(std::clamp(rank - 1, 0.0, count - 1));
    }
    static V atWeight(const Weighted& group, double percentile)
    {
        double total = 0;
        for (const std::int64_t weight : group.weights)
            total += static_cast<double>(weight);
        const double wanted = std::isnan(percentile) ? 0 : std::clamp(percentile, 0.0, 100.0) / 100 * total;
        double sum = 0;
        for (std::size_t i = 0; i < group.values.size(); ++i) {
            sum += static_cast<double>(group.weights[i]);
            if (sum >= wanted)
                return group.values[i];
        }
        return group.values.back();
    }

    Result<std::vector<Vector>> finishColumns(std::size_t from, std::size_t count)
    {
        std::vector<ResultWriter<T>> writers;
        for (std::size_t i = 0; i < m_percentiles.size(); ++i)
            writers.emplace_back(count);
        for (std::size_t i = 0; i < count; ++i) {
            Group& group = m_groups[from + i];
            const std::vector<V> found = group.values.size() == 0 ? std::vector<V>() : find(group, m_percentiles);
            for (std::size_t p = 0; p < writers.size(); ++p) {
                if (found.empty() || std::isnan(m_percentiles[p]))
                    writers[p].putNull(i);
                else
                    writers[p].put(i, found[p]);
            }
        }
        std::vector<Vector> out;
        for (auto& writer : writers)
            out.push_back(writer.finish());
        return out;
    }
    Result<std::vector<Vector>> finishArrays(std::size_t from, std::size_t count)
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            Group& group = m_groups[from + i];
            if (group.values.size() == 0) {
                writer.putNull(i);
                continue;
            }
            builder.beginArray();
            const std::vector<V> found = find(group, m_percentiles);
            for (std::size_t p = 0; p < found.size(); ++p)
                builder.value(std::isnan(m_percentiles[p]) ? Value::null(T) : Value::of<T>(found[p]));
            builder.endArray();
            writer.put(i, builder.take());
        }
        return std::vector<Vector>{writer.finish()};
    }

    std::vector<double> m_percentiles;
    bool m_asArray;
    std::vector<Group> m_groups;
};

template <DataType T, bool weighted> Maker percentileMaker(bool asArray)
{
    return [asArray](const AggregateBinding& binding) { return std::make_unique<PercentileAccumulator<T, weighted>>(percentilesOf(binding, weighted ? 2 : 1), asArray); };
}

/// One result column for each percentile, or one array.
ResultTypes percentileTypes(bool weighted, bool asArray)
{
    return [weighted, asArray](std::span<const DataType> arguments, auto) {
        const std::size_t count = asArray ? 1 : arguments.size() - (weighted ? 2 : 1);
        return std::vector<DataType>(count, asArray ? Dynamic : arguments[0]);
    };
}

template <bool weighted, DataType... T>
std::vector<AggregateSignature> percentileSignatures(const Parameter& percentile, bool asArray)
{
    const auto parameters = [&](DataType type) {
        std::vector<Parameter> out{{"value", type}};
        if (weighted)
            out.push_back({"weight", Long});
        out.push_back(percentile);
        return out;
    };
    return {AggregateSignature{parameters(T), percentileTypes(weighted, asArray), percentileMaker<T, weighted>(asArray)}...};
}

template <bool weighted>
AggregateFunction percentileFunction(std::string_view name, std::string_view help, std::string_view example, const Parameter& percentile, bool asArray)
{
    return {name, name, help, example, percentileSignatures<weighted, Real, Long, Decimal, DateTime, TimeSpan>(percentile, asArray)};
}

} // namespace

void addPercentileAggregates(FunctionRegistry& registry)
{
    const Parameter one = constant("percentile", Real);
    const Parameter several = repeated("percentile", Real, true);
    const Parameter array = constant("percentiles", Dynamic);
    const AggregateFunction percentile = percentileFunction<false>("percentile", "The value at a percentile, by nearest rank (exact).", "range x from 1 to 100 step 1 | summarize percentile(x, 95) // 95", one, false);
    registry.add(percentile);
    registry.add(filteredForm(percentile, "percentileif", "percentileif", "The value at a percentile among the rows for which the predicate is true.", "range x from 1 to 100 step 1 | summarize percentileif(x, x > 50, 50) // 75", 1));
    registry.add(percentileFunction<false>("percentiles", "The values at several percentiles, a column each.", "range x from 1 to 100 step 1 | summarize percentiles(x, 50, 95) | project percentile_x_95 // 95", several, false));
    registry.add(percentileFunction<true>("percentilew", "The value at a percentile, each value counted by its weight.", "datatable(x: long, w: long) [1, 10, 2, 1] | summarize percentilew(x, w, 50) // 1", one, false));
    registry.add(percentileFunction<true>("percentilesw", "The values at several percentiles, each value counted by its weight.", "datatable(x: long, w: long) [1, 10, 2, 1] | summarize percentilesw(x, w, 50, 95) | project percentile_x_95 // 2", several, false));
    AggregateFunction asArray = percentileFunction<false>("percentiles_array", "The values at several percentiles, as one array.", "range x from 1 to 100 step 1 | summarize percentiles_array(x, 50, 95) // [50,95]", several, true);
    for (AggregateSignature& signature : percentileSignatures<false, Real, Long, Decimal, DateTime, TimeSpan>(array, true))
        asArray.signatures.push_back(std::move(signature));
    registry.add(asArray);
    AggregateFunction weightedArray = percentileFunction<true>("percentilesw_array", "The values at several percentiles, each value counted by its weight, as one array.", "datatable(x: long, w: long) [1, 10, 2, 1] | summarize percentilesw_array(x, w, 50, 95) // [1,2]", several, true);
    for (AggregateSignature& signature : percentileSignatures<true, Real, Long, Decimal, DateTime, TimeSpan>(array, true))
        weightedArray.signatures.push_back(std::move(signature));
    registry.add(weightedArray);
}

} // namespace tocsin::kql
