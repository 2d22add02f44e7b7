// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextReader.h"

#include "column/Dynamic.h"
#include "store/StoreErrors.h"
#include "store/segment/TextBlocks.h"
#include "store/segment/TextLayout.h"

#include <algorithm>
#include <numeric>

namespace tocsin::store {
namespace {

class TextReader final : public ColumnReader {
public:
    TextReader(Bytes chunk, Vector dictionary, const std::byte* codes, unsigned width, bool codeIsRow, std::size_t textBytes)
        : m_chunk(std::move(chunk)), m_dictionary(std::make_shared<const Vector>(std::move(dictionary))), m_codes(codes), m_width(width),
          m_codeIsRow(codeIsRow), m_textBytes(textBytes)
    {
    }
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        if (m_dictionary->size() == 1)
            return Vector::constant(m_dictionary->valueAt(0), count);
        auto codes = makeBuffer<std::uint32_t>(count);
        if (m_codeIsRow) {
            std::iota(codes.get(), codes.get() + count, static_cast<std::uint32_t>(start));
        } else {
            unpackBits(m_codes, m_width, start, count, codes.get());
            std::uint32_t largest = 0;
            for (std::size_t i = 0; i < count; ++i)
                largest = std::max(largest, codes[i]);
            if (largest >= m_dictionary->size())
                return fail(kBadChunk, "a code is out of range");
        }
        return Vector::dictionary(m_dictionary, std::move(codes), count);
    }
    std::shared_ptr<const Vector> distinctTexts() const override { return m_dictionary->type() == DataType::String ? m_dictionary : nullptr; }
    bool mayEqual(const std::vector<Value>& values) const override
    {
        const auto texts = m_dictionary->values<std::string_view>();
        if (m_dictionary->type() != DataType::String || texts.size() * values.size() > kMostComparisons)
            return true;
        return std::any_of(values.begin(), values.end(), [&](const Value& value) {
            return value.isNull() || value.type() != DataType::String || std::find(texts.begin(), texts.end(), std::string_view(value.asText())) != texts.end();
        });
    }
    std::size_t memoryBytes() const override { return m_chunk.size() + m_textBytes + m_dictionary->size() * sizeof(std::string_view); }

private:
    Bytes m_chunk;
    std::shared_ptr<const Vector> m_dictionary;
    const std::byte* m_codes;
    unsigned m_width;
    bool m_codeIsRow;
    std::size_t m_textBytes;
};

struct Texts {
    std::vector<std::string_view> values;
    std::vector<std::shared_ptr<const char[]>> owners;
};

Result<Texts> readTexts(ByteReader& in, std::size_t distinct, const std::function<Result<Bytes>(unsigned)>& loadBlock)
{
    const std::size_t count = in.get<std::uint32_t>();
    const bool inside = in.get<std::uint8_t>() != 0;
    ByteReader counts(in.getArray<std::uint32_t>(count));
    Texts texts;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const std::size_t expected = counts.get<std::uint32_t>();
        if (expected > distinct - texts.values.size())
            return fail(kBadChunk, "its text blocks hold too much");
        if (inside) {
            TOCSIN_TRY(readTextBlock(in, expected, texts.values, texts.owners));
            continue;
        }
        TOCSIN_TRY_ASSIGN(const Bytes block, loadBlock(static_cast<unsigned>(i)));
        const std::span<const std::byte> content(block);
        ByteReader blockIn(content.subspan(sizeof(ChunkHeader), content.size() - sizeof(ChunkHeader) - kChunkTrailer));
        TOCSIN_TRY(readTextBlock(blockIn, expected, texts.values, texts.owners));
    }
    if (!in.ok() || texts.values.size() != distinct || distinct == 0)
        return fail(kBadChunk, "its text blocks are incomplete");
    return texts;
}

Result<Vector> dictionaryVector(Texts texts, DataType type)
{
    const std::size_t size = texts.values.size();
    auto values = makeBuffer<std::string_view>(size);
    std::copy(texts.values.begin(), texts.values.end(), values.get());
    std::shared_ptr<NullMask> nulls;
    if (type == DataType::Dynamic) {
        for (std::size_t i = 0; i < size; ++i) {
            if (!isValidDynamic(values[i]))
                return fail(kBadChunk, "a dynamic value is not valid");
            if (!values[i].empty())
                continue;
            if (!nulls)
                nulls = std::make_shared<NullMask>(size);
            nulls->setNull(i);
        }
    }
    auto owner = std::make_shared<const std::vector<std::shared_ptr<const char[]>>>(std::move(texts.owners));
    return Vector::flat<std::string_view>(type, std::move(values), size, std::move(nulls), std::move(owner));
}

} // namespace

Result<std::shared_ptr<const ColumnReader>> openTextColumn(Bytes chunk, const ChunkView& view, DataType type, const std::function<Result<Bytes>(unsigned block)>& loadBlock)
{
    const std::size_t rows = view.header.rows;
    ByteReader in(view.payload);
    const std::size_t distinct = in.get<std::uint32_t>();
    const auto kind = in.get<std::uint8_t>();
    const auto width = in.get<std::uint8_t>();
    const bool codeIsRow = kind == kCodeIsRow;
    if (!in.ok() || kind > kCodeIsRow || width > 32 || distinct > rows || (codeIsRow && distinct != rows))
        return fail(kBadChunk, "its codes are not valid");
    const auto codes = in.getBytes(codeIsRow ? 0 : packedBytes(rows, width));
    TOCSIN_TRY_ASSIGN(Texts texts, readTexts(in, distinct, loadBlock));
    std::size_t textBytes = 0;
    for (const std::string_view text : texts.values)
        textBytes += text.size();
    TOCSIN_TRY_ASSIGN(Vector dictionary, dictionaryVector(std::move(texts), type));
    return std::make_shared<TextReader>(std::move(chunk), std::move(dictionary), codes.data(), width, codeIsRow, textBytes);
}

} // namespace tocsin::store
