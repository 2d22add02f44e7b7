// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/index/BloomFilter.h"

#include "store/StoreErrors.h"

#include <array>

namespace tocsin::store {
namespace {

constexpr std::size_t kBlockBytes = 32;
constexpr std::size_t kBitsPerHash = 11;
/// Any odd numbers with well mixed bits will do; they are part of the format.
constexpr std::array<std::uint32_t, 8> kMultipliers{0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09};

std::size_t blockOf(std::uint64_t hash, std::size_t blocks) { return static_cast<std::size_t>((hash >> 32) * blocks >> 32); }
std::uint32_t bitOf(std::uint64_t hash, std::size_t word) { return std::uint32_t{1} << ((static_cast<std::uint32_t>(hash) * kMultipliers[word]) >> 27); }

} // namespace

void BloomFilter::write(ByteWriter& out, std::span<const std::uint64_t> hashes)
{
    const std::size_t blocks = hashes.size() * kBitsPerHash / (8 * kBlockBytes) + 1;
    std::byte* start = out.grow(blocks * kBlockBytes);
    for (const std::uint64_t hash : hashes) {
        std::array<std::uint32_t, 8> block;
        std::byte* place = start + blockOf(hash, blocks) * kBlockBytes;
        std::memcpy(block.data(), place, kBlockBytes);
        for (std::size_t word = 0; word < block.size(); ++word)
            block[word] |= bitOf(hash, word);
        std::memcpy(place, block.data(), kBlockBytes);
    }
}

Bytes BloomFilter::encode(std::span<const std::uint64_t> hashes, DataType type, std::size_t rows)
{
    Bytes chunk = beginChunk(Encoding::Bloom, type, rows);
    ByteWriter out(chunk);
    write(out, hashes);
    return chunk;
}

bool BloomFilter::isFilter(std::span<const std::byte> bytes) { return !bytes.empty() && bytes.size() % kBlockBytes == 0; }

Result<std::shared_ptr<const BloomFilter>> BloomFilter::open(Bytes chunk, std::int64_t id)
{
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(chunk, id));
    if (view.header.encoding != Encoding::Bloom || !isFilter(view.payload))
        return fail(kBadChunk, "its filter is not valid");
    return std::shared_ptr<const BloomFilter>(new BloomFilter(std::move(chunk), view.payload));
}

bool BloomFilter::mayContain(std::span<const std::byte> filter, std::uint64_t hash)
{
    std::array<std::uint32_t, 8> block;
    std::memcpy(block.data(), filter.data() + blockOf(hash, filter.size() / kBlockBytes) * kBlockBytes, kBlockBytes);
    for (std::size_t word = 0; word < block.size(); ++word)
        if (!(block[word] & bitOf(hash, word)))
            return false;
    return true;
}

} // namespace tocsin::store
