// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/DataType.h"
#include "store/segment/Bytes.h"

namespace tocsin::store {

/// Rows of a full segment, and of the blocks inside that are packed on their own.
inline constexpr std::size_t kSegmentRows = 65'536;
inline constexpr std::size_t kBlockRows = 1'024;

/// How the values of a chunk are kept. Numbers are part of the file format.
enum class Encoding : std::uint8_t {
    Constant = 1,   ///< one value for all rows that are not null
    Integers = 2,   ///< blocks of frame of reference or delta, bit packed
    Dictionary = 3, ///< distinct fixed-size values and a code a row
    Plain = 4,      ///< fixed-size values
    WholeReals = 5, ///< reals that are whole numbers, kept as Integers
    Text = 6,       ///< codes into the segment's own list of distinct texts
    TextBlock = 7,  ///< some of those texts
    Bloom = 8,      ///< a filter over values or terms
    GuidText = 9,   ///< texts that all are guids (or empty), kept as such
    JsonText = 10,  ///< texts most of which are JSON objects, kept by member (see JsonTextLayout.h)
    JsonMember = 11, ///< the values of one member of those
    BlockTerms = 12, ///< filters over the terms of texts, one a block of them
};

/// A column of a segment is kept in numbered parts, each one row of the chunk table.
namespace part {
inline constexpr unsigned kValues = 0;
inline constexpr unsigned kBloom = 2; ///< filter over its values
inline constexpr unsigned kTerms = 3; ///< filter over the terms of its texts, or of each block of them
inline constexpr unsigned kTextBlocks = 16; ///< and following
inline constexpr unsigned kJsonMembers = 8'192; ///< and following, in the place of text blocks
} // namespace part

inline constexpr unsigned kColumnBits = 14;
inline constexpr unsigned kPartBits = 14;
inline constexpr std::int64_t kMaxColumn = (1 << kColumnBits) - 1;

/// Key in the chunk table.
inline std::int64_t chunkId(std::int64_t segment, std::int64_t column, unsigned part)
{
    return segment << (kColumnBits + kPartBits) | column << kPartBits | part;
}

/// What a chunk says about itself. Layout: this header, the payload, XXH3-64 of both seeded with the chunk's id (so that a chunk in the
/// wrong place is noticed too).
struct ChunkHeader {
    std::uint8_t format = 1;
    Encoding encoding = Encoding::Plain;
    std::uint8_t type = 0; ///< DataType
    std::uint8_t reserved = 0;
    std::uint32_t rows = 0;
    std::uint64_t payload = 0; ///< bytes
};
static_assert(sizeof(ChunkHeader) == 16);
inline constexpr std::size_t kChunkTrailer = 8;

/// Starts a chunk; payload bytes are appended to the result, then sealChunk() completes it.
Bytes beginChunk(Encoding encoding, DataType type, std::size_t rows);
/// Writes length and checksum.
void sealChunk(Bytes& chunk, std::int64_t id);

struct ChunkView {
    ChunkHeader header;
    std::span<const std::byte> payload; ///< followed by 8 readable bytes
};
/// Checks length, version and checksum. kBadChunk says what is wrong.
Result<ChunkView> openChunk(std::span<const std::byte> chunk, std::int64_t id);

} // namespace tocsin::store
