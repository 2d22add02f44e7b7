// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Literals.h"
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

/// Statements up to the end of the text, or of the parentheses around them.
void Parser::statements(std::vector<const StatementSyntax*>& out, bool parentheses)
{
    for (noteStatement(parentheses); !atEnd() && !(parentheses && at(")")); noteStatement(parentheses)) {
        const std::size_t before = m_at;
        if (at(";")) {
            report(makeError(kUnexpected, "';'"), peek().span);
            while (accept(";")) {}
            m_panic = false;
            continue;
        }
        out.push_back(statement());
        if (accept(";")) {
            m_panic = false;
            continue;
        }
        if (atEnd() || (parentheses && at(")")))
            break;
        report(makeError(kUnexpected, describe(peek())), atExpressionStart() ? gap() : peek().span);
        while (!atEnd() && !at(";") && !(parentheses && at(")")))
            take();
        accept(";");
        m_panic = false;
        if (m_at == before)
            take();
    }
}

/// Whether another statement or operand could begin here.
bool Parser::atExpressionStart() const
{
    switch (peek().kind) {
    case TokenKind::Identifier: return atName() || atOperatorWord() || classifyWord(textAt()) == WordClass::Operand || atLiteral();
    case TokenKind::Operator: return atAny({"(", "[", "-", "+", "@"});
    case TokenKind::Bad: case TokenKind::End: return false;
    default: return true;
    }
}

const StatementSyntax* Parser::statement()
{
    const std::size_t start = here();
    StatementSyntax* result = nullptr;
    if (at("let") && (atName(1) || probing(1)))
        result = letStatement();
    else if (at("set"))
        result = setStatement();
    else if (at("alias") && at("database", 1))
        result = aliasStatement();
    else if (at("declare") && at("pattern", 1))
        result = patternStatement();
    else if (at("declare") && at("query_parameters", 1))
        result = parametersStatement();
    else if (at("restrict") && at("access", 1))
        result = restrictStatement();
    else if (at(".") && atWord(1))
        result = commandStatement();
    if (result) {
        result->span = spanFrom(start);
        return result;
    }
    StatementSyntax* query = make<StatementSyntax>(start);
    if (at("|")) {
        report(makeError(kNoQuery), peek().span);
        query->expression = expression(Kind::Missing, start);
        while (!atEnd() && !at(";"))
            take();
        return done(query);
    }
    query->expression = pipelineExpression();
    return done(query);
}

StatementSyntax* Parser::letStatement()
{
    StatementSyntax* let = make<StatementSyntax>(here());
    let->kind = StatementSyntax::Kind::Let;
    take();
    let->name = name("a name");
    if (!expect("="))
        let->expression = expression(Kind::Missing, m_lastEnd);
    else if (at("entity_group") && at("[", 1))
        let->expression = entityGroup();
    else
        let->expression = atFunctionLiteral() ? functionLiteral() : pipelineExpression();
    return let;
}

StatementSyntax* Parser::setStatement()
{
    StatementSyntax* set = make<StatementSyntax>(here());
    set->kind = StatementSyntax::Kind::Set;
    take();
    set->name = name("an option name");
    if (accept("="))
        set->expression = scalar();
    return set;
}

StatementSyntax* Parser::aliasStatement()
{
    StatementSyntax* alias = make<StatementSyntax>(here());
    alias->kind = StatementSyntax::Kind::Alias;
    take();
    take();
    alias->name = name("a name");
    expect("=");
    alias->expression = scalar();
    return alias;
}

StatementSyntax* Parser::parametersStatement()
{
    StatementSyntax* declare = make<StatementSyntax>(here());
    declare->kind = StatementSyntax::Kind::QueryParameters;
    take();
    take();
    if (at("(") && at(")", 1)) {
        take();
        expected("a parameter");
        return declare;
    }
    declare->parameters = functionParameters();
    return declare;
}

StatementSyntax* Parser::patternStatement()
{
    StatementSyntax* pattern = make<StatementSyntax>(here());
    pattern->kind = StatementSyntax::Kind::Pattern;
    take();
    take();
    pattern->name = name("a name");
    if (!accept("="))
        return pattern;
    pattern->parameters = functionParameters();
    if (accept("[")) {
        pattern->patternPath = columnDeclaration();
        expect("]");
    }
    if (!expect("{"))
        return pattern;
    while (at("(") && !m_panic) {
        StatementSyntax::PatternMatch match;
        take();
        match.arguments = expressionList(&Parser::scalar);
        expect(")");
        if (accept(".") && expect("[")) {
            const Expr path = literal();
            match.path = path && path->value.type() == DataType::String ? path->value.asText() : std::string();
            if (!path)
                expected("a string");
            expect("]");
        }
        expect("=");
        match.body = functionBody();
        expect(";");
        pattern->patternMatches.push_back(std::move(match));
    }
    if (pattern->patternMatches.empty())
        expected("a match such as (\"value\") = { … };");
    expect("}");
    return pattern;
}

StatementSyntax* Parser::restrictStatement()
{
    StatementSyntax* restrict = make<StatementSyntax>(here());
    restrict->kind = StatementSyntax::Kind::Restrict;
    take();
    take();
    expect("to");
    if (expect("(")) {
        restrict->expressions = expressionList(&Parser::entityPath);
        expect(")");
    }
    if (accept("with"))
        propertyList();
    return restrict;
}

// --- Functions.

bool Parser::atFunctionLiteral() const
{
    if (at("view") && at("(", 1))
        return true;
    // `()`, `(*` or `(name:` begin a parameter list; nothing else in a let does.
    if (!at("("))
        return false;
    noteName("a parameter name", 1);
    if (at(")", 1) || at("*", 1))
        return true;
    const std::size_t length = nameLength(1, Names::Declared);
    return length && at(":", length + 1);
}

Parser::Expr Parser::functionLiteral()
{
    ExpressionSyntax* node = expression(Kind::Function, here());
    node->view = accept("view");
    node->functionParameters = functionParameters();
    node->statements = functionBody();
    return done(node);
}

/// `{ let …; declare query_parameters(…); expression }`
std::vector<const StatementSyntax*> Parser::functionBody()
{
    std::vector<const StatementSyntax*> body;
    if (!expect("{"))
        return body;
    const Deeper deeper(*this);
    for (noteStatement(true); !tooDeep() && !atListEnd(); noteStatement(true)) {
        const bool declaration = (at("let") && atName(1)) || (at("declare") && at("query_parameters", 1));
        body.push_back(statement());
        if (declaration ? !expect(";") : !accept(";"))
            break;
        if (!declaration)
            break;
    }
    if (m_panic) { // the end of the body is firm ground
        synchronize();
        while (at(";") || at("|") || at(")") || at("]")) {
            take();
            synchronize();
        }
    }
    expect("}");
    return body;
}

} // namespace tocsin::kql
