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

Result<MergedShards> MergedShards::make(std::vector<Shard> shards, const StopCheck& check)
{
    MergedShards merged;
    merged.m_shards = std::move(shards);
    std::size_t groups = 0;
    for (const Shard& shard : merged.m_shards)
        groups += shard.places.size();
    const auto forEach = [&](const auto& visit) {
        for (std::size_t s = 0; s < merged.m_shards.size(); ++s)
            for (std::size_t group = 0; group < merged.m_shards[s].places.size(); ++group)
                visit(merged.m_shards[s].places[group], entryOf(s, group));
    };
    TOCSIN_TRY_ASSIGN(merged.m_order, sortedByPlace(groups, forEach, check));
    merged.m_bytes = merged.m_order.capacity() * sizeof(std::uint32_t);
    for (Shard& shard : merged.m_shards) {
        shard.places = {};
        for (const std::vector<std::uint32_t>& numbers : shard.keys)
            merged.m_bytes += numbers.capacity() * sizeof(std::uint32_t);
        for (const Vector& result : shard.results)
            merged.m_bytes += result.memoryBytes();
    }
    return merged;
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
