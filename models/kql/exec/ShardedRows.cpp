// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/ShardedRows.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr std::size_t kChunkRows = 1'024;

/// Calls visit<T>() for the types that are kept.
template <typename Visit>
void visitKept(DataType type, const Visit& visit)
{
    visitType(type, [&]<DataType T>() {
        if constexpr (T != DataType::String && T != DataType::Dynamic && T != DataType::Guid && T != DataType::Decimal)
            visit.template operator()<T>();
    });
}

} // namespace

bool ShardedRows::canKeep(DataType type)
{
    return type != DataType::String && type != DataType::Dynamic && type != DataType::Guid && type != DataType::Decimal;
}

ShardedRows::ShardedRows(std::size_t keys, std::vector<Argument> arguments) : m_keys(keys), m_arguments(std::move(arguments))
{
    m_rowBytes = keys * sizeof(std::uint32_t) + sizeof(std::uint64_t);
    for (const Argument& argument : m_arguments)
        if (!argument.constant)
            visitKept(argument.type, [&]<DataType T>() { m_rowBytes += sizeof(Physical<T>); });
}

ShardedRows::Chunk& ShardedRows::roomFor(std::size_t shard, std::size_t rows)
{
    std::vector<Chunk>& chunks = m_shards[shard];
    if (!chunks.empty() && chunks.back().rows + rows <= chunks.back().room)
        return chunks.back();
    Chunk& chunk = chunks.emplace_back();
    chunk.room = std::max(rows, kChunkRows);
    for (std::size_t c = 0; c < m_keys; ++c)
        chunk.keys.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(chunk.room));
    chunk.places = makeBuffer<std::uint64_t>(chunk.room);
    for (const Argument& argument : m_arguments) {
        Values& values = chunk.arguments.emplace_back();
        if (!argument.constant)
            visitKept(argument.type, [&]<DataType T>() { values.bytes = makeBuffer<Physical<T>>(chunk.room); });
    }
    m_bytes += chunk.room * m_rowBytes;
    return chunk;
}

/// Writes get(i) of each row to its place behind the target of its shard.
template <typename T, typename Get>
void ShardedRows::scatter(std::span<const std::uint8_t> shards, std::span<T* const> targets, const Get& get)
{
    for (std::size_t i = 0; i < shards.size(); ++i)
        targets[shards[i]][m_at[i]] = get(i);
}

void ShardedRows::add(const ColumnNumbers& keys, std::span<const Vector* const> arguments, RowOrder places, std::span<const std::uint8_t> shards)
{
    const std::size_t rows = shards.size();
    m_rows += rows;
    std::array<std::uint32_t, kShards> counts{};
    m_at.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
        m_at[i] = counts[shards[i]]++;
    std::array<Chunk*, kShards> chunks{};
    std::array<std::size_t, kShards> before{};
    for (std::size_t s = 0; s < kShards; ++s)
        if (counts[s] > 0) {
            chunks[s] = &roomFor(s, counts[s]);
            before[s] = std::exchange(chunks[s]->rows, chunks[s]->rows + counts[s]);
        }
    const auto targetsOf = [&]<typename T>(const auto& bytesOf) {
        std::array<T*, kShards> targets{};
        for (std::size_t s = 0; s < kShards; ++s)
            if (chunks[s])
                targets[s] = static_cast<T*>(bytesOf(*chunks[s])) + before[s];
        return targets;
    };
    for (std::size_t c = 0; c < m_keys; ++c)
        scatter<std::uint32_t>(shards, targetsOf.operator()<std::uint32_t>([c](Chunk& chunk) -> void* { return chunk.keys[c].get(); }), [&](std::size_t i) { return keys[c][i]; });
    scatter<std::uint64_t>(shards, targetsOf.operator()<std::uint64_t>([](Chunk& chunk) -> void* { return chunk.places.get(); }), [&](std::size_t i) { return places[i]; });
    for (std::size_t a = 0; a < m_arguments.size(); ++a) {
        if (m_arguments[a].constant)
            continue;
        visitKept(m_arguments[a].type, [&]<DataType T>() {
            const VectorReader<Physical<T>> reader(*arguments[a]);
            scatter<Physical<T>>(shards, targetsOf.template operator()<Physical<T>>([a](Chunk& chunk) { return chunk.arguments[a].bytes.get(); }), [&](std::size_t i) { return reader[i]; });
            for (std::size_t i = 0; i < rows && reader.hasNulls(); ++i)
                if (reader.isNull(i)) {
                    m_bytes += sizeof(std::uint32_t);
                    chunks[shards[i]]->arguments[a].nullRows.push_back(static_cast<std::uint32_t>(before[shards[i]] + m_at[i]));
                }
        });
    }
}

ShardedRows::Rows ShardedRows::take(std::size_t shard, std::size_t number)
{
    Chunk chunk = std::exchange(m_shards[shard][number], {});
    Rows rows;
    rows.count = chunk.rows;
    for (const auto& numbers : chunk.keys)
        rows.keys.emplace_back(numbers.get(), numbers.get() + chunk.rows);
    rows.places = std::move(chunk.places);
    for (std::size_t a = 0; a < m_arguments.size(); ++a) {
        if (m_arguments[a].constant) {
            rows.arguments.push_back(Vector::constant(*m_arguments[a].constant, chunk.rows));
            continue;
        }
        visitKept(m_arguments[a].type, [&]<DataType T>() {
            const Values& values = chunk.arguments[a];
            std::shared_ptr<NullMask> nulls;
            if (!values.nullRows.empty())
                nulls = std::make_shared<NullMask>(chunk.rows);
            for (const std::uint32_t row : values.nullRows)
                nulls->setNull(row);
            using Type = Physical<T>;
            rows.arguments.push_back(Vector::flat<Type>(T, std::shared_ptr<const Type[]>(values.bytes, static_cast<const Type*>(values.bytes.get())), chunk.rows, std::move(nulls)));
        });
    }
    return rows;
}

} // namespace tocsin::kql
