// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of expressions by precedence, loosest first.
#include "kql/syntax/Parser.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

constexpr std::array kStringOperators = {
    "has", "!has", "has_cs", "!has_cs", "hasprefix", "!hasprefix", "hasprefix_cs", "!hasprefix_cs", "hassuffix", "!hassuffix",
    "hassuffix_cs", "!hassuffix_cs", "contains", "!contains", "contains_cs", "!contains_cs", "containscs", "notcontains",
    "notcontainscs", "startswith", "!startswith", "startswith_cs", "!startswith_cs", "endswith", "!endswith", "endswith_cs",
    "!endswith_cs", "like", "notlike", "likecs", "notlikecs", "=~", "!~", ":"};
constexpr std::array kListOperators = {"in", "!in", "in~", "!in~", "has_any", "has_all", "!has_any", "!has_all"};

template <std::size_t N> bool isOneOf(std::string_view text, const std::array<const char*, N>& list)
{
    return std::any_of(list.begin(), list.end(), [&](const char* word) { return text == word; });
}

bool isWordOrSymbol(const Token& token) { return token.kind == TokenKind::Identifier || token.kind == TokenKind::Operator; }

} // namespace

Parser::Expr Parser::binary(Expr left, Expr (Parser::*right)())
{
    ExpressionSyntax* node = expression(Kind::Binary, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left, (this->*right)()};
    return done(node);
}

Parser::Expr Parser::scalar()
{
    const Deeper deeper(*this);
    if (tooDeep())
        return expression(Kind::Missing, here());
    return parseOr();
}

Parser::Expr Parser::parseOr()
{
    Expr left = parseAnd();
    while (at("or"))
        left = binary(left, &Parser::parseAnd);
    return left;
}

Parser::Expr Parser::parseAnd()
{
    Expr left = parseEquality();
    while (at("and"))
        left = binary(left, &Parser::parseEquality);
    return left;
}

Parser::Expr Parser::parseEquality()
{
    if (at("*") && at("==", 1))
        return binary(starExpression(), &Parser::parseRelational);
    const Expr left = parseRelational();
    noteWords(kListOperators);
    if (atAny({"==", "!=", "<>"}))
        return binary(left, &Parser::parseRelational);
    if (isWordOrSymbol(peek()) && isOneOf(textAt(), kListOperators) && !(at("in") && at("range", 1)))
        return listOperation(left);
    if (at("between") || at("!between"))
        return betweenOperation(left);
    return left;
}

Parser::Expr Parser::parseRelational()
{
    const Expr left = parseAdditive();
    return atAny({"<", "<=", ">", ">="}) ? binary(left, &Parser::parseAdditive) : left;
}

Parser::Expr Parser::parseAdditive()
{
    Expr left = parseMultiplicative();
    for (int chain = 0; atAny({"+", "-"}); ++chain) {
        if (chainTooLong(chain))
            break;
        left = binary(left, &Parser::parseMultiplicative);
    }
    return left;
}

Parser::Expr Parser::parseMultiplicative()
{
    Expr left = parseStringOperation();
    for (int chain = 0; atAny({"*", "/", "%"}); ++chain) {
        if (chainTooLong(chain))
            break;
        left = binary(left, &Parser::parseStringOperation);
    }
    return left;
}

Parser::Expr Parser::parseStringOperation()
{
    const bool star = at("*") && isWordOrSymbol(peek(1)) && (isOneOf(textAt(1), kStringOperators) || (at("matches", 1) && at("regex", 2)));
    const Expr left = star ? starExpression() : parseUnary();
    noteWords(kStringOperators);
    if (at("matches") && at("regex", 1)) {
        ExpressionSyntax* node = expression(Kind::Binary, left->span.start);
        node->opSpan = {here(), peek(1).span.end() - here()};
        node->op = "matches regex";
        take();
        take();
        node->arguments = {left, parseUnary()};
        return done(node);
    }
    return isWordOrSymbol(peek()) && isOneOf(textAt(), kStringOperators) ? binary(left, &Parser::parseUnary) : left;
}

/// `in (a, b)`, `in (T | project x)`.
Parser::Expr Parser::listOperation(Expr left)
{
    ExpressionSyntax* node = expression(Kind::InList, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left};
    if (!expect("("))
        return done(node);
    node->arguments.push_back(pipelineExpression());
    if (node->arguments.back()->kind != Kind::Pipeline)
        while (accept(","))
            node->arguments.push_back(scalar());
    expect(")");
    return done(node);
}

Parser::Expr Parser::betweenOperation(Expr left)
{
    ExpressionSyntax* node = expression(Kind::Between, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left};
    const bool open = expect("(");
    node->arguments.push_back(open ? scalar() : expression(Kind::Missing, m_lastEnd));
    const bool range = open && expect("..");
    node->arguments.push_back(range ? scalar() : expression(Kind::Missing, m_lastEnd));
    if (range)
        expect(")");
    return done(node);
}

Parser::Expr Parser::parseUnary()
{
    if (!at("-") && !at("+"))
        return parsePostfix();
    ExpressionSyntax* node = expression(Kind::Unary, here());
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {parsePostfix()};
    return done(node);
}

std::vector<Parser::Expr> Parser::expressionList(Expr (Parser::*item)())
{
    std::vector<Expr> list;
    do
        list.push_back((this->*item)());
    while (accept(","));
    return list;
}

/// How many tokens a plain list of names in parentheses takes that `=` follows; 0 if there is none.
std::size_t Parser::tupleLength() const
{
    if (!at("("))
        return 0;
    std::size_t length = 1;
    while (const std::size_t name = nameLength(length, Names::Declared)) {
        length += name;
        if (!at(",", length))
            break;
        ++length;
    }
    return length > 1 && at(")", length) && at("=", length + 1) ? length + 1 : 0;
}

Parser::Expr Parser::assignment(std::size_t nameTokens)
{
    ExpressionSyntax* node = expression(Kind::Assign, here());
    node->names.push_back(takeName(nameTokens));
    take();
    node->arguments = {scalar()};
    return done(node);
}

Parser::Expr Parser::namedExpression()
{
    note(&Expectation::declares);
    if (const std::size_t length = nameLength(0, Names::Declared); length && at("=", length))
        return assignment(length);
    if (atWord() && at("=", 1)) {
        report(makeError(kReservedWord, std::string(textAt())), peek().span);
        return assignment(1);
    }
    // `a-b = 1`: a name with hyphens needs brackets.
    std::size_t dashed = 0;
    while (atWord(dashed) || (dashed > 0 && at("-", dashed))) {
        if (dashed > 0 && !isAdjacent(dashed))
            break;
        ++dashed;
    }
    if (dashed > 2 && at("=", dashed)) {
        const SourceSpan span{here(), peek(dashed - 1).span.end() - here()};
        report(makeError(kReservedWord, std::string(m_text.substr(span.start, span.length))), span);
        return assignment(dashed);
    }
    const std::size_t tuple = tupleLength();
    if (!tuple)
        return scalar();
    ExpressionSyntax* node = expression(Kind::Assign, here());
    node->tuple = true;
    take();
    while (!at(")")) {
        node->names.push_back(takeName(nameLength(0, Names::Declared)));
        accept(",");
    }
    take();
    take();
    node->arguments = {scalar()};
    return done(node);
}

} // namespace tocsin::kql
