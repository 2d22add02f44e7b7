// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/Suggestion.h"

#include "base/Utf8.h"

#include <algorithm>
#include <utility>

namespace tocsin::kql {

namespace {

/// Number of letters to insert, remove, replace or swap (Levenshtein with neighbours swapped), at most `limit` + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit)
{
    if (a.size() > b.size() + limit || b.size() > a.size() + limit)
        return limit + 1;
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = foldAscii(a[i - 1]) == foldAscii(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && foldAscii(a[i - 1]) == foldAscii(b[j - 2]) && foldAscii(a[i - 2]) == foldAscii(b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(last, row);
    }
    return last[b.size()];
}

} // namespace

std::string didYouMean(std::string_view word, std::span<const std::string> candidates)
{
    if (word.empty() || word.size() > 100)
        return {};
    const std::size_t limit = word.size() <= 3 ? 1 : word.size() <= 7 ? 2 : 3;
    std::size_t bestDistance = limit + 1;
    std::string_view best;
    for (const std::string& candidate : candidates) {
        if (candidate == word)
            continue;
        const std::size_t d = distance(word, candidate, limit);
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    if (best.empty() || bestDistance >= word.size())
        return {};
    return ": did you mean '" + std::string(best) + "'?";
}

} // namespace tocsin::kql
