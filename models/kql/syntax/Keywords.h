// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::kql {

/// Where a word may stand as a name without `['…']` around it.
enum class WordClass : std::uint8_t {
    Plain,    ///< no keyword
    Soft,     ///< a keyword that is a name everywhere else (`count`, `database`, `order`)
    Declared, ///< a keyword that may be declared as a name (`x = …`, columns of a schema), but not referred to (`where`, `has`, `print`)
    Operand,  ///< a keyword that may be referred to, but not declared (`kind`)
    Reserved, ///< never a name
};

/// How the language treats the word. Case counts.
WordClass classifyWord(std::string_view word);
/// Whether the word is a keyword anywhere in the language.
inline bool isKeyword(std::string_view word) { return classifyWord(word) != WordClass::Plain; }

} // namespace tocsin::kql
