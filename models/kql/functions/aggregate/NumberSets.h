// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

namespace tocsin::kql::aggregates {

/// A set of a domain's numbers for each group (see DictionaryNumbers): a list while it is short, a bit for each number of the domain beyond.
/// Once there are many rows for the groups and the domain, a bit for each number in every group.
class NumberSets {
public:
    void resize(std::size_t groups);
    /// Whether the dictionary is of the sets' domain, that of the first one taken; add() is then about it.
    bool takes(const std::shared_ptr<const Vector>& dictionary);
    void add(std::span<const std::uint32_t> codes, std::span<const std::uint32_t> groups);
    /// Adds another one's set, which is given up; false if it is of another domain.
    bool merge(std::size_t to, NumberSets& other, std::size_t from);
    std::size_t count(std::size_t group);
    /// Gives the texts of a set to `visit` and empties it.
    template <typename Visit> void take(std::size_t group, const Visit& visit)
    {
        for (const std::uint32_t number : numbersOf(group))
            visit(m_source->text(number));
        release(m_sets[group]);
        if (m_stride > 0)
            std::ranges::fill(bitsOf(group), 0);
    }
    std::size_t memoryBytes() const { return m_sets.capacity() * sizeof(Set) + (m_words + m_bits.size()) * sizeof(std::uint32_t); }

private:
    struct Set {
        std::vector<std::uint32_t> words; ///< numbers, the first `used` of them; or bits
        std::uint32_t used = 0;
        bool isBits = false;
    };
    void put(Set& set, std::uint32_t number);
    void makeRoom(Set& set);
    void dropRepeats(Set& set);
    void turnIntoBits(Set& set);
    void release(Set& set);
    void size(Set& set, std::size_t words);
    std::vector<std::uint32_t> numbersOf(std::size_t group);
    std::size_t bitWords() const { return (m_bound + 31) / 32; }
    bool paysInBits() const;
    void turnAllIntoBits();
    void turnAllIntoSets();
    void followBound();
    std::span<std::uint32_t> bitsOf(std::size_t group) { return std::span(m_bits).subspan(group * m_stride, m_stride); }

    std::vector<Set> m_sets;           ///< empty ones while all are in m_bits
    std::vector<std::uint32_t> m_bits; ///< m_stride words a group; empty while there are sets
    std::size_t m_stride = 0;
    std::size_t m_rows = 0;            ///< that have come
    std::shared_ptr<const DictionaryNumbers> m_source; ///< one of the domain
    std::shared_ptr<const Vector> m_dictionary;        ///< taken last
    std::span<const std::uint32_t> m_numbers;          ///< of its values
    std::size_t m_bound = 0;                           ///< above every number so far
    std::vector<std::uint64_t> m_seen;                 ///< a bit each, all clear between uses
    std::size_t m_words = 0;                           ///< held by the sets
};

} // namespace tocsin::kql::aggregates
