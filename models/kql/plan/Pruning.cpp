// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/Pruning.h"

#include "kql/plan/PlanExpressions.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

using Ids = std::set<ColumnId>;

void addColumns(const ExpressionPtr& expression, Ids& ids)
{
    if (expression)
        visitExpression(*expression, [&](const Expression& e) {
            if (e.kind == Expression::Kind::Column)
                ids.insert(e.column);
        });
}

Ids allColumns(const PlanNode& node)
{
    Ids ids;
    for (const PlanColumn& column : node.columns)
        ids.insert(column.id);
    return ids;
}

/// Keeps the wanted columns; at least one, so that rows can still be counted.
template <typename Keep> void filterColumns(PlanNode& node, Keep&& wanted)
{
    std::vector<PlanColumn> kept;
    for (const PlanColumn& column : node.columns)
        if (wanted(column.id))
            kept.push_back(column);
    if (kept.empty() && !node.columns.empty())
        kept.push_back(node.columns.front());
    node.columns = std::move(kept);
}

bool passesThrough(const PlanNode& node)
{
    using K = PlanNode::Kind;
    return node.kind == K::Filter || node.kind == K::Sort || node.kind == K::Top || node.kind == K::Take || node.kind == K::Serialize || node.kind == K::Named ||
           (node.kind == K::Extension && node.name == "sample");
}

} // namespace

void Pruning::collect(const PlanPtr& plan) { collect(*plan, allColumns(*plan)); }
PlanPtr Pruning::prune(const PlanPtr& plan) { return prune(plan, allColumns(*plan)); }

std::vector<Pruning::Ids> Pruning::inputRequirements(const PlanNode& node, const Ids& required) const
{
    using K = PlanNode::Kind;
    std::vector<Ids> needs(node.inputs.size());
    if (needs.empty())
        return needs;
    switch (node.kind) {
    case K::Filter: case K::Sort: case K::Top: case K::Take: case K::Serialize: case K::Named:
        needs[0] = required;
        for (const ExpressionPtr& e : node.expressions) addColumns(e, needs[0]);
        for (const SortKey& key : node.sortKeys) addColumns(key.value, needs[0]);
        break;
    case K::Project:
        for (const Assignment& assignment : node.assignments)
            if (required.contains(assignment.column.id) || !isDeterministic(*assignment.value))
                addColumns(assignment.value, needs[0]);
        break;
    case K::Aggregate: case K::MakeSeries:
        for (const Assignment& key : node.assignments) addColumns(key.value, needs[0]);
        for (const PlanNode::AggregateResult& aggregate : node.aggregates)
            for (const ExpressionPtr& e : aggregate.call.arguments) addColumns(e, needs[0]);
        if (node.series)
            addColumns(node.series->axis, needs[0]);
        break;
    case K::Join:
        for (std::size_t i = 0; i < node.columns.size(); ++i)
            if (required.contains(node.columns[i].id))
                needs[static_cast<std::size_t>(node.joinColumns[i].first)].insert(node.joinColumns[i].second);
        for (const ExpressionPtr& e : node.leftKeys) addColumns(e, needs[0]);
        for (const ExpressionPtr& e : node.rightKeys) addColumns(e, needs[1]);
        break;
    case K::Union:
        for (std::size_t c = 0; c < node.columns.size(); ++c)
            if (required.contains(node.columns[c].id))
                for (std::size_t i = 0; i < node.inputs.size(); ++i)
                    if (node.unionSources[i][c])
                        needs[i].insert(*node.unionSources[i][c]);
        break;
    case K::Parse: case K::MvExpand:
        if (node.inputs.size() == 1) {
            needs[0] = required;
            for (const ExpressionPtr& e : node.expressions) addColumns(e, needs[0]);
            for (const PlanNode::Expansion& expansion : node.expansions) addColumns(expansion.value, needs[0]);
            break;
        }
        [[fallthrough]];
    default:
        for (std::size_t i = 0; i < needs.size(); ++i)
            needs[i] = allColumns(*node.inputs[i]);
        if (node.kind == K::Extension && node.name == "sample")
            needs[0] = required;
    }
    return needs;
}

void Pruning::collectSubplans(const PlanNode& node)
{
    auto copy = node; // expressions are visited only
    forEachExpression(copy, [this](const ExpressionPtr& expression) {
        if (expression)
            visitExpression(*expression, [this](const Expression& e) {
                if (e.subplan)
                    collect(e.subplan);
            });
    });
}

void Pruning::collect(const PlanNode& node, const Ids& required)
{
    collectSubplans(node);
    if (node.kind == PlanNode::Kind::Shared) {
        Ids& known = m_shared[node.sharedKey];
        const std::size_t before = known.size();
        for (const auto& [outer, inner] : node.sharedColumns)
            if (required.contains(outer))
                known.insert(inner);
        if (known.empty() && !node.sharedColumns.empty())
            known.insert(node.sharedColumns.front().second);
        if (known.size() != before) {
            const Ids wanted = known;
            collect(*node.inputs[0], wanted);
        }
        return;
    }
    const std::vector<Ids> needs = inputRequirements(node, required);
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        collect(*node.inputs[i], needs[i]);
}

ExpressionPtr Pruning::pruneSubplans(const ExpressionPtr& expression)
{
    bool has = false;
    if (expression)
        visitExpression(*expression, [&](const Expression& e) { has = has || e.subplan; });
    if (!has)
        return expression;
    auto copy = std::make_shared<Expression>(*expression);
    if (copy->subplan)
        copy->subplan = prune(copy->subplan);
    for (ExpressionPtr& argument : copy->arguments)
        argument = pruneSubplans(argument);
    return copy;
}

