// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/LateFetch.h"

#include "kql/plan/RewriteInputs.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

using Ids = std::set<ColumnId>;
using K = PlanNode::Kind;

constexpr std::int64_t kMostTopRows = 100'000; ///< beyond that, rows are better read in one go

void addColumns(const Expression& expression, Ids& ids)
{
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind == Expression::Kind::Column)
            ids.insert(e.column);
    });
}

/// May be computed at another time, for a row on its own.
bool isPlainValue(const Expression& expression)
{
    bool plain = isDeterministic(expression);
    visitExpression(expression, [&](const Expression& e) {
        plain = plain && !e.subplan && !(e.kind == Expression::Kind::Call && e.function->has(FunctionTrait::Window));
    });
    return plain;
}

PlanColumn rowIdColumn() { return {kRowIdColumn, "$row", DataType::Long}; }
ExpressionPtr rowId() { return columnRef(kRowIdColumn, DataType::Long); }

/// Filters and projections over a scan whose rows can be fetched.
struct Chain {
    std::vector<const PlanNode*> steps; ///< from the top
    const PlanNode* scan = nullptr;
};

std::optional<Chain> chainOf(const PlanNode& top)
{
    Chain chain;
    const PlanNode* node = &top;
    for (; node->kind == K::Filter || node->kind == K::Project || node->kind == K::Named; node = node->inputs[0].get()) {
        for (const ExpressionPtr& condition : node->expressions)
            if (!isPlainValue(*condition))
                return std::nullopt;
        for (const Assignment& assignment : node->assignments)
            if (!isPlainValue(*assignment.value))
                return std::nullopt;
        chain.steps.push_back(node);
    }
    if (node->kind != K::Scan || !node->source->canFetch())
        return std::nullopt;
    chain.scan = node;
    return chain;
}

/// The steps from `step` down with only the wanted columns, and the row ids.
PlanPtr narrowed(const Chain& chain, std::size_t step, Ids wanted)
{
    if (step == chain.steps.size()) {
        auto scan = std::make_shared<PlanNode>(*chain.scan);
        scan->columns.clear();
        scan->scanColumns.clear();
        for (std::size_t i = 0; i < chain.scan->columns.size(); ++i)
            if (wanted.contains(chain.scan->columns[i].id)) {
                scan->columns.push_back(chain.scan->columns[i]);
                scan->scanColumns.push_back(chain.scan->scanColumns[i]);
            }
        scan->columns.push_back(rowIdColumn());
        return scan;
    }
    auto node = std::make_shared<PlanNode>(*chain.steps[step]);
    if (node->kind == K::Project) {
        std::erase_if(node->assignments, [&](const Assignment& assignment) { return !wanted.contains(assignment.column.id); });
        wanted.clear();
        for (const Assignment& assignment : node->assignments)
            addColumns(*assignment.value, wanted);
        node->assignments.push_back({rowIdColumn(), rowId()});
        node->columns.clear();
        for (const Assignment& assignment : node->assignments)
            node->columns.push_back(assignment.column);
        node->inputs[0] = narrowed(chain, step + 1, std::move(wanted));
        return node;
    }
    for (const ExpressionPtr& condition : node->expressions)
        addColumns(*condition, wanted);
    node->inputs[0] = narrowed(chain, step + 1, std::move(wanted));
    node->columns = node->inputs[0]->columns;
    return node;
}

/// Columns of the scan that the narrowed chain does not read.
bool savesColumns(const Chain& chain, const PlanPtr& narrow)
{
    const PlanNode* scan = narrow.get();
    while (scan->kind != K::Scan)
        scan = scan->inputs[0].get();
    return scan->scanColumns.size() < chain.scan->scanColumns.size();
}

/// The scan's columns behind those of `input` that stand before its row ids, and the chain's projections over them.
PlanPtr widened(const Chain& chain, PlanPtr input, bool serialized)
{
    auto fetch = std::make_shared<PlanNode>();
    fetch->kind = K::Fetch;
    fetch->span = chain.scan->span;
    fetch->source = chain.scan->source;
    fetch->scanColumns = chain.scan->scanColumns;
    fetch->serialized = serialized;
    std::vector<PlanColumn> carried;
    for (const PlanColumn& column : input->columns)
        if (column.id != kRowIdColumn)
            carried.push_back(column);
    fetch->columns = carried;
    fetch->columns.insert(fetch->columns.end(), chain.scan->columns.begin(), chain.scan->columns.end());
    fetch->inputs = {std::move(input)};
    PlanPtr result = fetch;
    for (auto step = chain.steps.rbegin(); step != chain.steps.rend(); ++step) {
        if ((*step)->kind != K::Project)
            continue;
        auto project = std::make_shared<PlanNode>(**step);
        project->serialized = serialized;
        for (const PlanColumn& column : carried) {
            project->assignments.push_back({column, columnRef(column.id, column.type)});
            project->columns.push_back(column);
        }
        project->inputs[0] = result;
        result = project;
    }
    return result;
}

PlanPtr projected(const PlanPtr& input, std::vector<Assignment> assignments, const PlanNode& like)
{
    auto project = std::make_shared<PlanNode>();
    project->kind = K::Project;
    project->span = like.span;
    project->columns = like.columns;
    project->serialized = like.serialized;
    project->assignments = std::move(assignments);
    project->inputs = {input};
    return project;
}

