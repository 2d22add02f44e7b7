// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string_view>
#include <vector>

namespace tocsin::kql::services {

enum class TextClass {
    Plain,       ///< blanks, and names of which nothing is known
    Comment,
    Keyword,
    QueryOperator, ///< where, summarize …
    Operator,    ///< == has in …
    Punctuation,
    Table,
    Column,
    Function,
    Aggregate,
    Plugin,
    Variable,    ///< a name of let or `as`
    Parameter,   ///< an option of an operator, a property
    Type,
    String,
    StringEscape,
    Number,      ///< also times and other literals with a type
    Error,       ///< a character that is none of KQL, a string without an end
};
inline constexpr int kTextClassCount = static_cast<int>(TextClass::Error) + 1;

/// Pieces follow one another without gaps.
struct ClassifiedSpan {
    SourceSpan span;
    TextClass kind = TextClass::Plain;
    bool operator==(const ClassifiedSpan&) const = default;
};

/// The pieces of a text by the lexer and the words of the language alone, without knowing any table or function.
std::vector<ClassifiedSpan> classifyWords(std::string_view text);

} // namespace tocsin::kql::services
