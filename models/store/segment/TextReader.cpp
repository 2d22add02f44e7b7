// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextReader.h"

#include "column/Dynamic.h"
#include "store/StoreErrors.h"
#include "store/segment/BitPacking.h"
#include "store/segment/CodeCounts.h"
#include "store/segment/TextList.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kLongestInDomain = 100; ///< bytes of a text on average; longer ones are hardly what rows are grouped by

/// A column by the numbers of its domain: the texts are in memory once for all segments, and what is computed of them is computed once.
class DomainTextReader final : public ColumnReader {
public:
    DomainTextReader(std::shared_ptr<const Bytes> chunk, const PackedCodes& codes, std::shared_ptr<TextDomain> domain, std::vector<std::uint32_t> numbers)
        : m_chunk(std::move(chunk)), m_codes(codes), m_domain(std::move(domain)), m_numbers(std::move(numbers)), m_distinct(m_numbers.size())
    {
        if (!m_codes.isNumber && m_codes.width <= kTableBits)
            m_numbers.resize(std::size_t{1} << m_codes.width, kNoNumber);
    }
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        auto codes = makeBuffer<std::uint32_t>(count);
        if (!unpackNumbers(start, {codes.get(), count}))
            return fail(kBadChunk, "a code is out of range");
        return Vector::dictionary(m_domain->dictionary(), std::move(codes), count);
    }
    Result<Vector> readSome(std::size_t start, std::size_t, std::span<const std::uint32_t> rows) const override
    {
        auto codes = makeBuffer<std::uint32_t>(rows.size());
        if (!unpackSomeCodes(m_codes, start, rows, {codes.get(), rows.size()}, m_distinct))
            return fail(kBadChunk, "a code is out of range");
        for (std::size_t i = 0; i < rows.size(); ++i)
            codes[i] = m_numbers[codes[i]];
        return Vector::dictionary(m_domain->dictionary(), std::move(codes), rows.size());
    }
    std::shared_ptr<const Vector> distinctTexts() const override { return m_domain->dictionary(); }
    std::optional<std::vector<std::uint32_t>> usedCodes() const override { return std::vector(m_numbers.begin(), m_numbers.begin() + static_cast<std::ptrdiff_t>(m_distinct)); }
    Result<std::optional<catalog::ValueCounts>> valueCounts(std::size_t rows) const override
    {
        if (!paysToCount(rows, m_distinct))
            return std::nullopt;
        if (!m_counts.count(rows, m_distinct, [this](std::size_t start, std::span<std::uint32_t> out) { return unpackCodes(m_codes, start, out, m_distinct); }))
            return fail(kBadChunk, "a code is out of range");
        return countedValues(m_counts, m_domain->dictionary(), m_numbers);
    }
    bool mayEqual(const std::vector<Value>& values) const override
    {
        return std::any_of(values.begin(), values.end(), [&](const Value& value) {
            if (value.isNull() || value.type() != DataType::String)
                return true;
            const auto number = m_domain->find(value.asText());
            return number && std::find(m_numbers.begin(), m_numbers.end(), *number) != m_numbers.end();
        });
    }
    std::size_t memoryBytes() const override
    {
        return m_chunk->size() + (m_numbers.capacity() + 2 * m_distinct) * sizeof(std::uint32_t); // each code may come to be counted
    }

private:
    static constexpr unsigned kTableBits = 16;
    static constexpr std::uint32_t kNoNumber = 0xFFFFFFFF;

    /// The domain's numbers of rows; false if a code is out of range.
    bool unpackNumbers(std::size_t start, std::span<std::uint32_t> out) const
    {
        if (m_codes.isNumber || m_codes.width > kTableBits) {
            if (!unpackCodes(m_codes, start, out, m_distinct))
                return false;
            for (std::uint32_t& code : out)
                code = m_numbers[code];
            return true;
        }
        unpackBits(m_codes.packed, m_codes.width, start, out.size(), out.data());
        std::uint32_t largest = 0; // kNoNumber is larger than any number
        for (std::uint32_t& code : out) {
            code = m_numbers[code];
            largest = std::max(largest, code);
        }
        return largest != kNoNumber;
    }

    std::shared_ptr<const Bytes> m_chunk;
    PackedCodes m_codes;
    std::shared_ptr<TextDomain> m_domain;
    std::vector<std::uint32_t> m_numbers; ///< by code; behind them kNoNumber for every other code that could be written
    std::size_t m_distinct;
    CodeCounts m_counts;
};

