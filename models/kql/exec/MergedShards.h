// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"
#include "kql/exec/NumberTuples.h"
#include "kql/exec/StopCheck.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tocsin::kql {

/// Groups with their results, as they come shard by shard, in the order of the places where they first appear.
class MergedShards {
public:
    struct Shard {
        ColumnNumbers keys;
        std::vector<std::uint64_t> places;
        std::vector<Vector> results;
    };
    static constexpr std::size_t kMostShards = 128;
    static constexpr std::size_t kMostGroups = (1U << 25) - 1; ///< of a shard

    /// Of the shards, at least one, the places are used up. Fails as `check` does.
    static Result<MergedShards> make(std::vector<Shard> shards, const StopCheck& check);

    std::size_t size() const { return m_order.size(); }
    /// Of the groups [from, from + count).
    ColumnNumbers keys(std::size_t from, std::size_t count) const;
    std::vector<Vector> results(std::size_t from, std::size_t count) const;
    std::size_t memoryBytes() const { return m_bytes; }

private:
    MergedShards() = default;
    std::span<const std::uint32_t> some(std::size_t from, std::size_t count) const { return std::span(m_order).subspan(from, count); }

    std::vector<Shard> m_shards;
    std::vector<std::uint32_t> m_order; ///< shard in the upper bits, group in it in the lower
    std::size_t m_bytes = 0;
};

} // namespace tocsin::kql
