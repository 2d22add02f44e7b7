// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <cstdint>
#include <string_view>

namespace tocsin::kql {

enum class TokenKind : std::uint8_t {
    End,
    Whitespace,
    Comment,      ///< `// …` up to the end of the line
    Identifier,   ///< names and keywords alike (keywords of KQL are words only where they are expected), `mv-expand` too
    Long,         ///< `12`, `0x1F`
    Real,         ///< `1.5`, `1e3`
    TimeSpan,     ///< `1d`, `1.5h`
    String,       ///< one literal with its quotation marks and prefix
    TypedLiteral, ///< `datetime(…)`, `guid(…)` … in one
    Operator,     ///< punctuation, and the negated words (`!has`, `!in~`)
    Bad,          ///< a character that is none of KQL, or a string without an end
};

/// A piece of the text. A text's tokens follow one another without gaps.
struct Token {
    TokenKind kind = TokenKind::End;
    SourceSpan span;
    bool unterminated = false; ///< a string or typed literal without its end

    bool isTrivia() const { return kind == TokenKind::Whitespace || kind == TokenKind::Comment; }
    std::string_view text(std::string_view source) const { return source.substr(span.start, span.length); }
};

} // namespace tocsin::kql
