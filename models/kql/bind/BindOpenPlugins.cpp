// SPDX-License-Identifier: GPL-3.0-or-later
// Plugins whose columns depend on the data: bag_unpack and pivot. See ExtensionForms.h for the nodes they make.
#include "kql/bind/QueryBinder.h"

#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

/// Columns the query states with `: (name: type)`; `*` stands for the input's.
void QueryBinder::bindPluginSchema(const Node& node, Expr cast, const Relation& input)
{
    node->options.insert_or_assign("schema", Value::boolean(true));
    node->options.erase("open");
    node->columns.clear();
    std::set<ColumnId> bag;
    if (!node->expressions.empty() && node->name == "evaluate:bag_unpack" && node->expressions[0]->kind == Expression::Kind::Column)
        bag.insert(node->expressions[0]->column);
    if (cast.star)
        for (const PlanColumn& column : visible(input))
            if (!bag.contains(column.id))
                node->columns.push_back(column);
    for (const ColumnDeclaration& declared : cast.columns) {
        const auto columns = visible(input);
        const auto passed = std::find_if(columns.begin(), columns.end(), [&](const PlanColumn& c) { return c.name == declared.name.text && c.type == declared.type && !bag.contains(c.id); });
        node->columns.push_back(passed != columns.end() && node->name == "evaluate:bag_unpack" ? *passed : newColumn(declared.name.text, declared.type));
    }
}

Relation QueryBinder::bindBagUnpack(const Relation& input, const Node& node, Op op, Expr call, const std::vector<PluginArgument>& arguments)
{
    static constexpr std::pair<std::string_view, std::string_view> kOptions[] = {{"OutputColumnPrefix", "prefix"}, {"columnsConflict", "conflict"}, {"ignoredProperties", "ignored"}};
    for (const auto& [parameter, option] : kOptions)
        for (const PluginArgument* argument : argumentsOf(arguments, parameter)) {
            if (!argument->constant)
                continue;
            if (argument->constant->kind != Expression::Kind::Literal)
                error(kConstantExpected, argument->syntax->span, "The argument " + std::string(parameter) + " of bag_unpack()");
            else
                node->options.insert_or_assign(std::string(option), argument->constant->value);
        }
    static constexpr std::string_view kConflicts[] = {"error", "replace_source", "keep_source"};
    if (const auto conflict = node->options.find("conflict"); conflict != node->options.end() && std::find(std::begin(kConflicts), std::end(kConflicts), conflict->second.toString()) == std::end(kConflicts))
        error(kBadOption, call.span, "columnsConflict", conflict->second.toString(), "error, replace_source, keep_source");
    const ExpressionPtr& bag = argumentsOf(arguments, "Column")[0]->value;
    node->expressions = {bag};
    if (bag->type != DataType::Dynamic)
        error(kWrongArguments, call.span, "bag_unpack()", std::string(typeName(bag->type)), "a dynamic column");
    for (const PlanColumn& column : visible(input))
        if (bag->kind != Expression::Kind::Column || column.id != bag->column)
            node->columns.push_back(column);
    addOpenColumns(*node, call.span.start);
    const ExpressionSyntax& cast = *op.expressions[0];
    const bool stated = cast.kind == Kind::SchemaCast;
    if (!stated)
        noteOpenPlugin(input, node, call.span.start);
    Relation result = finish(node, input);
    result.openAt = stated ? std::nullopt : std::optional(call.span.start);
    if (stated)
        bindPluginSchema(node, cast, input);
    return result;
}

/// Remembers how to find out the columns of a plugin, if that has not been done.
void QueryBinder::noteOpenPlugin(const Relation& input, const Node& node, std::size_t place)
{
    if (m_options.discoveredColumns.contains(place) || !m_storedCalls.empty() || node->expressions.empty() || isBad(node->expressions[0]))
        return;
    for (const OpenPlugin& known : m_query.openPlugins)
        if (known.place == place)
            return;
    const ExpressionPtr& value = node->expressions[0];
    const PlanColumn column = newColumn("value", value->type);
    Relation discovery;
    if (node->name == "evaluate:pivot") {
        Node distinct = newNode(PlanNode::Kind::Aggregate, node->span, {input.plan});
        distinct->assignments = {{column, value}};
        distinct->columns = {column};
        discovery.plan = distinct;
    } else {
        discovery = project(input, {{column, value}}, node->span);
    }
    m_query.openPlugins.push_back({place, node, discovery.plan});
}

