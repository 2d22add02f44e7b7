// SPDX-License-Identifier: GPL-3.0-or-later
// Tables that the query itself describes: datatable, externaldata, inline_external_table.
#include "kql/syntax/Literals.h"
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

Parser::Expr Parser::dataTable()
{
    ExpressionSyntax* node = expression(Kind::DataTable, here());
    take();
    node->columns = rowSchema();
    if (!expect("["))
        return done(node);
    accept(",");
    for (note(&Expectation::literal); !atListEnd() && !m_panic; note(&Expectation::literal)) {
        const Expr value = literal();
        node->arguments.push_back(value ? value : expression(Kind::Missing, here()));
        if (!value)
            atKind(TokenKind::Bad) ? static_cast<void>(m_panic = true) : expected("a literal value");
        if (!accept(","))
            break;
    }
    expect("]");
    return done(node);
}

/// `__contextual_datatable id (schema)`: rows that the caller gives; there are none here.
Parser::Expr Parser::contextualDataTable()
{
    ExpressionSyntax* node = expression(Kind::DataTable, here());
    take();
    if (!literal())
        scalar();
    node->columns = rowSchema();
    return done(node);
}

Parser::Expr Parser::externalData()
{
    ExpressionSyntax* node = expression(Kind::ExternalData, here());
    take();
    node->columns = rowSchema();
    if (expect("[")) {
        for (note(&Expectation::literal); !atListEnd() && !m_panic; note(&Expectation::literal)) {
            node->arguments.push_back(pipelineExpression());
            if (!accept(","))
                break;
        }
        expect("]");
    }
    if (accept("with"))
        node->parameters = propertyList();
    return done(node);
}

/// `(name = value, …)`
std::vector<ParameterSyntax> Parser::propertyList()
{
    std::vector<ParameterSyntax> properties;
    if (!expect("("))
        return properties;
    noteProperties({});
    while (!atListEnd() && !m_panic) {
        ParameterSyntax property;
        const std::size_t start = here();
        property.name = name("a property", Names::Declared);
        const bool equals = expect("=");
        noteValueOf(property.name.text);
        if (equals)
            property.value = parameterValue();
        if (!property.value) {
            expected("a value");
            property.value = expression(Kind::Missing, m_lastEnd);
        }
        property.span = spanFrom(start);
        properties.push_back(std::move(property));
        if (!accept(","))
            break;
        noteProperties({});
        if (atListEnd())
            expected("a property");
    }
    expect(")");
    return properties;
}

/// `inline_external_table (schema) kind=storage partition by (…) pathformat=(…) dataformat=csv (uris) with (…)`
Parser::Expr Parser::inlineExternalTable()
{
    ExpressionSyntax* node = expression(Kind::ExternalData, here());
    node->op = std::string(take().text(m_text));
    bool delta = false;
    const auto clause = [&](std::string_view word) {
        ParameterSyntax parameter;
        const std::size_t start = here();
        parameter.name = {std::string(word), peek().span, false, false};
        take();
        if (expect("="))
            parameter.value = atWord() ? nameExpression() : nullptr;
        if (!parameter.value) {
            expected("a word");
            parameter.value = expression(Kind::Missing, m_lastEnd);
        }
        parameter.span = spanFrom(start);
        delta = delta || parameter.value->name.text == "delta";
        node->parameters.push_back(std::move(parameter));
    };
    if (at("("))
        node->columns = rowSchema();
    if (at("kind"))
        clause("kind");
    else
        expected("'kind'");
    if (node->columns.empty() && !delta)
        expected("a schema");
    if (at("partition"))
        partitionColumns(*node);
    if (at("pathformat"))
        pathFormat(*node);
    if (at("dataformat"))
        clause("dataformat");
    else if (!delta)
        expected("'dataformat'");
    if (expect("(")) {
        while (!atListEnd() && !m_panic) {
            node->arguments.push_back(pipelineExpression());
            if (!accept(","))
                break;
        }
        expect(")");
    }
    if (accept("with"))
        for (ParameterSyntax& property : propertyList())
            node->parameters.push_back(std::move(property));
    return done(node);
}

/// `partition by (name:type = expression, …)`: columns that come from the path of each file.
void Parser::partitionColumns(ExpressionSyntax& table)
{
    take();
    if (!expect("by") || !expect("("))
        return;
    accept(",");
    while (!atListEnd() && !m_panic) {
        ParameterSyntax partition;
        const std::size_t start = here();
        const ColumnDeclaration column = columnDeclaration();
        partition.name = {"partition " + column.name.text, column.name.span, false, false};
        partition.value = accept("=") ? scalar() : expression(Kind::Missing, m_lastEnd);
        partition.span = spanFrom(start);
        table.columns.push_back(column);
        table.parameters.push_back(std::move(partition));
        if (!accept(","))
            break;
    }
    expect(")");
}

/// `pathformat = ("a" column "b" datetime_pattern("yyyy", column) …)`
void Parser::pathFormat(ExpressionSyntax& table)
{
    ParameterSyntax format;
    const std::size_t start = here();
    format.name = {std::string(take().text(m_text)), {start, m_lastEnd - start}, false, false};
    ExpressionSyntax* list = expression(Kind::Parenthesis, here());
    if (!expect("=") || !expect("("))
        return;
    while (!atListEnd() && !m_panic)
        list->arguments.push_back(atKind(TokenKind::String) ? stringLiteral() : parsePathElement());
    expect(")");
    format.value = done(list);
    format.span = spanFrom(start);
    table.parameters.push_back(std::move(format));
}

/// `materialized-view-combine (view) base (T) delta (U) aggregations (summarize …)` as a call of four arguments.
Parser::Expr Parser::viewCombine()
{
    ExpressionSyntax* callee = expression(Kind::Name, here());
    callee->name = takeName(1);
    done(callee);
    ExpressionSyntax* node = expression(Kind::Call, callee->span.start);
    node->arguments = {callee};
    for (const std::string_view word : {"", "base", "delta", "aggregations"}) {
        if ((!word.empty() && !expect(word)) || !expect("("))
            break;
        if (word == "aggregations" && at("summarize")) {
            PipelineSyntax* pipeline = make<PipelineSyntax>(here());
            pipeline->operators.push_back(tabularOperator());
            node->arguments.push_back(pipelineFrom(nullptr, pipeline));
        } else {
            node->arguments.push_back(pipelineExpression());
        }
        if (!expect(")"))
            break;
    }
    return done(node);
}

/// `entity_group [cluster('a').database('b'), …]` as a call, or the name of a saved group.
Parser::Expr Parser::entityGroup()
{
    if (!at("entity_group") || !at("[", 1))
        return entityPath();
    ExpressionSyntax* callee = expression(Kind::Name, here());
    callee->name = takeName(1);
    done(callee);
    ExpressionSyntax* node = expression(Kind::Call, callee->span.start);
    node->arguments = {callee};
    take();
    const std::vector<Expr> entities = expressionList(&Parser::scalar);
    node->arguments.insert(node->arguments.end(), entities.begin(), entities.end());
    expect("]");
    return done(node);
}

} // namespace tocsin::kql
