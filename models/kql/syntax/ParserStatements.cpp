// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

#include "kql/syntax/Literals.h"

namespace tocsin::kql {

void Parser::statements(std::vector<const StatementSyntax*>& out, bool braces)
{
    while (!atEnd() && !(braces && at("}"))) {
        if (accept(";"))
            continue;
        const std::size_t before = m_at;
        out.push_back(statement());
        if (at(";") || atEnd() || (braces && at("}"))) {
            m_panic = false;
            continue;
        }
        report(makeError(kUnexpected, describe(peek())), peek().span);
        m_panic = true;
        while (!atEnd() && !at(";") && !(braces && at("}")))
            take();
        m_panic = false;
        if (m_at == before)
            take();
    }
}

const StatementSyntax* Parser::statement()
{
    const std::size_t start = here();
    StatementSyntax* result = nullptr;
    if (at("let") && atName(1))
        result = letStatement();
    else if (at("set") && atName(1))
        result = setStatement();
    else if (at("alias") && at("database", 1))
        result = aliasStatement();
    else if (at("declare") && (at("query_parameters", 1) || at("pattern", 1)))
        result = declareStatement();
    else if (at("restrict") && at("access", 1))
        result = restrictStatement();
    if (result) {
        result->span = spanFrom(start);
        return result;
    }
    StatementSyntax* query = make<StatementSyntax>(start);
    if (at(".") && atKind(TokenKind::Identifier, 1)) {
        report(makeError(kControlCommand, "." + std::string(textAt(1))), peek().span);
        query->expression = expression(Kind::Missing, start);
        while (!atEnd() && !at(";"))
            take();
        return done(query);
    }
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
    if (!expect("=")) {
        let->expression = expression(Kind::Missing, here());
        return let;
    }
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

StatementSyntax* Parser::declareStatement()
{
    if (at("pattern", 1))
        return patternStatement();
    StatementSyntax* declare = make<StatementSyntax>(here());
    declare->kind = StatementSyntax::Kind::QueryParameters;
    take();
    take();
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
    while (at("(")) {
        StatementSyntax::PatternMatch match;
        take();
        match.arguments = expressionList(&Parser::scalar);
        expect(")");
        if (accept(".") && expect("[")) {
            if (atKind(TokenKind::String))
                match.path = decodeString(take().text(m_text)).value_or("");
            else
                expected("a string");
            expect("]");
        }
        expect("=");
        match.body = braceBody();
        accept(";");
        pattern->patternMatches.push_back(std::move(match));
    }
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
        restrict->expressions = expressionList(&Parser::tableReference);
        expect(")");
    }
    return restrict;
}

std::vector<const StatementSyntax*> Parser::braceBody()
{
    std::vector<const StatementSyntax*> body;
    if (!expect("{"))
        return body;
    const Deeper deeper(*this);
    if (!tooDeep())
        statements(body, true);
    expect("}");
    return body;
}

} // namespace tocsin::kql
