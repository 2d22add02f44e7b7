// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/MergeSort.h"
#include "kql/exec/Operator.h"
#include "kql/exec/StopCheck.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace tocsin::kql {
namespace detail {

/// Sorts by the keys in the upper halves, which have so many bits, digit by digit.
inline Result<void> sortByUpperHalf(std::vector<std::uint64_t>& words, int width, const StopCheck& check)
{
    constexpr int kDigit = 12;
    std::vector<std::uint64_t> sorted(words.size());
    for (int shift = 32; shift < 32 + width; shift += kDigit) {
        TOCSIN_TRY(check());
        std::array<std::uint32_t, (1U << kDigit) + 1> starts{};
        const auto digit = [shift](std::uint64_t word) { return word >> shift & ((1U << kDigit) - 1); };
        for (const std::uint64_t word : words)
            ++starts[digit(word) + 1];
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        for (const std::uint64_t word : words)
            sorted[starts[digit(word)]++] = word;
        words.swap(sorted);
    }
    return {};
}

} // namespace detail

/// `count` values in the order of the places that belong to them, which all differ. A place is an ordinal and a row (see kOrdinalShift);
/// `forEach(visit)` calls visit(place, value) for each, and may be called more than once. No value is 0xFFFFFFFF. Fails as
/// `check` does.
template <typename ForEach>
Result<std::vector<std::uint32_t>> sortedByPlace(std::size_t count, const ForEach& forEach, const StopCheck& check)
{
    // What ordinal and row need of their bits makes short keys.
    constexpr std::uint64_t kRow = (std::uint64_t{1} << kOrdinalShift) - 1;
    std::uint64_t rowBits = 0, ordinalBits = 0;
    forEach([&](std::uint64_t place, std::uint32_t) {
        rowBits |= place & kRow;
        ordinalBits |= place >> kOrdinalShift;
    });
    const int rowWidth = std::bit_width(rowBits);
    const int width = rowWidth + std::bit_width(ordinalBits);
    const auto keyOf = [rowWidth](std::uint64_t place) { return (place >> kOrdinalShift) << rowWidth | (place & kRow); };
    constexpr std::size_t kMostPerValue = 8;
    if (width < 32 && std::size_t{1} << width <= kMostPerValue * count) {
        // The keys are dense: each value is put where its key says, and the gaps are closed.
        constexpr std::uint32_t kGap = 0xFFFFFFFF;
        std::vector<std::uint32_t> sorted(std::size_t{1} << width, kGap);
        TOCSIN_TRY(check());
        forEach([&](std::uint64_t place, std::uint32_t value) { sorted[keyOf(place)] = value; });
        TOCSIN_TRY(check());
        std::erase(sorted, kGap);
        if (sorted.size() == count)
            return std::vector(sorted.begin(), sorted.end()); // without the room
    }
    if (width <= 32) {
        std::vector<std::uint64_t> words; // key and value
        words.reserve(count);
        forEach([&](std::uint64_t place, std::uint32_t value) { words.push_back(keyOf(place) << 32 | value); });
        TOCSIN_TRY(detail::sortByUpperHalf(words, width, check));
        std::vector<std::uint32_t> values(count);
        std::transform(words.begin(), words.end(), values.begin(), [](std::uint64_t word) { return static_cast<std::uint32_t>(word); });
        return values;
    }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> pairs;
    pairs.reserve(count);
    forEach([&](std::uint64_t place, std::uint32_t value) { pairs.emplace_back(place, value); });
    TOCSIN_TRY(mergeSort(pairs, std::less<>(), check));
    std::vector<std::uint32_t> values(count);
    std::transform(pairs.begin(), pairs.end(), values.begin(), [](const auto& pair) { return pair.second; });
    return values;
}

} // namespace tocsin::kql
