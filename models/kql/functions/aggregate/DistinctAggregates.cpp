// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/aggregate/NumberSets.h"
#include "kql/functions/support/Hashing.h"
#include "kql/functions/support/Sketches.h"

#include <limits>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

/// dcount and count_distinct: values are told apart by a 64-bit hash, or by their number where they come from a numbered domain.
template <DataType T>
class DistinctAccumulator final : public GroupwiseAccumulator<DistinctAccumulator<T>> {
public:
    explicit DistinctAccumulator(std::size_t limit) : m_limit(limit) {}

    void resize(std::size_t count) override
    {
        m_counters.resize(count);
        m_numbers.resize(count);
    }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const Vector& vector = arguments[0];
        if constexpr (T == String) {
            if (vector.isDictionary() && m_numbers.takes(vector.sharedDictionary())) {
                m_numbers.add(vector.codes(), groups);
                return {};
            }
        }
        if (vector.isDictionary() && vector.dictionaryValues().size() <= groups.size())
            updateByCode(vector, groups);
        else
            forValues<T>(vector, groups, [&](std::uint32_t group, const auto& value) { m_counters[group].add(hashValue<T>(value), m_limit); });
        return {};
    }
    void mergeGroup(std::size_t to, DistinctAccumulator& other, std::size_t from)
    {
        if (!m_numbers.merge(to, other.m_numbers, from))
            other.turnIntoHashes(from);
        m_counters[to].merge(other.m_counters[from], m_limit);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Long> writer(count);
        for (std::size_t i = from; i < from + count; ++i) {
            const std::size_t numbered = m_numbers.count(i);
            const bool both = numbered > 0 && m_counters[i].count() > 0; // a value may be in both
            if (both || numbered > m_limit)
                turnIntoHashes(i);
            writer.put(i - from, both || numbered > m_limit ? m_counters[i].count() : static_cast<std::int64_t>(numbered) + m_counters[i].count());
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_counters.capacity() * sizeof(DistinctCounter) + m_numbers.memoryBytes();
        for (const DistinctCounter& counter : m_counters)
            bytes += counter.bytes();
        return bytes;
    }

private:
    /// Hashes each dictionary value once.
    void updateByCode(const Vector& vector, std::span<const std::uint32_t> groups)
    {
        const Vector& values = vector.dictionaryValues();
        const auto codes = vector.codes();
        const VectorReader<Physical<T>> reader(values);
        std::vector<std::uint64_t> hashes(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            hashes[i] = hashValue<T>(reader[i]);
        for (std::size_t row = 0; row < groups.size(); ++row)
            if (!reader.isNull(codes[row]))
                m_counters[groups[row]].add(hashes[codes[row]], m_limit);
    }
    void turnIntoHashes(std::size_t group)
    {
        if constexpr (T == String)
            m_numbers.take(group, [&](std::string_view text) { m_counters[group].add(hashValue<T>(text), m_limit); });
    }

    std::size_t m_limit;
    std::vector<DistinctCounter> m_counters;
    NumberSets m_numbers;
};

Maker distinctMaker(std::size_t limit)
{
    return [limit](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<DistinctAccumulator<T>>(limit); });
    };
}

} // namespace

void addDistinctAggregates(FunctionRegistry& registry)
{
    const AggregateFunction dcount{"dcount", "dcount", "The number of different values: exact up to 131,072 in a group, an estimate (0.4 %) beyond.", "range x from 1 to 9 step 1 | summarize dcount(x % 3) // 3",
                                   {{{{"value", types::any}, optional("accuracy", types::integer, true)}, always(Long), distinctMaker(DistinctCounter::kExactLimit)}}};
    registry.add(dcount);
    registry.add(filteredForm(dcount, "dcountif", "dcountif", "The number of different values among the rows for which the predicate is true.", "range x from 1 to 9 step 1 | summarize dcountif(x, x > 5) // 4", 1));
    const AggregateFunction exact{"count_distinct", "count_distinct", "The exact number of different values.", "range x from 1 to 9 step 1 | summarize count_distinct(x % 2) // 2",
                                  {{{{"value", types::any}}, always(Long), distinctMaker(std::numeric_limits<std::size_t>::max())}}};
    registry.add(exact);
    registry.add(filteredForm(exact, "count_distinctif", "count_distinctif", "The exact number of different values among the rows for which the predicate is true.", "range x from 1 to 9 step 1 | summarize count_distinctif(x, x > 7) // 2", 1));
}

} // namespace tocsin::kql
