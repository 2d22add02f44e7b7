// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that combine, group, order or look for rows.
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

void Parser::parseJoin(OperatorSyntax& op)
{
    parameters(op, {"kind"});
    note(&Expectation::table);
    op.table = scalar();
    if (accept("on"))
        op.on = expressionList(&Parser::scalar);
    else if (op.kind == OperatorSyntax::Kind::Lookup)
        expected("'on'");
    else if (accept("where"))
        op.expressions = {scalar()};
}

void Parser::parseUnion(OperatorSyntax& op)
{
    parameters(op, {"best_effort"});
    op.expressions = expressionList(&Parser::unionOperand);
}

/// `in (T, U*, (V | as W))`
void Parser::inTables(OperatorSyntax& op)
{
    if (!at("in") || !at("(", 1))
        return;
    take();
    take();
    do {
        const Expr table = unionOperand();
        op.inTables.push_back(at("|") ? pipelineFrom(table, make<PipelineSyntax>(table->span.start)) : table);
    } while (accept(","));
    expect(")");
}

void Parser::dataScope(OperatorSyntax& op)
{
    if (at("datascope") && at("=", 1))
        op.parameters.push_back(parameter());
}

void Parser::parseFind(OperatorSyntax& op)
{
    dataScope(op);
    parameters(op, {});
    inTables(op);
    const bool needsWord = !op.inTables.empty() || !op.parameters.empty();
    if (!accept("where") && needsWord)
        expected("'where'");
    op.expressions = {scalar()};
    if (accept("project-smart"))
        op.projectSmart = true;
    else if (accept("project"))
        findColumns(op.project);
    if (accept("project-away") || accept("__projectAway"))
        findColumns(op.projectAway);
}

/// `pack(*)`, `pack_all()`, `*`, a column, or a column with its type.
void Parser::findColumns(std::vector<Expr>& out)
{
    do {
        if (at("pack")) {
            const Expr callee = nameExpression();
            if (!at("(") || !at("*", 1))
                expected("'(*)'");
            out.push_back(at("(") ? callArguments(callee, &Parser::argument) : callee);
        } else if (at("pack_all") && at("(", 1)) {
            const Expr callee = nameExpression();
            out.push_back(callArguments(callee, &Parser::argument));
        } else if (at("*") && !isAdjacent(1)) {
            out.push_back(starExpression());
        } else {
            ExpressionSyntax* column = expression(Kind::Name, here());
            column->name = wildcardName("a column name");
            if (accept(":")) {
                ColumnDeclaration typed{column->name, DataType::String, {}};
                typed.type = typeName().value_or(DataType::String);
                column->columns.push_back(typed);
            }
            out.push_back(done(column));
        }
    } while (accept(",") && !m_panic);
}

void Parser::parseSearch(OperatorSyntax& op)
{
    parameters(op, {"kind"});
    dataScope(op);
    inTables(op);
    if (!at("*") || (!atListEnd(1) && !at("and", 1))) {
        op.expressions = {scalar()};
        return;
    }
    const Expr star = starExpression();
    op.expressions = {at("and") ? binary(star, &Parser::parseOr) : star};
}

void Parser::parseSummarize(OperatorSyntax& op)
{
    parameters(op, {});
    m_aggregates = true;
    if (const bool byAtOnce = at("by"); probing() || (!byAtOnce && !atListEnd()))
        op.expressions = expressionList(&Parser::namedExpression);
    m_aggregates = false;
    if (!accept("by"))
        return;
    op.by = expressionList(&Parser::namedExpression);
    if (at("bin") && at("=", 1)) { // `by x bin=1h`, an old way to write bin()
        take();
        take();
        op.step = scalar();
    }
}

void Parser::parseTop(OperatorSyntax& op)
{
    parameters(op, {});
    op.count = namedExpression();
    if (expect("by"))
        op.orders = {order()};
}

void Parser::parseTopNested(OperatorSyntax& op)
{
    do {
        if (!op.levels.empty() && !expect("top-nested"))
            return;
        OperatorSyntax::LevelSyntax level;
        if (!at("of"))
            level.count = namedExpression();
        if (!expect("of"))
            return;
        level.of = namedExpression();
        if (accept("with") && expect("others") && expect("="))
            level.others = scalar();
        if (!expect("by"))
            return;
        m_aggregates = true;
        level.by = order();
        m_aggregates = false;
        op.levels.push_back(level);
    } while (accept(",") && !m_panic);
}

