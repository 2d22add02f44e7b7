// SPDX-License-Identifier: GPL-3.0-or-later
// The operators that say which columns there are: extend, print and the project family.
#include "kql/bind/QueryBinder.h"

#include "column/Dynamic.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

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
    const std::vector<PlanColumn>& columns = input.plan->columns;
    std::map<std::size_t, Assignment> replaced; ///< by the place of the column
    std::vector<Assignment> added;
    std::optional<NameTable> names; // made only where a name has to be found: there may be ten thousand columns
    const auto taken = [&]() -> NameTable& {
        if (!names) {
            names.emplace();
            for (const PlanColumn& column : columns)
                names->reserve(column.name);
            for (const Assignment& assignment : added)
                names->reserve(assignment.column.name);
        }
        return *names;
    };
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
            if (!explicitNames[i] && item->kind == Kind::Name && taken().has(name))
                continue;
            const bool numbered = name.empty();
            if (numbered)
                name = taken().nextColumn();
            Assignment assignment{newColumn(name, value->type), value};
            if (numbered)
                m_numberedColumns.insert(assignment.column.id);
            const auto isNamed = [&, n = name](const PlanColumn& column) { return column.name == n; };
            const auto before = std::find_if(columns.begin(), columns.end(), isNamed);
            const auto existing = std::find_if(added.begin(), added.end(), [&](const Assignment& a) { return isNamed(a.column); });
            if (before != columns.end())
                replaced.insert_or_assign(static_cast<std::size_t>(before - columns.begin()), std::move(assignment));
            else if (existing != added.end())
                *existing = std::move(assignment);
            else
                added.push_back(std::move(assignment));
            if (names)
                names->reserve(name);
        }
    }
    return extended(input, std::move(replaced), std::move(added), op.span);
}

/// The columns of some rows with some of them replaced, by their places, and others behind them.
Relation QueryBinder::extended(const Relation& input, std::map<std::size_t, Assignment> replaced, std::vector<Assignment> added, SourceSpan span)
{
    if (m_options.endOnly) {
        Node node = newNode(PlanNode::Kind::Rows, span);
        node->serialized = input.plan->serialized;
        node->columns.reserve(input.plan->columns.size() + added.size());
        node->columns = input.plan->columns;
        for (const auto& [place, assignment] : replaced)
            node->columns[place] = assignment.column;
        for (const Assignment& assignment : added)
            node->columns.push_back(assignment.column);
        return finish(node, input);
    }
    std::vector<Assignment> all;
    all.reserve(input.plan->columns.size() + added.size());
    for (const PlanColumn& column : input.plan->columns)
        all.push_back(keep(column));
    for (auto& [place, assignment] : replaced)
        all[place] = std::move(assignment);
    std::move(added.begin(), added.end(), std::back_inserter(all));
    return project(input, std::move(all), span);
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
            if (!explicitNames[i] && wanted.empty())
                m_numberedColumns.insert(assignments.back().column.id);
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

} // namespace tocsin::kql
