// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql {

/// `: did you mean 'x'?` with the candidate closest to the word (letter case, a few letters); empty if none is close.
std::string didYouMean(std::string_view word, std::span<const std::string> candidates);
/// The same for one candidate, however close.
std::string saysDidYouMean(std::string_view candidate);
/// The candidate that an error was given by didYouMean().
std::optional<std::string_view> suggestedName(const Error& error);

} // namespace tocsin::kql
