// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens, errors and recovery.
#include "kql/syntax/Parser.h"

#include "kql/syntax/Keywords.h"
#include "kql/syntax/Lexer.h"
#include "kql/syntax/Literals.h"

#include <algorithm>

namespace tocsin::kql {

Parser::Parser(std::string text, Expectation* probe) : m_tree(std::make_shared<SyntaxTree>()), m_probe(probe)
{
    m_tree->m_text = std::move(text);
    m_tree->m_tokens = tokenize(m_tree->m_text);
    m_text = m_tree->m_text;
    for (std::uint32_t i = 0; i < m_tree->m_tokens.size(); ++i)
        if (!m_tree->m_tokens[i].isTrivia())
            m_tokens.push_back(i);
}

std::shared_ptr<const SyntaxTree> Parser::parse()
{
    badTokens();
    statements(m_tree->m_statements, false);
    std::stable_sort(m_tree->m_errors.begin(), m_tree->m_errors.end(),
                     [](const Error& a, const Error& b) { return a.span->start < b.span->start; });
    return m_tree;
}

const Token& Parser::peek(std::size_t ahead) const
{
    return m_tree->m_tokens[m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)]];
}

std::string_view Parser::textAt(std::size_t ahead) const { return peek(ahead).text(m_text); }

bool Parser::at(std::string_view text, std::size_t ahead) const
{
    if (probing(ahead))
        m_probe->words.insert(text);
    const Token& token = peek(ahead);
    return (token.kind == TokenKind::Operator || token.kind == TokenKind::Identifier) && token.text(m_text) == text;
}

bool Parser::atAny(Words texts, std::size_t ahead) const
{
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return at(text, ahead); });
}

bool Parser::atListEnd(std::size_t ahead) const
{
    if (atKind(TokenKind::End, ahead))
        return true;
    const std::string_view text = textAt(ahead);
    return atKind(TokenKind::Operator, ahead) && text.size() == 1 && std::string_view("|;)]}").find(text[0]) != std::string_view::npos;
}

bool Parser::atItems() const
{
    if (!probing())
        return !atListEnd();
    for (const std::string_view end : {"|", ";", ")"})
        m_probe->words.insert(end);
    return true;
}

void Parser::noteStatement(bool inside) const
{
    if (!probing())
        return;
    const std::string_view before = m_at == 0 ? ";" : m_tree->m_tokens[m_tokens[m_at - 1]].text(m_text);
    if (before == ";" || (inside && (before == "{" || before == "(")))
        m_probe->statement = m_probe->table = m_probe->expression = true;
}

void Parser::noteProperties(Words names) const
{
    if (!probing())
        return;
    m_probe->property = true;
    m_probe->properties.insert(names);
}

/// The innermost operator that reaches up to the end is told first.
void Parser::noteOperator(const OperatorSyntax* op) const
{
    if (m_probe && !m_probe->op && m_at + 1 == m_tokens.size())
        m_probe->op = op;
}

bool Parser::isAdjacent(std::size_t ahead) const
{
    return ahead > 0 && peek(ahead - 1).span.end() == peek(ahead).span.start && !atKind(TokenKind::End, ahead);
}

const Token& Parser::take()
{
    const Token& token = peek();
    if (token.kind != TokenKind::End) {
        ++m_at;
        m_lastEnd = token.span.end();
    }
    return token;
}

bool Parser::accept(std::string_view text)
{
    if (!at(text))
        return false;
    take();
    return true;
}

bool Parser::expect(std::string_view text)
{
    if (accept(text))
        return true;
    expected("'" + std::string(text) + "'");
    return false;
}

SourceSpan Parser::spanFrom(std::size_t start) const { return {start, m_lastEnd > start ? m_lastEnd - start : 0}; }

std::string Parser::describe(const Token& token) const
{
    if (token.kind == TokenKind::End)
        return "the end of the query";
    std::string_view text = token.text(m_text);
    return text.size() > 30 ? "'" + std::string(text.substr(0, 27)) + "…'" : "'" + std::string(text) + "'";
}

void Parser::report(Error error, SourceSpan span)
{
    if (probing())
        m_probe->closed = true;
    if (m_panic || m_stopped)
        return;
    m_panic = true;
    // Nothing is to be said about a token of which the lexer complained already.
    for (std::size_t i = 0; i < m_lexicalErrors; ++i) {
        const SourceSpan& earlier = *m_tree->m_errors[i].span;
        if (earlier.start >= span.start && earlier.start <= span.end() && span.length > 0)
            return;
    }
    if (m_tree->m_errors.size() < kMaxErrors)
        m_tree->m_errors.push_back(std::move(error.at(span)));
}

