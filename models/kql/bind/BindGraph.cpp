// SPDX-License-Identifier: GPL-3.0-or-later
// Graph operators: see ExtensionForms.h. A graph lives only between make-graph and the operator that makes rows of it, so both are one node.
#include "kql/bind/QueryBinder.h"

#include "column/Dynamic.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {

namespace {

/// Gives an array of what a path's edges hold, or whether all or any of them meet a condition.
bool isPathFunction(std::string_view name) { return name == "map" || name == "all" || name == "any"; }

/// Columns that only functions name.
bool isHidden(const PlanColumn& column)
{
    const auto extras = graphNodeExtras();
    return std::any_of(extras.begin(), extras.end(), [&](const auto& extra) { return column.name.ends_with("." + std::string(extra.first)); });
}

void splitAnd(const ExpressionSyntax& condition, std::vector<const ExpressionSyntax*>& out)
{
    if (condition.kind == ExpressionSyntax::Kind::Parenthesis)
        return splitAnd(*condition.arguments[0], out);
    if (condition.kind != ExpressionSyntax::Kind::Binary || condition.op != "and") {
        out.push_back(&condition);
        return;
    }
    for (const ExpressionSyntax* part : condition.arguments)
        splitAnd(*part, out);
}

/// The variables whose members an expression names, outside of map(), all() and any().
void variablesIn(const ExpressionSyntax& expression, std::set<std::string>& names)
{
    using Kind = ExpressionSyntax::Kind;
    if (expression.kind == Kind::Call && expression.arguments[0]->kind == Kind::Name && isPathFunction(expression.arguments[0]->name.text))
        return;
    if (expression.kind == Kind::Member && expression.arguments[0]->kind == Kind::Name)
        names.insert(expression.arguments[0]->name.text);
    for (const ExpressionSyntax* argument : expression.arguments)
        variablesIn(*argument, names);
}

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
    Relation result{graph.node};
    result.broken = graph.broken;
    if (op.by.empty() || !op.subquery) {
        m_graphs[graph.node.get()] = graph;
        return result;
    }
    // Each part is a graph of its own; the operators inside see one part.
    graph.node->graphPartition.push_back(bindScalar(*op.by[0], row, scope));
    for (std::size_t i = 1; i < graph.node->inputs.size(); ++i) {
        const Relation nodes{graph.node->inputs[i], graph.broken, {}, {}};
        graph.node->graphPartition.push_back(bindScalar(*op.by[0], {.rows = &nodes}, scope));
    }
    m_graphs[graph.node.get()] = graph;
    const Relation parts = bindPipeline(*op.subquery, scope, {}, &result);
    if (!parts.broken && parts.plan->graphPartition.empty())
        return report(makeError(kUnsupported, "another operator behind a graph operator inside partitioned-by"), op.keyword), broken(op.span);
    return parts;
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
        using StepKind = PlanNode::GraphStep::Kind;
        node->graphSteps.push_back({parameterText(op, "kind") == "strong" ? StepKind::StrongComponents : StepKind::Components, graph.nodeColumns.back().id, {}, {}});
        m_graphs[node.get()] = graph;
        return {node, graph.broken, {}, {}};
    }
    case OperatorSyntax::Kind::GraphWhereNodes: case OperatorSyntax::Kind::GraphWhereEdges:
        graph.broken = !addGraphFilter(graph, op, scope, *node) || graph.broken;
        m_graphs[node.get()] = graph;
        return {node, graph.broken, {}, {}};
    case OperatorSyntax::Kind::GraphToTable: return bindGraphToTable(graph, op, scope);
    default: return bindGraphMatch(graph, op, scope);
    }
}

/// graph-where-nodes, graph-where-edges: the condition names the columns of a node or an edge as they are.
bool QueryBinder::addGraphFilter(const Graph& graph, const OperatorSyntax& op, const ScopePtr& scope, PlanNode& node)
{
    PlanNode::GraphStep step;
    const bool ofNodes = op.kind == OperatorSyntax::Kind::GraphWhereNodes;
    step.kind = ofNodes ? PlanNode::GraphStep::Kind::WhereNodes : PlanNode::GraphStep::Kind::WhereEdges;
    step.columns = elementColumns(graph, ofNodes, {}, false);
    m_graph = &graph;
    step.condition = bindElementValue(step.columns, {}, *op.expressions[0], true, scope);
    m_graph = nullptr;
    node.graphSteps.push_back(step);
    return !isBad(step.condition);
}

/// New columns for a node (with the extras) or an edge of a graph, named `prefix` + name.
std::vector<PlanColumn> QueryBinder::elementColumns(const Graph& graph, bool node, const std::string& prefix, bool arrays)
{
    std::vector<PlanColumn> columns;
    for (const PlanColumn& column : node ? graph.nodeColumns : graph.edgeColumns)
        columns.push_back(newColumn(prefix + column.name, arrays ? DataType::Dynamic : column.type));
    if (node)
        for (const auto& [name, type] : graphNodeExtras())
            columns.push_back(newColumn(prefix + std::string(name), type));
    return columns;
}

