// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextList.h"

#include "store/StoreErrors.h"
#include "store/segment/Chunk.h"
#include "store/segment/TextBlocks.h"
#include "store/segment/TextLayout.h"

#include <algorithm>
#include <numeric>

namespace tocsin::store {

void writeCodes(ByteWriter& out, std::span<const std::uint32_t> codes, std::size_t distinct)
{
    // Codes are given in order of appearance: all distinct means that each is its row's number.
    if (distinct == codes.size() && distinct > 1) {
        out.put(kCodeIsRow);
        out.put<std::uint8_t>(0);
        return;
    }
    const unsigned width = packedWidth(distinct - 1);
    out.put(kCodePacked);
    out.put(static_cast<std::uint8_t>(width));
    packBits(out, codes, width);
}

bool readCodes(ByteReader& in, std::size_t count, std::size_t distinct, PackedCodes& codes)
{
    const auto kind = in.get<std::uint8_t>();
    codes.width = in.get<std::uint8_t>();
    codes.isNumber = kind == kCodeIsRow;
    if (!in.ok() || kind > kCodeIsRow || codes.width > 32 || distinct > count || (codes.isNumber && distinct != count))
        return false;
    codes.packed = in.getBytes(codes.isNumber ? 0 : packedBytes(count, codes.width)).data();
    return in.ok();
}

bool unpackCodes(const PackedCodes& codes, std::size_t start, std::span<std::uint32_t> out, std::size_t distinct)
{
    if (codes.isNumber) {
        std::iota(out.begin(), out.end(), static_cast<std::uint32_t>(start));
        return true;
    }
    return unpackBelow(codes.packed, codes.width, start, out, distinct);
}

bool unpackSomeCodes(const PackedCodes& codes, std::size_t start, std::span<const std::uint32_t> places, std::span<std::uint32_t> out, std::size_t distinct)
{
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const std::size_t at = start + places[i];
        out[i] = static_cast<std::uint32_t>(codes.isNumber ? at : unpackOne(codes.packed, codes.width, at));
        largest = std::max(largest, out[i]);
    }
    return places.empty() || largest < distinct;
}

void writeTextList(ByteWriter& out, std::span<const std::string_view> texts, std::size_t bytes)
{
    const std::vector<std::uint32_t> blocks = divideIntoBlocks(texts);
    TextCompressor compressor(TextCompressor::methodFor(texts.size(), bytes));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(blocks.size()));
    out.put<std::uint8_t>(1);
    out.putArray<std::uint32_t>(blocks);
    for (const std::uint32_t count : blocks) {
        writeTextBlock(out, texts.first(count), compressor);
        texts = texts.subspan(count);
    }
}

std::size_t TextList::bytes() const
{
    return std::accumulate(texts.begin(), texts.end(), std::size_t{0}, [](std::size_t sum, std::string_view text) { return sum + text.size(); });
}

namespace {

constexpr std::size_t kMostReserved = 1 << 20; ///< texts; what a damaged file says there are may be anything

} // namespace

Result<TextList> readTextList(ByteReader& in, std::size_t count, const std::function<Result<Bytes>(unsigned block)>& loadBlock)
{
    const std::size_t blocks = in.get<std::uint32_t>();
    const bool inside = in.get<std::uint8_t>() != 0;
    ByteReader counts(in.getArray<std::uint32_t>(blocks));
    TextList list;
    list.texts.reserve(std::min(count, kMostReserved));
    for (std::size_t i = 0; i < blocks && in.ok(); ++i) {
        const std::size_t expected = counts.get<std::uint32_t>();
        if (expected > count - list.texts.size())
            return fail(kBadChunk, "its text blocks hold too much");
        if (inside) {
            TOCSIN_TRY(readTextBlock(in, expected, list.texts, list.owners));
            continue;
        }
        TOCSIN_TRY_ASSIGN(const Bytes block, loadBlock(static_cast<unsigned>(i)));
        const std::span<const std::byte> content(block);
        ByteReader blockIn(content.subspan(sizeof(ChunkHeader), content.size() - sizeof(ChunkHeader) - kChunkTrailer));
        TOCSIN_TRY(readTextBlock(blockIn, expected, list.texts, list.owners));
    }
    if (!in.ok() || list.texts.size() != count)
        return fail(kBadChunk, "its text blocks are incomplete");
    return list;
}

} // namespace tocsin::store
