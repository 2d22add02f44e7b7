// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/MergedShards.h"

#include "kql/exec/PlaceOrder.h"

namespace tocsin::kql {
namespace {

constexpr unsigned kGroupBits = 25; ///< of an entry of the order
static_assert(MergedShards::kMostGroups < 1U << kGroupBits);

std::uint32_t entryOf(std::size_t shard, std::size_t group) { return static_cast<std::uint32_t>(shard << kGroupBits | group); }
std::size_t shardOf(std::uint32_t entry) { return entry >> kGroupBits; }
std::size_t groupOf(std::uint32_t entry) { return entry & ((1U << kGroupBits) - 1); }

} // namespace

MergedShards::MergedShards(std::vector<Shard> shards) : m_shards(std::move(shards))
{
    std::size_t groups = 0;
    for (const Shard& shard : m_shards)
        groups += shard.places.size();
    m_order = sortedByPlace(groups, [&](const auto& visit) {
        for (std::size_t s = 0; s < m_shards.size(); ++s)
            for (std::size_t group = 0; group < m_shards[s].places.size(); ++group)
                visit(m_shards[s].places[group], entryOf(s, group));
    });
    for (Shard& shard : m_shards)
        shard.places = {};
    m_bytes = m_order.capacity() * sizeof(std::uint32_t);
    for (const Shard& shard : m_shards) {
        for (const std::vector<std::uint32_t>& numbers : shard.keys)
            m_bytes += numbers.capacity() * sizeof(std::uint32_t);
        for (const Vector& result : shard.results)
            m_bytes += result.memoryBytes();
    }
}

ColumnNumbers MergedShards::keys(std::size_t from, std::size_t count) const
{
    ColumnNumbers keys(m_shards.front().keys.size(), std::vector<std::uint32_t>(count));
    const auto entries = some(from, count);
    for (std::size_t i = 0; i < count; ++i) {
        const ColumnNumbers& numbers = m_shards[shardOf(entries[i])].keys;
        for (std::size_t c = 0; c < keys.size(); ++c)
            keys[c][i] = numbers[c][groupOf(entries[i])];
    }
    return keys;
}

std::vector<Vector> MergedShards::results(std::size_t from, std::size_t count) const
{
    std::vector<Vector> results;
    const auto entries = some(from, count);
    for (std::size_t r = 0; r < m_shards.front().results.size(); ++r) {
        results.push_back(visitType(m_shards.front().results[r].type(), [&]<DataType T>() {
            std::vector<VectorReader<Physical<T>>> readers;
            for (const Shard& shard : m_shards)
                readers.emplace_back(shard.results[r]);
            TypedBuilder<T> builder(count);
            for (const std::uint32_t entry : entries) {
                const VectorReader<Physical<T>>& reader = readers[shardOf(entry)];
                if (reader.isNull(groupOf(entry)))
                    builder.appendNull();
                else
                    builder.append(reader[groupOf(entry)]);
            }
            return builder.finish();
        }));
    }
    return results;
}

} // namespace tocsin::kql
