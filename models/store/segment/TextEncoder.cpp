// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextEncoder.h"

#include "store/index/ColumnFilters.h"
#include "store/segment/TextBlocks.h"
#include "store/segment/TextLayout.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kInsideBytes = 32 * 1'024; ///< lists up to this size are read with the codes

void findRange(const TextDictionary& dictionary, Zone& zone)
{
    const auto [least, largest] = std::minmax_element(dictionary.texts().begin(), dictionary.texts().end());
    zone.min = Value::string(std::string(least->substr(0, kZoneText)));
    zone.max = Value::string(std::string(largest->substr(0, kZoneText)));
    zone.maxIsPrefix = largest->size() > kZoneText;
}

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

} // namespace

EncodedColumn encodeText(DataType type, const TextDictionary& dictionary, std::span<const std::uint32_t> codes)
{
    EncodedColumn result;
    Zone& zone = result.zone;
    zone.type = type;
    const auto& texts = dictionary.texts();
    const auto empty = std::find(texts.begin(), texts.end(), std::string_view());
    if (type == DataType::Dynamic && empty != texts.end())
        zone.nulls = static_cast<std::uint64_t>(std::count(codes.begin(), codes.end(), static_cast<std::uint32_t>(empty - texts.begin())));
    if (texts.empty() || (texts.size() == 1 && texts[0].empty()))
        return result;
    zone.stored = true;
    zone.distinct = texts.size();
    if (type == DataType::String)
        findRange(dictionary, zone);

    Bytes chunk = beginChunk(Encoding::Text, type, codes.size());
    ByteWriter out(chunk);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(texts.size()));
    writeCodes(out, codes, texts.size());
    const std::vector<std::uint32_t> blocks = divideIntoBlocks(texts);
    TextCompressor compressor(TextCompressor::methodFor(texts.size(), dictionary.textBytes()));
    const bool inside = dictionary.textBytes() <= kInsideBytes;
    out.put<std::uint32_t>(static_cast<std::uint32_t>(blocks.size()));
    out.put<std::uint8_t>(inside);
    out.putArray<std::uint32_t>(blocks);
    std::span<const std::string_view> rest(texts);
    std::vector<EncodedColumn::Part> outside;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (inside) {
            writeTextBlock(out, rest.first(blocks[i]), compressor);
        } else {
            Bytes block = beginChunk(Encoding::TextBlock, type, blocks[i]);
            ByteWriter blockOut(block);
            writeTextBlock(blockOut, rest.first(blocks[i]), compressor);
            outside.push_back({part::kTextBlocks + static_cast<unsigned>(i), std::move(block)});
        }
        rest = rest.subspan(blocks[i]);
    }
    result.parts.push_back({part::kValues, std::move(chunk)});
    std::move(outside.begin(), outside.end(), std::back_inserter(result.parts));
    if (!inside && type == DataType::String)
        addTextFilters(result, texts, codes.size());
    return result;
}

} // namespace tocsin::store
