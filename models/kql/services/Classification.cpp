// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Classification.h"

#include "kql/services/LanguageServices.h"
#include "kql/services/LanguageWords.h"
#include "kql/services/Statement.h"
#include "kql/services/TokenLookup.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>
#include <array>

namespace tocsin::kql::services {

namespace {

/// Words of statements and operators that are not in the lists of LanguageWords.
constexpr std::array<std::string_view, 23> kOtherKeywords = {"query_parameters", "pattern", "access", "database", "nulls", "first", "last", "typeof", "datatable", "externaldata",
                                                            "limit", "others", "optional", "output", "nodes", "edges", "id", "matches", "regex", "view", "materialized", "declare", "in"};

/// The escapes inside of a string are pieces of their own.
void appendString(std::string_view text, SourceSpan span, std::vector<ClassifiedSpan>& out)
{
    const std::string_view literal = text.substr(span.start, span.length);
    const std::size_t quote = literal.find_first_of("\"'`~");
    const bool verbatim = quote == std::string_view::npos || literal[quote] == '`' || literal[quote] == '~' || literal.substr(0, quote).find('@') != std::string_view::npos;
    std::size_t from = 0;
    for (std::size_t i = 0; !verbatim && i + 1 < literal.size(); ++i) {
        if (literal[i] != '\\')
            continue;
        if (i > from)
            out.push_back({{span.start + from, i - from}, TextClass::String});
        const std::size_t length = std::min(literal.size() - i, literal[i + 1] == 'u' ? std::size_t(6) : literal[i + 1] == 'x' ? std::size_t(4) : std::size_t(2));
        out.push_back({{span.start + i, length}, TextClass::StringEscape});
        i += length - 1;
        from = i + 1;
    }
    if (from < literal.size())
        out.push_back({{span.start + from, literal.size() - from}, TextClass::String});
}

/// Tells by a token and its neighbours what it is.
class Classifier {
public:
    Classifier(const LanguageServices* services, std::string_view text, const std::vector<Token>& tokens, const TextMeaning* meaning)
        : m_services(services), m_text(text), m_tokens(tokens), m_significant(significantTokens(tokens)), m_meaning(meaning)
    {
    }

    std::vector<ClassifiedSpan> run()
    {
        std::vector<ClassifiedSpan> out;
        out.reserve(m_tokens.size());
        for (const Token& token : m_tokens) {
            const bool significant = !token.isTrivia() && token.kind != TokenKind::End;
            if (token.kind == TokenKind::String && !token.unterminated)
                appendString(m_text, token.span, out);
            else if (token.span.length > 0)
                out.push_back({token.span, kindOf(token)});
            m_at += significant;
        }
        return out;
    }

private:
    std::string_view around(std::ptrdiff_t step) const
    {
        const auto index = static_cast<std::ptrdiff_t>(m_at) + step;
        return index < 0 || index >= static_cast<std::ptrdiff_t>(m_significant.size()) ? std::string_view() : m_tokens[m_significant[static_cast<std::size_t>(index)]].text(m_text);
    }

    TextClass kindOf(const Token& token) const
    {
        switch (token.kind) {
        case TokenKind::Comment: return TextClass::Comment;
        case TokenKind::String: return token.unterminated ? TextClass::Error : TextClass::String;
        case TokenKind::Long: case TokenKind::Real: case TokenKind::TimeSpan: return TextClass::Number;
        case TokenKind::TypedLiteral: return token.unterminated ? TextClass::Error : TextClass::Number;
        case TokenKind::Identifier: return nameKind(token);
        case TokenKind::Operator: return token.span.length == 1 && std::string_view("()[]{},;.:").find(m_text[token.span.start]) != std::string_view::npos ? TextClass::Punctuation : TextClass::Operator;
        case TokenKind::Bad: return TextClass::Error;
        case TokenKind::Whitespace: case TokenKind::End: break;
        }
        return TextClass::Plain;
    }

    std::optional<TextClass> boundKind(const Token& token) const
    {
        if (!m_meaning)
            return std::nullopt;
        const Meaning* known = m_meaning->use(token.span.start);
        if (!known)
            known = m_meaning->definition(token.span.start);
        if (!known || known->name != token.text(m_text))
            return std::nullopt;
        switch (known->kind) {
        case Meaning::Kind::Column: return TextClass::Column;
        case Meaning::Kind::Table: return TextClass::Table;
        case Meaning::Kind::Value: case Meaning::Kind::Rows: return TextClass::Variable;
        case Meaning::Kind::Function: return TextClass::Function;
        }
        return std::nullopt;
    }

