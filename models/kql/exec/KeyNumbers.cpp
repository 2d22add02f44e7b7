// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/KeyNumbers.h"

#include <algorithm>
#include <array>
#include <bit>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::kql {
namespace {

constexpr std::size_t kAhead = 32; ///< as many cache misses are under way at once

std::uint64_t hashOf(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

/// Small tables grow fast, large ones save memory.
constexpr std::size_t grownSlots(std::size_t slots) { return slots < (std::size_t{1} << 20) ? slots * 4 : slots * 2; }

/// Deals the entries of `old` out to `slots`, which are free and more. An entry is the place in `keys` plus 1; `homeOf(key)` its slot.
/// A walk in the order of the old slots touches the new ones in order, too; the keys lie anywhere.
template <typename Key, typename HomeOf>
void dealOut(std::span<const std::uint32_t> old, std::span<std::uint32_t> slots, const std::vector<Key>& keys, const HomeOf& homeOf)
{
    const std::size_t mask = slots.size() - 1;
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (i + kAhead < old.size() && old[i + kAhead] != 0)
            __builtin_prefetch(&keys[old[i + kAhead] - 1]);
        if (old[i] == 0)
            continue;
        std::size_t slot = homeOf(keys[old[i] - 1]);
        while (slots[slot])
            slot = (slot + 1) & mask;
        slots[slot] = old[i];
    }
}

} // namespace

std::uint32_t WordNumbers::append(std::uint64_t word)
{
    m_words.push_back(word);
    return static_cast<std::uint32_t>(m_words.size() - 1);
}

std::uint32_t WordNumbers::addUnlisted()
{
    m_unlisted = append(0);
    return m_unlisted;
}

/// Has the word found by index where that costs little more memory than hashing.
bool WordNumbers::makeIndexed(std::uint64_t word)
{
    if (word >= kSmall)
        return false;
    const std::size_t room = std::bit_ceil(word + 1);
    if (room > std::max<std::size_t>(256, 8 * m_words.size()))
        return false;
    m_small.resize(room);
    for (std::uint32_t number = 0; number < m_words.size(); ++number) // those that were hashed so far
        if (m_words[number] < room && number != m_unlisted)
            m_small[m_words[number]] = number + 1;
    return true;
}

std::uint32_t WordNumbers::addUnknown(std::uint64_t word)
{
    if (word < m_small.size()) {
        if (m_small[word] == 0)
            m_small[word] = append(word) + 1;
        return m_small[word] - 1;
    }
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = home(word);
    for (; m_slots[slot] != 0; slot = (slot + 1) & mask)
        if (m_words[m_slots[slot] - 1] == word)
            return m_slots[slot] - 1;
    if (makeIndexed(word)) {
        const std::uint32_t number = append(word);
        m_small[word] = number + 1;
        return number;
    }
    const std::uint32_t number = append(word);
    m_slots[slot] = number + 1;
    if (++m_listed * 2 > m_slots.size())
        grow();
    return number;
}

std::uint32_t WordNumbers::find(std::uint64_t word) const
{
    if (word < m_small.size())
        return m_small[word] ? m_small[word] - 1 : kUnknownKey;
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = home(word); m_slots[slot]; slot = (slot + 1) & mask)
        if (m_words[m_slots[slot] - 1] == word)
            return m_slots[slot] - 1;
    return kUnknownKey;
}

std::vector<std::uint64_t> WordNumbers::takeWords()
{
    std::vector<std::uint64_t> words = std::move(m_words);
    *this = WordNumbers();
    return words;
}

void WordNumbers::grow()
{
    const std::size_t slots = grownSlots(m_slots.size());
    m_shift = 64 - static_cast<unsigned>(std::countr_zero(slots));
    const std::vector<std::uint32_t> old = std::exchange(m_slots, {});
    m_slots.assign(slots, 0);
    dealOut(old, m_slots, m_words, [this](std::uint64_t word) { return home(word); });
}

std::size_t TextNumbers::slotOf(std::string_view bytes, std::uint64_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    while (m_slots[slot] && !(m_hashes[m_slots[slot] - 1] == hash && m_values[m_slots[slot] - 1] == bytes))
        slot = (slot + 1) & mask;
    return slot;
}

std::uint32_t TextNumbers::find(std::string_view bytes) const
{
    const std::uint32_t entry = m_slots[slotOf(bytes, hashOf(bytes))];
    return entry == 0 ? kUnknownKey : entry - 1;
}

std::uint32_t TextNumbers::add(std::string_view bytes) { return add(bytes, hashOf(bytes)); }

void TextNumbers::add(std::span<const std::string_view> texts, std::span<std::uint32_t> numbers)
{
    std::array<std::uint64_t, kAhead> hashes;
    for (std::size_t start = 0; start < texts.size(); start += kAhead) {
        const std::size_t count = std::min(kAhead, texts.size() - start);
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t i = 0; i < count; ++i) {
            hashes[i] = hashOf(texts[start + i]);
            __builtin_prefetch(&m_slots[hashes[i] & mask]);
        }
        for (std::size_t i = 0; i < count; ++i)
            if (const std::uint32_t entry = m_slots[hashes[i] & mask]) {
                __builtin_prefetch(&m_hashes[entry - 1]);
                __builtin_prefetch(&m_values[entry - 1]);
            }
        for (std::size_t i = 0; i < count; ++i)
            numbers[start + i] = add(texts[start + i], hashes[i]);
    }
}

