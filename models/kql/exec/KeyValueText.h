// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tocsin::kql {

/// How a text of keys and values is written, for parse-kv (learn.microsoft.com/kusto/query/parse-kv-operator).
struct KeyValueFormat {
    std::string pairDelimiter; ///< both delimiters empty: whatever is no letter, digit or underscore separates
    std::string kvDelimiter;
    std::string openQuote;  ///< one character, or empty
    std::string closeQuote;
    char escape = 0;        ///< takes the next character of a quoted text as it is; 0 for none
    bool greedy = false;    ///< an unquoted value goes on to the last pair delimiter before the next key
};

/// Calls `use` for each key and value in turn.
void forEachKeyValue(std::string_view text, const KeyValueFormat& format, const std::function<void(std::string_view key, std::string_view value)>& use);

} // namespace tocsin::kql
