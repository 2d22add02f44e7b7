// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/BitPacking.h"
#include "store/segment/Chunk.h"

#include <memory>

namespace tocsin::store {

/// Appends integers in blocks of 1,024, each by frame of reference (value minus the block's least) or, when that is smaller, by delta
/// (difference from the value before, minus the least difference), bit packed. A factor common to all values (the milliseconds in
/// ticks) is divided out first.
///
///     u64 factor, u32 end[blocks] (offset behind each block, from the first), blocks
///     block: u8 kind (0 frame of reference, 1 delta), u8 width, i64 base, [i64 first], packed
void writeIntegerBlocks(ByteWriter& out, std::span<const std::int64_t> values);

/// Reads what writeIntegerBlocks wrote; checked when opened, so that reading needs no checks.
class IntegerBlocks {
public:
    /// The bytes must outlive the reader and be followed by kPackSlack readable ones.
    static Result<IntegerBlocks> open(ByteReader& in, std::size_t rows);
    /// Decodes rows [start, start + count); start is a multiple of kBlockRows.
    void read(std::size_t start, std::size_t count, std::int64_t* out) const;
    /// Decodes rows at some places from `start` on, ascending.
    void readSome(std::size_t start, std::span<const std::uint32_t> places, std::int64_t* out) const;

private:
    struct Block {
        std::uint8_t kind = 0;
        std::uint8_t width = 0;
        std::int64_t base = 0;
        std::int64_t first = 0;
        const std::byte* packed = nullptr;
    };
    void readBlock(const Block& block, std::size_t count, std::int64_t* out) const;

    std::uint64_t m_factor = 1;
    std::vector<Block> m_blocks;
    std::size_t m_rows = 0;
};

} // namespace tocsin::store
