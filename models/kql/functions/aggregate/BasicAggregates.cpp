// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/aggregate/PreciseSum.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Wrapping.h"

#include <algorithm>
#include <cmath>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

__extension__ using WideInt = __int128;

class CountAccumulator final : public GroupwiseAccumulator<CountAccumulator> {
public:
    void resize(std::size_t count) override { m_counts.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        if (arguments.empty()) {
            for (const std::uint32_t group : groups)
                ++m_counts[group];
            return {};
        }
        forValues<Bool>(arguments[0], groups, [&](std::uint32_t group, std::uint8_t value) { m_counts[group] += value != 0; });
        return {};
    }
    void mergeGroup(std::size_t to, CountAccumulator& other, std::size_t from) { m_counts[to] += other.m_counts[from]; }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Long> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, m_counts[from + i]);
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_counts.capacity() * sizeof(std::int64_t); }

private:
    std::vector<std::int64_t> m_counts;
};

template <DataType T> Physical<T> plus(const Physical<T>& a, const Physical<T>& b)
{
    if constexpr (T == Real || T == Decimal)
        return a + b;
    else
        return wrapAdd(a, b);
}

/// What a column is summed in, so that the order of the values does not matter: see PreciseSum.
template <DataType T> struct SumState { using Type = Physical<T>; };
template <> struct SumState<Real> { using Type = PreciseSum; };

/// The sum of no values is 0. Long and timespan wrap around on overflow.
template <DataType T>
class SumAccumulator final : public GroupwiseAccumulator<SumAccumulator<T>> {
public:
    void resize(std::size_t count) override { m_sums.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<T>(arguments[0], groups, [&](std::uint32_t group, const auto& value) {
            if constexpr (T == Real)
                m_sums[group].add(value);
            else
                m_sums[group] = plus<T>(m_sums[group], value);
        });
        return {};
    }
    void mergeGroup(std::size_t to, SumAccumulator& other, std::size_t from)
    {
        if constexpr (T == Real)
            m_sums[to].add(other.m_sums[from]);
        else
            m_sums[to] = plus<T>(m_sums[to], other.m_sums[from]);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<T> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, static_cast<Physical<T>>(m_sums[from + i]));
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_sums.capacity() * sizeof(State); }

private:
    using State = typename SumState<T>::Type;
    std::vector<State> m_sums;
};

/// The mean of no values is null. Long averages to real; long and times are summed in 128 bits, times stay times.
template <DataType T>
class AverageAccumulator final : public GroupwiseAccumulator<AverageAccumulator<T>> {
    static constexpr bool kTime = T == DateTime || T == TimeSpan;
    using Sum = std::conditional_t<kTime || T == Long, WideInt, std::conditional_t<T == Decimal, tocsin::Decimal, PreciseSum>>;
    static constexpr DataType kOut = kTime || T == Decimal ? T : Real;

public:
    void resize(std::size_t count) override
    {
        m_sums.resize(count);
        m_counts.resize(count);
    }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<T>(arguments[0], groups, [&](std::uint32_t group, const auto& value) {
            if constexpr (T == Real)
                m_sums[group].add(value);
            else
                m_sums[group] = m_sums[group] + static_cast<Sum>(value);
            ++m_counts[group];
        });
        return {};
    }
    void mergeGroup(std::size_t to, AverageAccumulator& other, std::size_t from)
    {
        if constexpr (T == Real)
            m_sums[to].add(other.m_sums[from]);
        else
            m_sums[to] = m_sums[to] + other.m_sums[from];
        m_counts[to] += other.m_counts[from];
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<kOut> writer(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t n = m_counts[from + i];
            if (n == 0)
                writer.putNull(i);
            else if constexpr (kTime)
                writer.put(i, static_cast<Ticks>(m_sums[from + i] / n));
            else if constexpr (T == Decimal)
                writer.put(i, tocsin::Decimal::divide(m_sums[from + i], tocsin::Decimal(n)));
            else
                writer.put(i, static_cast<double>(m_sums[from + i]) / static_cast<double>(n));
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_sums.capacity() * sizeof(Sum) + m_counts.capacity() * sizeof(std::int64_t); }

private:
    std::vector<Sum> m_sums;
    std::vector<std::int64_t> m_counts;
};

