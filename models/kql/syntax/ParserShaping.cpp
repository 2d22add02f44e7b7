// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that take values apart, make series, and end a query.
#include "kql/syntax/Parser.h"

#include "kql/syntax/Literals.h"

namespace tocsin::kql {

void Parser::parseMvExpand(OperatorSyntax& op)
{
    parameters(op, {"bagexpansion", "kind", "with_itemindex"});
    do {
        OperatorSyntax::ExpandSyntax item;
        item.expression = namedExpression();
        if (at("to") && at("typeof", 1)) {
            take();
            const Expr type = typeOf();
            if (!type->columns.empty())
                item.type = type->columns.front().type;
        }
        op.expansions.push_back(item);
    } while (accept(","));
    if (accept("limit"))
        op.count = scalar();
    if (op.kind != OperatorSyntax::Kind::MvApply)
        return;
    if (at("id") && atKind(TokenKind::TypedLiteral, 1)) {
        take();
        take();
    }
    if (expect("on") && expect("(")) {
        op.subquery = subPipeline();
        expect(")");
    }
}

void Parser::parseParse(OperatorSyntax& op)
{
    parameters(op, {"kind", "flags"});
    op.expressions = {scalar()};
    if (!expect("with"))
        return;
    using Piece = OperatorSyntax::PatternPiece;
    while (!atAny({"|", ";", ")", "}"}) && !atEnd()) {
        Piece piece;
        const std::size_t start = here();
        if (accept("*")) {
            piece.kind = Piece::Kind::Star;
        } else if (atKind(TokenKind::String)) {
            piece.kind = Piece::Kind::Text;
            piece.text = stringLiteral()->value.asText();
        } else if (atName()) {
            piece.kind = Piece::Kind::Column;
            piece.column.name = name("a column name");
            if (accept(":")) {
                piece.typed = true;
                piece.column.type = typeName().value_or(DataType::String);
            }
            piece.column.span = spanFrom(start);
        } else {
            expected("a string, a column or '*'");
            return;
        }
        piece.span = spanFrom(start);
        op.pattern.push_back(std::move(piece));
        if (op.pattern.size() > 2000)
            return expected("'|'");
    }
    if (op.pattern.empty())
        expected("a pattern");
}

void Parser::parseParseKv(OperatorSyntax& op)
{
    op.expressions = {scalar()};
    if (!expect("as") || !expect("("))
        return;
    op.columns = columnDeclarations(nullptr);
    expect(")");
    if (accept("with") && expect("(")) {
        while (!at(")") && !atEnd() && !m_panic) {
            op.parameters.push_back(parameter());
            if (!accept(","))
                break;
        }
        expect(")");
    }
}

void Parser::parseMakeSeries(OperatorSyntax& op)
{
    parameters(op, {"kind"});
    do {
        OperatorSyntax::SeriesSyntax item;
        item.aggregate = namedExpression();
        if (accept("default") && expect("="))
            item.fill = scalar();
        op.series.push_back(item);
    } while (accept(","));
    if (!expect("on"))
        return;
    op.axis = parseAdditive(); // `in range(…)` may follow, which is no operator here
    if (accept("from"))
        op.from = scalar();
    if (accept("to"))
        op.to = scalar();
    if (accept("step")) {
        op.step = scalar();
    } else if (at("in") && at("range", 1)) { // `in range(a, b, step)`, the old form
        take();
        take();
        if (expect("(")) {
            const std::vector<Expr> bounds = expressionList(&Parser::scalar);
            if (bounds.size() == 3) {
                op.from = bounds[0];
                op.to = bounds[1];
                op.step = bounds[2];
                op.parameters.push_back({{"in range", op.keyword}, nullptr, op.keyword});
            } else {
                expected("three bounds");
            }
            expect(")");
        }
    } else {
        expected("'step'");
    }
    if (accept("by"))
        op.by = expressionList(&Parser::namedExpression);
}

void Parser::parseEvaluate(OperatorSyntax& op)
{
    parameters(op, {});
    const Expr call = parsePostfix();
    if (call->kind != Kind::Call && call->kind != Kind::Missing)
        expected("'(' behind the plugin's name");
    op.expressions = {call};
    if (at(":")) {
        ExpressionSyntax* cast = expression(Kind::SchemaCast, call->span.start);
        take();
        cast->arguments = {call};
        if (expect("(")) {
            cast->columns = columnDeclarations(&cast->star);
            expect(")");
        }
        op.expressions = {done(cast)};
    }
}

void Parser::parseRange(OperatorSyntax& op)
{
    op.asName = name("a column name");
    const bool from = expect("from");
    op.expressions.push_back(from ? scalar() : expression(Kind::Missing, here()));
    const bool to = from && expect("to");
    op.expressions.push_back(to ? scalar() : expression(Kind::Missing, here()));
    const bool step = to && expect("step");
    op.expressions.push_back(step ? scalar() : expression(Kind::Missing, here()));
}

void Parser::parseRender(OperatorSyntax& op)
{
    op.visualization = name("a chart type");
    const bool with = accept("with");
    const bool open = with && accept("(");
    while ((atKind(TokenKind::Identifier) && at("=", 1)) && !m_panic) {
        ParameterSyntax property;
        const std::size_t start = here();
        property.name = name("a property");
        take();
        // `ycolumns = a, b`: a list ends where the next property begins.
        ExpressionSyntax* list = expression(Kind::Parenthesis, here());
        do {
            if (!list->arguments.empty() && atKind(TokenKind::Identifier) && at("=", 1))
                break;
            list->arguments.push_back(parseUnary());
        } while (accept(","));
        property.value = done(list);
        property.span = spanFrom(start);
        op.parameters.push_back(property);
        accept(",");
    }
    if (open)
        expect(")");
    else if (with && op.parameters.empty())
        expected("'('");
    else if (accept("by"))
        op.by = expressionList(&Parser::scalar);
}

void Parser::parseAssertSchema(OperatorSyntax& op)
{
    if (!expect("("))
        return;
    op.columns = columnDeclarations(&op.openColumns);
    expect(")");
}

} // namespace tocsin::kql
