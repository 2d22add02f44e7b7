// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Run.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql {

struct ReducedGroup {
    std::string pattern;
    std::int64_t count = 0;
    std::string representative;
};

/// Groups texts by the words they share, in the manner of R. Vaarandi, "A Data Clustering Algorithm for Mining Patterns From Event Logs"
/// (2003): words that stand at one place in more than `threshold` of the texts are frequent; texts that share a part of at least
/// `threshold` of their words by frequent ones become one group, whose other words are `*`. Texts without a frequent word are "others".
/// `separators` end words; empty: everything but letters and digits of ASCII. The largest group comes first, "others" last. `groupOf`, if
/// given, gets the group of each text.
Result<std::vector<ReducedGroup>> reduceTexts(const std::vector<std::string_view>& texts, double threshold, std::string_view separators, const Run& run, std::vector<std::uint32_t>* groupOf = nullptr);

} // namespace tocsin::kql
