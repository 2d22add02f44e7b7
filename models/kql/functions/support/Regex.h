// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <re2/re2.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::kql {

inline constexpr ErrorKind kBadRegex{"kql.bad_regex", "The regular expression '{0}' is not valid: {1}",
                                     "KQL takes RE2 expressions: no look-around and no back references. Escape special characters with a backslash."};

/// Compiles an expression of KQL's dialect (RE2, and `(?<name>…)` for named groups).
Result<std::shared_ptr<const re2::RE2>> compileRegex(std::string_view pattern, bool matchLongest = false);

/// A text without upper case letters that every match has in it, whatever the case of its letters there; the longest that is known, or empty.
std::string requiredText(std::string_view pattern);

/// Compiled expressions by their text. The kernel's memory between batches, so that each pattern is compiled once.
class RegexCache {
public:
    Result<const re2::RE2*> get(std::string_view pattern);

private:
    std::string m_lastPattern;
    const re2::RE2* m_last = nullptr;
    std::map<std::string, std::shared_ptr<const re2::RE2>, std::less<>> m_compiled;
};

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const re2::StringPiece& text) { return {text.data(), text.size()}; }

} // namespace tocsin::kql
