// SPDX-License-Identifier: GPL-3.0-or-later
// Dispatch, the pieces operators share, and those that choose, order or describe rows.
#include "kql/bind/QueryBinder.h"

#include "kql/syntax/SyntaxErrors.h"


namespace tocsin::kql {

Relation QueryBinder::bindOperator(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    using K = OperatorSyntax::Kind;
    if (op.kind != K::Render)
        checkPluginIsLast(input, op.span);
    switch (op.kind) {
    case K::Bad: { Relation bad = input; bad.broken = true; return bad; }
    case K::Where: return bindWhere(input, op, scope, outer);
    case K::Extend: return bindExtend(input, op, scope, outer);
    case K::Project: case K::ProjectSmart: return bindProject(input, op, scope, outer);
    case K::ProjectByNames: return bindProjectByNames(input, op, scope);
    case K::ProjectAway: case K::ProjectKeep: return bindProjectAway(input, op);
    case K::ProjectRename: return bindProjectRename(input, op);
    case K::ProjectReorder: return bindProjectReorder(input, op);
    case K::Summarize: return bindSummarize(input, op, scope, outer);
    case K::Distinct: return bindDistinct(input, op, scope, outer);
    case K::Count: return bindCount(input, op);
    case K::Sort: case K::Top: return bindSort(input, op, scope, outer);
    case K::Take: return bindTake(input, op, scope);
    case K::Serialize: return bindSerialize(input, op, scope, outer);
    case K::Join: case K::Lookup: return bindJoin(input, op, scope);
    case K::Union: return bindUnion(&input, op, scope);
    case K::Search: return bindSearch(&input, op, scope);
    case K::MvExpand: case K::MvApply: return bindMvExpand(input, op, scope, outer);
    case K::Parse: case K::ParseWhere: return bindParse(input, op, scope, outer);
    case K::ParseKv: return bindParseKv(input, op, scope, outer);
    case K::MakeSeries: return bindMakeSeries(input, op, scope, outer);
    case K::As: return bindAs(input, op, scope);
    case K::GetSchema: return bindGetSchema(input, op);
    case K::AssertSchema: return bindAssertSchema(input, op);
    case K::TopNested: return bindTopNested(input, op, scope);
    case K::TopHitters: return bindTopHitters(input, op, scope);
    case K::Sample: case K::SampleDistinct: return bindSample(input, op, scope);
    case K::Partition: return bindPartition(input, op, scope);
    case K::Scan: return bindScan(input, op, scope);
    case K::Reduce: return bindReduce(input, op, scope);
    case K::Invoke: return bindInvoke(input, op, scope);
    case K::Evaluate: return bindEvaluate(input, op, scope);
    case K::Render: case K::ExecuteAndCache: return input; // says how to show the rows, not which
    case K::Consume: {
        Node node = newNode(PlanNode::Kind::Rows, op.span);
        node->columns = visible(input);
        return {node};
    }
    case K::MakeGraph: return bindMakeGraph(input, op, scope);
    case K::GraphMatch: case K::GraphShortestPaths: case K::GraphToTable: case K::GraphMarkComponents: case K::GraphWhereNodes: case K::GraphWhereEdges: return bindGraphOperator(input, op, scope);
    case K::Fork: case K::Facet:
        report(makeError(kUnsupported, std::string(operatorName(op.kind)) + " in the middle of a query"), op.keyword);
        return broken(op.span);
    case K::Print: case K::Range: case K::Find: case K::MacroExpand:
        report(makeError(kMisplaced, "'" + std::string(operatorName(op.kind)) + "' begins a query, takes no input, and"), op.keyword);
        return broken(op.span);
    default:
        report(makeError(kUnsupported, "The operator " + std::string(operatorName(op.kind))), op.keyword);
        return broken(op.span);
    }
}

/// A node that gives its input's columns.
Relation QueryBinder::finish(Node node, const Relation& input)
{
    Relation result = input;
    result.name.clear();
    if (node->columns.empty()) {
        // Where no plan is wanted, rows of the same columns are the same rows.
        if (m_options.endOnly && node->serialized == input.plan->serialized)
            return result;
        node->columns = input.plan->columns;
    }
    result.plan = std::move(node);
    return result;
}

Relation QueryBinder::project(const Relation& input, std::vector<Assignment> assignments, SourceSpan span)
{
    Node node = newNode(PlanNode::Kind::Project, span, {input.plan});
    node->columns.reserve(assignments.size());
    for (const Assignment& assignment : assignments)
        node->columns.push_back(assignment.column);
    node->assignments = std::move(assignments);
    node->serialized = input.plan->serialized;
    return finish(node, input);
}

const ExpressionSyntax* QueryBinder::parameter(Op op, std::string_view name) const
{
    for (const ParameterSyntax& candidate : op.parameters)
        if (candidate.name.text == name)
            return candidate.value;
    return nullptr;
}

std::string QueryBinder::parameterText(Op op, std::string_view name) const
{
    const ExpressionSyntax* value = parameter(op, name);
    if (!value)
        return {};
    return value->kind == Kind::Name ? value->name.text : value->kind == Kind::Literal ? value->value.toString() : std::string();
}

bool QueryBinder::parameterFlag(Op op, std::string_view name) const { return parameterText(op, name) == "true"; }

Relation QueryBinder::bindWhere(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const ExpressionPtr condition = bindCondition(*op.expressions[0], {.rows = &input, .outer = outer.outer}, scope);
    Node node = newNode(PlanNode::Kind::Filter, op.span, {input.plan});
    node->expressions = {condition};
    node->serialized = input.plan->serialized;
    Relation result = finish(node, input);
    result.name = input.name;
    return result;
}

ExpressionPtr QueryBinder::bindCount(const ExpressionSyntax* expression, const ScopePtr& scope, std::string_view what)
{
    if (!expression)
        return literal(Value::int64(0));
    const ExpressionPtr value = evaluated(bindScalar(*expression, {}, scope));
    if (isBad(value))
        return value;
    if (!isNumeric(value->type) && value->type != DataType::Dynamic)
        return error(kBadValue, expression->span, "number");
    if (!isConstant(*value))
        return error(kConstantExpected, expression->span, std::string(what));
    return convertExpression(value, DataType::Long);
}

SortKey QueryBinder::bindSortKey(const OrderSyntax& order, const RowContext& row, const ScopePtr& scope)
{
    SortKey key;
    const ExpressionSyntax& expression = order.expression->kind == Kind::Assign ? *order.expression->arguments[0] : *order.expression;
    key.value = bindScalar(expression, row, scope);
    if (!isBad(key.value) && key.value->type == DataType::Dynamic && !row.rows->openAt)
        error(kNotSortable, expression.span, "a dynamic value");
    key.descending = order.descending.value_or(true);
    key.nullsFirst = order.nullsFirst.value_or(!key.descending);
    return key;
}

Relation QueryBinder::bindSort(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const bool top = op.kind == OperatorSyntax::Kind::Top;
    Node node = newNode(top ? PlanNode::Kind::Top : PlanNode::Kind::Sort, op.span, {input.plan});
    for (const OrderSyntax& order : op.orders)
        node->sortKeys.push_back(bindSortKey(order, {.rows = &input, .outer = outer.outer}, scope));
    if (top)
        node->count = bindCount(op.count, scope, "The number of rows");
    node->serialized = true;
    return finish(node, input);
}

Relation QueryBinder::bindTake(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Take, op.span, {input.plan});
    node->count = bindCount(op.count, scope, "The number of rows");
    node->serialized = input.plan->serialized;
    return finish(node, input);
}

