// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/PushDown.h"

#include "kql/plan/Optimizer.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {

namespace {

std::set<ColumnId> columnsOf(const Expression& expression)
{
    std::set<ColumnId> ids;
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind == Expression::Kind::Column)
            ids.insert(e.column);
    });
    return ids;
}

bool hasWindowCall(const Expression& expression)
{
    bool found = false;
    visitExpression(expression, [&](const Expression& e) { found = found || (e.kind == Expression::Kind::Call && e.function->has(FunctionTrait::Window)); });
    return found;
}

bool gives(const PlanNode& node, const std::set<ColumnId>& ids)
{
    return std::all_of(ids.begin(), ids.end(), [&](ColumnId id) {
        return std::any_of(node.columns.begin(), node.columns.end(), [&](const PlanColumn& column) { return column.id == id; });
    });
}

/// The expression with columns replaced; a column that is not in the map stays.
ExpressionPtr substitute(const ExpressionPtr& expression, const std::map<ColumnId, ExpressionPtr>& replacements)
{
    if (expression->kind == Expression::Kind::Column) {
        const auto found = replacements.find(expression->column);
        return found == replacements.end() ? expression : found->second;
    }
    std::vector<ExpressionPtr> arguments;
    bool changed = false;
    for (const ExpressionPtr& argument : expression->arguments) {
        arguments.push_back(substitute(argument, replacements));
        changed = changed || arguments.back() != argument;
    }
    if (!changed)
        return expression;
    auto copy = std::make_shared<Expression>(*expression);
    copy->arguments = std::move(arguments);
    return copy;
}

std::shared_ptr<PlanNode> withInput(const PlanNode& node, PlanPtr input, std::size_t index = 0)
{
    auto copy = std::make_shared<PlanNode>(node);
    copy->inputs[index] = std::move(input);
    return copy;
}

/// The scan below a chain of filters with more predicates.
PlanPtr withPredicates(const PlanNode& node, const std::vector<catalog::ScanPredicate>& predicates)
{
    if (node.kind == PlanNode::Kind::Filter)
        return withInput(node, withPredicates(*node.inputs[0], predicates));
    auto scan = std::make_shared<PlanNode>(node);
    scan->predicates.insert(scan->predicates.end(), predicates.begin(), predicates.end());
    return scan;
}

/// A join's side into which a condition on its columns may go without changing the answer.
bool mayEnter(JoinKind kind, bool left)
{
    switch (kind) {
    case JoinKind::Inner: case JoinKind::InnerUnique: return true;
    case JoinKind::LeftOuter: case JoinKind::LeftSemi: case JoinKind::LeftAnti: return left;
    case JoinKind::RightOuter: case JoinKind::RightSemi: case JoinKind::RightAnti: return !left;
    case JoinKind::FullOuter: return false;
    }
    return false;
}

} // namespace

ExpressionPtr PushDown::rewrite(const ExpressionPtr& expression)
{
    if (!expression)
        return expression;
    if (expression->subplan) {
        auto copy = std::make_shared<Expression>(*expression);
        copy->subplan = rewrite(expression->subplan);
        return copy;
    }
    ExpressionPtr result = expression;
    bool changed = false;
    std::vector<ExpressionPtr> arguments;
    for (const ExpressionPtr& argument : expression->arguments) {
        arguments.push_back(rewrite(argument));
        changed = changed || arguments.back() != argument;
    }
    if (changed) {
        auto copy = std::make_shared<Expression>(*expression);
        copy->arguments = std::move(arguments);
        result = copy;
    }
    return foldConstant(result, m_context);
}

void PushDown::rewriteExpressions(PlanNode& node)
{
    const auto all = [this](std::vector<ExpressionPtr>& list) {
        for (ExpressionPtr& expression : list)
            expression = rewrite(expression);
    };
    all(node.expressions);
    all(node.leftKeys);
    all(node.rightKeys);
    for (Assignment& assignment : node.assignments)
        assignment.value = rewrite(assignment.value);
    for (PlanNode::AggregateResult& aggregate : node.aggregates)
        all(aggregate.call.arguments);
    for (SortKey& key : node.sortKeys)
        key.value = rewrite(key.value);
    for (PlanNode::Expansion& expansion : node.expansions)
        expansion.value = rewrite(expansion.value);
    for (PlanNode::ScanStep& step : node.scanSteps) {
        step.condition = rewrite(step.condition);
        for (Assignment& assignment : step.assignments)
            assignment.value = rewrite(assignment.value);
    }
    node.count = rewrite(node.count);
    node.graphCondition = rewrite(node.graphCondition);
    for (PlanNode::GraphElement& element : node.graphPattern) {
        element.least = rewrite(element.least);
        element.most = rewrite(element.most);
    }
    for (PlanNode::GraphPathValue& value : node.graphPathValues)
        value.value = rewrite(value.value);
    for (PlanNode::GraphStep& step : node.graphSteps)
        step.condition = rewrite(step.condition);
    all(node.graphPartition);
    if (node.series) {
        node.series->axis = rewrite(node.series->axis);
        node.series->from = rewrite(node.series->from);
        node.series->to = rewrite(node.series->to);
        node.series->step = rewrite(node.series->step);
    }
}

PlanPtr PushDown::rewrite(const PlanPtr& plan)
{
    if (const auto done = m_done.find(plan.get()); done != m_done.end())
        return done->second;
    auto node = std::make_shared<PlanNode>(*plan);
    for (PlanPtr& input : node->inputs)
        input = rewrite(input);
    rewriteExpressions(*node);
    const PlanPtr result = node->kind == PlanNode::Kind::Filter ? placeFilter(*node, node->inputs[0]) : PlanPtr(node);
    m_done.emplace(plan.get(), result);
    return result;
}

