// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Suggestion.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

constexpr std::string_view kBefore = ": did you mean '", kBehind = "'?";
constexpr std::size_t kLongest = 100; ///< of words that suggestions are sought for

/// Number of letters to insert, remove, replace or swap (Levenshtein with neighbours swapped), at most `limit` + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit)
{
    if (a.size() > b.size() + limit || b.size() > a.size() + limit)
        return limit + 1;
    std::array<std::array<std::size_t, 2 * kLongest>, 3> rows; // only as far as `b` goes, and only once they are written
    std::size_t *before = rows[0].data(), *last = rows[1].data(), *row = rows[2].data();
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = foldAscii(a[i - 1]) == foldAscii(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && foldAscii(a[i - 1]) == foldAscii(b[j - 2]) && foldAscii(a[i - 2]) == foldAscii(b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
            least = std::min(least, row[j]);
        }
        if (least > limit) // no later row can have less: a swap costs one more than what the row between has at least
            return limit + 1;
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

} // namespace

std::string didYouMean(std::string_view word, std::span<const std::string> candidates)
{
    if (word.empty() || word.size() > kLongest)
        return {};
    const std::size_t limit = word.size() <= 3 ? 1 : word.size() <= 7 ? 2 : 3;
    std::size_t bestDistance = limit + 1;
    std::string_view best;
    for (const std::string& candidate : candidates) {
        if (candidate == word)
            continue;
        const std::size_t d = distance(word, candidate, std::min(limit, bestDistance));
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    if (best.empty() || bestDistance >= word.size())
        return {};
    return saysDidYouMean(best);
}

std::string saysDidYouMean(std::string_view candidate) { return std::string(kBefore) + std::string(candidate) + std::string(kBehind); }

std::optional<std::string_view> suggestedName(const Error& error)
{
    for (const std::string_view arg : error.args)
        if (arg.size() > kBefore.size() + kBehind.size() && arg.starts_with(kBefore) && arg.ends_with(kBehind))
            return arg.substr(kBefore.size(), arg.size() - kBefore.size() - kBehind.size());
    return std::nullopt;
}

} // namespace tocsin::kql
