// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <algorithm>
#include <cstddef>
#include <vector>

/// Sorting that can be stopped on the way: runs are sorted and then merged two by two; it fails as `check` does, which is called every few
/// milliseconds.
namespace tocsin {

inline constexpr std::size_t kSortedAtOnce = 65'536; ///< items sorted or merged between two checks

template <typename T, typename SortRun, typename Before, typename Check>
Result<void> sortAndMergeRuns(std::vector<T>& items, const SortRun& sortRun, const Before& before, const Check& check)
{
    const std::size_t count = items.size();
    for (std::size_t start = 0; start < count; start += kSortedAtOnce) {
        TOCSIN_TRY(check());
        sortRun(items.begin() + static_cast<std::ptrdiff_t>(start), items.begin() + static_cast<std::ptrdiff_t>(std::min(count, start + kSortedAtOnce)));
    }
    std::vector<T> merged(count > kSortedAtOnce ? count : 0);
    for (std::size_t width = kSortedAtOnce; width < count; width *= 2) {
        std::size_t out = 0;
        for (std::size_t start = 0; start < count; start += 2 * width) {
            std::size_t left = start, right = std::min(count, start + width);
            const std::size_t leftEnd = right, rightEnd = std::min(count, start + 2 * width);
            while (left < leftEnd || right < rightEnd) {
                if (out % kSortedAtOnce == 0)
                    TOCSIN_TRY(check());
                const bool takeRight = left == leftEnd || (right < rightEnd && before(items[right], items[left]));
                merged[out++] = items[takeRight ? right++ : left++];
            }
        }
        items.swap(merged);
    }
    return {};
}

/// For an order without ties.
template <typename T, typename Before, typename Check>
Result<void> mergeSort(std::vector<T>& items, const Before& before, const Check& check)
{
    return sortAndMergeRuns(items, [&](auto begin, auto end) { std::sort(begin, end, before); }, before, check);
}

/// Ties keep their order; `before` need not even be a proper order (NaN is equal to everything).
template <typename T, typename Before, typename Check>
Result<void> stableMergeSort(std::vector<T>& items, const Before& before, const Check& check)
{
    return sortAndMergeRuns(items, [&](auto begin, auto end) { std::stable_sort(begin, end, before); }, before, check);
}

} // namespace tocsin