PlanPtr PushDown::placeFilter(const PlanNode& filter, const PlanPtr& input)
{
    std::vector<ExpressionPtr> parts;
    splitAnd(filter.expressions[0], parts);
    PlanPtr result = input;
    std::vector<ExpressionPtr> staying;
    // Each part goes down as far as it may; those that stay remain one condition, in their order.
    for (const ExpressionPtr& part : parts) {
        if (part->kind == Expression::Kind::Literal && !part->value.isNull() && part->type == DataType::Bool && part->value.asBool())
            continue; // holds for every row
        const bool simple = isDeterministic(*part) && !hasWindowCall(*part) && !isConstant(*part);
        const PlanPtr pushed = simple ? push(part, result) : nullptr;
        if (pushed)
            result = pushed;
        else
            staying.push_back(part);
    }
    if (staying.empty())
        return result;
    ExpressionPtr condition = filter.expressions[0];
    if (staying.size() < parts.size()) {
        if (staying.size() == 1) {
            condition = staying[0];
        } else {
            auto both = std::make_shared<Expression>(*filter.expressions[0]);
            both->arguments = std::move(staying);
            condition = both;
        }
    }
    return filterOver(condition, result);
}

PlanPtr PushDown::filterOver(const ExpressionPtr& condition, const PlanPtr& input)
{
    auto node = std::make_shared<PlanNode>();
    node->kind = PlanNode::Kind::Filter;
    node->span = condition->span;
    node->expressions = {condition};
    node->columns = input->columns;
    node->serialized = input->serialized;
    node->inputs = {input};
    const PlanNode* scan = input.get();
    while (scan->kind == PlanNode::Kind::Filter)
        scan = scan->inputs[0].get();
    if (scan->kind == PlanNode::Kind::Scan)
        if (const auto predicates = derivePredicates(*condition, *scan); !predicates.empty())
            node->inputs = {withPredicates(*input, predicates)};
    return node;
}

PlanPtr PushDown::push(const ExpressionPtr& condition, const PlanPtr& input)
{
    const std::set<ColumnId> ids = columnsOf(*condition);
    const auto into = [&](const ExpressionPtr& part, const PlanPtr& below) -> PlanPtr {
        const PlanPtr deeper = push(part, below);
        return deeper ? deeper : filterOver(part, below);
    };
    switch (input->kind) {
    case PlanNode::Kind::Project: {
        std::map<ColumnId, ExpressionPtr> replacements;
        for (const Assignment& assignment : input->assignments) {
            if (hasWindowCall(*assignment.value))
                return nullptr; // it sees all rows
            if (!ids.contains(assignment.column.id))
                continue;
            if (assignment.value->kind != Expression::Kind::Column && assignment.value->kind != Expression::Kind::Literal)
                return nullptr; // would be computed twice
            replacements[assignment.column.id] = assignment.value;
        }
        return withInput(*input, into(foldConstant(substitute(condition, replacements), m_context), input->inputs[0]));
    }
    case PlanNode::Kind::Filter: {
        const PlanPtr below = push(condition, input->inputs[0]);
        return below ? PlanPtr(withInput(*input, below)) : nullptr;
    }
    case PlanNode::Kind::Sort: case PlanNode::Kind::Named: return withInput(*input, into(condition, input->inputs[0]));
    case PlanNode::Kind::Aggregate: {
        if (input->assignments.empty())
            return nullptr;
        std::map<ColumnId, ExpressionPtr> replacements;
        for (const Assignment& key : input->assignments)
            if (key.value->kind == Expression::Kind::Column)
                replacements[key.column.id] = key.value;
        for (const ColumnId id : ids)
            if (!replacements.contains(id))
                return nullptr;
        return withInput(*input, into(substitute(condition, replacements), input->inputs[0]));
    }
    case PlanNode::Kind::MvExpand: case PlanNode::Kind::Parse: {
        const bool plain = input->inputs.size() == 1 && !input->expandLimit;
        return plain && gives(*input->inputs[0], ids) ? PlanPtr(withInput(*input, into(condition, input->inputs[0]))) : nullptr;
    }
    case PlanNode::Kind::Union: {
        auto copy = std::make_shared<PlanNode>(*input);
        if (input->unionSourceColumn && ids.contains(*input->unionSourceColumn))
            return nullptr;
        for (std::size_t i = 0; i < input->inputs.size(); ++i) {
            std::map<ColumnId, ExpressionPtr> replacements;
            for (std::size_t c = 0; c < input->columns.size(); ++c) {
                const PlanColumn& column = input->columns[c];
                if (ids.contains(column.id))
                    replacements[column.id] = input->unionSources[i][c] ? columnRef(*input->unionSources[i][c], column.type) : literal(Value::null(column.type));
            }
            copy->inputs[i] = into(foldConstant(substitute(condition, replacements), m_context), input->inputs[i]);
        }
        return copy;
    }
    case PlanNode::Kind::Join: {
        for (const bool left : {true, false}) {
            const PlanPtr& side = input->inputs[left ? 0 : 1];
            if (!mayEnter(input->joinKind, left) || !gives(*side, ids))
                continue;
            if (left && input->joinKind == JoinKind::InnerUnique) {
                // Which row of a key stays must not change: only conditions on the keys may go below.
                std::set<ColumnId> keys;
                for (const ExpressionPtr& key : input->leftKeys)
                    if (key->kind == Expression::Kind::Column)
                        keys.insert(key->column);
                if (!std::includes(keys.begin(), keys.end(), ids.begin(), ids.end()))
                    continue;
            }
            return withInput(*input, into(condition, side), left ? 0 : 1);
        }
        return nullptr;
    }
    default: return nullptr;
    }
}

} // namespace tocsin::kql
