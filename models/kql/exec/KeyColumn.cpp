// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/KeyColumn.h"

#include "column/Extension.h"
#include "kql/exec/KeyWords.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace tocsin::kql {
namespace {

constexpr std::uint32_t kUnset = 0xFFFFFFFE; ///< of a code that has not come up yet
constexpr std::size_t kFewInMany = 128; ///< rows for a dictionary so large are not worth numbering it as a whole

template <DataType T>
Physical<T> fromWord(std::uint64_t word)
{
    if constexpr (T == DataType::Real)
        return std::bit_cast<double>(word);
    else
        return static_cast<Physical<T>>(word);
}

template <DataType T>
auto textOf(const Physical<T>& value)
{
    if constexpr (T == DataType::String || T == DataType::Dynamic)
        return std::string_view(value);
    else
        return keyBytes<T>(value);
}

/// The row's value as what it is numbered by: a word, or text.
template <typename Word, typename Text>
std::uint32_t numberOf(const Vector& column, std::size_t row, const Word& byWord, const Text& byText)
{
    return visitType(column.type(), [&]<DataType T>() -> std::uint32_t {
        const VectorReader<Physical<T>> reader(column);
        if constexpr (isWideKey(T))
            return byText(textOf<T>(reader[row]));
        else
            return byWord(wordOf<T>(reader[row]));
    });
}

/// Fixed-width values row by row: neighbours are often equal.
template <DataType T, typename Null, typename Word>
void numberWords(const Vector& column, std::span<std::uint32_t> numbers, const Null& ofNull, const Word& byWord)
{
    const auto values = column.values<Physical<T>>();
    const NullMask* nulls = column.nullMask();
    std::uint64_t last = 0;
    std::uint32_t lastNumber = kUnset;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (nulls && nulls->isNull(i)) {
            numbers[i] = ofNull();
            continue;
        }
        const std::uint64_t word = wordOf<T>(values[i]);
        if (word != last || lastNumber == kUnset) {
            last = word;
            lastNumber = byWord(word);
        }
        numbers[i] = lastNumber;
    }
}

/// A flat vector, row by row.
template <typename Null, typename Word, typename Text>
void numberRows(const Vector& column, std::span<std::uint32_t> numbers, const Null& ofNull, const Word& byWord, const Text& byText)
{
    visitType(column.type(), [&]<DataType T>() {
        if constexpr (isWideKey(T)) {
            const auto values = column.values<Physical<T>>();
            const NullMask* nulls = column.nullMask();
            for (std::size_t i = 0; i < values.size(); ++i)
                numbers[i] = nulls && nulls->isNull(i) ? ofNull() : byText(textOf<T>(values[i]));
        } else {
            numberWords<T>(column, numbers, ofNull, byWord);
        }
    });
}

/// Makes the memo one of the vector's dictionary.
void remember(KeyMemo& memo, const Vector& column)
{
    if (memo.dictionary == column.sharedDictionary())
        return;
    if (!memo.dictionary || !extends(column.dictionaryValues(), *memo.dictionary))
        memo.numbers.clear();
    memo.dictionary = column.sharedDictionary();
    memo.numbers.resize(memo.dictionary->size(), kUnset);
}

} // namespace

std::uint32_t KeyColumn::addNull()
{
    if (m_null == kUnknownKey)
        m_null = isWideKey(m_type) ? m_texts.addUnlisted() : m_words.addUnlisted();
    return m_null;
}

std::uint32_t KeyColumn::addValue(const Vector& column, std::size_t row)
{
    if (column.isNull(row))
        return addNull();
    return numberOf(column, row, [this](std::uint64_t word) { return m_words.add(word); }, [this](std::string_view text) { return m_texts.add(text); });
}

std::uint32_t KeyColumn::findValue(const Vector& column, std::size_t row, NullKeys nulls) const
{
    if (column.isNull(row))
        return nulls == NullKeys::AreValues ? m_null : kUnknownKey;
    return numberOf(column, row, [this](std::uint64_t word) { return m_words.find(word); }, [this](std::string_view text) { return m_texts.find(text); });
}

/// Empty if the dictionary is of no domain, or of another one than those before.
std::span<const std::uint32_t> KeyColumn::domainNumbers(const Vector& dictionary)
{
    const auto& numbers = dictionary.numbers();
    if (!numbers || numbers->numbers().empty())
        return {};
    if (!m_domain)
        m_domain = numbers->domain();
    return m_domain == numbers->domain() ? numbers->numbers() : std::span<const std::uint32_t>();
}

std::uint32_t KeyColumn::addThroughDomain(const Vector& dictionary, std::span<const std::uint32_t> domainNumbers, std::uint32_t code)
{
    const std::uint32_t inDomain = domainNumbers[code];
    if (inDomain >= m_byDomain.size())
        m_byDomain.resize(std::bit_ceil(std::size_t{inDomain} + 1), kUnset);
    std::uint32_t& number = m_byDomain[inDomain];
    if (number == kUnset)
        number = addValue(dictionary, code);
    return number;
}