void Parser::parseTopHitters(OperatorSyntax& op)
{
    op.count = namedExpression();
    if (!expect("of"))
        return;
    op.expressions = {namedExpression()};
    if (accept("by"))
        op.by = {namedExpression()};
}

void Parser::parseSampleDistinct(OperatorSyntax& op)
{
    parameters(op, {});
    op.count = namedExpression();
    if (expect("of"))
        op.expressions = {namedExpression()};
}

void Parser::parseCount(OperatorSyntax& op)
{
    if (accept("as"))
        op.asName = name("a name");
}

void Parser::parsePartition(OperatorSyntax& op)
{
    parameters(op, {});
    if (!expect("by"))
        return;
    op.by = {atName() ? nameExpression() : missing()}; // `by x (…)` is no call
    for (int chain = 0; chain <= kMaxDepth && !m_panic && (at(".") || at("[")); ++chain)
        op.by = {at(".") ? member(op.by[0]) : index(op.by[0])};
    if (accept("in"))
        op.expressions = {at("dynamic") ? dynamicLiteral() : requiredCall()};
    if (accept("{")) {
        PipelineSyntax* query = make<PipelineSyntax>(here());
        query->source = pipelineExpression();
        op.subquery = done(query);
        expect("}");
    } else {
        parenthesizedQuery(op);
    }
}

/// `__partitionby hint… x id guid(…) (…)`, as services write it to one another.
void Parser::parsePartitionBy(OperatorSyntax& op)
{
    parameters(op, {});
    op.by = {atName() ? nameExpression() : missing()};
    if (accept("id") && !literal())
        expected("a literal value");
    parenthesizedQuery(op);
}

void Parser::parseFork(OperatorSyntax& op)
{
    do {
        OperatorSyntax::BranchSyntax branch;
        if (const std::size_t length = nameLength(); length && at("=", length)) {
            branch.name = takeName(length);
            take();
        }
        if (!expect("("))
            return;
        branch.query = subPipeline();
        expect(")");
        op.branches.push_back(branch);
        accept(",");
    } while (!atListEnd() && !m_panic);
}

void Parser::parseFacet(OperatorSyntax& op)
{
    if (!expect("by"))
        return;
    op.by = expressionList(&Parser::columnPattern);
    if (!accept("with"))
        return;
    if (at("("))
        return parenthesizedQuery(op);
    PipelineSyntax* pipeline = make<PipelineSyntax>(here());
    pipeline->operators.push_back(tabularOperator());
    op.subquery = done(pipeline);
}

void Parser::parseReduce(OperatorSyntax& op)
{
    parameters(op, {"kind", "threshold", "characters"});
    if (expect("by"))
        op.by = {namedExpression()};
    if (accept("with"))
        for (ParameterSyntax& property : parameterList({"threshold", "characters", "kind"}))
            op.parameters.push_back(std::move(property));
}

void Parser::parseScan(OperatorSyntax& op)
{
    parameters(op, {});
    if (accept("order") && expect("by"))
        op.orders = orders();
    if (accept("partition") && expect("by"))
        op.by = expressionList(&Parser::scalar);
    if (accept("declare"))
        op.scanDeclares = functionParameters();
    if (!expect("with") || !expect("("))
        return;
    while (at("step") && !m_panic)
        scanStep(op);
    expect(")");
}

/// `step name [optional] [output=all|last|none]: condition [=> column = value, …];`
void Parser::scanStep(OperatorSyntax& op)
{
    take();
    OperatorSyntax::StepSyntax step;
    step.name = name("a step name", Names::Declared);
    step.optional = accept("optional");
    if (accept("output") && expect("=")) {
        if (!atAny({"all", "last", "none"}))
            return expected("'all', 'last' or 'none'");
        step.output = std::string(take().text(m_text));
    }
    if (!expect(":"))
        return;
    step.condition = scalar();
    if (accept("=>")) {
        do {
            const std::size_t length = nameLength(0, Names::Declared);
            if (!length || !at("=", length))
                return expected("a column with '='");
            step.assignments.push_back(assignment(length));
        } while (accept(","));
    }
    op.steps.push_back(std::move(step));
    expect(";");
}

void Parser::parseMacroExpand(OperatorSyntax& op)
{
    parameters(op, {"best_effort"});
    op.expressions = {entityGroup()};
    if (accept("as"))
        op.asName = name("a name");
    if (!expect("("))
        return;
    const Deeper deeper(*this);
    if (!tooDeep())
        statements(op.body, true);
    expect(")");
}

} // namespace tocsin::kql
