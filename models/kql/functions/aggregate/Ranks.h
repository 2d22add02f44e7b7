// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

/// Finds values by their rank without sorting all of them.
namespace tocsin::kql::aggregates {

/// Values in blocks, which grow without being moved and are passed on as they are.
template <typename V>
class ValueList {
public:
    void add(const V& value)
    {
        if (m_blocks.empty() || m_blocks.back().size() == m_blocks.back().capacity())
            addBlock();
        m_blocks.back().push_back(value);
        ++m_size;
    }
    /// Takes over all values of the other list.
    void take(ValueList& other)
    {
        m_size += std::exchange(other.m_size, 0);
        if (m_blocks.size() < other.m_blocks.size())
            m_blocks.swap(other.m_blocks); // the order of the values does not matter
        for (std::vector<V>& block : other.m_blocks)
            m_blocks.push_back(std::move(block));
        other.m_blocks = {};
    }
    std::size_t size() const { return m_size; }
    template <typename Visit> void forEach(const Visit& visit) const
    {
        for (const std::vector<V>& block : m_blocks)
            for (const V& value : block)
                visit(value);
    }
    std::vector<V> joined() const
    {
        std::vector<V> values;
        values.reserve(m_size);
        for (const std::vector<V>& block : m_blocks)
            values.insert(values.end(), block.begin(), block.end());
        return values;
    }
    std::size_t memoryBytes() const
    {
        std::size_t bytes = m_blocks.capacity() * sizeof(std::vector<V>);
        for (const std::vector<V>& block : m_blocks)
            bytes += block.capacity() * sizeof(V);
        return bytes;
    }

private:
    void addBlock()
    {
        constexpr std::size_t kFirst = 8, kLargest = 65'536;
        m_blocks.emplace_back().reserve(std::clamp<std::size_t>(m_size, kFirst, kLargest));
    }
    std::vector<std::vector<V>> m_blocks; ///< all but the last are full, unless lists were joined
    std::size_t m_size = 0;
};

/// An unsigned number in the order of the values.
inline std::uint64_t orderKey(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ std::uint64_t{1} << 63; }
inline std::uint64_t orderKey(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return bits >> 63 ? ~bits : bits | std::uint64_t{1} << 63;
}

/// Sorts the places of few ranks out of the values, each parting the rest for the next; ranks count from `first`.
template <typename V>
void putRanksInPlace(std::vector<V>& values, std::size_t first, const std::vector<std::size_t>& ascending)
{
    auto rest = values.begin();
    for (const std::size_t rank : ascending) {
        const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank - first);
        if (place < rest)
            continue;
        std::nth_element(rest, place, values.end());
        rest = place + 1;
    }
}

/// Splits the values by their distance from the smallest into classes that grow with it, and looks only into those with a wanted rank.
template <typename V>
std::vector<V> valuesAtRanksByClass(const ValueList<V>& values, const std::vector<std::size_t>& ranks)
{
    constexpr int kBits = 6; // of precision inside a power of two
    constexpr std::size_t kClasses = (64 - kBits + 1) << kBits;
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    values.forEach([&](const V& value) { least = std::min(least, orderKey(value)); });
    const auto classOf = [least](const V& value) -> std::size_t {
        const std::uint64_t distance = orderKey(value) - least;
        if (distance < (1U << kBits))
            return distance;
        const int magnitude = 63 - std::countl_zero(distance);
        return static_cast<std::size_t>(magnitude - kBits + 1) << kBits | (distance >> (magnitude - kBits) & ((1U << kBits) - 1));
    };
    std::vector<std::size_t> starts(kClasses + 1); // ranks at which the classes begin
    values.forEach([&](const V& value) { ++starts[classOf(value) + 1]; });
    for (std::size_t c = 0; c < kClasses; ++c)
        starts[c + 1] += starts[c];
    std::vector<std::vector<V>> wanted(kClasses);
    std::vector<std::uint8_t> isWanted(kClasses);
    std::vector<std::size_t> classes;
    for (const std::size_t rank : ranks) {
        classes.push_back(static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), rank) - starts.begin()) - 1);
        isWanted[classes.back()] = 1;
    }
    values.forEach([&](const V& value) {
        if (const std::size_t c = classOf(value); isWanted[c])
            wanted[c].push_back(value);
    });
    std::vector<V> found;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        std::vector<V>& members = wanted[classes[i]];
        const auto place = members.begin() + static_cast<std::ptrdiff_t>(ranks[i] - starts[classes[i]]);
        std::nth_element(members.begin(), place, members.end());
        found.push_back(*place);
    }
    return found;
}

/// The values that sorting would put at these places.
template <typename V>
std::vector<V> valuesAtRanks(const ValueList<V>& values, const std::vector<std::size_t>& ranks)
{
    constexpr std::size_t kMany = 100'000;
    if constexpr (std::is_same_v<V, std::int64_t> || std::is_same_v<V, double>)
        if (values.size() >= kMany)
            return valuesAtRanksByClass(values, ranks);
    std::vector<V> all = values.joined();
    std::vector<std::size_t> ascending = ranks;
    std::sort(ascending.begin(), ascending.end());
    putRanksInPlace(all, 0, ascending);
    std::vector<V> found;
    for (const std::size_t rank : ranks)
        found.push_back(all[rank]);
    return found;
}

} // namespace tocsin::kql::aggregates
