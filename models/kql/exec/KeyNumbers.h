// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// Dense numbers for the values of keys, from 0 in the order in which they first appear.
namespace tocsin::kql {

/// A value that was looked up and is not among the keys.
inline constexpr std::uint32_t kUnknownKey = 0xFFFFFFFF;

/// Numbers 64-bit words. Small words that lie close together are found by index, others by hash.
class WordNumbers {
public:
    std::uint32_t add(std::uint64_t word)
    {
        if (word < m_small.size() && m_small[word])
            return m_small[word] - 1;
        const std::uint32_t entry = m_slots[home(word)]; // most words are known and at home
        return entry && m_words[entry - 1] == word ? entry - 1 : addUnknown(word);
    }
    std::uint32_t find(std::uint64_t word) const;
    /// Gives the words up, in the order of their numbers.
    std::vector<std::uint64_t> takeWords();
    /// A number for something that is no word.
    std::uint32_t addUnlisted();
    /// Brings what add() or find() of the word will touch closer; worth it for large tables and many words.
    void prefetchSlot(std::uint64_t word) const { __builtin_prefetch(&m_slots[home(word)]); }
    void prefetchWord(std::uint64_t word) const
    {
        if (const std::uint32_t entry = m_slots[home(word)])
            __builtin_prefetch(&m_words[entry - 1]);
    }
    bool isLarge() const { return m_slots.size() > 32'768; }

    std::size_t size() const { return m_words.size(); }
    std::uint64_t word(std::size_t number) const { return m_words[number]; }
    std::uint64_t hash(std::size_t number) const { return m_words[number] * kMultiplier; }
    std::size_t memoryBytes() const { return m_words.capacity() * sizeof(std::uint64_t) + (m_slots.size() + m_small.size()) * sizeof(std::uint32_t); }

private:
    std::size_t home(std::uint64_t word) const { return (word * kMultiplier) >> m_shift; }
    std::uint32_t addUnknown(std::uint64_t word);
    std::uint32_t append(std::uint64_t word);
    bool makeIndexed(std::uint64_t word);
    void grow();

    static constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;
    static constexpr std::uint64_t kSmall = 65'536;
    std::vector<std::uint64_t> m_words;
    std::vector<std::uint32_t> m_small; ///< number + 1 of the words below its size
    std::vector<std::uint32_t> m_slots = std::vector<std::uint32_t>(64); ///< number + 1, 0 = free; open addressing, at most half full
    std::uint32_t m_unlisted = kUnknownKey;
    std::size_t m_listed = 0;                                          ///< words that have a slot
    unsigned m_shift = 64 - 6;
};

/// Numbers texts by their bytes, which it copies.
class TextNumbers {
public:
    std::uint32_t add(std::string_view bytes);
    /// The number of each text.
    void add(std::span<const std::string_view> texts, std::span<std::uint32_t> numbers);
    std::uint32_t find(std::string_view bytes) const;
    std::uint32_t addUnlisted();
    std::size_t size() const { return m_values.size(); }
    std::string_view value(std::size_t number) const { return m_values[number]; }
    std::uint64_t hash(std::size_t number) const { return m_hashes[number]; }
    std::span<const std::string_view> values() const { return m_values; }
    /// Keeps the values alive.
    std::shared_ptr<const void> owner() const { return m_heap; }
    std::size_t memoryBytes() const { return m_heap->bytes() + m_values.capacity() * (sizeof(std::string_view) + 8) + m_slots.size() * 4; }

private:
    std::size_t slotOf(std::string_view bytes, std::uint64_t hash) const;
    std::uint32_t add(std::string_view bytes, std::uint64_t hash);
    void grow();

    std::shared_ptr<StringHeap> m_heap = std::make_shared<StringHeap>();
    std::vector<std::string_view> m_values;
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_slots = std::vector<std::uint32_t>(64);
    std::size_t m_listed = 0;
};

/// Numbers pairs of numbers: by a grid if many of its cells are taken, by hash otherwise.
class PairNumbers {
public:
    /// left[i] becomes the number of (left[i], right[i]). The counts are above every number on their side.
    void add(std::span<std::uint32_t> left, std::size_t leftCount, std::span<const std::uint32_t> right, std::size_t rightCount);
    std::uint32_t add(std::uint32_t left, std::uint32_t right);
    /// The same without adding: kUnknownKey for a pair that is not here or has an unknown side.
    void find(std::span<std::uint32_t> left, std::span<const std::uint32_t> right) const;

    bool usesGrid() const { return !m_hashes; }
    /// Whether a grid could do once the pairs are many.
    static bool fitsGrid(std::size_t leftCount, std::size_t rightCount)
    {
        const std::size_t left = std::bit_ceil(leftCount), right = std::bit_ceil(rightCount);
        return left <= kMostCells && right <= kMostCells / left;
    }
    std::size_t size() const { return usesGrid() ? m_pairs.size() : m_words.size(); }
    std::uint32_t left(std::size_t number) const { return static_cast<std::uint32_t>(pair(number) >> 32); }
    std::uint32_t right(std::size_t number) const { return static_cast<std::uint32_t>(pair(number)); }
    std::size_t memoryBytes() const { return m_words.memoryBytes() + m_pairs.capacity() * sizeof(std::uint64_t) + m_grid.size() * sizeof(std::uint32_t); }

private:
    static std::uint64_t wordOf(std::uint32_t left, std::uint32_t right) { return std::uint64_t{left} << 32 | right; }
    std::uint64_t pair(std::size_t number) const { return usesGrid() ? m_pairs[number] : m_words.word(number); }
    bool reserve(std::size_t leftCount, std::size_t rightCount, std::size_t rows);
    void addByGrid(std::span<std::uint32_t> left, std::span<const std::uint32_t> right);
    void addByHash(std::span<std::uint32_t> left, std::span<const std::uint32_t> right);

    static constexpr std::size_t kMostCells = 1U << 22;
    std::vector<std::uint64_t> m_pairs; ///< by number, while the grid is used
    std::vector<std::uint32_t> m_grid;  ///< number + 1 of each pair
    std::size_t m_leftRoom = 0;
    std::size_t m_rightRoom = 0;
    bool m_hashes = false;
    WordNumbers m_words;
};

} // namespace tocsin::kql
