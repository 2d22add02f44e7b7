// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::kql {

inline constexpr ErrorKind kExpected{"kql.expected", "Expected {0} but found {1}", "Check the text just before this place."};
inline constexpr ErrorKind kMissingExpression{"kql.missing_expression", "Missing expression before {0}", "Write a column, a literal or a call here."};
inline constexpr ErrorKind kUnexpected{"kql.unexpected", "Unexpected {0}", "Remove it, or separate statements with ';' and operators with '|'."};
inline constexpr ErrorKind kUnknownOperator{"kql.unknown_operator", "Unknown operator '{0}'{1}", "Behind '|' stands an operator such as where, project or summarize."};
inline constexpr ErrorKind kUnterminatedString{"kql.unterminated_string", "The string has no closing quotation mark", "Close the string on its line, or use ``` for several lines."};
inline constexpr ErrorKind kReservedWord{"kql.reserved_word", "'{0}' cannot stand here: it is a word of the language", "Put it in brackets and quotation marks if it is a name: ['…']."};
inline constexpr ErrorKind kRawGuid{"kql.raw_guid", "The identifier {0} must be written as guid({0})", "Or put quotation marks around it, as a text."};
inline constexpr ErrorKind kBadEscape{"kql.bad_escape", "'{0}' is no escape sequence of a string", "Write \\\\ for a backslash, or put @ in front of the string."};
inline constexpr ErrorKind kBadCharacter{"kql.bad_character", "The character '{0}' is not part of KQL", "Remove it; typographic quotation marks and dashes must be plain ones."};
inline constexpr ErrorKind kUnknownType{"kql.unknown_type", "Unknown type '{0}'", "The types are bool, int, long, real, decimal, datetime, timespan, guid, string and dynamic."};
inline constexpr ErrorKind kTooDeep{"kql.too_deep", "The query is nested too deeply", "Name parts of it with let."};
inline constexpr ErrorKind kTooLong{"kql.too_long", "The query has too many operators in a row", "Split it into several queries."};
inline constexpr ErrorKind kNoQuery{"kql.no_query", "There is no query: operators need a table in front of the first '|'", "Begin with a table, for example SecurityEvent | where …"};

/// Whether the form of the text is at fault, and not what it names.
inline bool isSyntaxError(const Error& error)
{
    const ErrorKind* const kinds[] = {&kExpected, &kMissingExpression, &kUnexpected, &kUnknownOperator, &kUnterminatedString, &kReservedWord,
                                      &kRawGuid, &kBadEscape, &kBadCharacter, &kUnknownType, &kTooDeep, &kTooLong, &kNoQuery};
    for (const ErrorKind* kind : kinds)
        if (error.kind == kind)
            return true;
    return false;
}

} // namespace tocsin::kql