void Pruning::pruneSubplans(PlanNode& node)
{
    forEachExpression(node, [this](ExpressionPtr& expression) { expression = pruneSubplans(expression); });
}

void Pruning::pruneOwnColumns(PlanNode& node, const Ids& required) const
{
    using K = PlanNode::Kind;
    const auto wanted = [&](ColumnId id) { return required.contains(id); };
    if (passesThrough(node)) {
        node.columns = node.inputs[0]->columns;
        return;
    }
    switch (node.kind) {
    case K::Scan: {
        std::vector<PlanColumn> columns;
        std::vector<std::size_t> places;
        std::size_t spare = 0;
        for (std::size_t i = 0; i < node.columns.size(); ++i) {
            if (node.columns[i].type == DataType::DateTime && node.columns[spare].type != DataType::DateTime)
                spare = i; // cheap to read when only the number of rows matters
            if (!wanted(node.columns[i].id))
                continue;
            columns.push_back(node.columns[i]);
            places.push_back(node.scanColumns[i]);
        }
        if (columns.empty() && !node.columns.empty()) {
            columns = {node.columns[spare]};
            places = {node.scanColumns[spare]};
        }
        node.columns = std::move(columns);
        node.scanColumns = std::move(places);
        break;
    }
    case K::Project: {
        std::vector<Assignment> kept;
        for (const Assignment& assignment : node.assignments)
            if (wanted(assignment.column.id) || !isDeterministic(*assignment.value))
                kept.push_back(assignment);
        if (kept.empty() && !node.assignments.empty()) {
            // One column is left for the rows to hang on; a constant reads nothing.
            Assignment constant = node.assignments.front();
            constant.value = literal(Value::null(constant.column.type));
            kept.push_back(constant);
        }
        node.assignments = std::move(kept);
        node.columns.clear();
        for (const Assignment& assignment : node.assignments)
            node.columns.push_back(assignment.column);
        break;
    }
    case K::Join: {
        std::vector<PlanColumn> columns;
        std::vector<std::pair<int, ColumnId>> sources;
        for (std::size_t i = 0; i < node.columns.size(); ++i)
            if (wanted(node.columns[i].id)) {
                columns.push_back(node.columns[i]);
                sources.push_back(node.joinColumns[i]);
            }
        node.columns = std::move(columns);
        node.joinColumns = std::move(sources);
        break;
    }
    case K::Union: {
        std::vector<PlanColumn> columns;
        std::vector<std::vector<std::optional<ColumnId>>> sources(node.inputs.size());
        for (std::size_t c = 0; c < node.columns.size(); ++c)
            if (wanted(node.columns[c].id)) {
                columns.push_back(node.columns[c]);
                for (std::size_t i = 0; i < sources.size(); ++i)
                    sources[i].push_back(node.unionSources[i][c]);
            }
        if (node.unionSourceColumn && !wanted(*node.unionSourceColumn))
            node.unionSourceColumn.reset();
        node.columns = std::move(columns);
        node.unionSources = std::move(sources);
        break;
    }
    case K::Parse: case K::MvExpand:
        if (node.inputs.size() == 1)
            filterColumns(node, [&](ColumnId id) {
                const bool own = std::any_of(node.parseColumns.begin(), node.parseColumns.end(), [&](const PlanColumn& c) { return c.id == id; }) ||
                                 std::any_of(node.expansions.begin(), node.expansions.end(), [&](const PlanNode::Expansion& x) { return x.column.id == id; });
                return own || wanted(id) || node.itemIndexColumn == id;
            });
        break;
    case K::Shared: {
        std::vector<std::pair<ColumnId, ColumnId>> pairs;
        filterColumns(node, wanted);
        for (const auto& pair : node.sharedColumns)
            if (std::any_of(node.columns.begin(), node.columns.end(), [&](const PlanColumn& c) { return c.id == pair.first; }))
                pairs.push_back(pair);
        node.sharedColumns = std::move(pairs);
        break;
    }
    default: break;
    }
}

PlanPtr Pruning::prune(const PlanPtr& plan, const Ids& required)
{
    auto node = std::make_shared<PlanNode>(*plan);
    pruneSubplans(*node);
    if (node->kind == PlanNode::Kind::Shared) {
        pruneOwnColumns(*node, required);
        PlanPtr& inner = m_prunedShared[node->sharedKey];
        if (!inner)
            inner = prune(node->inputs[0], m_shared[node->sharedKey]);
        node->inputs[0] = inner;
        return node;
    }
    const std::vector<Ids> needs = inputRequirements(*node, required);
    for (std::size_t i = 0; i < node->inputs.size(); ++i)
        node->inputs[i] = prune(node->inputs[i], needs[i]);
    pruneOwnColumns(*node, required);
    // A projection that changes nothing any more is left out.
    if (node->kind == PlanNode::Kind::Project && node->columns.size() == node->inputs[0]->columns.size()) {
        bool same = true;
        for (std::size_t i = 0; same && i < node->columns.size(); ++i) {
            const PlanColumn& below = node->inputs[0]->columns[i];
            const Assignment& assignment = node->assignments[i];
            same = assignment.value->kind == Expression::Kind::Column && assignment.value->column == below.id && assignment.column.id == below.id && assignment.column.name == below.name;
        }
        if (same)
            return node->inputs[0];
    }
    return node;
}

} // namespace tocsin::kql
