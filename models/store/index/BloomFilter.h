// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/Chunk.h"
#include "store/segment/StoredPart.h"

#include <memory>

namespace tocsin::store {

/// Which of many hashes are certainly not in a column of a segment. A split block Bloom filter (Putze, Sanders, Singler: Cache-, hash- and
/// space-efficient Bloom filters): a hash sets one bit in each of the eight words of one block, so a question touches one cache line. With
/// about 10.6 bits for each hash, one in a hundred absent ones seems to be there.
class BloomFilter final : public StoredPart {
public:
    /// The chunk of a filter over the hashes.
    static Bytes encode(std::span<const std::uint64_t> hashes, DataType type, std::size_t rows);
    /// Checks and takes over a chunk.
    static Result<std::shared_ptr<const BloomFilter>> open(Bytes chunk, std::int64_t id);

    bool mayContain(std::uint64_t hash) const { return mayContain(m_blocks, hash); }

    /// The same for filters that stand in other chunks.
    static void write(ByteWriter& out, std::span<const std::uint64_t> hashes);
    static bool isFilter(std::span<const std::byte> bytes);
    static bool mayContain(std::span<const std::byte> filter, std::uint64_t hash);

    std::size_t memoryBytes() const override { return m_chunk.size(); }

private:
    BloomFilter(Bytes chunk, std::span<const std::byte> blocks) : m_chunk(std::move(chunk)), m_blocks(blocks) {}
    Bytes m_chunk;
    std::span<const std::byte> m_blocks;
};

} // namespace tocsin::store