Relation QueryBinder::bindSerialize(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    Node node = newNode(PlanNode::Kind::Serialize, op.span, {input.plan});
    node->serialized = true;
    const Relation serialized = finish(node, input);
    return op.expressions.empty() ? serialized : bindExtend(serialized, op, scope, outer);
}

Relation QueryBinder::bindRange(Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Range, op.span);
    DataType type = DataType::Long;
    bool bad = false, whole = false;
    std::vector<ExpressionPtr> bounds;
    for (const ExpressionSyntax* bound : op.expressions) {
        bounds.push_back(foldConstant(bindScalar(*bound, {}, scope)));
        bad = bad || isBad(bounds.back());
    }
    if (!bad && bounds.size() == 3) {
        type = bounds[0]->type;
        if (isNumeric(type))
            type = commonType(commonType(type, bounds[1]->type), isNumeric(bounds[2]->type) ? bounds[2]->type : type);
        whole = type == DataType::Int;
        if (whole)
            type = DataType::Long;
        const DataType stepType = type == DataType::DateTime ? DataType::TimeSpan : type;
        if ((type != DataType::DateTime && type != DataType::TimeSpan && !isNumeric(type)) || (bounds[2]->type != stepType && !isNumeric(stepType)))
            report(makeError(kWrongArguments, "range", describeTypes(bounds), "numbers, timespans, or datetimes with a timespan step"), op.span);
        else
            bounds = {convertExpression(bounds[0], type), convertExpression(bounds[1], type), convertExpression(bounds[2], stepType)};
    }
    node->expressions = bounds;
    node->columns = {newColumn(op.asName.text, type)};
    node->serialized = true;
    if (!whole)
        return {node};
    const PlanColumn& made = node->columns[0];
    return project({node}, {{newColumn(made.name, DataType::Int), convertExpression(columnRef(made.id, made.type), DataType::Int)}}, op.span);
}

