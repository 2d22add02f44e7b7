// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate: see ExtensionForms.h for the nodes it makes.
#include "kql/bind/QueryBinder.h"

#include "kql/bind/Suggestion.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

using enum DataType;

/// What the columns of a plugin are: names with `{n}` for the name of argument n; a type, or that of argument n.
struct PluginColumn {
    std::string_view name;
    DataType type = DataType::Long;
    int typeOfArgument = -1;
};

struct Plugin {
    std::string_view name;
    std::vector<PluginColumn> columns;
    bool keepsInput = false;   ///< the input's columns come with it, in front or (`inputLast`) behind
    bool inputLast = false;
    bool tableArgument = false; ///< argument 0 is a table, whose columns are added
};

const std::vector<Plugin>& plugins()
{
    static const std::vector<Plugin> kPlugins = {
        {"bag_unpack", {}}, {"pivot", {}},
        {"narrow", {{"Row", Long}, {"Column", String}, {"Value", String}}},
        {"autocluster", {{"SegmentId", Long}, {"Count", Long}, {"Percent", Real}}, true, true},
        {"basket", {{"SegmentId", Long}, {"Count", Long}, {"Percent", Real}}, true, true},
        {"diffpatterns", {{"SegmentId", Long}, {"CountA", Long}, {"CountB", Long}, {"PercentA", Real}, {"PercentB", Real}, {"PercentDiffAB", Real}}, true, true},
        {"ipv4_lookup", {}, true, false, true}, {"ipv6_lookup", {}, true, false, true},
        {"geo_polygon_lookup", {}, true, false, true}, {"geo_line_lookup", {}, true, false, true},
        {"preview", {}, true}, {"identity", {}, true}, {"rows_near", {}, true},
        {"dcount_intersect", {}, true},
        {"active_users_count", {{"{1}", DateTime}, {"dcount", Long}}},
        {"activity_counts_metrics", {{"{1}", DateTime}, {"count", Long}, {"dcount", Long}, {"new_dcount", Long}, {"aggregated_dcount", Long}}},
        {"activity_engagement", {{"{1}", DateTime}, {"dcount_activities_inner", Long}, {"dcount_activities_outer", Long}, {"activity_ratio", Real}}},
        {"activity_metrics", {{"{1}", DateTime}, {"dcount_values", Long}, {"dcount_newvalues", Long}, {"retention_rate", Real}, {"churn_rate", Real}}},
        {"new_activity_metrics", {{"from_{1}", DateTime}, {"to_{1}", DateTime}, {"dcount_new_values", Long}, {"dcount_retained_values", Long},
                                  {"dcount_churn_values", Long}, {"retention_rate", Real}, {"churn_rate", Real}}},
        {"session_count", {{"{1}", DateTime}, {"count_sessions", Long}}},
        {"sliding_window_counts", {{"{1}", DateTime}, {"Count", Long}, {"Dcount", Long}}},
        {"funnel_sequence", {{"{1}", DateTime}, {"prev", String}, {"next", String}, {"dcount", Long}, {"samples", Dynamic}}},
        {"funnel_sequence_completion", {{"{1}", DateTime}, {"{5}", String}, {"Period", TimeSpan}, {"dcount", Long}}},
        {"rolling_percentile", {}}, {"sequence_detect", {}}, {"schema_merge", {}}};
    return kPlugins;
}

} // namespace

