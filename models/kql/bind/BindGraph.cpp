// SPDX-License-Identifier: GPL-3.0-or-later
// Graph operators: see ExtensionForms.h. A graph lives only between make-graph and the operator that makes rows of it, so both are one node.
#include "kql/bind/QueryBinder.h"

#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

namespace {


/// Gives an array of what a path's edges hold; the executor computes it from the path.
bool isPathFunction(std::string_view name) { return name == "map" || name == "all" || name == "any" || name == "inner_nodes"; }

} // namespace

Relation QueryBinder::bindMakeGraph(const Relation& input, const OperatorSyntax& op, const ScopePtr& scope)
{
    Graph graph;
    graph.node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    graph.edgeColumns = visible(input);
    const RowContext row{.rows = &input};
    const ExpressionPtr source = bindScalar(*op.graph.source, row, scope);
    const ExpressionPtr target = bindScalar(*op.graph.target, row, scope);
    graph.node->leftKeys = {source};
    graph.node->rightKeys = {target};
    for (const OperatorSyntax::GraphSyntax::NodeTable& table : op.graph.nodeTables) {
        const Relation nodes = bindTable(*table.table, scope);
        graph.node->inputs.push_back(nodes.plan);
        const ExpressionPtr key = bindScalar(*table.key, {.rows = &nodes}, scope);
        graph.node->expressions.push_back(isBad(key) || isBad(source) ? key : convertExpression(key, source->type));
        for (const PlanColumn& column : visible(nodes))
            if (std::none_of(graph.nodeColumns.begin(), graph.nodeColumns.end(), [&](const PlanColumn& c) { return c.name == column.name; }))
                graph.nodeColumns.push_back(newColumn(column.name, column.type));
        graph.broken = graph.broken || nodes.broken;
    }
    if (op.graph.nodeTables.empty())
        graph.nodeColumns.push_back(newColumn(op.graph.nodeId.missing() ? "nodeId" : op.graph.nodeId.text, isBad(source) ? DataType::String : source->type));
    graph.broken = graph.broken || input.broken;
    graph.node->name = "make-graph";
    graph.node->columns = graph.edgeColumns;
    m_graphs[graph.node.get()] = graph;
    Relation result{graph.node};
    result.broken = graph.broken;
    return result;
}

Relation QueryBinder::bindGraphOperator(const Relation& input, const OperatorSyntax& op, const ScopePtr& scope)
{
    const auto found = m_graphs.find(input.plan.get());
    if (found == m_graphs.end()) {
        if (!input.broken)
            report(makeError(kTableExpected, "a table, not a graph"), op.keyword);
        return broken(op.span);
    }
    Graph graph = found->second;
    auto node = std::make_shared<PlanNode>(*graph.node);
    node->span = op.span;
    graph.node = node;
    switch (op.kind) {
    case OperatorSyntax::Kind::GraphMarkComponents: {
        std::string name = parameterText(op, "with_component_id");
        if (name.empty())
            name = "ComponentId";
        graph.nodeColumns.push_back(newColumn(name, DataType::Long));
        node->itemIndexColumn = graph.nodeColumns.back().id;
        node->options.insert_or_assign("components", Value::string(parameterText(op, "kind").empty() ? "weak" : parameterText(op, "kind")));
        m_graphs[node.get()] = graph;
        return {node, graph.broken, {}, {}};
    }
    case OperatorSyntax::Kind::GraphToTable: return bindGraphToTable(graph, op, scope);
    default: return bindGraphMatch(graph, op, scope);
    }
}

Relation QueryBinder::bindGraphToTable(const Graph& graph, const OperatorSyntax& op, const ScopePtr& scope)
{
    Relation first;
    for (const OperatorSyntax::GraphSyntax::Output& output : op.graph.outputs) {
        Node node = newNode(PlanNode::Kind::Extension, op.span);
        *node = *graph.node;
        node->name = output.edges ? "graph-to-table:edges" : "graph-to-table:nodes";
        node->parseColumns = graph.nodeColumns;
        node->columns.clear();
        for (const PlanColumn& column : output.edges ? graph.edgeColumns : graph.nodeColumns)
            node->columns.push_back(column);
        for (const ParameterSyntax& option : output.parameters)
            if (option.value->kind == Kind::Name) {
                node->columns.push_back(newColumn(option.value->name.text, DataType::Long));
                node->options.insert_or_assign(option.name.text, Value::string(option.value->name.text));
            }
        Relation relation{node, graph.broken, {}, {}};
        if (!output.name.missing()) {
            Symbol symbol;
            symbol.kind = Symbol::Kind::Shared;
            symbol.shared = relation;
            symbol.sharedKey = "graph:" + output.name.text + ":" + std::to_string(m_nextShared++);
            scope->define(output.name.text, std::move(symbol));
        }
        if (!first.plan)
            first = relation;
    }
    return first.plan ? first : broken(op.span);
}