SourceSpan Parser::gap() const
{
    const Token& next = peek();
    if (next.kind == TokenKind::End)
        return {m_lastEnd, 0};
    const std::string_view between = m_text.substr(m_lastEnd, next.span.start - m_lastEnd);
    return between.find_first_of("\r\n") == std::string_view::npos || m_at == 0 ? next.span : SourceSpan{m_lastEnd, 0};
}

void Parser::expected(std::string_view what) { report(makeError(kExpected, what, describe(peek())), gap()); }

void Parser::badTokens()
{
    std::vector<Error>& errors = m_tree->m_errors;
    for (const Token& token : m_tree->m_tokens) {
        const std::string_view text = token.text(m_text);
        if (token.kind == TokenKind::String && !token.unterminated && text.find('\\') != std::string_view::npos) {
            if (const auto escape = findBadEscape(text))
                errors.push_back(makeError(kBadEscape, std::string(text.substr(escape->start, escape->length))).at({token.span.start + escape->start, escape->length}));
        } else if (token.kind == TokenKind::String && token.unterminated) {
            errors.push_back(makeError(kUnterminatedString).at({token.span.end(), 0}));
        } else if (token.kind == TokenKind::TypedLiteral && token.unterminated) {
            errors.push_back(makeError(kExpected, "')'", "the end of the literal").at({token.span.end(), 0}));
        } else if (token.kind == TokenKind::Bad && text.size() > 30) {
            errors.push_back(makeError(kRawGuid, std::string(text)).at(token.span));
        } else if (token.kind == TokenKind::Bad) {
            errors.push_back(makeError(kBadCharacter, std::string(text)).at(token.span));
        }
        if (errors.size() >= 20)
            break;
    }
    m_lexicalErrors = errors.size();
}

void Parser::synchronize()
{
    for (int depth = 0; !atEnd(); take()) {
        if (depth == 0 && atListEnd())
            break;
        if (atAny({"(", "[", "{"}))
            ++depth;
        else if (atAny({")", "]", "}"}))
            --depth;
        else if (at(";"))
            break; // a statement ends here, whatever was left open
    }
    m_panic = false;
}

bool Parser::tooDeep()
{
    if (m_depth > kMaxDepth)
        stopWithDepthError();
    return m_depth > kMaxDepth;
}

bool Parser::chainTooLong(int length)
{
    if (length > kMaxChain)
        stopWithDepthError();
    return length > kMaxChain;
}

void Parser::stopWithDepthError()
{
    if (!m_stopped) {
        m_panic = false;
        report(makeError(kTooDeep), peek().span);
        m_stopped = true;
    }
    m_at = m_tokens.size() - 1;
    m_panic = true;
}

ExpressionSyntax* Parser::expression(Kind kind, std::size_t start)
{
    ExpressionSyntax* node = make<ExpressionSyntax>(start);
    node->kind = kind;
    return node;
}

Parser::Expr Parser::missing()
{
    if (atWord() && !atName() && atKind(TokenKind::Identifier) && atAny({"and", "or", ")", "]", ",", ".", "|", "==", "!=", "<", ">", "<=", ">=", "=~", "!~", "has", "contains", "in", "startswith", "endswith", "between", "*", "/", "%"}, 1)) {
        ExpressionSyntax* node = expression(Kind::Missing, here());
        report(makeError(kReservedWord, std::string(textAt())), peek().span);
        take();
        return done(node);
    }
    note(&Expectation::expression);
    if (m_aggregates)
        note(&Expectation::aggregate);
    report(makeError(kMissingExpression, describe(peek())), gap());
    return expression(Kind::Missing, m_lastEnd);
}

Expectation expectedAtEnd(std::string text)
{
    Expectation result;
    result.tree = Parser(std::move(text), &result).parse();
    return result;
}

std::shared_ptr<const SyntaxTree> parseQuery(std::string text) { return Parser(std::move(text)).parse(); }

std::shared_ptr<const SyntaxTree> parseFunction(std::string_view name, std::string_view parameters, std::string_view body)
{
    std::string text = "let " + encodeName(name) + " = (";
    text += parameters;
    text += "\n) {\n";
    text += body;
    text += "\n};";
    return parseQuery(std::move(text));
}

} // namespace tocsin::kql