Relation QueryBinder::bindEvaluate(const Relation& input, Op op, const ScopePtr& scope)
{
    const ExpressionSyntax& cast = *op.expressions[0];
    const ExpressionSyntax& callSyntax = cast.kind == Kind::SchemaCast ? *cast.arguments[0] : cast;
    if (callSyntax.kind != Kind::Call || callSyntax.arguments[0]->kind != Kind::Name)
        return broken(op.span);
    const std::string& name = callSyntax.arguments[0]->name.text;
    const auto found = std::find_if(plugins().begin(), plugins().end(), [&](const Plugin& p) { return p.name == name; });
    if (found == plugins().end()) {
        std::vector<std::string> candidates;
        for (const Plugin& plugin : plugins())
            candidates.emplace_back(plugin.name);
        report(makeError(kUnknownPlugin, name, didYouMean(name, candidates)), callSyntax.arguments[0]->span);
        return broken(op.span);
    }
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "evaluate:" + name;
    if (name == "pivot")
        return bindPivot(input, op, callSyntax, node, scope);
    const RowContext row{.rows = &input};
    std::vector<std::string> argumentNames;
    std::vector<PlanColumn> tableColumns;
    for (std::size_t i = 1; i < callSyntax.arguments.size(); ++i) {
        const ExpressionSyntax& argument = *callSyntax.arguments[i];
        const bool isColumn = argument.kind == Kind::Name && columnNamed(input, argument.name.text, argument.span);
        if (found->tableArgument && i == 1) {
            const Relation table = bindTable(argument, scope);
            node->inputs.push_back(table.plan);
            tableColumns = visible(table);
            m_pluginTable = table;
            continue;
        }
        // Columns of the lookup table may be named, too.
        ExpressionPtr value;
        if (!isColumn && argument.kind == Kind::Name && !tableColumns.empty())
            value = columnNamed(m_pluginTable, argument.name.text, argument.span);
        if (!value && argument.kind == Kind::Assign) {
            value = bindScalar(*argument.arguments[0], row, scope);
            argumentNames.push_back(argument.names[0].text);
        } else {
            if (!value && argument.kind == Kind::Star)
                continue;
            if (!value)
                value = foldConstant(bindScalar(argument, row, scope));
            argumentNames.push_back(impliedName(argument));
        }
        node->expressions.push_back(value);
    }
    const auto addInput = [&] {
        for (const PlanColumn& column : visible(input))
            node->columns.push_back(column);
    };
    if (name == "bag_unpack") {
        bindBagUnpack(input, node, op, callSyntax);
    } else {
        if (found->keepsInput && !found->inputLast)
            addInput();
        for (const PluginColumn& column : found->columns) {
            std::string columnName(column.name);
            if (const auto open = columnName.find('{'); open != std::string::npos) {
                const std::size_t index = static_cast<std::size_t>(columnName[open + 1] - '0');
                columnName.replace(open, 3, index < argumentNames.size() ? argumentNames[index] : "");
            }
            node->columns.push_back(newColumn(columnName, column.type));
        }
        if (name == "funnel_sequence_completion" && node->expressions.size() > 5)
            node->columns[1].type = node->expressions[5]->type;
        if (name == "dcount_intersect")
            for (std::size_t i = 0; i < node->expressions.size(); ++i)
                node->columns.push_back(newColumn("s" + std::to_string(i), Long));
        if (name == "rolling_percentile" && node->expressions.size() >= 5) {
            const auto number = [&](std::size_t i) { return node->expressions[i]->kind == Expression::Kind::Literal ? node->expressions[i]->value.toString() : std::string(); };
            node->columns.push_back(newColumn(argumentNames[2], node->expressions[2]->type));
            for (std::size_t i = 5; i < node->expressions.size(); ++i)
                node->columns.push_back(newColumn(argumentNames[i], node->expressions[i]->type));
            node->columns.push_back(newColumn("rolling_" + number(4) + "_percentile_" + argumentNames[0] + "_" + number(1), node->expressions[0]->type));
        }
        if (found->keepsInput && found->inputLast)
            for (const PlanColumn& column : visible(input))
                node->columns.push_back(newColumn(column.name, column.type));
        NameTable names;
        for (const PlanColumn& column : node->columns)
            names.reserve(column.name);
        for (const PlanColumn& column : tableColumns)
            node->columns.push_back({column.id, names.unique(column.name), column.type});
    }
    if (name == "bag_unpack" && cast.kind != Kind::SchemaCast)
        noteOpenPlugin(input, node, callSyntax.span.start);
    Relation result = finish(node, input);
    result.openAt = name == "bag_unpack" && node->options.contains("open") ? std::optional(callSyntax.span.start) : std::nullopt;
    if (cast.kind == Kind::SchemaCast)
        bindPluginSchema(node, cast, input);
    if (cast.kind == Kind::SchemaCast)
        result.openAt = std::nullopt;
    return result;
}

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

void QueryBinder::bindBagUnpack(const Relation& input, const Node& node, Op op, Expr call)
{
    if (node->expressions.empty()) {
        error(kWrongArgumentCount, call.span, "bag_unpack()", "a dynamic column", "no argument");
        return;
    }
    const std::vector<ExpressionPtr> arguments = node->expressions;
    static constexpr std::string_view kOptions[] = {"prefix", "conflict", "ignored"};
    for (std::size_t i = 1; i < arguments.size() && i <= 3; ++i)
        if (arguments[i]->kind == Expression::Kind::Literal && i + 1 < call.arguments.size() && call.arguments[i + 1]->kind != Kind::Assign)
            node->options.emplace(kOptions[i - 1], arguments[i]->value);
    for (std::size_t i = 1; i < call.arguments.size(); ++i)
        if (call.arguments[i]->kind == Kind::Assign && i - 1 < arguments.size() && arguments[i - 1]->kind == Expression::Kind::Literal) {
            const std::string& option = call.arguments[i]->names[0].text;
            node->options.insert_or_assign(option == "OutputColumnPrefix" ? "prefix" : option == "columnsConflict" ? "conflict" : "ignored", arguments[i - 1]->value);
        }
    node->expressions.resize(1);
    const ExpressionPtr& bag = node->expressions[0];
    if (!isBad(bag) && bag->type != DataType::Dynamic)
        error(kWrongArguments, call.span, "bag_unpack()", std::string(typeName(bag->type)), "a dynamic column");
    for (const PlanColumn& column : visible(input))
        if (bag->kind != Expression::Kind::Column || column.id != bag->column)
            node->columns.push_back(column);
    addOpenColumns(*node, call.span.start);
    static_cast<void>(op);
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
