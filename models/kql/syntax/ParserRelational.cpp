// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that combine, group, order or look for rows.
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

void Parser::parseJoin(OperatorSyntax& op)
{
    parameters(op, {"kind", "with_match_id"});
    op.table = tableReference();
    parameters(op, {"kind"});
    if (accept("on"))
        op.on = expressionList(&Parser::scalar);
    else if (accept("where"))
        op.expressions = {scalar()};
}

void Parser::parseUnion(OperatorSyntax& op)
{
    parameters(op, {"kind", "withsource", "with_source", "isfuzzy"});
    op.expressions = expressionList(&Parser::tableReference);
}

void Parser::parseFind(OperatorSyntax& op)
{
    parameters(op, {"withsource", "with_source", "datascope"});
    if (at("in") && at("(", 1)) {
        take();
        take();
        op.inTables = expressionList(&Parser::tableReference);
        expect(")");
    }
    parameters(op, {"withsource", "with_source", "datascope"});
    accept("where");
    m_inSearch = true;
    op.expressions = {scalar()};
    m_inSearch = false;
    if (accept("project-smart")) {
        op.projectSmart = true;
    } else if (accept("project")) {
        do {
            if (at("pack") && at("(", 1) && at("*", 2)) {
                op.project.push_back(parsePostfix());
                continue;
            }
            ExpressionSyntax* column = expression(Kind::Name, here());
            column->name = name("a column name");
            if (accept(":")) {
                ColumnDeclaration typed{column->name, DataType::String, {}};
                typed.type = typeName().value_or(DataType::String);
                column->columns.push_back(typed);
            }
            op.project.push_back(done(column));
        } while (accept(","));
    }
    if (accept("project-away"))
        op.projectAway = expressionList(&Parser::wildcardExpression);
}

void Parser::parseSearch(OperatorSyntax& op)
{
    parameters(op, {"kind"});
    if (at("in") && at("(", 1)) {
        take();
        take();
        op.inTables = expressionList(&Parser::tableReference);
        expect(")");
    }
    parameters(op, {"kind"});
    m_inSearch = true;
    op.expressions = {scalar()};
    m_inSearch = false;
}

void Parser::parseSummarize(OperatorSyntax& op)
{
    parameters(op, {});
    if (!at("by"))
        op.expressions = expressionList(&Parser::namedExpression);
    if (accept("by")) {
        op.by = expressionList(&Parser::namedExpression);
        if (at("bin") && at("=", 1)) { // `by x bin=1h`, an old way to write bin()
            take();
            take();
            op.step = scalar();
        }
    }
}

void Parser::parseTop(OperatorSyntax& op)
{
    parameters(op, {});
    op.count = scalar();
    if (expect("by"))
        op.orders = orders();
}

void Parser::parseTopNested(OperatorSyntax& op)
{
    do {
        if (!op.levels.empty())
            accept("top-nested");
        OperatorSyntax::LevelSyntax level;
        if (!at("of"))
            level.count = scalar();
        if (!expect("of"))
            return;
        level.of = namedExpression();
        if (accept("with")) {
            if (accept("others") && expect("="))
                level.others = scalar();
            else if (!level.others)
                expected("'others'");
        }
        if (!expect("by"))
            return;
        level.by = order();
        op.levels.push_back(level);
    } while (accept(","));
}

void Parser::parseTopHitters(OperatorSyntax& op)
{
    op.count = scalar();
    if (!expect("of"))
        return;
    op.expressions = {namedExpression()};
    if (accept("by"))
        op.by = {namedExpression()};
}

void Parser::parseSampleDistinct(OperatorSyntax& op)
{
    parameters(op, {});
    op.count = scalar();
    if (expect("of"))
        op.expressions = {namedExpression()};
}

void Parser::parseCount(OperatorSyntax& op)
{
    parameters(op, {});
    if (accept("as"))
        op.asName = name("a name");
}

void Parser::parsePartition(OperatorSyntax& op)
{
    parameters(op, {});
    if (op.keyword.length == std::string_view("partition").size())
        expect("by");
    // `by x (…)` is no call.
    if (atName() && at("(", at("[") ? 3 : 1)) {
        ExpressionSyntax* key = expression(Kind::Name, here());
        key->name = name("a column name");
        op.by = {done(key)};
    } else {
        op.by = {scalar()};
    }
    parameters(op, {});
    accept("id"); // `__partitionby x id guid(…)`
    if (at("{")) {
        take();
        op.subquery = subPipeline();
        expect("}");
    } else if (expect("(")) {
        op.subquery = subPipeline();
        expect(")");
    }
}

void Parser::parseFork(OperatorSyntax& op)
{
    while (!atAny({"|", ";", ")", "}"}) && !atEnd() && !m_panic) {
        OperatorSyntax::BranchSyntax branch;
        if (atName() && at("=", at("[") ? 3 : 1)) {
            branch.name = name("a name");
            take();
        }
        if (!expect("("))
            return;
        branch.query = subPipeline();
        expect(")");
        op.branches.push_back(branch);
        accept(",");
    }
}

void Parser::parseFacet(OperatorSyntax& op)
{
    if (!expect("by"))
        return;
    op.by = expressionList(&Parser::wildcardExpression);
    if (accept("with")) {
        if (accept("(")) {
            op.subquery = subPipeline();
            expect(")");
        } else {
            expected("'('");
        }
    }
}

void Parser::parseReduce(OperatorSyntax& op)
{
    parameters(op, {"kind"});
    if (expect("by"))
        op.by = {namedExpression()};
    if (accept("with"))
        while (atKind(TokenKind::Identifier) && !m_panic) {
            op.parameters.push_back(parameter());
            accept(",");
        }
}

void Parser::parseScan(OperatorSyntax& op)
{
    parameters(op, {"with_match_id"});
    if (accept("order") && expect("by"))
        op.orders = orders();
    if (accept("partition") && expect("by"))
        op.by = expressionList(&Parser::namedExpression);
    if (accept("declare"))
        op.scanDeclares = functionParameters();
    if (!expect("with"))
        return;
    const bool open = expect("(");
    while (open && at("step") && !m_panic) {
        take();
        OperatorSyntax::StepSyntax step;
        step.name = name("a step name");
        step.optional = accept("optional");
        if (accept("output") && expect("="))
            step.output = name("all, last or none").text;
        if (!expect(":"))
            return;
        step.condition = scalar();
        if (accept("=>"))
            step.assignments = expressionList(&Parser::namedExpression);
        op.steps.push_back(std::move(step));
        if (!accept(";"))
            break;
    }
    if (open)
        expect(")");
}

void Parser::parseMacroExpand(OperatorSyntax& op)
{
    parameters(op, {"isfuzzy", "kind"});
    op.expressions = {parsePostfix()};
    if (expect("as"))
        op.asName = name("a name");
    if (expect("(")) {
        while (!atEnd() && !at(")")) {
            if (accept(";"))
                continue;
            op.body.push_back(statement());
            if (!at(";") && !at(")"))
                break;
        }
        expect(")");
    }
}

} // namespace tocsin::kql
