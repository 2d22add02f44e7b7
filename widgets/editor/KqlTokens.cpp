// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/KqlTokens.h"

#include "kql/syntax/Lexer.h"

namespace tocsin::widgets {

namespace {

/// Gives the lexer's tokens the kinds an editor colours: what a name is depends on the vocabulary and on its neighbours.
class Classifier {
public:
    Classifier(std::string_view text, const items::KqlVocabulary& words) : m_text(text), m_words(words), m_tokens(kql::tokenize(text)) {}

    std::vector<KqlToken> run()
    {
        std::vector<KqlToken> out;
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].span.length > 0)
                out.push_back({m_tokens[i].span.start, m_tokens[i].span.length, kind(i)});
            if (!m_tokens[i].isTrivia())
                m_before = m_tokens[i].text(m_text);
        }
        return out;
    }

private:
    KqlTokenKind kind(std::size_t i) const
    {
        switch (m_tokens[i].kind) {
        case kql::TokenKind::Comment: return KqlTokenKind::Comment;
        case kql::TokenKind::String: return KqlTokenKind::String;
        case kql::TokenKind::Long:
        case kql::TokenKind::Real:
        case kql::TokenKind::TimeSpan:
        case kql::TokenKind::TypedLiteral: return KqlTokenKind::Number;
        case kql::TokenKind::Identifier: return nameKind(i);
        case kql::TokenKind::Operator: return std::string_view("()[]{},;.:").find(m_text[m_tokens[i].span.start]) != std::string_view::npos ? KqlTokenKind::Punctuation : KqlTokenKind::Operator;
        default: return KqlTokenKind::Text;
        }
    }
    KqlTokenKind nameKind(std::size_t i) const
    {
        const std::string_view word = m_tokens[i].text(m_text);
        std::size_t next = i + 1;
        while (next < m_tokens.size() && m_tokens[next].isTrivia())
            ++next;
        const bool call = next < m_tokens.size() && m_tokens[next].text(m_text) == "(";
        const bool operatorPlace = m_before.empty() || m_before == "|" || m_before == ";";
        if (m_words.plugins.contains(word) && (call || m_before == "evaluate"))
            return KqlTokenKind::Plugin;
        if (m_words.operators.contains(word) && (!call || operatorPlace || !m_words.functions.contains(word)))
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

    std::string_view m_text;
    const items::KqlVocabulary& m_words;
    std::vector<kql::Token> m_tokens;
    std::string_view m_before; ///< the last token that is neither blank nor comment
};

} // namespace

std::vector<KqlToken> kqlTokens(std::string_view text, const items::KqlVocabulary& vocabulary) { return Classifier(text, vocabulary).run(); }

} // namespace tocsin::widgets
