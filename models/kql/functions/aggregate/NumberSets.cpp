// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/NumberSets.h"

#include "column/Extension.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace tocsin::kql::aggregates {
namespace {

constexpr std::size_t kFirstWords = 8;
constexpr std::size_t kMostBitWords = std::size_t{12} << 20; ///< of all groups together
constexpr std::size_t kWordsPerRow = 8;                     ///< that bits of all groups may take

template <typename Visit>
void forEachBit(std::span<const std::uint32_t> words, const Visit& visit)
{
    for (std::uint32_t i = 0; i < words.size(); ++i)
        for (std::uint32_t word = words[i]; word; word &= word - 1)
            visit(i * 32 + static_cast<std::uint32_t>(std::countr_zero(word)));
}

} // namespace

bool NumberSets::takes(const std::shared_ptr<const Vector>& dictionary)
{
    if (dictionary == m_dictionary)
        return true;
    const auto& source = dictionary->numbers();
    if (!source || (m_source && m_source->domain() != source->domain()))
        return false;
    const std::span<const std::uint32_t> numbers = source->numbers();
    if (numbers.empty())
        return false;
    const std::size_t known = m_dictionary && extends(*dictionary, *m_dictionary) ? m_dictionary->size() : 0;
    m_source = source;
    m_dictionary = dictionary;
    m_numbers = numbers;
    for (const std::uint32_t number : numbers.subspan(known))
        m_bound = std::max(m_bound, number + std::size_t{1});
    return true;
}

void NumberSets::resize(std::size_t groups)
{
    m_sets.resize(groups);
    if (m_stride == 0)
        return;
    if (groups * m_stride > kMostBitWords)
        turnAllIntoSets();
    else
        m_bits.resize(groups * m_stride);
}

bool NumberSets::paysInBits() const
{
    const std::size_t words = m_sets.size() * bitWords();
    return words <= kMostBitWords && words <= m_rows * kWordsPerRow;
}

void NumberSets::turnAllIntoBits()
{
    m_stride = bitWords();
    m_bits.assign(m_sets.size() * m_stride, 0);
    for (std::size_t group = 0; group < m_sets.size(); ++group) {
        Set& set = m_sets[group];
        const std::span<std::uint32_t> bits = bitsOf(group);
        if (set.isBits)
            std::ranges::copy(set.words, bits.begin());
        for (std::uint32_t i = 0; i < set.used; ++i)
            bits[set.words[i] / 32] |= std::uint32_t{1} << (set.words[i] % 32);
        release(set);
    }
}

void NumberSets::turnAllIntoSets()
{
    const std::vector<std::uint32_t> bits = std::exchange(m_bits, {});
    const std::size_t stride = std::exchange(m_stride, 0);
    m_rows = 0; // they have to earn it again
    for (std::size_t group = 0; group < m_sets.size() && group * stride < bits.size(); ++group)
        forEachBit(std::span(bits).subspan(group * stride, stride), [&](std::uint32_t number) { put(m_sets[group], number); });
}

/// Widens the bits of the groups once the domain has become larger, by more than it has, as it may go on.
void NumberSets::followBound()
{
    if (m_stride == 0 || m_stride >= bitWords())
        return;
    const std::size_t wider = bitWords() + bitWords() / 4;
    if (m_sets.size() * wider > kMostBitWords)
        return turnAllIntoSets();
    std::vector<std::uint32_t> bits(m_sets.size() * wider);
    for (std::size_t group = 0; group < m_sets.size(); ++group)
        std::ranges::copy(bitsOf(group), bits.begin() + static_cast<std::ptrdiff_t>(group * wider));
    m_bits = std::move(bits);
    m_stride = wider;
}

void NumberSets::add(std::span<const std::uint32_t> codes, std::span<const std::uint32_t> groups)
{
    m_rows += groups.size();
    followBound();
    if (m_stride == 0 && paysInBits())
        turnAllIntoBits();
    if (m_stride > 0) {
        for (std::size_t row = 0; row < groups.size(); ++row) {
            const std::uint32_t number = m_numbers[codes[row]];
            m_bits[groups[row] * m_stride + number / 32] |= std::uint32_t{1} << (number % 32);
        }
        return;
    }
    constexpr std::size_t kAhead = 16; // the sets of many groups lie far apart
    const std::size_t rows = groups.size();
    for (std::size_t row = 0; row < rows; ++row) {
        if (row + 2 * kAhead < rows)
            __builtin_prefetch(&m_sets[groups[row + 2 * kAhead]]);
        if (row + kAhead < rows) {
            const Set& next = m_sets[groups[row + kAhead]];
            __builtin_prefetch(next.words.data() + (next.isBits ? m_numbers[codes[row + kAhead]] / 32 : next.used), 1);
        }
        put(m_sets[groups[row]], m_numbers[codes[row]]);
    }
}

void NumberSets::put(Set& set, std::uint32_t number)
{
    if (set.isBits) {
        if (number / 32 >= set.words.size())
            size(set, bitWords());
        set.words[number / 32] |= std::uint32_t{1} << (number % 32);
        return;
    }
    if (set.used == set.words.size()) {
        makeRoom(set);
        if (set.isBits)
            return put(set, number);
    }
    set.words[set.used++] = number;
}

