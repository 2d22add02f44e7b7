// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"
#include "kql/exec/NumberTuples.h"
#include "kql/functions/Declaration.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tocsin::kql {

/// Rows of a grouping that wait in memory, dealt out by their key: all rows of a group are in one shard, and the groups of one shard are so
/// few that a table of them stays in the cache of a processor. Keys are kept as the numbers of their values; arguments of aggregates as
/// values of fixed width.
class ShardedRows {
public:
    static constexpr std::size_t kShards = 128;

    /// An argument: the same constant for all rows, or a value for each.
    struct Argument {
        DataType type;
        std::optional<Value> constant;
    };
    static bool canKeep(DataType type);

    ShardedRows(std::size_t keys, std::vector<Argument> arguments);

    /// `shards[i]` is where row i belongs.
    void add(const ColumnNumbers& keys, std::span<const Vector* const> arguments, RowOrder places, std::span<const std::uint8_t> shards);
    std::size_t memoryBytes() const { return m_bytes; }
    std::size_t rows() const { return m_rows; }

    /// Some rows of one shard; places rise in it and from one to the next.
    struct Rows {
        ColumnNumbers keys;
        std::vector<Vector> arguments;
        std::shared_ptr<const std::uint64_t[]> places;
        std::size_t count = 0;
    };
    /// How many calls of take() a shard is good for.
    std::size_t chunks(std::size_t shard) const { return m_shards[shard].size(); }
    /// Gives rows up; each chunk once. Different shards from different threads.
    Rows take(std::size_t shard, std::size_t chunk);

private:
    struct Values {
        std::shared_ptr<void> bytes;          ///< room for the chunk's rows
        std::vector<std::uint32_t> nullRows;
    };
    struct Chunk {
        std::vector<std::unique_ptr<std::uint32_t[]>> keys;
        std::shared_ptr<std::uint64_t[]> places;
        std::vector<Values> arguments; ///< of those that are no constants
        std::size_t rows = 0;
        std::size_t room = 0;
    };
    Chunk& roomFor(std::size_t shard, std::size_t rows);
    template <typename T, typename Get> void scatter(std::span<const std::uint8_t> shards, std::span<T* const> targets, const Get& get);

    std::size_t m_keys;
    std::vector<Argument> m_arguments;
    std::size_t m_rowBytes = 0;
    std::array<std::vector<Chunk>, kShards> m_shards;
    std::vector<std::uint32_t> m_at; ///< place of each row of a batch in its chunk
    std::size_t m_bytes = 0;
    std::size_t m_rows = 0;
};

} // namespace tocsin::kql
