// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/Chunk.h"

#include "store/StoreErrors.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstddef>

namespace tocsin::store {

Bytes beginChunk(Encoding encoding, DataType type, std::size_t rows)
{
    ChunkHeader header;
    header.encoding = encoding;
    header.type = static_cast<std::uint8_t>(type);
    header.rows = static_cast<std::uint32_t>(rows);
    Bytes chunk;
    ByteWriter(chunk).put(header);
    return chunk;
}

void sealChunk(Bytes& chunk, std::int64_t id)
{
    const std::uint64_t payload = chunk.size() - sizeof(ChunkHeader);
    std::memcpy(chunk.data() + offsetof(ChunkHeader, payload), &payload, sizeof payload);
    ByteWriter(chunk).put<std::uint64_t>(XXH3_64bits_withSeed(chunk.data(), chunk.size(), static_cast<XXH64_hash_t>(id)));
}

Result<ChunkView> openChunk(std::span<const std::byte> chunk, std::int64_t id)
{
    if (chunk.size() < sizeof(ChunkHeader) + kChunkTrailer)
        return fail(kBadChunk, "it is too short");
    const auto content = chunk.first(chunk.size() - kChunkTrailer);
    std::uint64_t stored;
    std::memcpy(&stored, chunk.data() + content.size(), sizeof stored);
    if (stored != XXH3_64bits_withSeed(content.data(), content.size(), static_cast<XXH64_hash_t>(id)))
        return fail(kBadChunk, "the checksum does not match");
    ChunkView view;
    std::memcpy(&view.header, content.data(), sizeof view.header);
    view.payload = content.subspan(sizeof(ChunkHeader));
    if (view.header.format != 1)
        return fail(kBadChunk, "its format is unknown");
    if (view.header.payload != view.payload.size() || view.header.rows > kSegmentRows)
        return fail(kBadChunk, "its header does not fit its content");
    return view;
}

} // namespace tocsin::store
