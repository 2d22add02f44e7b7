// SPDX-License-Identifier: GPL-3.0-or-later
// What stands between the operators of expressions: names, calls, paths, parentheses.
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

Parser::Expr Parser::parsePostfix()
{
    Expr left = parsePrimary();
    for (int chain = 0; chain <= kMaxDepth && !m_panic; ++chain) {
        if (at("."))
            left = member(left);
        else if (at("["))
            left = index(left);
        else
            break;
    }
    return left;
}

Parser::Expr Parser::member(Expr base)
{
    take();
    note(&Expectation::member);
    if (at("[") && !atName())
        return index(base); // `a.[0]` is an old way to write `a[0]`
    ExpressionSyntax* node = expression(Kind::Member, base->span.start);
    node->arguments = {base};
    if (atWord() && classifyWord(textAt()) == WordClass::Operand)
        node->name = takeName(1);
    else
        node->name = name("a name");
    done(node);
    return at("(") && !node->name.missing() ? callArguments(node, &Parser::argument) : node;
}

Parser::Expr Parser::index(Expr base)
{
    ExpressionSyntax* node = expression(Kind::Index, base->span.start);
    take();
    node->arguments = {base, scalar()};
    expect("]");
    return done(node);
}

Parser::Expr Parser::callArguments(Expr callee, Expr (Parser::*item)())
{
    ExpressionSyntax* node = expression(Kind::Call, callee->span.start);
    node->arguments = {callee};
    const Deeper deeper(*this);
    take();
    if (tooDeep())
        return done(node);
    if (!at(")")) {
        const std::vector<Expr> items = expressionList(item);
        node->arguments.insert(node->arguments.end(), items.begin(), items.end());
    }
    expect(")");
    return done(node);
}

Parser::Expr Parser::starExpression()
{
    ExpressionSyntax* star = expression(Kind::Star, here());
    take();
    return done(star);
}

Parser::Expr Parser::argument()
{
    if (at("*") && (at(")", 1) || at(",", 1)))
        return starExpression();
    return namedExpression();
}

Parser::Expr Parser::parenthesis()
{
    ExpressionSyntax* node = expression(Kind::Parenthesis, here());
    const Deeper deeper(*this);
    take();
    node->arguments = {tooDeep() ? expression(Kind::Missing, here()) : pipelineExpression()};
    expect(")");
    return done(node);
}

/// toscalar(…), totable(…), materialize(…), which take a whole query.
Parser::Expr Parser::tableCall()
{
    ExpressionSyntax* callee = expression(Kind::Name, here());
    callee->name = takeName(1);
    done(callee);
    if (at("kind") && at("=", 1)) {
        take();
        take();
        if (!accept("nooptimization"))
            expected("'nooptimization'");
    }
    if (!at("(")) {
        expected("'('");
        return callee;
    }
    return callArguments(callee, &Parser::pipelineExpression);
}

Parser::Expr Parser::parsePrimary()
{
    switch (peek().kind) {
    case TokenKind::Long: case TokenKind::Real: case TokenKind::TimeSpan: return numberLiteral();
    case TokenKind::TypedLiteral: return typedLiteral();
    case TokenKind::String: return stringLiteral();
    case TokenKind::Bad:
        take();
        m_panic = true; // reported with the tokens
        return expression(Kind::Missing, m_lastEnd);
    case TokenKind::Identifier: break;
    default: return at("(") ? parenthesis() : parsePathElement();
    }
    if (atAny({"true", "false", "True", "False", "TRUE", "FALSE"}))
        return booleanLiteral();
    if (at("dynamic") && at("(", 1))
        return dynamicLiteral();
    if (at("datatable"))
        return dataTable();
    if (at("__contextual_datatable"))
        return contextualDataTable();
    if (at("externaldata") || at("external_data"))
        return externalData();
    if (at("materialized-view-combine"))
        return viewCombine();
    if (atAny({"toscalar", "totable"}) || (at("materialize") && at("(", 1)))
        return tableCall();
    if (at("typeof") && at("(", 1))
        return typeOf();
    if (at("inline_external_table") && (at("(", 1) || at("kind", 1)))
        return inlineExternalTable();
    return parsePathElement();
}

/// A name, a call, or something in brackets that begins a path.
Parser::Expr Parser::parsePathElement()
{
    if (atName()) {
        const Expr node = nameExpression();
        if (at("("))
            return callArguments(node, &Parser::argument);
        if (at("datascope") && at("=", 1)) { // which part of a table is read: all of it, here
            take();
            take();
            if (!accept("all") && !accept("hotcache"))
                expected("'all' or 'hotcache'");
        }
        return node;
    }
    if (atWord() && classifyWord(textAt()) == WordClass::Operand) {
        ExpressionSyntax* node = expression(Kind::Name, here());
        node->name = takeName(1);
        return done(node);
    }
    if (at("@"))
        return nameExpression();
    if (at("[") && !at("]", 1)) { // `[expression]` without anything in front
        ExpressionSyntax* node = expression(Kind::Parenthesis, here());
        const Deeper deeper(*this);
        take();
        node->arguments = {tooDeep() ? expression(Kind::Missing, here()) : scalar()};
        expect("]");
        return done(node);
    }
    return missing();
}

Parser::Expr Parser::nameExpression()
{
    ExpressionSyntax* node = expression(Kind::Name, here());
    node->name = at("@") ? takeName(1) : name("a name");
    return done(node);
}

Parser::Expr Parser::requiredCall()
{
    if (!atName()) {
        note(&Expectation::expression);
        expected("a function call");
        return expression(Kind::Missing, m_lastEnd);
    }
    const Expr callee = nameExpression();
    if (at("("))
        return callArguments(callee, &Parser::argument);
    expected("'(' behind the name");
    return callee;
}

// --- Tables and columns by name.

Parser::Expr Parser::columnPattern()
{
    ExpressionSyntax* node = expression(Kind::Name, here());
    node->name = wildcardName("a column name");
    return done(node);
}

Parser::Expr Parser::simplePath()
{
    Expr left = parsePathElement();
    for (int chain = 0; chain <= kMaxDepth && !m_panic && (at(".") || at("[")); ++chain)
        left = at(".") ? member(left) : index(left);
    return left;
}

Parser::Expr Parser::entityPath()
{
    note(&Expectation::table);
    if (const std::size_t length = wildcardLength()) {
        ExpressionSyntax* node = expression(Kind::Name, here());
        node->name = takeWildcard(length);
        return done(node);
    }
    Expr left = parsePathElement();
    for (int chain = 0; chain <= kMaxDepth && !m_panic && (at(".") || at("[")); ++chain) {
        const std::size_t length = at(".") ? wildcardLength(1) : 0;
        if (length) {
            ExpressionSyntax* node = expression(Kind::Member, left->span.start);
            take();
            node->arguments = {left};
            node->name = takeWildcard(length);
            return done(node);
        }
        left = at(".") ? member(left) : index(left);
    }
    return left;
}

Parser::Expr Parser::unionOperand()
{
    if (at("("))
        return parenthesis();
    if (atAny({"datatable", "externaldata", "external_data", "totable", "materialize"}) && at("(", 1))
        return parsePostfix();
    return entityPath();
}

} // namespace tocsin::kql
