// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "detect/sigma/SigmaRule.h"

#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::detect::sigma {

/// The searches of a rule by name, in the order of the file.
using Searches = std::vector<std::pair<std::string, Condition>>;

/// Reads `selection and not 1 of filter_*`: names, and, or, not, parentheses, `1 of`, `any of` and `all of` with a pattern or `them`
/// (all but those that begin with `_`). Errors: kSigmaCondition, kSigmaUnsupported, with the span in the condition.
Result<Condition> parseCondition(std::string_view text, const Searches& searches);

} // namespace tocsin::detect::sigma