/// A value over the columns of one node or edge; `name` is that of the path they belong to, if any.
ExpressionPtr QueryBinder::bindElementValue(const std::vector<PlanColumn>& columns, const std::string& name, Expr value, bool condition, const ScopePtr& scope)
{
    Node leaf = newNode(PlanNode::Kind::Extension, value.span);
    leaf->name = "graph-elements";
    leaf->columns = columns;
    const Relation rows{leaf, m_graph->broken, {}, {}};
    // The expression sees one edge or node: the pattern's variables have no value here.
    auto variables = std::exchange(m_graphVariables, {});
    auto outerColumns = std::exchange(m_graphInnerColumns, columns);
    std::string outerName = std::exchange(m_graphInnerName, name);
    ExpressionPtr bound = condition ? bindCondition(value, {.rows = &rows}, scope) : bindScalar(value, {.rows = &rows}, scope);
    m_graphInnerName = std::move(outerName);
    m_graphInnerColumns = std::move(outerColumns);
    m_graphVariables = std::move(variables);
    return bound;
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
        for (const ParameterSyntax& option : output.parameters)
            if (option.value->kind == Kind::Name) {
                node->columns.push_back(newColumn(option.value->name.text, DataType::Long));
                node->options.insert_or_assign(option.name.text, Value::string(option.value->name.text));
            }
        const auto& columns = output.edges ? graph.edgeColumns : graph.nodeColumns;
        node->columns.insert(node->columns.end(), columns.begin(), columns.end());
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
    node->span = op.span;
    node->name = op.kind == OperatorSyntax::Kind::GraphMatch ? "graph-match" : "graph-shortest-paths";
    node->parseColumns = graph.nodeColumns;
    for (const ParameterSyntax& option : op.parameters)
        node->options.insert_or_assign(option.name.text, Value::string(parameterText(op, option.name.text)));
    Node leaf = newNode(PlanNode::Kind::Extension, op.span);
    leaf->name = "graph-rows";
    bindGraphPattern(graph, op, scope, *node, *leaf);
    m_graph = &graph;
    m_graphPathValues.clear();
    const Relation rows{leaf, graph.broken, {}, {}};
    const RowContext row{.rows = &rows};
    if (op.graph.where)
        node->graphCondition = bindGraphCondition(*op.graph.where, row, scope);
    node->columns.clear();
    node->assignments.clear();
    NameTable names;
    for (const PlanColumn& column : leaf->columns) {
        if (!op.graph.project.empty() || isHidden(column))
            continue;
        std::string name = column.name;
        std::replace(name.begin(), name.end(), '.', '_');
        node->assignments.push_back({newColumn(names.unique(name), column.type), columnRef(column.id, column.type)});
    }
    for (const ExpressionSyntax* item : op.graph.project)
        for (const auto& [name, value] : bindItem(*item, row, scope))
            node->assignments.push_back({newColumn(name.empty() ? names.nextColumn() : names.unique(name), value->type), value});
    for (const Assignment& assignment : node->assignments)
        node->columns.push_back(assignment.column);
    node->graphPathValues = std::move(m_graphPathValues);
    m_graphPathValues.clear();
    m_graph = nullptr;
    m_graphVariables.clear();
    return {node, graph.broken, {}, {}};
}

/// Every node and edge of the pattern gets columns of its own, `name.column`, also in `leaf`. A path of several edges has arrays.
void QueryBinder::bindGraphPattern(const Graph& graph, const OperatorSyntax& op, const ScopePtr& scope, PlanNode& node, PlanNode& leaf)
{
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
            const auto known = std::find_if(node.graphPattern.begin(), node.graphPattern.end(), [&](const PlanNode::GraphElement& e) { return !e.name.empty() && e.name == bound.name; });
            if (known != node.graphPattern.end()) {
                bound.columns = known->columns;
            } else {
                bound.columns = elementColumns(graph, !element.edge, bound.name + ".", element.least != nullptr);
                leaf.columns.insert(leaf.columns.end(), bound.columns.begin(), bound.columns.end());
            }
            if (!bound.name.empty())
                m_graphVariables[bound.name] = {bound.edge, element.least != nullptr, bound.columns, node.graphPattern.size()};
            node.graphPattern.push_back(std::move(bound));
        }
}

/// A part that names columns of a path alone holds for each of its edges.
ExpressionPtr QueryBinder::bindGraphCondition(Expr condition, const RowContext& row, const ScopePtr& scope)
{
    std::vector<const ExpressionSyntax*> parts;
    splitAnd(condition, parts);
    std::vector<ExpressionPtr> bound;
    for (const ExpressionSyntax* part : parts) {
        std::set<std::string> names;
        variablesIn(*part, names);
        const auto path = names.size() == 1 ? m_graphVariables.find(*names.begin()) : m_graphVariables.end();
        const bool ofPath = path != m_graphVariables.end() && path->second.path;
        bound.push_back(ofPath ? addPathValue(PlanNode::GraphPathValue::Kind::All, path->second, false, *part, scope) : bindCondition(*part, row, scope));
        if (isBad(bound.back()))
            return bound.back();
    }
    return bound.size() == 1 ? bound[0] : callOperator("and", std::move(bound), condition.span);
}

