// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/Chunk.h"
#include "store/segment/StoredPart.h"

#include <memory>
#include <span>
#include <vector>

namespace tocsin::store {

/// Which terms certainly are not in the texts of a column of a segment, block by block (see divideIntoBlocks): a rare term is then looked
/// for in few of them. A Bloom filter for each block, or one for all texts where those do not stand in blocks.
///
///     u32 blocks, u32 bytes[blocks], filters
class TermFilter final : public StoredPart {
public:
    /// `hashes` of the different terms of each block, at least of one.
    static Bytes encode(std::span<const std::vector<std::uint64_t>> hashes, DataType type, std::size_t rows);
    /// Checks and takes over a chunk; also one with a filter over all texts.
    static Result<std::shared_ptr<const TermFilter>> open(Bytes chunk, std::int64_t id);

    std::size_t blocks() const { return m_filters.size(); }
    /// False only if no text of the block has all of the terms.
    bool mayHold(std::size_t block, std::span<const std::uint64_t> terms) const;
    std::size_t memoryBytes() const override { return m_chunk.size() + m_filters.size() * sizeof(m_filters[0]); }

private:
    Bytes m_chunk;
    std::vector<std::span<const std::byte>> m_filters;
};

} // namespace tocsin::store