std::uint32_t TextNumbers::add(std::string_view bytes, std::uint64_t hash)
{
    const std::size_t slot = slotOf(bytes, hash);
    if (m_slots[slot])
        return m_slots[slot] - 1;
    m_values.push_back(m_heap->add(bytes));
    m_hashes.push_back(hash);
    m_slots[slot] = static_cast<std::uint32_t>(m_values.size());
    if (++m_listed * 2 > m_slots.size())
        grow();
    return static_cast<std::uint32_t>(m_values.size() - 1);
}

std::uint32_t TextNumbers::addUnlisted()
{
    m_values.emplace_back();
    m_hashes.push_back(0);
    return static_cast<std::uint32_t>(m_values.size() - 1);
}

void TextNumbers::grow()
{
    const std::vector<std::uint32_t> old = std::exchange(m_slots, {});
    m_slots.assign(grownSlots(old.size()), 0);
    dealOut(old, m_slots, m_hashes, [mask = m_slots.size() - 1](std::uint64_t hash) { return hash & mask; });
}

/// Makes room in the grid; false while the pairs are too few for so many cells, or these too many.
bool PairNumbers::reserve(std::size_t leftCount, std::size_t rightCount, std::size_t rows)
{
    if (!m_hashes && leftCount <= m_leftRoom && rightCount <= m_rightRoom)
        return true;
    const std::size_t leftRoom = std::bit_ceil(std::max(leftCount, m_leftRoom));
    const std::size_t rightRoom = std::bit_ceil(std::max(rightCount, m_rightRoom));
    const std::size_t most = std::min(kMostCells, 1'024 + 16 * (size() + rows)); // few pairs do not pay for many cells
    const bool fits = leftRoom <= most && rightRoom <= most && leftRoom * rightRoom <= most;
    if (!fits) {
        if (!m_hashes)
            for (const std::uint64_t pair : m_pairs)
                m_words.add(pair);
        m_hashes = true;
        m_pairs = {};
        m_grid = {};
        return false;
    }
    if (m_hashes)
        m_pairs = m_words.takeWords();
    m_hashes = false;
    m_leftRoom = leftRoom;
    m_rightRoom = rightRoom;
    m_grid.assign(leftRoom * rightRoom, 0);
    for (std::uint32_t number = 0; number < m_pairs.size(); ++number)
        m_grid[(m_pairs[number] >> 32) * rightRoom + static_cast<std::uint32_t>(m_pairs[number])] = number + 1;
    return true;
}

void PairNumbers::add(std::span<std::uint32_t> left, std::size_t leftCount, std::span<const std::uint32_t> right, std::size_t rightCount)
{
    if (reserve(leftCount, rightCount, left.size()))
        addByGrid(left, right);
    else
        addByHash(left, right);
}

std::uint32_t PairNumbers::add(std::uint32_t left, std::uint32_t right)
{
    std::uint32_t number = left;
    add({&number, 1}, std::size_t{left} + 1, {&right, 1}, std::size_t{right} + 1);
    return number;
}

void PairNumbers::addByGrid(std::span<std::uint32_t> left, std::span<const std::uint32_t> right)
{
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::uint32_t& cell = m_grid[left[i] * m_rightRoom + right[i]];
        if (cell == 0) {
            m_pairs.push_back(wordOf(left[i], right[i]));
            cell = static_cast<std::uint32_t>(m_pairs.size());
        }
        left[i] = cell - 1;
    }
}

void PairNumbers::addByHash(std::span<std::uint32_t> left, std::span<const std::uint32_t> right)
{
    const std::size_t rows = left.size();
    for (std::size_t start = 0; start < rows; start += kAhead) {
        const std::size_t end = std::min(rows, start + kAhead);
        if (m_words.isLarge()) {
            for (std::size_t i = start; i < end; ++i)
                m_words.prefetchSlot(wordOf(left[i], right[i]));
            for (std::size_t i = start; i < end; ++i)
                m_words.prefetchWord(wordOf(left[i], right[i]));
        }
        for (std::size_t i = start; i < end; ++i)
            left[i] = m_words.add(wordOf(left[i], right[i]));
    }
}

void PairNumbers::find(std::span<std::uint32_t> left, std::span<const std::uint32_t> right) const
{
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] == kUnknownKey || right[i] == kUnknownKey) {
            left[i] = kUnknownKey;
        } else if (usesGrid()) {
            const bool inside = left[i] < m_leftRoom && right[i] < m_rightRoom;
            const std::uint32_t cell = inside ? m_grid[left[i] * m_rightRoom + right[i]] : 0;
            left[i] = cell == 0 ? kUnknownKey : cell - 1;
        } else {
            left[i] = m_words.find(wordOf(left[i], right[i]));
        }
    }
}

} // namespace tocsin::kql