class TextReader final : public ColumnReader {
public:
    /// `domain`: null if the texts are of none.
    TextReader(Bytes chunk, Vector dictionary, const PackedCodes& codes, std::size_t textBytes, std::shared_ptr<TextDomain> domain)
        : m_chunk(std::make_shared<const Bytes>(std::move(chunk))), m_dictionary(std::make_shared<const Vector>(std::move(dictionary))), m_codes(codes),
          m_textBytes(textBytes), m_domain(std::move(domain))
    {
    }
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        if (m_dictionary->size() == 1)
            return Vector::constant(m_dictionary->valueAt(0), count);
        auto codes = makeBuffer<std::uint32_t>(count);
        if (!unpackCodes(m_codes, start, {codes.get(), count}, m_dictionary->size()))
            return fail(kBadChunk, "a code is out of range");
        return Vector::dictionary(m_dictionary, std::move(codes), count);
    }
    Result<Vector> readSome(std::size_t start, std::size_t, std::span<const std::uint32_t> rows) const override
    {
        if (m_dictionary->size() == 1)
            return Vector::constant(m_dictionary->valueAt(0), rows.size());
        auto codes = makeBuffer<std::uint32_t>(rows.size());
        if (!unpackSomeCodes(m_codes, start, rows, {codes.get(), rows.size()}, m_dictionary->size()))
            return fail(kBadChunk, "a code is out of range");
        return Vector::dictionary(m_dictionary, std::move(codes), rows.size());
    }
    std::shared_ptr<const Vector> distinctTexts() const override { return m_dictionary->type() == DataType::String ? m_dictionary : nullptr; }
    Result<std::optional<catalog::ValueCounts>> valueCounts(std::size_t rows) const override
    {
        const std::size_t distinct = m_dictionary->size();
        if (!paysToCount(rows, distinct))
            return std::nullopt;
        if (!m_counts.count(rows, distinct, [&](std::size_t start, std::span<std::uint32_t> out) { return unpackCodes(m_codes, start, out, distinct); }))
            return fail(kBadChunk, "a code is out of range");
        return countedValues(m_counts, m_dictionary);
    }
    bool mayEqual(const std::vector<Value>& values) const override
    {
        const auto texts = m_dictionary->values<std::string_view>();
        if (m_dictionary->type() != DataType::String || texts.size() * values.size() > kMostComparisons)
            return true;
        return std::any_of(values.begin(), values.end(), [&](const Value& value) {
            return value.isNull() || value.type() != DataType::String || std::find(texts.begin(), texts.end(), std::string_view(value.asText())) != texts.end();
        });
    }
    std::shared_ptr<const ColumnReader> settled(bool isNew) const override
    {
        if (!m_domain || (isNew && !m_domain->isUsed()))
            return nullptr;
        std::vector<std::uint32_t> numbers = m_domain->number(m_dictionary->values<std::string_view>());
        return numbers.empty() ? nullptr : std::make_shared<const DomainTextReader>(m_chunk, m_codes, m_domain, std::move(numbers));
    }
    std::size_t memoryBytes() const override
    {
        return m_chunk->size() + m_textBytes + m_dictionary->size() * (sizeof(std::string_view) + (m_domain ? sizeof(std::uint32_t) : 0));
    }

private:
    std::shared_ptr<const Bytes> m_chunk;
    std::shared_ptr<const Vector> m_dictionary;
    PackedCodes m_codes;
    std::size_t m_textBytes;
    std::shared_ptr<TextDomain> m_domain;
    CodeCounts m_counts;
};

Result<Vector> dictionaryVector(TextList texts, DataType type)
{
    const auto list = std::make_shared<const TextList>(std::move(texts));
    const std::size_t size = list->texts.size();
    std::shared_ptr<NullMask> nulls;
    if (type == DataType::Dynamic) {
        for (std::size_t i = 0; i < size; ++i) {
            if (!isValidDynamic(list->texts[i]))
                return fail(kBadChunk, "a dynamic value is not valid");
            if (!list->texts[i].empty())
                continue;
            if (!nulls)
                nulls = std::make_shared<NullMask>(size);
            nulls->setNull(i);
        }
    }
    const std::shared_ptr<const std::string_view[]> values(list, list->texts.data());
    return Vector::flat<std::string_view>(type, values, size, std::move(nulls), list);
}

} // namespace

Result<std::shared_ptr<const ColumnReader>> makeTextReader(Bytes chunk, const PackedCodes& codes, TextList texts, DataType type, const std::shared_ptr<TextDomain>& domain)
{
    const std::size_t bytes = texts.bytes();
    const std::size_t distinct = texts.texts.size();
    TOCSIN_TRY_ASSIGN(Vector dictionary, dictionaryVector(std::move(texts), type));
    const bool inDomain = domain && type == DataType::String && distinct > 1 && bytes / distinct <= kLongestInDomain;
    if (inDomain)
        dictionary = dictionary.withNumbers(domain->numbersOf(dictionary));
    return std::make_shared<TextReader>(std::move(chunk), std::move(dictionary), codes, bytes, inDomain ? domain : nullptr);
}

Result<std::shared_ptr<const ColumnReader>> openTextColumn(Bytes chunk, const ChunkView& view, DataType type, const std::function<Result<Bytes>(unsigned block)>& loadBlock,
    const std::shared_ptr<TextDomain>& domain)
{
    ByteReader in(view.payload);
    const std::size_t distinct = in.get<std::uint32_t>();
    PackedCodes codes;
    if (distinct == 0 || !readCodes(in, view.header.rows, distinct, codes))
        return fail(kBadChunk, "its codes are not valid");
    TOCSIN_TRY_ASSIGN(TextList texts, readTextList(in, distinct, loadBlock));
    return makeTextReader(std::move(chunk), codes, std::move(texts), type, domain);
}

} // namespace tocsin::store