void KeyColumn::addByCode(const Vector& column, KeyMemo& memo, std::span<std::uint32_t> numbers)
{
    remember(memo, column);
    const auto codes = column.codes();
    std::uint32_t largest = 0; // kUnset is larger than any number
    for (std::size_t i = 0; i < codes.size(); ++i) {
        numbers[i] = memo.numbers[codes[i]];
        largest = std::max(largest, numbers[i]);
    }
    if (largest != kUnset)
        return;
    const Vector& dictionary = *memo.dictionary;
    const bool few = codes.size() * kFewInMany < dictionary.size();
    const std::span<const std::uint32_t> domain = few ? std::span<const std::uint32_t>() : domainNumbers(dictionary);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (numbers[i] != kUnset)
            continue;
        std::uint32_t& number = memo.numbers[codes[i]];
        if (number == kUnset)
            number = domain.empty() || dictionary.isNull(codes[i]) ? addValue(dictionary, codes[i]) : addThroughDomain(dictionary, domain, codes[i]);
        numbers[i] = number;
    }
}

void KeyColumn::add(const Vector& column, KeyMemo& memo, std::span<std::uint32_t> numbers)
{
    switch (column.kind()) {
    case VectorKind::Constant:
        if (!numbers.empty())
            std::fill(numbers.begin(), numbers.end(), addValue(column, 0));
        break;
    case VectorKind::Dictionary: addByCode(column, memo, numbers); break;
    case VectorKind::Flat:
        if (m_type == DataType::String && !column.nullMask())
            return m_texts.add(column.values<std::string_view>(), numbers);
        numberRows(column, numbers, [this] { return addNull(); }, [this](std::uint64_t word) { return m_words.add(word); },
            [this](std::string_view text) { return m_texts.add(text); });
        break;
    }
}

void KeyColumn::find(const Vector& column, KeyMemo& memo, NullKeys nulls, std::span<std::uint32_t> numbers) const
{
    switch (column.kind()) {
    case VectorKind::Constant:
        if (!numbers.empty())
            std::fill(numbers.begin(), numbers.end(), findValue(column, 0, nulls));
        break;
    case VectorKind::Dictionary: {
        remember(memo, column);
        const auto codes = column.codes();
        for (std::size_t i = 0; i < codes.size(); ++i) {
            std::uint32_t& number = memo.numbers[codes[i]];
            if (number == kUnset)
                number = findValue(*memo.dictionary, codes[i], nulls);
            numbers[i] = number;
        }
        break;
    }
    case VectorKind::Flat:
        numberRows(column, numbers, [&] { return nulls == NullKeys::AreValues ? m_null : kUnknownKey; },
            [this](std::uint64_t word) { return m_words.find(word); }, [this](std::string_view text) { return m_texts.find(text); });
        break;
    }
}

Result<std::vector<std::uint32_t>> KeyColumn::addAll(const KeyColumn& other, const StopCheck& check)
{
    std::vector<std::uint32_t> result(other.size());
    for (std::size_t start = 0; start < result.size(); start += kAddedAtOnce) {
        TOCSIN_TRY(check());
        const std::size_t count = std::min(kAddedAtOnce, result.size() - start);
        if (isWideKey(m_type) && other.m_null == kUnknownKey) {
            m_texts.add(other.m_texts.values().subspan(start, count), std::span(result).subspan(start, count));
            continue;
        }
        for (auto i = static_cast<std::uint32_t>(start); i < start + count; ++i)
            result[i] = i == other.m_null ? addNull() : isWideKey(m_type) ? m_texts.add(other.m_texts.value(i)) : m_words.add(other.m_words.word(i));
    }
    return result;
}

Vector KeyColumn::decode(std::span<const std::uint32_t> numbers) const
{
    return visitType(m_type, [&]<DataType T>() {
        TypedBuilder<T> builder(numbers.size());
        for (const std::uint32_t number : numbers) {
            if (number == m_null) {
                builder.appendNull();
            } else if constexpr (T == DataType::String || T == DataType::Dynamic) {
                builder.appendUncopied(m_texts.value(number));
            } else if constexpr (T == DataType::Guid) {
                Guid guid;
                std::memcpy(guid.bytes.data(), m_texts.value(number).data(), guid.bytes.size());
                builder.append(guid);
            } else if constexpr (T == DataType::Decimal) {
                builder.append(Decimal::parse(m_texts.value(number)).value_or(Decimal()));
            } else {
                builder.append(fromWord<T>(m_words.word(number)));
            }
        }
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            builder.keep(m_texts.owner());
        return builder.finish();
    });
}

Vector KeyColumn::values() const
{
    std::vector<std::uint32_t> numbers(size());
    std::iota(numbers.begin(), numbers.end(), 0U);
    return decode(numbers);
}

} // namespace tocsin::kql