    TextClass nameKind(const Token& token) const
    {
        if (const auto bound = boundKind(token))
            return *bound;
        const std::string_view word = token.text(m_text), before = around(-1), next = around(1);
        const bool call = next == "(";
        if (before == "|" || (before == "(" && next != ")" && !call && findWord(tabularOperators(), word)))
            return findWord(tabularOperators(), word) ? TextClass::QueryOperator : TextClass::Plain;
        if (before == "evaluate" && call)
            return TextClass::Plugin;
        if (before == ".")
            return call && findFunction(word) ? TextClass::Function : TextClass::Column;
        if ((before.empty() || before == ";" || before == "=" || before == "{") && !call && next != "=" && findWord(prefixOperators(), word))
            return TextClass::QueryOperator;
        if (next == "=" && findWord(optionWords(), word))
            return TextClass::Parameter;
        if (before == ":" && findWord(typeWords(), word))
            return TextClass::Type;
        if (call)
            return callKind(word);
        if (before == "let" || before == "set")
            return TextClass::Variable;
        if (word == "true" || word == "false" || word == "null")
            return TextClass::Number;
        if (const WordHelp* inner = findWord(innerWords(), word))
            return inner->form.empty() || word == "default" ? TextClass::Keyword : TextClass::Operator;
        if ((m_services && m_services->isTable(word)))
            return TextClass::Table;
        if ((m_services && m_services->isColumn(word)))
            return TextClass::Column;
        if (findWord(statementWords(), word) || isOtherKeyword(word))
            return TextClass::Keyword;
        return next == "=" && findWord(chartProperties(), word) ? TextClass::Parameter : TextClass::Plain;
    }

    TextClass callKind(std::string_view word) const
    {
        if (const FunctionName* function = findFunction(word))
            return function->scalar ? TextClass::Function : TextClass::Aggregate;
        if (const WordHelp* inner = findWord(innerWords(), word))
            return inner->form.empty() ? TextClass::Keyword : TextClass::Operator;
        if (isOtherKeyword(word) || word == "join" || word == "lookup" || findWord(statementWords(), word))
            return TextClass::Keyword;
        return (m_services && m_services->isTable(word)) ? TextClass::Table : TextClass::Function;
    }

    const FunctionName* findFunction(std::string_view word) const { return m_services ? m_services->findFunction(word) : nullptr; }
    static bool isOtherKeyword(std::string_view word) { return std::find(kOtherKeywords.begin(), kOtherKeywords.end(), word) != kOtherKeywords.end(); }

    const LanguageServices* m_services; ///< may be null
    std::string_view m_text;
    const std::vector<Token>& m_tokens;
    std::vector<std::size_t> m_significant;
    const TextMeaning* m_meaning;
    std::size_t m_at = 0;
};

} // namespace

std::vector<ClassifiedSpan> classifyWords(std::string_view text)
{
    const std::vector<Token> tokens = tokenize(text);
    return Classifier(nullptr, text, tokens, nullptr).run();
}

std::vector<ClassifiedSpan> LanguageServices::classify(std::string_view text) const
{
    const std::vector<Token> tokens = tokenize(text);
    return Classifier(this, text, tokens, nullptr).run();
}

std::vector<ClassifiedSpan> LanguageServices::classifyBound(std::string_view text) const
{
    // Each block is run, and so means something, by itself; the blanks behind belong to it here.
    const std::vector<QueryBlock> blocks = runnableBlocks(text);
    std::vector<ClassifiedSpan> all;
    for (std::size_t i = 0, start = 0; start < text.size(); ++i) {
        const std::size_t end = i + 1 < blocks.size() ? blocks[i + 1].span.start : text.size();
        const auto tree = parseQuery(std::string(text.substr(start, end - start)));
        const TextMeaning meaning(tree, *m_snapshot, m_functions);
        for (ClassifiedSpan& piece : Classifier(this, tree->text(), tree->tokens(), &meaning).run()) {
            piece.span.start += start;
            all.push_back(piece);
        }
        start = end;
    }
    return all;
}

} // namespace tocsin::kql::services
