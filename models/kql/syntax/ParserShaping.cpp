// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that take values apart, make series, and end a query.
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

void Parser::expandedColumns(OperatorSyntax& op)
{
    do {
        OperatorSyntax::ExpandSyntax item;
        item.expression = namedExpression();
        if (accept("to")) {
            if (!at("typeof") || !at("(", 1))
                return expected("typeof(…)");
            const Expr type = typeOf();
            if (!type->columns.empty())
                item.type = type->columns.front().type;
        }
        op.expansions.push_back(item);
    } while (accept(",") && !m_panic);
}

void Parser::parseMvExpand(OperatorSyntax& op)
{
    parameters(op, {});
    expandedColumns(op);
    if (accept("limit"))
        op.count = scalar();
}

void Parser::parseMvApply(OperatorSyntax& op)
{
    parameters(op, {});
    expandedColumns(op);
    if (accept("limit"))
        op.count = scalar();
    if (accept("id"))
        scalar(); // names the context between services
    if (expect("on"))
        parenthesizedQuery(op);
}

void Parser::parseParse(OperatorSyntax& op)
{
    parameters(op, {"flags"});
    op.expressions = {scalar()};
    if (!expect("with"))
        return;
    while (parsePatternPiece(op) && !m_panic) {}
}

/// A star, a text or a column with its type; false at the end of the pattern.
bool Parser::parsePatternPiece(OperatorSyntax& op)
{
    OperatorSyntax::PatternPiece piece;
    using Piece = OperatorSyntax::PatternPiece::Kind;
    const std::size_t start = here();
    note(&Expectation::pattern);
    if (op.pattern.size() >= 2000)
        return false;
    if (accept("*")) {
        piece.kind = Piece::Star;
    } else if (atKind(TokenKind::String)) {
        piece.kind = Piece::Text;
        piece.text = stringLiteral()->value.asText();
    } else if (atName(0, Names::Declared) || at(":")) {
        piece.kind = Piece::Column;
        piece.column.name = name("a column name", Names::Declared);
        if (accept(":")) {
            piece.typed = true;
            piece.column.type = typeName().value_or(DataType::String);
        }
        piece.column.span = spanFrom(start);
    } else {
        return false;
    }
    piece.span = spanFrom(start);
    op.pattern.push_back(std::move(piece));
    return true;
}

void Parser::parseParseKv(OperatorSyntax& op)
{
    op.expressions = {scalar()};
    if (!expect("as"))
        return;
    op.columns = rowSchema();
    if (accept("with") && expect("(")) {
        op.parameters = parameterList({"pair_delimiter", "kv_delimiter", "regex", "quote", "escape", "greedy"});
        expect(")");
    }
}

void Parser::parseMakeSeries(OperatorSyntax& op)
{
    parameters(op, {});
    do {
        OperatorSyntax::SeriesSyntax item;
        m_aggregates = true;
        item.aggregate = namedExpression();
        m_aggregates = false;
        if (accept("default") && expect("="))
            item.fill = scalar();
        op.series.push_back(item);
    } while (accept(",") && !m_panic);
    if (!expect("on"))
        return;
    op.axis = namedExpression();
    seriesRange(op);
    if (accept("by"))
        op.by = expressionList(&Parser::namedExpression);
}

/// `from a to b step s`, or `in range(a, b, s)` as it was written before.
void Parser::seriesRange(OperatorSyntax& op)
{
    if (!at("in")) {
        if (accept("from"))
            op.from = scalar();
        if (accept("to"))
            op.to = scalar();
        if (expect("step"))
            op.step = scalar();
        return;
    }
    take();
    if (!expect("range") || !expect("("))
        return;
    const std::vector<Expr> bounds = at(")") ? std::vector<Expr>() : expressionList(&Parser::namedExpression);
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

void Parser::parseEvaluate(OperatorSyntax& op)
{
    parameters(op, {});
    m_aggregates = true; // of pivot
    const Expr call = requiredCall();
    m_aggregates = false;
    op.expressions = {call};
    if (!at(":"))
        return;
    ExpressionSyntax* cast = expression(Kind::SchemaCast, call->span.start);
    take();
    cast->arguments = {call};
    cast->columns = rowSchema(&cast->star);
    op.expressions = {done(cast)};
}

void Parser::parseInvoke(OperatorSyntax& op)
{
    Expr call = requiredCall();
    while (at(".") && nameLength(1) && at("(", 1 + nameLength(1)) && !m_panic)
        call = member(call); // `database("d").f()`
    op.expressions = {call};
}

void Parser::parseRange(OperatorSyntax& op)
{
    op.asName = name("a column name");
    for (const std::string_view word : {"from", "to", "step"})
        op.expressions.push_back(!m_panic && expect(word) ? scalar() : expression(Kind::Missing, m_lastEnd));
}

void Parser::parseRender(OperatorSyntax& op)
{
    if (atWord())
        op.visualization = takeName(1);
    else
        op.visualization = name("a chart type");
    // Properties without parentheses are an old form.
    while (!m_panic && ((atAny({"kind", "title", "accumulate"}) && at("=", 1)) || at("by") || (at("with") && atKind(TokenKind::String, 1)))) {
        if (accept("with")) {
            stringLiteral();
        } else if (accept("by")) {
            do
                op.by.push_back(nameExpression());
            while (accept(","));
        } else {
            renderProperties(op, {"kind", "title", "accumulate"}, {});
        }
    }
    if (!accept("with"))
        return;
    if (!expect("("))
        return;
    accept(",");
    noteProperties({});
    while (!atListEnd() && !m_panic) {
        const std::size_t before = op.parameters.size();
        renderProperties(op,
                         {"kind", "title", "accumulate", "xcolumn", "ycolumns", "anomalycolumns", "series", "xtitle", "ytitle", "xaxis", "yaxis", "legend", "ysplit",
                          "ymin", "ymax", "xmin", "xmax"},
                         {"ycolumns", "anomalycolumns", "series"});
        if (op.parameters.size() == before || !accept(","))
            break;
        noteProperties({});
        if (atListEnd())
            expected("a property");
    }
    expect(")");
}

/// One `name = value`; what a value is depends on the property.
void Parser::renderProperties(OperatorSyntax& op, Words names, Words columnLists)
{
    if (!atAny(names))
        return;
    ParameterSyntax property;
    const std::size_t start = here();
    const bool several = atAny(columnLists);
    const bool text = atAny({"title", "xtitle", "ytitle"});
    property.name = takeName(1);
    if (!expect("="))
        return;
    ExpressionSyntax* list = expression(Kind::Parenthesis, here());
    do {
        if (!list->arguments.empty() && (atAny(names) && at("=", 1)))
            break;
        noteValueOf(property.name.text);
        const Expr value = text ? parsePostfix() : parameterValue();
        list->arguments.push_back(value ? value : missing());
    } while (several && at(",") && !(atAny(names, 1) && at("=", 2)) && accept(","));
    property.value = done(list);
    property.span = spanFrom(start);
    op.parameters.push_back(std::move(property));
}

} // namespace tocsin::kql