PlanPtr lateTop(const PlanPtr& plan)
{
    const PlanNode& top = *plan;
    const bool few = top.count && top.count->kind == Expression::Kind::Literal && !top.count->value.isNull() && top.count->value.asLong() <= kMostTopRows;
    const std::optional<Chain> chain = few ? chainOf(*top.inputs[0]) : std::nullopt;
    if (!chain)
        return plan;
    Ids keys;
    for (const SortKey& key : top.sortKeys) {
        if (!isPlainValue(*key.value))
            return plan;
        addColumns(*key.value, keys);
    }
    auto narrow = std::make_shared<PlanNode>(top);
    narrow->inputs[0] = narrowed(*chain, 0, keys);
    if (!savesColumns(*chain, narrow->inputs[0]))
        return plan;
    narrow->columns = narrow->inputs[0]->columns;
    // Only the ids are carried on: the keys are read again, or computed, with the rest.
    const PlanPtr ids = [&] {
        auto only = std::make_shared<PlanNode>();
        only->kind = K::Project;
        only->span = top.span;
        only->columns = {rowIdColumn()};
        only->serialized = true;
        only->assignments = {{rowIdColumn(), rowId()}};
        only->inputs = {narrow};
        return only;
    }();
    const PlanPtr wide = widened(*chain, ids, true);
    std::vector<Assignment> columns;
    for (const PlanColumn& column : top.columns)
        columns.push_back({column, columnRef(column.id, column.type)});
    return projected(wide, std::move(columns), top);
}

PlanPtr lateArgExtreme(const PlanPtr& plan)
{
    const PlanNode& node = *plan;
    const auto isExtreme = [](const PlanNode::AggregateResult& aggregate) {
        const std::string_view name = aggregate.call.function->name;
        return (name == "arg_max" || name == "arg_min") && aggregate.call.arguments.size() > 1;
    };
    const auto extreme = std::find_if(node.aggregates.begin(), node.aggregates.end(), isExtreme);
    if (extreme == node.aggregates.end() || std::count_if(node.aggregates.begin(), node.aggregates.end(), isExtreme) > 1)
        return plan;
    const std::optional<Chain> chain = chainOf(*node.inputs[0]);
    if (!chain)
        return plan;
    // Without groups there may be no row: then only what is a column of the table is certainly null.
    const bool plainColumns = std::all_of(chain->steps.begin(), chain->steps.end(), [](const PlanNode* step) { return step->kind != K::Project; });
    for (std::size_t i = 1; i < extreme->call.arguments.size(); ++i) {
        const Expression& argument = *extreme->call.arguments[i];
        if (!isPlainValue(argument) || (node.assignments.empty() && (!plainColumns || argument.kind != Expression::Kind::Column)))
            return plan;
    }
    auto narrow = std::make_shared<PlanNode>(node);
    auto& call = narrow->aggregates[static_cast<std::size_t>(extreme - node.aggregates.begin())];
    call.call.arguments = {extreme->call.arguments[0], rowId()};
    call.call.resultTypes = {extreme->call.resultTypes[0], DataType::Long};
    call.columns = {extreme->columns[0], rowIdColumn()};
    Ids wanted;
    narrow->columns.clear();
    for (const Assignment& key : narrow->assignments) {
        addColumns(*key.value, wanted);
        narrow->columns.push_back(key.column);
    }
    for (const PlanNode::AggregateResult& aggregate : narrow->aggregates) {
        for (const ExpressionPtr& argument : aggregate.call.arguments)
            addColumns(*argument, wanted);
        narrow->columns.insert(narrow->columns.end(), aggregate.columns.begin(), aggregate.columns.end());
    }
    narrow->inputs[0] = narrowed(*chain, 0, wanted);
    if (!savesColumns(*chain, narrow->inputs[0]))
        return plan;
    // What the groups give must not hide a column of the rows.
    Ids below;
    for (const PlanNode* step : chain->steps)
        for (const PlanColumn& column : step->columns)
            below.insert(column.id);
    for (const PlanColumn& column : chain->scan->columns)
        below.insert(column.id);
    for (const PlanColumn& column : narrow->columns)
        if (below.contains(column.id))
            return plan;
    const PlanPtr wide = widened(*chain, narrow, node.serialized);
    std::vector<Assignment> columns;
    for (const PlanColumn& column : node.columns) {
        ExpressionPtr value = columnRef(column.id, column.type);
        for (std::size_t i = 1; i < extreme->columns.size(); ++i)
            if (extreme->columns[i].id == column.id)
                value = extreme->call.arguments[i];
        columns.push_back({column, std::move(value)});
    }
    return projected(wide, std::move(columns), node);
}

} // namespace

PlanPtr fetchLate(const PlanPtr& plan)
{
    const PlanPtr result = rewriteInputs(plan, fetchLate);
    switch (result->kind) {
    case K::Top: return lateTop(result);
    case K::Aggregate: return lateArgExtreme(result);
    default: return result;
    }
}

} // namespace tocsin::kql
