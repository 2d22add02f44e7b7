// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

/// A text of a Sigma rule: literals and wildcards. `*` stands for any text, `?` for one character; a backslash takes the meaning of a
/// following `*`, `?` or backslash away and is itself in front of anything else (Sigma rules specification, "Escaping").
struct TextPattern {
    enum class Kind { Literal, AnyOne, AnyMany };
    struct Part {
        Kind kind = Kind::Literal;
        std::string text; ///< of a literal
        bool operator==(const Part&) const = default;
    };
    std::vector<Part> parts; ///< literals never follow each other; no parts: the empty text

    static TextPattern parse(std::string_view text);
    static TextPattern literal(std::string text);
    bool hasWildcards() const;
    /// The text of a pattern without wildcards.
    std::string plainText() const;
    void prependAny();
    void appendAny();
    bool operator==(const TextPattern&) const = default;
};

/// A pattern made ready for matching.
class CompiledPattern {
public:
    CompiledPattern() = default;
    /// Without `cased` the pattern is folded, and so must be the texts it is matched with.
    CompiledPattern(const TextPattern& pattern, bool cased);
    bool matches(std::string_view text) const;
    /// The longest literal that every matching text contains (folded unless cased).
    std::string_view longestLiteral() const;
    /// Set if only one text matches.
    bool isExact() const { return m_form == Form::Exact; }

private:
    enum class Form { Exact, Prefix, Suffix, Contains, General };
    bool matchesFrom(std::string_view text, std::size_t part, std::size_t at) const;

    Form m_form = Form::Exact;
    std::string m_text; ///< of the simple forms
    std::vector<TextPattern::Part> m_parts;
};

} // namespace tocsin::detect::sigma