Relation QueryBinder::bindAs(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Named, op.span, {input.plan});
    node->name = op.asName.text;
    node->serialized = input.plan->serialized;
    Symbol symbol;
    symbol.kind = Symbol::Kind::Shared;
    symbol.shared = input;
    symbol.sharedKey = "as:" + op.asName.text + ":" + std::to_string(m_nextShared++);
    define(scope, op.asName, std::move(symbol));
    Relation result = finish(node, input);
    result.name = op.asName.text;
    return result;
}

Relation QueryBinder::bindGetSchema(const Relation& input, Op op)
{
    static constexpr std::pair<DataType, std::string_view> kClrNames[] = {
        {DataType::Bool, "System.SByte"}, {DataType::Int, "System.Int32"}, {DataType::Long, "System.Int64"}, {DataType::Real, "System.Double"},
        {DataType::Decimal, "System.Data.SqlTypes.SqlDecimal"}, {DataType::DateTime, "System.DateTime"}, {DataType::TimeSpan, "System.TimeSpan"},
        {DataType::Guid, "System.Guid"}, {DataType::String, "System.String"}, {DataType::Dynamic, "System.Object"}};
    Node node = newNode(PlanNode::Kind::Rows, op.span);
    if (parameterText(op, "kind") == "csl") {
        std::string schema;
        for (const PlanColumn& column : visible(input))
            schema += (schema.empty() ? "" : ",") + column.name + ":" + std::string(typeName(column.type));
        node->columns = {newColumn("Schema", DataType::String)};
        node->rows.push_back({Value::string(std::move(schema))});
        return {node, input.broken};
    }
    node->columns = {newColumn("ColumnName", DataType::String), newColumn("ColumnOrdinal", DataType::Long), newColumn("DataType", DataType::String),
                     newColumn("ColumnType", DataType::String)};
    std::int64_t ordinal = 0;
    for (const PlanColumn& column : visible(input)) {
        std::string clr;
        for (const auto& [type, name] : kClrNames)
            if (type == column.type)
                clr = name;
        node->rows.push_back({Value::string(column.name), Value::int64(ordinal++), Value::string(clr), Value::string(std::string(typeName(column.type)))});
    }
    node->serialized = true;
    return {node, input.broken};
}

Relation QueryBinder::bindAssertSchema(const Relation& input, Op op)
{
    const auto columns = visible(input);
    bool same = input.broken || op.columns.size() == columns.size() || (op.openColumns && op.columns.size() <= columns.size());
    for (std::size_t i = 0; same && !input.broken && i < op.columns.size(); ++i)
        same = columns[i].name == op.columns[i].name.text && columns[i].type == op.columns[i].type;
    if (!same) {
        std::string actual;
        for (const PlanColumn& column : columns)
            actual += (actual.empty() ? "" : ", ") + column.name + ":" + std::string(typeName(column.type));
        report(makeError(kSchemaMismatch, actual), op.span);
    }
    return input;
}

} // namespace tocsin::kql
