// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Lexer.h"

#include "base/Utf8.h"
#include "kql/syntax/Literals.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

/// Words with hyphens; the longest that fits is taken, so that `a-b` stays a subtraction.
constexpr std::array kHyphenated = {
    "assert-schema", "commands-and-queries", "graph-mark-components", "graph-match", "graph-shortest-paths",
    "graph-to-table", "graph-where-edges", "graph-where-nodes", "granny-asc", "granny-desc", "macro-expand", "make-graph", "materialized-view-combine", "materialized-views", "make-series", "mv-apply",
    "mv-expand", "parse-kv", "parse-where", "partitioned-by", "project-away", "project-by-names", "project-keep",
    "project-rename", "project-reorder", "project-smart", "sample-distinct", "set-or-append", "set-or-replace", "top-hitters", "top-nested"};

/// Words that make one literal with the parentheses behind them.
constexpr std::array kTypedLiterals = {"bool",  "boolean", "date", "datetime", "decimal",  "double", "guid",    "int",
                                       "int32", "int64",   "long", "real",     "time",     "timespan", "uniqueid", "uuid"};

/// Words that may follow `!`.
constexpr std::array kNegatable = {"between",     "contains",      "contains_cs", "endswith",     "endswith_cs", "has",
                                   "has_cs",      "hasprefix",     "hasprefix_cs", "hassuffix",   "hassuffix_cs", "in",
                                   "startswith",  "startswith_cs", "has_any",     "has_all"};

constexpr std::array kTwoCharOperators = {"==", "!=", "<>", "<=", ">=", "=~", "!~", "=>", "..", "<|"};

constexpr std::size_t kGuidLength = 36;

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) { m_tokens.reserve(text.size() / 4 + 1); }

    std::vector<Token> run()
    {
        while (m_at < m_text.size())
            next();
        push(TokenKind::End, m_at);
        return std::move(m_tokens);
    }