Relation QueryBinder::bindGraphMatch(const Graph& graph, const OperatorSyntax& op, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span);
    *node = *graph.node;
    node->name = op.kind == OperatorSyntax::Kind::GraphMatch ? "graph-match" : "graph-shortest-paths";
    node->parseColumns = graph.nodeColumns;
    for (const ParameterSyntax& option : op.parameters)
        node->options.insert_or_assign(option.name.text, Value::string(parameterText(op, option.name.text)));
    // Every named node and edge of the pattern gets columns of its own: `name.column`. A path of several edges has arrays.
    Node leaf = newNode(PlanNode::Kind::Extension, op.span);
    leaf->name = "graph-rows";
    m_graphVariables.clear();
    for (const auto& path : op.graph.patterns)
        for (const OperatorSyntax::GraphElement& element : path) {
            PlanNode::GraphElement bound;
            bound.edge = element.edge;
            bound.name = element.name.text;
            bound.toRight = element.toRight;
            bound.toLeft = element.toLeft;
            bound.first = &element == &path.front();
            if (element.least) {
                bound.least = bindCount(element.least, scope, "The length of a path");
                bound.most = bindCount(element.most, scope, "The length of a path");
            }
            const auto known = std::find_if(node->graphPattern.begin(), node->graphPattern.end(), [&](const PlanNode::GraphElement& e) { return !e.name.empty() && e.name == bound.name; });
            if (known != node->graphPattern.end()) {
                bound.columns = known->columns;
            } else {
                for (const PlanColumn& column : element.edge ? graph.edgeColumns : graph.nodeColumns)
                    bound.columns.push_back(newColumn(bound.name + "." + column.name, element.least ? DataType::Dynamic : column.type));
                leaf->columns.insert(leaf->columns.end(), bound.columns.begin(), bound.columns.end());
            }
            if (!bound.name.empty())
                m_graphVariables[bound.name] = {bound.edge, element.least != nullptr, bound.columns};
            node->graphPattern.push_back(std::move(bound));
        }
    const Relation rows{leaf, graph.broken, {}, {}};
    const RowContext row{.rows = &rows};
    if (op.graph.where)
        node->graphCondition = bindCondition(*op.graph.where, row, scope);
    node->columns.clear();
    node->assignments.clear();
    NameTable names;
    if (op.graph.project.empty()) {
        for (const PlanColumn& column : leaf->columns) {
            std::string name = column.name;
            std::replace(name.begin(), name.end(), '.', '_');
            node->assignments.push_back({newColumn(names.unique(name), column.type), columnRef(column.id, column.type)});
        }
    }
    for (const ExpressionSyntax* item : op.graph.project)
        for (const auto& [name, value] : bindItem(*item, row, scope))
            node->assignments.push_back({newColumn(name.empty() ? names.nextColumn() : names.unique(name), value->type), value});
    for (const Assignment& assignment : node->assignments)
        node->columns.push_back(assignment.column);
    m_graphVariables.clear();
    return {node, graph.broken, {}, {}};
}

/// `variable.column` in a graph pattern's where and project; null if the base is no variable.
ExpressionPtr QueryBinder::bindGraphMember(Expr expression)
{
    const ExpressionSyntax& base = *expression.arguments[0];
    if (base.kind != Kind::Name)
        return nullptr;
    const auto variable = m_graphVariables.find(base.name.text);
    if (variable == m_graphVariables.end())
        return nullptr;
    for (const PlanColumn& column : variable->second.columns)
        if (column.name == base.name.text + "." + expression.name.text)
            return columnRef(column.id, column.type, expression.span);
    return error(kUnknownColumn, expression.name.span, expression.name.text, " in '" + base.name.text + "'");
}

/// A variable on its own: a bag of its columns; a path: the array of its edges.
ExpressionPtr QueryBinder::bindGraphVariable(const std::string& name, SourceSpan span)
{
    const auto variable = m_graphVariables.find(name);
    if (variable == m_graphVariables.end())
        return nullptr;
    std::vector<ExpressionPtr> pairs;
    for (const PlanColumn& column : variable->second.columns) {
        pairs.push_back(literal(Value::string(column.name.substr(name.size() + 1))));
        pairs.push_back(columnRef(column.id, column.type, span));
    }
    if (pairs.empty())
        return literal(Value::null(DataType::Dynamic), span);
    return callFunction("bag_pack", std::move(pairs), span, Leniency::Function);
}

/// `map(path, expression)`: over each edge the expression's columns mean that edge's. Here only a plain column is taken: its array.
ExpressionPtr QueryBinder::bindGraphCall(std::string_view name, Expr expression)
{
    if (!isPathFunction(name) || expression.arguments.size() < 2 || expression.arguments[1]->kind != Kind::Name)
        return nullptr;
    const auto variable = m_graphVariables.find(expression.arguments[1]->name.text);
    if (variable == m_graphVariables.end())
        return nullptr;
    if (name == "map" && expression.arguments.size() == 3 && expression.arguments[2]->kind == Kind::Name) {
        const std::string& column = expression.arguments[2]->name.text;
        for (const PlanColumn& candidate : variable->second.columns)
            if (candidate.name == variable->first + "." + column)
                return columnRef(candidate.id, candidate.type, expression.span);
        return error(kUnknownColumn, expression.arguments[2]->span, column, " in '" + variable->first + "'");
    }
    return error(kUnsupported, expression.span, std::string(name) + "() of a path with an expression");
}

} // namespace tocsin::kql