/// min and max; null if there was no value. Text is copied where it wins.
template <DataType T, bool greatest>
class ExtremeAccumulator final : public GroupwiseAccumulator<ExtremeAccumulator<T, greatest>> {
    using Stored = std::conditional_t<kernels::kIsText<T>, std::string, Physical<T>>;

public:
    void resize(std::size_t count) override
    {
        m_best.resize(count);
        m_has.resize(count);
    }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<T>(arguments[0], groups, [&](std::uint32_t group, const auto& value) { offer(group, value); });
        return {};
    }
    void mergeGroup(std::size_t to, ExtremeAccumulator& other, std::size_t from)
    {
        if (other.m_has[from])
            offer(to, other.m_best[from]);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<T> writer(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (m_has[from + i])
                writer.put(i, m_best[from + i]);
            else
                writer.putNull(i);
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_best.capacity() * sizeof(Stored) + m_has.capacity() + m_textBytes; }

private:
    template <typename V> void offer(std::size_t group, const V& value)
    {
        if (m_has[group] && !isBetter<greatest>(value, m_best[group]))
            return;
        if constexpr (kernels::kIsText<T>)
            m_textBytes += value.size() - (m_has[group] ? m_best[group].size() : 0);
        m_best[group] = value;
        m_has[group] = 1;
    }
    std::vector<Stored> m_best;
    std::vector<std::uint8_t> m_has;
    std::size_t m_textBytes = 0;
};

template <DataType T> using MinAccumulator = ExtremeAccumulator<T, false>;
template <DataType T> using MaxAccumulator = ExtremeAccumulator<T, true>;

/// From the count, the sum and the sum of squares, both of about twice a double's precision, so that their difference keeps its digits.
template <bool sample, bool root>
class VarianceAccumulator final : public GroupwiseAccumulator<VarianceAccumulator<sample, root>> {
public:
    void resize(std::size_t count) override { m_states.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<Real>(arguments[0], groups, [&](std::uint32_t group, double value) { m_states[group].add(value, value); });
        return {};
    }
    void mergeGroup(std::size_t to, VarianceAccumulator& other, std::size_t from) { m_states[to].add(other.m_states[from]); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Real> writer(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double variance = std::max(0.0, m_states[from + i].covariance(sample));
            writer.put(i, root ? std::sqrt(variance) : variance);
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_states.capacity() * sizeof(ProductSums); }

private:
    std::vector<ProductSums> m_states;
};

/// and, or, xor of all values; of none: all ones for and, 0 for the others.
template <char op>
class BitAccumulator final : public GroupwiseAccumulator<BitAccumulator<op>> {
public:
    void resize(std::size_t count) override { m_bits.resize(count, op == '&' ? -1 : 0); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<Long>(arguments[0], groups, [&](std::uint32_t group, std::int64_t value) { add(group, value); });
        return {};
    }
    void mergeGroup(std::size_t to, BitAccumulator& other, std::size_t from) { add(to, other.m_bits[from]); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Long> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, m_bits[from + i]);
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_bits.capacity() * sizeof(std::int64_t); }

private:
    void add(std::size_t group, std::int64_t value)
    {
        if constexpr (op == '&')
            m_bits[group] &= value;
        else if constexpr (op == '|')
            m_bits[group] |= value;
        else
            m_bits[group] ^= value;
    }
    std::vector<std::int64_t> m_bits;
};

template <template <DataType> class A, DataType... T>
std::vector<AggregateSignature> signaturesFor(auto resultOf)
{
    return {AggregateSignature{{{"value", T}}, always(resultOf(T)), maker<A<T>>()}...};
}

void addWithIf(FunctionRegistry& registry, const AggregateFunction& plain, std::string_view name, std::string_view help, std::string_view example)
{
    registry.add(plain);
    registry.add(filteredForm(plain, name, name, help, example, 1));
}