/// `variable.column` in a graph pattern's where and project; null if the base is no variable.
ExpressionPtr QueryBinder::bindGraphMember(Expr expression)
{
    const ExpressionSyntax& base = *expression.arguments[0];
    if (base.kind != Kind::Name)
        return nullptr;
    if (!m_graphInnerColumns.empty() && base.name.text == m_graphInnerName) {
        for (const PlanColumn& column : m_graphInnerColumns)
            if (column.name == expression.name.text)
                return columnRef(column.id, column.type, expression.span);
        return error(kUnknownColumn, expression.name.span, expression.name.text, " in '" + base.name.text + "'");
    }
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
        if (isHidden(column))
            continue;
        pairs.push_back(literal(Value::string(column.name.substr(name.size() + 1))));
        pairs.push_back(columnRef(column.id, column.type, span));
    }
    if (pairs.empty())
        return literal(Value::null(DataType::Dynamic), span);
    return callFunction("bag_pack", std::move(pairs), span, Leniency::Function);
}

/// The functions of a graph pattern; null if it is none of them.
ExpressionPtr QueryBinder::bindGraphCall(std::string_view name, Expr expression, const ScopePtr& scope)
{
    if (!m_graph)
        return nullptr;
    if (isPathFunction(name))
        return bindPathValue(name, expression, scope);
    const std::size_t count = expression.arguments.size() - 1;
    if (name == "labels" && count <= 1) { // graphs made from tables have none
        const Value none = Value::dynamic(*dynamicFromJson("[]"));
        return literal(none, expression.span);
    }
    const std::string_view extra = name == "node_degree_in" ? kGraphDegreeIn : name == "node_degree_out" ? kGraphDegreeOut : name == "node_id" ? kGraphNodeId : std::string_view();
    if (extra.empty() || count > 1)
        return nullptr;
    for (const PlanColumn& column : m_graphInnerColumns)
        if (count == 0 && column.name == extra)
            return columnRef(column.id, column.type, expression.span);
    const ExpressionSyntax* of = count == 1 ? expression.arguments[1] : nullptr;
    const auto variable = of && of->kind == Kind::Name ? m_graphVariables.find(of->name.text) : m_graphVariables.end();
    if (variable != m_graphVariables.end() && !variable->second.edge)
        for (const PlanColumn& column : variable->second.columns)
            if (column.name == variable->first + "." + std::string(extra))
                return columnRef(column.id, column.type, expression.span);
    return error(kUnsupported, expression.span, std::string(name) + "() of anything but a node of the pattern");
}

/// `map(path, expression)`, `all(…)`, `any(…)`, where the path is an edge of the pattern or inner_nodes() of one.
ExpressionPtr QueryBinder::bindPathValue(std::string_view name, Expr expression, const ScopePtr& scope)
{
    if (expression.arguments.size() != 3)
        return nullptr;
    const ExpressionSyntax* path = expression.arguments[1];
    const bool innerNodes = path->kind == Kind::Call && path->arguments.size() == 2 && path->arguments[0]->kind == Kind::Name && path->arguments[0]->name.text == "inner_nodes";
    if (innerNodes)
        path = path->arguments[1];
    const auto variable = path->kind == Kind::Name ? m_graphVariables.find(path->name.text) : m_graphVariables.end();
    if (variable == m_graphVariables.end())
        return innerNodes ? error(kUnknownColumn, path->span, text(path->span), " among the edges of the pattern") : nullptr;
    if (!variable->second.edge)
        return error(kUnsupported, expression.span, std::string(name) + "() of a node");
    using PathKind = PlanNode::GraphPathValue::Kind;
    const PathKind kind = name == "map" ? PathKind::Map : name == "all" ? PathKind::All : PathKind::Any;
    const GraphVariable edge = variable->second;
    return addPathValue(kind, edge, innerNodes, *expression.arguments[2], scope);
}

ExpressionPtr QueryBinder::addPathValue(PlanNode::GraphPathValue::Kind kind, const GraphVariable& path, bool innerNodes, Expr value, const ScopePtr& scope)
{
    PlanNode::GraphPathValue result;
    result.kind = kind;
    result.element = path.element;
    result.innerNodes = innerNodes;
    result.columns = elementColumns(*m_graph, innerNodes, {}, false);
    std::string name;
    for (const auto& [variable, known] : m_graphVariables)
        if (known.element == path.element && known.edge)
            name = variable;
    result.value = bindElementValue(result.columns, name, value, kind != PlanNode::GraphPathValue::Kind::Map, scope);
    if (isBad(result.value))
        return result.value;
    result.column = newColumn({}, kind == PlanNode::GraphPathValue::Kind::Map ? DataType::Dynamic : DataType::Bool);
    m_graphPathValues.push_back(result);
    return columnRef(result.column.id, result.column.type, value.span);
}

} // namespace tocsin::kql
