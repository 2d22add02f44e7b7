// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/KqlTokens.h"

#include <algorithm>

namespace tocsin::widgets {

namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Scanner {
public:
    Scanner(std::string_view text, const items::KqlVocabulary& words) : m_text(text), m_words(words) {}

    std::vector<KqlToken> scan()
    {
        while (m_at < m_text.size())
            next();
        return std::move(m_tokens);
    }

private:
    char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    void add(std::size_t start, KqlTokenKind kind) { m_tokens.push_back({start, m_at - start, kind}); }
    template <typename Test> void skip(Test test)
    {
        while (m_at < m_text.size() && test(m_text[m_at]))
            ++m_at;
    }

    void next()
    {
        const std::size_t start = m_at;
        const char c = peek();
        if (isBlank(c)) {
            skip(isBlank);
            add(start, KqlTokenKind::Text);
        } else if (c == '/' && peek(1) == '/') {
            skip([](char x) { return x != '\n'; });
            add(start, KqlTokenKind::Comment);
        } else if (m_text.substr(m_at).starts_with("```") || m_text.substr(m_at).starts_with("~~~")) {
            const auto close = m_text.find(m_text.substr(m_at, 3), m_at + 3);
            m_at = close == std::string_view::npos ? m_text.size() : close + 3;
            add(start, KqlTokenKind::String);
        } else if (c == '"' || c == '\'' || (c == '@' && (peek(1) == '"' || peek(1) == '\'')) || ((c == 'h' || c == 'H') && (peek(1) == '"' || peek(1) == '\''))) {
            quoted(start);
        } else if (isDigit(c)) {
            skip([](char x) { return isDigit(x) || isLetter(x) || x == '.'; });
            // A range `1 .. 5` is not part of the number before it.
            if (const auto dots = m_text.substr(start, m_at - start).find(".."); dots != std::string_view::npos)
                m_at = start + dots;
            add(start, KqlTokenKind::Number);
        } else if (isLetter(c) || (c == '$' && isLetter(peek(1)))) {
            name(start);
        } else {
            ++m_at;
            // `!in`, `!contains`, `=~`, `==` … read as one sign.
            if (c == '!' && isLetter(peek())) {
                skip([](char x) { return isLetter(x) || x == '~'; });
                add(start, KqlTokenKind::Operator);
                return;
            }
            add(start, std::string_view("|=<>!~+-*/%").find(c) != std::string_view::npos ? KqlTokenKind::Operator : KqlTokenKind::Punctuation);
        }
    }

    void quoted(std::size_t start)
    {
        const bool verbatim = peek() == '@';
        if (peek() != '"' && peek() != '\'')
            ++m_at;
        const char quote = m_text[m_at++];
        while (m_at < m_text.size() && m_text[m_at] != '\n') {
            if (!verbatim && m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
                m_at += 2;
                continue;
            }
            if (m_text[m_at++] == quote) {
                if (verbatim && peek() == quote) {
                    ++m_at;
                    continue;
                }
                break;
            }
        }
        m_at = std::min(m_at, m_text.size());
        add(start, KqlTokenKind::String);
    }

    void name(std::size_t start)
    {
        ++m_at;
        skip([](char x) { return isLetter(x) || isDigit(x); });
        // Tabular operators have hyphens: project-away, mv-expand.
        std::size_t longEnd = m_at;
        while (longEnd < m_text.size() && (isLetter(m_text[longEnd]) || isDigit(m_text[longEnd]) || m_text[longEnd] == '-'))
            ++longEnd;
        if (longEnd > m_at && m_words.operators.contains(m_text.substr(start, longEnd - start)))
            m_at = longEnd;
        const std::string_view word = m_text.substr(start, m_at - start);
        std::size_t after = m_at;
        while (after < m_text.size() && (m_text[after] == ' ' || m_text[after] == '\t'))
            ++after;
        const bool call = after < m_text.size() && m_text[after] == '(';
        if (m_words.operators.contains(word) && peek() == '~')
            ++m_at;
        add(start, kindOf(word, call));
    }
    KqlTokenKind kindOf(std::string_view word, bool call) const
    {
        const bool afterPipe = afterPipeOrStart();
        if (m_words.plugins.contains(word) && (call || afterEvaluate()))
            return KqlTokenKind::Plugin;
        if (m_words.operators.contains(word) && (!call || afterPipe || !m_words.functions.contains(word)))
            return KqlTokenKind::Keyword;
        if (call && m_words.functions.contains(word))
            return KqlTokenKind::Function;
        if (m_words.tables.contains(word))
            return KqlTokenKind::Table;
        if (m_words.columns.contains(word))
            return KqlTokenKind::Column;
        if (m_words.keywords.contains(word))
            return KqlTokenKind::Keyword;
        return call ? KqlTokenKind::Function : KqlTokenKind::Text;
    }
    const KqlToken* previous() const
    {
        for (auto it = m_tokens.rbegin(); it != m_tokens.rend(); ++it)
            if (it->kind != KqlTokenKind::Comment && !isBlank(m_text[it->start]))
                return &*it;
        return nullptr;
    }
    bool afterPipeOrStart() const
    {
        const KqlToken* before = previous();
        return !before || m_text[before->start] == '|' || m_text[before->start] == ';';
    }
    bool afterEvaluate() const
    {
        const KqlToken* before = previous();
        return before && m_text.substr(before->start, before->length) == "evaluate";
    }

    std::string_view m_text;
    const items::KqlVocabulary& m_words;
    std::size_t m_at = 0;
    std::vector<KqlToken> m_tokens;
};

} // namespace

std::vector<KqlToken> kqlTokens(std::string_view text, const items::KqlVocabulary& vocabulary) { return Scanner(text, vocabulary).scan(); }

} // namespace tocsin::widgets