void addCountAndSums(FunctionRegistry& registry)
{
    registry.add(AggregateFunction{"count", "count", "The number of rows.", "range x from 1 to 3 step 1 | summarize count() // 3", {{{}, always(Long), maker<CountAccumulator>()}}});
    registry.addAlias("cnt", "count");
    registry.add(AggregateFunction{"countif", "countif", "The number of rows for which the predicate is true.", "range x from 1 to 3 step 1 | summarize countif(x > 1) // 2", {{{{"predicate", Bool}}, always(Long), maker<CountAccumulator>()}}});
    const auto itself = [](DataType type) { return type; };
    addWithIf(registry, {"sum", "sum", "The sum of the values; 0 if there is none.", "range x from 1 to 3 step 1 | summarize sum(x) // 6", signaturesFor<SumAccumulator, Real, Long, Decimal, TimeSpan>(itself)},
              "sumif", "The sum of the values for which the predicate is true.", "range x from 1 to 3 step 1 | summarize sumif(x, x > 1) // 5");
    addWithIf(registry, {"avg", "avg", "The mean of the values; null if there is none.", "range x from 1 to 4 step 1 | summarize avg(x) // 2.5",
                         signaturesFor<AverageAccumulator, Real, Long, Decimal, TimeSpan, DateTime>([](DataType type) { return type == Long ? Real : type; })},
              "avgif", "The mean of the values for which the predicate is true.", "range x from 1 to 4 step 1 | summarize avgif(x, x > 2) // 3.5");
}

void addExtremes(FunctionRegistry& registry)
{
    const std::vector<Parameter> value{{"value", types::orderable}};
    addWithIf(registry, {"min", "min", "The smallest value; null if there is none.", "range x from 1 to 3 step 1 | summarize min(x) // 1", {{value, sameAsFirst(), makerByType<MinAccumulator>()}}},
              "minif", "The smallest value for which the predicate is true.", "range x from 1 to 3 step 1 | summarize minif(x, x > 1) // 2");
    addWithIf(registry, {"max", "max", "The greatest value; null if there is none.", "range x from 1 to 3 step 1 | summarize max(x) // 3", {{value, sameAsFirst(), makerByType<MaxAccumulator>()}}},
              "maxif", "The greatest value for which the predicate is true.", "range x from 1 to 3 step 1 | summarize maxif(x, x < 3) // 2");
}

void addSpread(FunctionRegistry& registry)
{
    const auto signatures = []<bool sample, bool root>() { return std::vector<AggregateSignature>{{{{"value", Real}}, always(Real), maker<VarianceAccumulator<sample, root>>()}}; };
    addWithIf(registry, {"stdev", "stdev", "The standard deviation of a sample.", "range x from 1 to 5 step 1 | summarize stdev(x) // 1.5811388300841898", signatures.operator()<true, true>()},
              "stdevif", "The standard deviation of a sample, of the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize stdevif(x, x < 3) // 0.7071067811865476");
    addWithIf(registry, {"stdevp", "stdevp", "The standard deviation of a whole population.", "range x from 1 to 5 step 1 | summarize stdevp(x) // 1.4142135623730951", signatures.operator()<false, true>()},
              "stdevpif", "The standard deviation of a whole population, of the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize stdevpif(x, x < 3) // 0.5");
    addWithIf(registry, {"variance", "variance", "The variance of a sample.", "range x from 1 to 5 step 1 | summarize variance(x) // 2.5", signatures.operator()<true, false>()},
              "varianceif", "The variance of a sample, of the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize varianceif(x, x < 4) // 1.0");
    addWithIf(registry, {"variancep", "variancep", "The variance of a whole population.", "range x from 1 to 5 step 1 | summarize variancep(x) // 2.0", signatures.operator()<false, false>()},
              "variancepif", "The variance of a whole population, of the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize variancepif(x, x < 3) // 0.25");
}

} // namespace

void addBasicAggregates(FunctionRegistry& registry)
{
    addCountAndSums(registry);
    addExtremes(registry);
    addSpread(registry);
    const std::vector<Parameter> bits{{"value", Long}};
    registry.add(AggregateFunction{"binary_all_and", "binary_all_and", "The bitwise and of all values.", "range x from 6 to 7 step 1 | summarize binary_all_and(x) // 6", {{bits, always(Long), maker<BitAccumulator<'&'>>()}}});
    registry.add(AggregateFunction{"binary_all_or", "binary_all_or", "The bitwise or of all values.", "range x from 5 to 6 step 1 | summarize binary_all_or(x) // 7", {{bits, always(Long), maker<BitAccumulator<'|'>>()}}});
    registry.add(AggregateFunction{"binary_all_xor", "binary_all_xor", "The bitwise exclusive or of all values.", "range x from 5 to 6 step 1 | summarize binary_all_xor(x) // 3", {{bits, always(Long), maker<BitAccumulator<'^'>>()}}});
}

} // namespace tocsin::kql