void QueryBinder::addOpenColumns(PlanNode& node, std::size_t place)
{
    node.options.insert_or_assign("open", Value::boolean(true));
    NameTable names;
    for (const PlanColumn& column : node.columns)
        names.reserve(column.name);
    if (const auto discovered = m_options.discoveredColumns.find(place); discovered != m_options.discoveredColumns.end()) {
        for (const catalog::ColumnSchema& column : discovered->second)
            if (!names.has(column.name)) {
                names.reserve(column.name);
                node.columns.push_back(newColumn(column.name, column.type));
            }
    }
    if (const auto known = openColumns.find(place); known != openColumns.end())
        for (const std::string& name : known->second)
            if (!names.has(name)) {
                names.reserve(name);
                node.columns.push_back(newColumn(name, DataType::Dynamic));
            }
}

Relation QueryBinder::bindPivot(const Relation& input, Op op, Expr call, const Node& node, const ScopePtr& scope)
{
    const RowContext row{.rows = &input};
    if (call.arguments.size() < 2) {
        error(kWrongArgumentCount, call.span, "pivot()", "a column", "no argument");
        return broken(op.span);
    }
    const ExpressionPtr column = bindScalar(*call.arguments[1], row, scope);
    node->expressions = {isBad(column) ? column : convertExpression(column, DataType::String)};
    std::size_t firstKey = 2;
    const ExpressionSyntax* aggregateCall = nullptr;
    if (call.arguments.size() > 2 && call.arguments[2]->kind == Kind::Call && call.arguments[2]->arguments[0]->kind == Kind::Name &&
        m_functions.findAggregate(call.arguments[2]->arguments[0]->name.text)) {
        aggregateCall = call.arguments[2];
        firstKey = 3;
    }
    ExpressionSyntax callee, count;
    callee.kind = Kind::Name;
    callee.name = {"count", call.span};
    count.kind = Kind::Call;
    count.arguments = {&callee};
    callee.span = count.span = call.span;
    if (!aggregateCall)
        aggregateCall = &count;
    std::set<ColumnId> used;
    if (const AggregateFunction* function = m_functions.findAggregate(aggregateCall->arguments[0]->name.text))
        if (auto aggregate = bindAggregate(*function, *aggregateCall, row, scope)) {
            for (const ExpressionPtr& argument : aggregate->call.arguments)
                visitExpression(*argument, [&](const Expression& e) { if (e.kind == Expression::Kind::Column) used.insert(e.column); });
            node->aggregates.push_back(std::move(*aggregate));
        }
    if (!isBad(column))
        visitExpression(*column, [&](const Expression& e) { if (e.kind == Expression::Kind::Column) used.insert(e.column); });
    for (std::size_t i = firstKey; i < call.arguments.size(); ++i)
        for (const auto& [name, value] : bindItem(*call.arguments[i], row, scope))
            node->assignments.push_back({newColumn(name.empty() ? "Column" + std::to_string(i) : name, value->type), value});
    if (call.arguments.size() <= firstKey)
        for (const PlanColumn& other : visible(input))
            if (!used.contains(other.id))
                node->assignments.push_back({newColumn(other.name, other.type), columnRef(other.id, other.type)});
    for (const Assignment& key : node->assignments)
        node->columns.push_back(key.column);
    const ExpressionSyntax& cast = *op.expressions[0];
    const bool stated = cast.kind == Kind::SchemaCast;
    if (!stated)
        addOpenColumns(*node, call.span.start);
    const DataType valueType = node->aggregates.empty() ? DataType::Long : node->aggregates[0].columns[0].type;
    for (std::size_t i = node->assignments.size(); i < node->columns.size(); ++i)
        if (node->columns[i].type == DataType::Dynamic)
            node->columns[i].type = valueType;
    if (!stated)
        noteOpenPlugin(input, node, call.span.start);
    Relation result = finish(node, input);
    result.openAt = stated ? std::nullopt : std::optional(call.span.start);
    if (stated) {
        node->options.insert_or_assign("schema", Value::boolean(true));
        std::vector<PlanColumn> columns = cast.star ? node->columns : std::vector<PlanColumn>();
        for (const ColumnDeclaration& declared : cast.columns) {
            const auto key = std::find_if(node->columns.begin(), node->columns.end(), [&](const PlanColumn& c) { return c.name == declared.name.text && c.type == declared.type; });
            columns.push_back(key != node->columns.end() ? *key : newColumn(declared.name.text, declared.type));
        }
        node->columns = columns;
    }
    return result;
}

} // namespace tocsin::kql
