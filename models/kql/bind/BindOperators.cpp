// SPDX-License-Identifier: GPL-3.0-or-later
// Dispatch, and the operators that keep rows one to one.
#include "kql/bind/QueryBinder.h"

#include "column/Dynamic.h"
#include "kql/bind/Suggestion.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

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
    case K::Print: case K::Range: case K::Find:
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
    if (node->columns.empty())
        node->columns = input.plan->columns;
    Relation result = input;
    result.plan = std::move(node);
    result.name.clear();
    return result;
}

Relation QueryBinder::project(const Relation& input, std::vector<Assignment> assignments, SourceSpan span)
{
    Node node = newNode(PlanNode::Kind::Project, span, {input.plan});
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

/// The values of `x = e`, `(a, b) = e` or `e`, each with the name it gets (empty: none).
std::vector<std::pair<std::string, ExpressionPtr>> QueryBinder::bindItem(Expr item, const RowContext& row, const ScopePtr& scope, std::vector<bool>* explicitNames)
{
    std::vector<std::pair<std::string, ExpressionPtr>> result;
    const auto add = [&](std::string name, ExpressionPtr value, bool isExplicit) {
        result.emplace_back(std::move(name), std::move(value));
        if (explicitNames)
            explicitNames->push_back(isExplicit);
    };
    // `x = series_fit_line(s)` names the first of the columns.
    if (item.kind == Kind::Assign && !item.tuple && tupleMembers(*item.arguments[0]).empty()) {
        add(item.names[0].text, bindScalar(*item.arguments[0], row, scope), true);
        return result;
    }
    const ExpressionSyntax& value = item.kind == Kind::Assign ? *item.arguments[0] : item;
    const ExpressionPtr bound = bindScalar(value, row, scope);
    const auto members = tupleMembers(value);
    if (members.empty() || isBad(bound)) {
        if (item.kind == Kind::Assign) {
            for (std::size_t i = 0; i < item.names.size(); ++i)
                add(item.names[i].text, isBad(bound) ? bound : access(bound, literal(Value::int64(static_cast<std::int64_t>(i))), item.span), true);
            return result;
        }
        add(impliedName(value), bound, false);
        return result;
    }
    // Functions such as series_fit_line give several columns from one array.
    const std::string prefix = value.arguments[0]->name.text + "_" + (value.arguments.size() > 1 ? impliedName(*value.arguments[1]) : std::string()) + "_";
    for (std::size_t i = 0; i < members.size(); ++i) {
        const bool named = item.kind == Kind::Assign && i < item.names.size();
        ExpressionPtr part = convertExpression(access(bound, literal(Value::int64(static_cast<std::int64_t>(i))), item.span), members[i].second);
        std::string made = members[i].first.empty() ? impliedName(*value.arguments[i + 1]) + "_sorted" : prefix + std::string(members[i].first);
        add(named ? item.names[i].text : std::move(made), std::move(part), named);
    }
    return result;
}

Relation QueryBinder::bindExtend(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const RowContext row{.rows = &input, .outer = outer.outer};
    std::vector<Assignment> assignments;
    NameTable names;
    for (const PlanColumn& column : input.plan->columns) {
        assignments.push_back(keep(column));
        names.reserve(column.name);
    }
    std::set<std::string> given;
    for (const ExpressionSyntax* item : op.expressions) {
        std::vector<bool> explicitNames;
        const auto values = bindItem(*item, row, scope, &explicitNames);
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto [name, value] = values[i];
            if (explicitNames[i] && !given.insert(name).second)
                report(makeError(kDuplicateColumn, name), item->span);
            if (item->kind == Kind::Assign && item->tuple && !explicitNames[i])
                continue; // `extend (a, b) = f()` adds no more than it names; project gives the rest too
            // A plain `extend x` does nothing; `extend tostring(x)` takes the place of x.
            if (!explicitNames[i] && item->kind == Kind::Name && names.has(name))
                continue;
            if (name.empty())
                name = names.nextColumn();
            const auto existing = std::find_if(assignments.begin(), assignments.end(), [&, n = name](const Assignment& a) { return a.column.name == n; });
            Assignment assignment{newColumn(name, value->type), value};
            if (existing != assignments.end())
                *existing = std::move(assignment);
            else
                assignments.push_back(std::move(assignment));
            names.reserve(name);
        }
    }
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindProject(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const RowContext row{.rows = &input, .outer = outer.outer};
    std::vector<Assignment> assignments;
    NameTable names;
    for (const ExpressionSyntax* item : op.expressions) // names given by the query come before names made up
        if (item->kind == Kind::Assign)
            for (const NameSyntax& name : item->names) {
                if (names.has(name.text))
                    report(makeError(kDuplicateColumn, name.text), name.span);
                names.reserve(name.text);
            }
    std::set<ColumnId> used;
    for (const ExpressionSyntax* item : op.expressions) {
        if (item->kind == Kind::Star) {
            for (const PlanColumn& column : visible(input)) {
                assignments.push_back(keep(column));
                names.reserve(column.name);
                used.insert(column.id);
            }
            continue;
        }
        std::vector<bool> explicitNames;
        const auto values = bindItem(*item, row, scope, &explicitNames);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& [wanted, value] = values[i];
            if (item->kind == Kind::Name && names.has(wanted))
                report(makeError(kDuplicateColumn, wanted), item->span);
            const std::string name = explicitNames[i] ? wanted : wanted.empty() ? names.nextColumn() : names.unique(wanted);
            const bool passes = value->kind == Expression::Kind::Column && used.insert(value->column).second;
            assignments.push_back({passes ? PlanColumn{value->column, name, value->type} : newColumn(name, value->type), value});
        }
    }
    // The hidden column goes along, so that ingestion_time() still works.
    for (const PlanColumn& column : input.plan->columns)
        if (column.name == kIngestionTimeColumn && used.insert(column.id).second)
            assignments.push_back(keep(column));
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindPrint(Op op, const ScopePtr& scope)
{
    Node rows = newNode(PlanNode::Kind::Rows, op.span);
    rows->rows.push_back({});
    rows->serialized = true;
    Relation input{rows};
    std::vector<Assignment> assignments;
    NameTable names;
    for (std::size_t i = 0; i < op.expressions.size(); ++i) {
        std::vector<bool> explicitNames;
        const auto values = bindItem(*op.expressions[i], {}, scope, &explicitNames);
        for (std::size_t part = 0; part < values.size(); ++part) {
            const auto& [name, value] = values[part];
            // print shows of several columns those that were named, if any was.
            if (op.expressions[i]->kind == Kind::Assign && !explicitNames[part])
                continue;
            const bool several = !tupleMembers(*op.expressions[i]).empty();
            const std::string wanted = op.expressions[i]->kind == Kind::Assign || several ? name : "print_" + std::to_string(i);
            assignments.push_back({newColumn(names.unique(wanted.empty() ? "print_" + std::to_string(i) : wanted), value->type), value});
        }
    }
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindProjectAway(const Relation& input, Op op)
{
    const bool keepThem = op.kind == OperatorSyntax::Kind::ProjectKeep;
    const auto columns = visible(input);
    std::set<ColumnId> matched;
    for (const ExpressionSyntax* pattern : op.expressions) {
        const auto found = matchColumns(*pattern, columns);
        for (const PlanColumn& column : found)
            matched.insert(column.id);
        if (found.empty() && pattern->kind == Kind::Name && !pattern->name.wildcard && !input.broken)
            unknownName(pattern->name.text, pattern->span, {.rows = &input}, m_global);
    }
    std::vector<Assignment> assignments;
    for (const PlanColumn& column : input.plan->columns)
        if (column.name == kIngestionTimeColumn || matched.contains(column.id) == keepThem)
            assignments.push_back(keep(column));
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindProjectByNames(const Relation& input, Op op, const ScopePtr& scope)
{
    std::vector<std::string> patterns;
    for (const ExpressionSyntax* item : op.expressions) {
        const ExpressionPtr value = evaluated(bindScalar(*item, {}, scope));
        if (isBad(value))
            continue;
        if (value->kind != Expression::Kind::Literal || !isTextual(value->type)) {
            error(kConstantExpected, item->span, "The name of a column");
            continue;
        }
        if (value->type == DataType::String) {
            patterns.push_back(value->value.asText());
            continue;
        }
        const std::string bytes = value->value.isNull() ? std::string() : value->value.asText();
        const DynamicView names(bytes);
        for (std::size_t i = 0; names.isArray() && i < names.size(); ++i)
            patterns.push_back(names.item(i).toString());
    }
    std::vector<Assignment> assignments;
    std::set<ColumnId> taken;
    for (const std::string& pattern : patterns) { // names that do not exist are left out
        ExpressionSyntax name;
        name.kind = Kind::Name;
        name.name.text = pattern;
        name.name.wildcard = pattern.find('*') != std::string::npos;
        for (const PlanColumn& column : matchColumns(name, visible(input)))
            if (taken.insert(column.id).second)
                assignments.push_back(keep(column));
    }
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindProjectRename(const Relation& input, Op op)
{
    std::vector<Assignment> assignments, added;
    for (const PlanColumn& column : input.plan->columns)
        assignments.push_back(keep(column));
    for (const ExpressionSyntax* item : op.expressions) {
        if (item->kind != Kind::Assign || item->names.size() != 1 || item->arguments[0]->kind != Kind::Name) {
            report(makeError(kRenameForm, text(item->span)), item->span);
            continue;
        }
        const std::string& oldName = item->arguments[0]->name.text;
        const std::string& newName = item->names[0].text;
        bool found = false;
        for (std::size_t i = 0; i < assignments.size(); ++i)
            if (input.plan->columns[i].name == oldName) {
                found = true;
                assignments[i].column.name = newName;
            } else if (assignments[i].column.name == newName && input.plan->columns[i].name == newName) {
                report(makeError(kDuplicateColumn, newName), item->names[0].span);
            }
        if (found)
            continue;
        // A table that grows may get the column yet.
        const ExpressionPtr value = unknownName(oldName, item->arguments[0]->span, {.rows = &input}, m_global);
        if (!isBad(value))
            added.push_back({newColumn(newName, value->type), value});
    }
    assignments.insert(assignments.end(), added.begin(), added.end());
    return project(input, std::move(assignments), op.span);
}

Relation QueryBinder::bindProjectReorder(const Relation& input, Op op)
{
    const auto columns = visible(input);
    std::vector<PlanColumn> ordered;
    const auto placed = [&](const PlanColumn& column) {
        return std::any_of(ordered.begin(), ordered.end(), [&](const PlanColumn& c) { return c.id == column.id; });
    };
    // A wildcard takes what no item of its own names.
    std::set<std::string> named;
    for (const OrderSyntax& item : op.orders)
        if (item.expression->kind == Kind::Name && !item.expression->name.wildcard)
            named.insert(item.expression->name.text);
    for (const OrderSyntax& item : op.orders) {
        std::vector<PlanColumn> found = matchColumns(*item.expression, columns);
        const bool wildcard = item.expression->kind == Kind::Star || item.expression->name.wildcard;
        if (found.empty() && !wildcard && !input.broken)
            unknownName(item.expression->name.text, item.expression->span, {.rows = &input}, m_global);
        if (item.descending)
            std::stable_sort(found.begin(), found.end(), [&](const PlanColumn& a, const PlanColumn& b) {
                const auto less = [&](const std::string& x, const std::string& y) {
                    if (!item.naturalOrder)
                        return x < y;
                    return std::pair(x.size(), x) < std::pair(y.size(), y);
                };
                return *item.descending ? less(b.name, a.name) : less(a.name, b.name);
            });
        for (const PlanColumn& column : found)
            if (!placed(column) && !(wildcard && named.contains(column.name)))
                ordered.push_back(column);
    }
    for (const PlanColumn& column : input.plan->columns)
        if (!placed(column))
            ordered.push_back(column);
    std::vector<Assignment> assignments;
    for (const PlanColumn& column : ordered)
        assignments.push_back(keep(column));
    return project(input, std::move(assignments), op.span);
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
    bool bad = false;
    std::vector<ExpressionPtr> bounds;
    for (const ExpressionSyntax* bound : op.expressions) {
        bounds.push_back(foldConstant(bindScalar(*bound, {}, scope)));
        bad = bad || isBad(bounds.back());
    }
    if (!bad && bounds.size() == 3) {
        type = bounds[0]->type;
        if (isNumeric(type))
            type = commonType(commonType(type, bounds[1]->type), isNumeric(bounds[2]->type) ? bounds[2]->type : type);
        if (type == DataType::Int)
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
    return {node};
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