private:
    char at(std::size_t i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    bool startsWith(std::string_view word, std::size_t i) const { return m_text.substr(i, word.size()) == word; }

    void push(TokenKind kind, std::size_t end, bool unterminated = false)
    {
        m_onlyTrivia = m_onlyTrivia && (kind == TokenKind::Whitespace || kind == TokenKind::Comment);
        m_tokens.push_back({kind, {m_at, end - m_at}, unterminated});
        m_at = end;
    }

    void next()
    {
        const char c = m_text[m_at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v')
            return whitespace();
        if (static_cast<unsigned char>(c) >= 0x80)
            return nonAscii();
        if (c == '/' && at(m_at + 1) == '/')
            return push(TokenKind::Comment, std::min(m_text.find_first_of("\r\n", m_at), m_text.size()));
        if (stringStart())
            return;
        if (rawGuid())
            return push(TokenKind::Bad, m_at + kGuidLength);
        if (isNameStart(c))
            return word();
        if (isDigit(c))
            return number();
        if (c == '#' && m_onlyTrivia) // a directive to the client, at the beginning of the text
            return push(TokenKind::Comment, std::min(m_text.find_first_of("\r\n", m_at), m_text.size()));
        punctuation();
    }

    /// Unicode spaces and byte order marks that come with pasted text are white space; other characters are not KQL.
    void nonAscii()
    {
        const DecodedChar decoded = decodeUtf8(m_text, m_at);
        const bool space = decoded.code == 0xA0 || decoded.code == 0xFEFF || (decoded.code >= 0x2000 && decoded.code <= 0x200B) ||
                           decoded.code == 0x202F || decoded.code == 0x3000 || decoded.code == 0x2028 || decoded.code == 0x2029 || decoded.code == 0x85;
        if (decoded.valid && space)
            return push(TokenKind::Whitespace, m_at + decoded.length);
        if (decoded.valid && isTermChar(decoded.code))
            return word();
        push(TokenKind::Bad, m_at + decoded.length);
    }

    void whitespace() { push(TokenKind::Whitespace, std::min(m_text.find_first_not_of(" \t\r\n\f\v", m_at), m_text.size())); }

    /// Handles every form of string literal; false if none starts here.
    bool stringStart()
    {
        std::size_t i = m_at;
        if ((at(i) == 'h' || at(i) == 'H') && (at(i + 1) == '"' || at(i + 1) == '\'' || at(i + 1) == '@' || startsWith("```", i + 1) || startsWith("~~~", i + 1)))
            ++i;
        if (startsWith("```", i) || startsWith("~~~", i)) {
            const std::size_t end = m_text.find(m_text.substr(i, 3), i + 3);
            const bool open = end == std::string_view::npos;
            push(TokenKind::String, open ? m_text.size() : end + 3, open);
            return true;
        }
        const bool verbatim = at(i) == '@';
        if (verbatim)
            ++i;
        const char quote = at(i);
        if (quote != '"' && quote != '\'')
            return false;
        for (++i; i < m_text.size() && m_text[i] != '\n' && m_text[i] != '\r'; ++i) {
            if (!verbatim && m_text[i] == '\\') {
                ++i;
            } else if (m_text[i] == quote) {
                if (!verbatim || at(i + 1) != quote) {
                    push(TokenKind::String, i + 1);
                    return true;
                }
                ++i;
            } 
        }
        push(TokenKind::String, std::min(i, m_text.size()), true);
        return true;
    }

    std::size_t nameEnd(std::size_t i) const
    {
        while (i < m_text.size()) {
            if (isNameChar(m_text[i])) {
                ++i;
                continue;
            }
            if (static_cast<unsigned char>(m_text[i]) < 0x80)
                break;
            const DecodedChar decoded = decodeUtf8(m_text, i);
            if (!decoded.valid || !isTermChar(decoded.code))
                break;
            i += decoded.length;
        }
        return i;
    }

    /// `74be27de-1e4e-49d9-b579-fe0b331d3642`, which must not be read as a subtraction.
    bool rawGuid() const
    {
        if (m_at + kGuidLength > m_text.size() || m_text[m_at + 8] != '-')
            return false;
        for (std::size_t i = 0; i < kGuidLength; ++i) {
            const char c = m_text[m_at + i];
            const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !isDigit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
                return false;
        }
        return true;
    }

    void word()
    {
        const std::size_t end = nameEnd(m_at);
        if (at(end) == '-') {
            std::size_t longest = 0;
            for (const std::string_view candidate : kHyphenated)
                if (candidate.size() > longest && startsWith(candidate, m_at) && !isNameChar(at(m_at + candidate.size())))
                    longest = candidate.size();
            if (longest)
                return push(TokenKind::Identifier, m_at + longest);
        }
        const std::string_view text = m_text.substr(m_at, end - m_at);
        if (std::find(kTypedLiterals.begin(), kTypedLiterals.end(), text) != kTypedLiterals.end())
            if (at(end) == '(')
                return typedLiteral(end);
        const bool caseless = at(end) == '~' && at(end + 1) != '~' && text == "in";
        push(caseless ? TokenKind::Operator : TokenKind::Identifier, caseless ? end + 1 : end);
    }

    void typedLiteral(std::size_t open)
    {
        std::size_t i = open + 1;
        for (char quote = '\0'; i < m_text.size(); ++i) {
            if (quote) {
                if (m_text[i] == quote)
                    quote = '\0';
            } else if (m_text[i] == '"' || m_text[i] == '\'') {
                quote = m_text[i];
            } else if (m_text[i] == ')') {
                return push(TokenKind::TypedLiteral, i + 1);
            } else if (m_text[i] == ';' || m_text[i] == '(' || m_text[i] == '\n' || m_text[i] == '\r') {
                break; // never part of such a literal: the parenthesis is missing, do not swallow the rest
            }
        }
        push(TokenKind::TypedLiteral, i, true);
    }

    /// `e5`, `E-3`
    bool exponentAt(std::size_t i) const
    {
        return (at(i) == 'e' || at(i) == 'E') && (isDigit(at(i + 1)) || ((at(i + 1) == '+' || at(i + 1) == '-') && isDigit(at(i + 2))));
    }

    void number()
    {
        if (m_text[m_at] == '0' && (at(m_at + 1) == 'x' || at(m_at + 1) == 'X')) {
            std::size_t i = m_at + 2;
            while (std::isxdigit(static_cast<unsigned char>(at(i))))
                ++i;
            return push(i > m_at + 2 && !isNameChar(at(i)) ? TokenKind::Long : TokenKind::Identifier, nameEnd(i));
        }
        std::size_t i = m_at;
        while (isDigit(at(i)))
            ++i;
        const std::size_t digits = i;
        bool real = false;
        if (at(i) == '.' && at(i + 1) != '.' && (!isNameStart(at(i + 1)) || exponentAt(i + 1))) {
            real = true;
            for (++i; isDigit(at(i)); ++i) {}
        }
        std::size_t exponent = i;
        if (at(i) == 'e' || at(i) == 'E') {
            exponent = i + 1;
            if (at(exponent) == '+' || at(exponent) == '-')
                ++exponent;
            if (isDigit(at(exponent))) {
                for (i = exponent; isDigit(at(i)); ++i) {}
                if (!isNameChar(at(i)))
                    return push(TokenKind::Real, i);
                i = digits;
                real = false;
            }
        }
        if (!isNameStart(at(i)))
            return push(real ? TokenKind::Real : TokenKind::Long, i);
        const std::size_t end = nameEnd(i);
        if (timeUnitTicks(m_text.substr(i, end - i)))
            return push(TokenKind::TimeSpan, end);
        // A name may begin with digits; behind a dot it is another token.
        push(real ? TokenKind::Long : TokenKind::Identifier, real ? digits : end);
    }

    void punctuation()
    {
        if (m_text[m_at] == '!') {
            const std::size_t end = nameEnd(m_at + 1);
            const std::string_view text = m_text.substr(m_at + 1, end - m_at - 1);
            if (std::find(kNegatable.begin(), kNegatable.end(), text) != kNegatable.end())
                return push(TokenKind::Operator, text == "in" && at(end) == '~' ? end + 1 : end);
        }
        const std::string_view two = m_text.substr(m_at, 2);
        if (std::find(kTwoCharOperators.begin(), kTwoCharOperators.end(), two) != kTwoCharOperators.end())
            return push(TokenKind::Operator, m_at + 2);
        constexpr std::string_view kSingle = "|()[]{},;:.=<>+-*/%@?#";
        push(kSingle.find(m_text[m_at]) != std::string_view::npos ? TokenKind::Operator : TokenKind::Bad, m_at + 1);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_onlyTrivia = true; ///< nothing but white space and comments so far
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

} // namespace tocsin::kql
