// SPDX-License-Identifier: GPL-3.0-or-later
// Operators with Extension nodes: see ExtensionForms.h.
#include "kql/bind/QueryBinder.h"

#include <algorithm>

namespace tocsin::kql {

Relation QueryBinder::bindTopNested(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "top-nested";
    NameTable names;
    const RowContext row{.rows = &input};
    int level = 0;
    for (const OperatorSyntax::LevelSyntax& item : op.levels) {
        const std::string suffix = std::to_string(level++);
        const auto values = bindItem(*item.of, row, scope);
        const ExpressionPtr value = values.empty() ? m_bad : values[0].second;
        const std::string valueName = values.empty() || values[0].first.empty() ? names.nextColumn() : names.unique(values[0].first);
        node->assignments.push_back({newColumn(valueName, value->type), value});
        node->columns.push_back(node->assignments.back().column);
        node->expressions.push_back(item.count ? bindCount(item.count, scope, "The number of values") : literal(Value::null(DataType::Long)));
        if (item.others) {
            const ExpressionPtr others = evaluated(convertExpression(bindScalar(*item.others, {}, scope), value->type));
            if (others->kind == Expression::Kind::Literal)
                node->options.emplace("others" + suffix, others->value);
        }
        SortKey key;
        key.descending = item.by.descending.value_or(true);
        key.nullsFirst = !key.descending;
        const ExpressionSyntax* by = item.by.expression;
        const ExpressionSyntax& rank = by->kind == Kind::Assign ? *by->arguments[0] : *by;
        const std::size_t aggregates = node->aggregates.size(), errors = m_query.errors.size();
        const std::vector<Assignment> noKeys;
        key.value = bindScalar(rank, {.rows = &input, .aggregates = &node->aggregates, .groupKeys = &noKeys}, scope);
        if (isBad(key.value))
            continue;
        if (node->aggregates.size() == aggregates) {
            if (m_query.errors.size() == errors)
                error(kUnknownFunction, rank.span, text(rank.span), ": top-nested needs an aggregate");
            continue;
        }
        node->columns.push_back(newColumn(by->kind == Kind::Assign ? by->names[0].text : names.unique("aggregated_" + valueName), key.value->type));
        node->sortKeys.push_back(key);
    }
    Relation result = finish(node, input);
    result.openAt = std::nullopt;
    return result;
}

Relation QueryBinder::bindTopHitters(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "top-hitters";
    node->count = bindCount(op.count, scope, "The number of values");
    const RowContext row{.rows = &input};
    const auto values = op.expressions.empty() ? std::vector<std::pair<std::string, ExpressionPtr>>() : bindItem(*op.expressions[0], row, scope);
    if (values.empty())
        return broken(op.span);
    const std::string name = values[0].first.empty() ? "Column1" : values[0].first;
    node->expressions.push_back(values[0].second);
    node->columns.push_back(newColumn(name, values[0].second->type));
    DataType weight = DataType::Long;
    std::string weightName = name;
    if (!op.by.empty()) {
        const auto by = bindItem(*op.by[0], row, scope);
        if (!by.empty()) {
            node->expressions.push_back(by[0].second);
            weight = by[0].second->type;
            weightName = by[0].first;
        }
    }
    node->columns.push_back(newColumn((op.by.empty() ? "approximate_count_" : "approximate_sum_") + weightName, weight));
    return finish(node, input);
}

Relation QueryBinder::bindSample(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->count = bindCount(op.count, scope, "The number of rows");
    if (op.kind == OperatorSyntax::Kind::Sample) {
        node->name = "sample";
        return finish(node, input);
    }
    node->name = "sample-distinct";
    const auto values = op.expressions.empty() ? std::vector<std::pair<std::string, ExpressionPtr>>() : bindItem(*op.expressions[0], {.rows = &input}, scope);
    if (values.empty())
        return broken(op.span);
    node->expressions = {values[0].second};
    node->columns = {newColumn(values[0].first.empty() ? "Column1" : values[0].first, values[0].second->type)};
    Relation result = finish(node, input);
    result.openAt = std::nullopt;
    return result;
}

/// Marks the leaf of a subquery as that of the node, also to subqueries inside of it.
void QueryBinder::numberSubquery(PlanNode& node, PlanNode& leaf)
{
    const Value number = Value::int64(m_nextShared++);
    node.options.emplace("subquery", number);
    leaf.options.emplace("subquery", number);
}

/// A subquery with a source of its own knows the key by its name, as a value.
void QueryBinder::defineKey(const Relation& rows, Expr name, const ExpressionPtr& key, const ScopePtr& scope)
{
    const auto value = std::make_shared<Expression>();
    value->kind = Expression::Kind::Scalar;
    value->type = key->type;
    value->span = name.span;
    value->subplan = project(rows, {{newColumn(name.name.text, key->type), key}}, name.span).plan;
    Symbol symbol;
    symbol.scalar = value;
    scope->define(name.name.text, std::move(symbol));
}

Relation QueryBinder::bindPartition(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "partition";
    node->expressions = {bindScalar(*op.by[0], {.rows = &input}, scope)};
    if (!op.subquery)
        return broken(op.span);
    Node leaf = newNode(PlanNode::Kind::Extension, op.span);
    leaf->name = "partition-rows";
    leaf->columns = input.plan->columns;
    leaf->serialized = input.plan->serialized;
    numberSubquery(*node, *leaf);
    Relation rows{leaf};
    rows.broken = input.broken;
    rows.openAt = input.openAt;
    const ScopePtr inner = newScope(scope); // names of `as` mean nothing outside
    if (op.subquery->source && op.by[0]->kind == Kind::Name && !isBad(node->expressions[0]))
        defineKey(rows, *op.by[0], node->expressions[0], inner);
    const Relation result = bindPipeline(*op.subquery, inner, {}, &rows);
    node->inputs.push_back(result.plan);
    node->columns = result.plan->columns;
    Relation partitioned = result;
    partitioned.plan = node;
    return partitioned;
}

Relation QueryBinder::bindReduce(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "reduce";
    const auto values = op.by.empty() ? std::vector<std::pair<std::string, ExpressionPtr>>() : bindItem(*op.by[0], {.rows = &input}, scope);
    if (values.empty())
        return broken(op.span);
    node->expressions = {convertExpression(values[0].second, DataType::String)};
    for (const ParameterSyntax& option : op.parameters) {
        if (option.name.text == "kind")
            continue;
        const ExpressionPtr value = evaluated(bindScalar(*option.value, {}, scope));
        if (value->kind == Expression::Kind::Literal && !isBad(value))
            node->options.emplace(option.name.text, value->value);
    }
    if (const std::string kind = parameterText(op, "kind"); kind == "source") {
        NameTable names;
        for (const PlanColumn& column : visible(input)) {
            names.reserve(column.name);
            node->columns.push_back(column);
        }
        node->columns.push_back(newColumn(names.unique("Pattern"), DataType::String));
        node->options.emplace("kind", Value::string(kind));
        return finish(node, input);
    } else if (!kind.empty()) {
        report(makeError(kBadOption, "kind", kind, "source"), op.span);
        return broken(op.span);
    }
    node->columns = {newColumn("Pattern", DataType::String), newColumn("Count", DataType::Long), newColumn("Representative", DataType::String)};
    Relation result = finish(node, input);
    result.openAt = std::nullopt;
    return result;
}

Relation QueryBinder::bindInvoke(const Relation& input, Op op, const ScopePtr& scope)
{
    const ExpressionSyntax& expression = *op.expressions[0];
    const ExpressionSyntax& callee = expression.kind == Kind::Call ? *expression.arguments[0] : expression;
    const auto symbol = callee.kind == Kind::Name || callee.kind == Kind::Member ? findFunction(callee.name.text, scope) : nullptr;
    if (!symbol || symbol->kind != Symbol::Kind::Function) {
        report(makeError(kUnknownFunction, text(callee.span), ""), callee.span);
        return broken(op.span);
    }
    // The input goes in as the first argument, under a name that no query can write.
    const std::string hidden = "$invoke" + std::to_string(m_nextShared++);
    const ScopePtr inner = newScope(scope);
    Symbol table;
    table.kind = Symbol::Kind::Shared;
    table.shared = input;
    table.sharedKey = hidden;
    inner->define(hidden, std::move(table));
    ExpressionSyntax first, name, call;
    first.kind = name.kind = Kind::Name;
    first.name = {hidden, op.keyword};
    first.span = op.keyword;
    name.name = callee.name;
    name.span = callee.span;
    call.kind = Kind::Call;
    call.span = expression.span;
    call.arguments = {&name, &first};
    if (expression.kind == Kind::Call)
        call.arguments.insert(call.arguments.end(), expression.arguments.begin() + 1, expression.arguments.end());
    return bindTabularUserFunction(*symbol, call, inner, {});
}

Relation QueryBinder::bindScan(const Relation& input, Op op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "scan";
    node->columns = input.plan->columns;
    for (const OrderSyntax& order : op.orders)
        node->sortKeys.push_back(bindSortKey(order, {.rows = &input}, scope));
    for (const ExpressionSyntax* key : op.by)
        node->leftKeys.push_back(bindScalar(*key, {.rows = &input}, scope));
    for (const auto& declared : op.scanDeclares) {
        const PlanColumn column = newColumn(declared.name.text, declared.type.value_or(DataType::String));
        ExpressionPtr initial = declared.defaultValue ? bindScalar(*declared.defaultValue, {}, scope) : literal(Value::null(column.type));
        if (!isBad(initial))
            initial = foldConstant(convertExpression(initial, column.type));
        node->assignments.push_back({column, initial});
        node->parseColumns.push_back(column);
        node->columns.push_back(column);
    }
    if (op.orders.empty() && !input.plan->serialized && !input.broken)
        error(kNotSerialized, op.keyword, "scan");
    // Conditions see the row, with the declared columns; `step.column` is the state of an earlier step: a column of its own.
    Node rowNode = newNode(PlanNode::Kind::Extension, op.span);
    rowNode->name = "scan-rows";
    rowNode->columns = node->columns;
    rowNode->serialized = true;
    Relation row{rowNode, input.broken, input.openAt, {}};
    const ScopePtr inner = newScope(scope);
    std::vector<std::vector<PlanColumn>> states;
    for (const OperatorSyntax::StepSyntax& step : op.steps) {
        states.emplace_back();
        for (const PlanColumn& column : rowNode->columns)
            states.back().push_back(newColumn(step.name.text + "." + column.name, column.type));
    }
    m_scanSteps = &op.steps;
    m_scanStates = &states;
    for (std::size_t i = 0; i < op.steps.size(); ++i) {
        const OperatorSyntax::StepSyntax& step = op.steps[i];
        node->expressions.push_back(bindCondition(*step.condition, {.rows = &row}, inner));
        // Group i of `aggregates`-like data: the state columns of the step, and what the step assigns.
        PlanNode::ScanStep bound;
        bound.name = step.name.text;
        bound.optional = step.optional;
        bound.output = step.output.empty() ? "all" : step.output;
        bound.condition = node->expressions.back();
        bound.state = states[i];
        for (const ExpressionSyntax* item : step.assignments) {
            if (item->kind != Kind::Assign)
                continue;
            const auto target = std::find_if(node->parseColumns.begin(), node->parseColumns.end(), [&](const PlanColumn& c) { return c.name == item->names[0].text; });
            const ExpressionPtr value = bindScalar(*item->arguments[0], {.rows = &row}, inner);
            if (target == node->parseColumns.end())
                error(kUnknownColumn, item->names[0].span, item->names[0].text, " among those declared");
            else if (!isBad(value))
                bound.assignments.push_back({*target, convertExpression(value, target->type)});
        }
        node->scanSteps.push_back(std::move(bound));
    }
    m_scanSteps = nullptr;
    m_scanStates = nullptr;
    if (const std::string match = parameterText(op, "with_match_id"); !match.empty()) {
        const PlanColumn column = newColumn(match, DataType::Long);
        node->itemIndexColumn = column.id;
        node->columns.push_back(column);
    }
    node->serialized = true;
    return finish(node, input);
}

} // namespace tocsin::kql