void NumberSets::makeRoom(Set& set)
{
    dropRepeats(set);
    if (set.used * 2 <= set.words.size() && !set.words.empty())
        return;
    const std::size_t words = std::max(kFirstWords, set.words.size() * 2);
    if (words > kFirstWords && words >= bitWords())
        return turnIntoBits(set);
    size(set, words);
}

void NumberSets::dropRepeats(Set& set)
{
    if (set.isBits)
        return;
    m_seen.resize(std::max(m_seen.size(), std::bit_ceil(m_bound / 64 + 1)));
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < set.used; ++i) {
        const std::uint32_t number = set.words[i];
        std::uint64_t& word = m_seen[number / 64];
        const std::uint64_t bit = std::uint64_t{1} << (number % 64);
        set.words[kept] = number;
        kept += !(word & bit);
        word |= bit;
    }
    set.used = kept;
    for (std::uint32_t i = 0; i < kept; ++i)
        m_seen[set.words[i] / 64] = 0;
}

void NumberSets::turnIntoBits(Set& set)
{
    Set bits;
    bits.isBits = true;
    size(bits, bitWords());
    for (std::uint32_t i = 0; i < set.used; ++i)
        bits.words[set.words[i] / 32] |= std::uint32_t{1} << (set.words[i] % 32);
    release(set);
    set = std::move(bits);
}

void NumberSets::size(Set& set, std::size_t words)
{
    m_words += words - set.words.size();
    set.words.resize(words);
}

void NumberSets::release(Set& set)
{
    m_words -= set.words.size();
    set = {};
}

bool NumberSets::merge(std::size_t to, NumberSets& other, std::size_t from)
{
    if (!other.m_source)
        return true;
    if (!m_source)
        m_source = other.m_source;
    if (m_source->domain() != other.m_source->domain())
        return false;
    if (other.m_stride > 0 && m_stride >= other.m_stride) {
        m_bound = std::max(m_bound, other.m_bound);
        const std::span<std::uint32_t> bits = bitsOf(to), added = other.bitsOf(from);
        for (std::size_t i = 0; i < added.size(); ++i)
            bits[i] |= std::exchange(added[i], 0);
        return true;
    }
    Set& source = other.m_sets[from];
    if (other.m_stride > 0) { // as a set of bits
        const std::span<std::uint32_t> bits = other.bitsOf(from).first(std::min(other.m_stride, other.bitWords()));
        if (std::ranges::all_of(bits, [](std::uint32_t word) { return word == 0; }))
            return true;
        source.isBits = true;
        other.size(source, bits.size());
        std::ranges::copy(bits, source.words.begin());
        std::ranges::fill(bits, 0);
    }
    if (source.words.empty())
        return true;
    m_bound = std::max(m_bound, other.m_bound);
    followBound();
    if (m_stride > 0) {
        const std::span<std::uint32_t> bits = bitsOf(to);
        for (std::size_t i = 0; i < (source.isBits ? source.words.size() : 0); ++i)
            bits[i] |= source.words[i];
        for (std::uint32_t i = 0; i < source.used; ++i)
            bits[source.words[i] / 32] |= std::uint32_t{1} << (source.words[i] % 32);
        other.release(source);
        return true;
    }
    Set& target = m_sets[to];
    if (target.words.empty()) {
        m_words += source.words.size();
        other.m_words -= source.words.size();
        target = std::exchange(source, {});
        return true;
    }
    if (source.isBits) {
        if (!target.isBits)
            turnIntoBits(target);
        size(target, std::max(target.words.size(), source.words.size()));
        for (std::size_t i = 0; i < source.words.size(); ++i)
            target.words[i] |= source.words[i];
    } else {
        for (std::uint32_t i = 0; i < source.used; ++i)
            put(target, source.words[i]);
    }
    other.release(source);
    return true;
}

std::size_t NumberSets::count(std::size_t group)
{
    const auto bitCount = [](std::span<const std::uint32_t> words) {
        std::size_t count = 0;
        for (const std::uint32_t word : words)
            count += static_cast<std::size_t>(std::popcount(word));
        return count;
    };
    if (m_stride > 0)
        return bitCount(bitsOf(group));
    Set& set = m_sets[group];
    dropRepeats(set);
    return set.isBits ? bitCount(set.words) : set.used;
}

std::vector<std::uint32_t> NumberSets::numbersOf(std::size_t group)
{
    Set& set = m_sets[group];
    dropRepeats(set);
    if (m_stride == 0 && !set.isBits)
        return {set.words.begin(), set.words.begin() + set.used};
    std::vector<std::uint32_t> numbers;
    forEachBit(m_stride > 0 ? std::span<const std::uint32_t>(bitsOf(group)) : std::span<const std::uint32_t>(set.words), [&](std::uint32_t number) { numbers.push_back(number); });
    return numbers;
}

} // namespace tocsin::kql::aggregates
