// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextEncoder.h"

#include "store/index/ColumnFilters.h"
#include "store/segment/JsonTextEncoder.h"
#include "store/segment/TextBlocks.h"
#include "store/segment/TextList.h"

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

/// `blocks`: how many texts each takes; none if the texts stand inside.
void writeTexts(EncodedColumn& result, DataType type, const TextDictionary& dictionary, std::span<const std::uint32_t> codes, std::span<const std::uint32_t> blocks)
{
    Bytes chunk = beginChunk(Encoding::Text, type, codes.size());
    ByteWriter out(chunk);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(dictionary.size()));
    writeCodes(out, codes, dictionary.size());
    if (blocks.empty()) {
        writeTextList(out, dictionary.texts(), dictionary.textBytes());
        result.parts.push_back({part::kValues, std::move(chunk)});
        return;
    }
    TextCompressor compressor(TextCompressor::methodFor(dictionary.size(), dictionary.textBytes()));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(blocks.size()));
    out.put<std::uint8_t>(0);
    out.putArray<std::uint32_t>(blocks);
    result.parts.push_back({part::kValues, std::move(chunk)});
    std::span<const std::string_view> rest = dictionary.texts();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        Bytes block = beginChunk(Encoding::TextBlock, type, blocks[i]);
        ByteWriter blockOut(block);
        writeTextBlock(blockOut, rest.first(blocks[i]), compressor);
        result.parts.push_back({part::kTextBlocks + static_cast<unsigned>(i), std::move(block)});
        rest = rest.subspan(blocks[i]);
    }
}

} // namespace

EncodedColumn encodeText(DataType type, const TextDictionary& dictionary, std::span<const std::uint32_t> codes)
{
    EncodedColumn result;
    Zone& zone = result.zone;
    zone.type = type;
    const auto texts = dictionary.texts();
    const auto empty = std::find(texts.begin(), texts.end(), std::string_view());
    if (type == DataType::Dynamic && empty != texts.end())
        zone.nulls = static_cast<std::uint64_t>(std::count(codes.begin(), codes.end(), static_cast<std::uint32_t>(empty - texts.begin())));
    if (texts.empty() || (texts.size() == 1 && texts[0].empty()))
        return result;
    zone.stored = true;
    zone.distinct = texts.size();
    if (type == DataType::String)
        findRange(dictionary, zone);

    const bool inside = dictionary.textBytes() <= kInsideBytes;
    if (type == DataType::String && !inside)
        if (auto terms = encodeJsonTexts(dictionary, codes, result.parts)) {
            addTextFilters(result, texts, std::move(*terms), codes.size());
            return result;
        }
    const std::vector<std::uint32_t> blocks = inside ? std::vector<std::uint32_t>() : divideIntoBlocks(texts);
    writeTexts(result, type, dictionary, codes, blocks);
    if (!inside && type == DataType::String)
        addTextFilters(result, texts, blocks, codes.size());
    return result;
}

} // namespace tocsin::store
