// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/MarkedTexts.h"

#include "store/StoreErrors.h"
#include "store/segment/TextBlocks.h"
#include "store/segment/TextList.h"

#include <algorithm>

namespace tocsin::store {
namespace {

/// Code 0 is the empty text, which stands for all that were not marked.
class MarkedReader final : public ColumnReader {
public:
    MarkedReader(Bytes chunk, const PackedCodes& codes, std::vector<std::uint32_t> places, Vector kept)
        : m_chunk(std::move(chunk)), m_codes(codes), m_places(std::move(places)), m_kept(std::make_shared<const Vector>(std::move(kept)))
    {
    }
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        auto codes = makeBuffer<std::uint32_t>(count);
        if (!unpackCodes(m_codes, start, {codes.get(), count}, m_places.size()))
            return fail(kBadChunk, "a code is out of range");
        for (std::size_t i = 0; i < count; ++i)
            codes[i] = m_places[codes[i]];
        return Vector::dictionary(m_kept, std::move(codes), count);
    }
    std::shared_ptr<const Vector> distinctTexts() const override { return m_kept; }
    std::size_t memoryBytes() const override { return m_chunk.size() + m_places.capacity() * sizeof(std::uint32_t) + m_kept->memoryBytes(); }

private:
    Bytes m_chunk;
    PackedCodes m_codes;
    std::vector<std::uint32_t> m_places; ///< by code of the column
    std::shared_ptr<const Vector> m_kept;
};

} // namespace

Result<std::shared_ptr<const ColumnReader>> openMarkedTexts(Bytes chunk, const ChunkView& view, const PartLoader& loadBlock, const ColumnReader::TextMarker& mark,
    std::span<const std::uint8_t> wanted)
{
    ByteReader in(view.payload);
    const std::size_t distinct = in.get<std::uint32_t>();
    PackedCodes codes;
    if (distinct == 0 || !readCodes(in, view.header.rows, distinct, codes))
        return fail(kBadChunk, "its codes are not valid");
    const std::size_t blocks = in.get<std::uint32_t>();
    if (in.get<std::uint8_t>() != 0)
        return nullptr; // so few that they stand inside
    ByteReader counts(in.getArray<std::uint32_t>(blocks));
    std::vector<std::uint32_t> places;
    places.reserve(distinct);
    std::vector<std::string_view> kept(1);
    auto owners = std::make_shared<std::vector<std::shared_ptr<const char[]>>>();
    std::vector<std::string_view> texts;
    std::vector<std::shared_ptr<const char[]>> block;
    std::vector<std::uint8_t> marks;
    for (std::size_t i = 0; i < blocks && in.ok(); ++i) {
        const std::size_t expected = counts.get<std::uint32_t>();
        if (expected > distinct - places.size())
            return fail(kBadChunk, "its text blocks hold too much");
        if (wanted.size() == blocks && !wanted[i]) {
            places.resize(places.size() + expected);
            continue;
        }
        TOCSIN_TRY_ASSIGN(const Bytes bytes, loadBlock(static_cast<unsigned>(i)));
        const std::span<const std::byte> content(bytes);
        ByteReader blockIn(content.subspan(sizeof(ChunkHeader), content.size() - sizeof(ChunkHeader) - kChunkTrailer));
        texts.clear();
        block.clear();
        TOCSIN_TRY(readTextBlock(blockIn, expected, texts, block));
        marks.assign(texts.size(), 0);
        mark(texts, marks);
        const std::size_t before = kept.size();
        for (std::size_t t = 0; t < texts.size(); ++t) {
            places.push_back(marks[t] ? static_cast<std::uint32_t>(kept.size()) : 0);
            if (marks[t])
                kept.push_back(texts[t]);
        }
        if (kept.size() > before)
            std::move(block.begin(), block.end(), std::back_inserter(*owners));
    }
    if (!in.ok() || places.size() != distinct)
        return fail(kBadChunk, "its text blocks are incomplete");
    auto values = makeBuffer<std::string_view>(kept.size());
    std::copy(kept.begin(), kept.end(), values.get());
    return std::make_shared<MarkedReader>(std::move(chunk), codes, std::move(places), Vector::flat<std::string_view>(DataType::String, std::move(values), kept.size(), {}, std::move(owners)));
}

} // namespace tocsin::store
