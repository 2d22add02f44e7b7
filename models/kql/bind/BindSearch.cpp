// SPDX-License-Identifier: GPL-3.0-or-later
// search and find: predicates over many tables.
#include "kql/bind/QueryBinder.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

/// Calls `use` for each bare name of an expression, in the order they stand in.
template <typename Use> void collectNames(const ExpressionSyntax& expression, const Use& use)
{
    // Chains of and / or lean to the left and may be long.
    std::vector<const ExpressionSyntax*> waiting{&expression};
    while (!waiting.empty()) {
        const ExpressionSyntax* at = waiting.back();
        waiting.pop_back();
        if (at->kind == ExpressionSyntax::Kind::Name)
            use(at->name.text);
        const std::size_t first = at->kind == ExpressionSyntax::Kind::Call ? 1 : 0;
        for (std::size_t i = at->arguments.size(); i > first; --i)
            waiting.push_back(at->arguments[i - 1]);
    }
}

/// Whether a bare text, to be found in any column, decides on its own.
bool hasFreeText(const ExpressionSyntax& expression)
{
    using Kind = ExpressionSyntax::Kind;
    std::vector<const ExpressionSyntax*> waiting{&expression};
    while (!waiting.empty()) {
        const ExpressionSyntax* at = waiting.back();
        waiting.pop_back();
        if (at->kind == Kind::Literal || at->kind == Kind::Star || (!at->arguments.empty() && at->arguments[0]->kind == Kind::Star))
            return true;
        const bool logic = at->kind == Kind::Parenthesis || at->kind == Kind::Call || (at->kind == Kind::Binary && (at->op == "and" || at->op == "or"));
        for (std::size_t i = at->kind == Kind::Call ? 1 : 0; logic && i < at->arguments.size(); ++i)
            if (at->kind != Kind::Call || at->arguments[0]->name.text == "not")
                waiting.push_back(at->arguments[i]);
    }
    return false;
}

} // namespace

Relation QueryBinder::bindSearch(const Relation* input, Op op, const ScopePtr& scope)
{
    if (!input && op.inTables.empty() && m_options.endOnly && seesPlainWorkspace(scope))
        return bindSearchEverywhere(op, scope);
    std::vector<std::pair<std::string, Relation>> tables;
    if (input) {
        tables.emplace_back(input->name, *input);
    } else if (!op.inTables.empty()) {
        tables = bindTableList(op.inTables, false, scope);
    } else {
        tables = bindAllTables(op.keyword, scope);
    }
    if (tables.empty()) {
        report(makeError(kNoTables), op.span);
        return broken(op.span);
    }
    const bool caseSensitive = parameterText(op, "kind") == "case_sensitive";
    std::vector<UnionBranch> branches;
    const std::size_t errors = m_query.errors.size();
    std::vector<Error> skipped;
    bool anyBound = false;
    for (auto& [name, relation] : tables) {
        const std::size_t before = m_query.errors.size();
        m_caseSensitiveSearch = caseSensitive;
        const ExpressionPtr condition = bindCondition(*op.expressions[0], {.rows = &relation, .search = true}, scope);
        m_caseSensitiveSearch = false;
        if (m_query.errors.size() > before && tables.size() > 1) {
            // A table without the columns named in the search holds no match.
            const bool columnsOnly = std::all_of(m_query.errors.begin() + static_cast<std::ptrdiff_t>(before), m_query.errors.end(),
                                                 [](const Error& e) { return e.kind == &kUnknownColumn; });
            if (columnsOnly) {
                skipped.assign(m_query.errors.begin() + static_cast<std::ptrdiff_t>(before), m_query.errors.end());
                for (const Error& error : skipped)
                    m_reported.erase({error.span->start, error.code()});
                m_query.errors.resize(before);
                continue;
            }
        }
        anyBound = true;
        Node filter = newNode(PlanNode::Kind::Filter, op.span, {relation.plan});
        filter->expressions = {condition};
        branches.push_back({name, finish(filter, relation)});
    }
    if (!anyBound && !skipped.empty()) {
        m_query.errors.resize(errors);
        for (const Error& error : skipped)
            report(error, *error.span);
        return broken(op.span);
    }
    return makeUnion(std::move(branches), op.span, false, "$table");
}

/// Where no plan is wanted: the tables that have what the predicate names, which is bound over the first of them alone.
Relation QueryBinder::bindSearchEverywhere(Op op, const ScopePtr& scope)
{
    std::set<std::string> named;
    collectNames(*op.expressions[0], [&](const std::string& name) {
        if (!scope->find(name))
            named.insert(name);
    });
    std::string key = "search";
    for (const std::string& name : named)
        key += '\n' + name;
    const auto hasAll = [&](const catalog::TableSchema& schema) { return std::all_of(named.begin(), named.end(), [&](const std::string& column) { return schema.indexOf(column); }); };
    auto tables = tablesLike("*", scope);
    std::erase_if(tables, [&](const auto& table) { return !hasAll(table.second->schema()); });
    if (tables.empty())
        return broken(op.span);
    const Relation first = scan(tables.front().second, op.keyword);
    bindCondition(*op.expressions[0], {.rows = &first, .search = true}, scope);
    return remembered(std::move(key), op.span, [&] { return unionOfSchemas(tables, op.span, false, "$table"); });
}

Relation QueryBinder::bindFind(Op op, const ScopePtr& scope)
{
    if (!m_options.endOnly || !op.inTables.empty() || !m_storedCalls.empty() || !seesPlainWorkspace(scope))
        return bindFindTables(op, scope);
    if (reachesEnd(op.span)) // nothing reads its rows
        return broken(op.span);
    return remembered("find\n" + std::string(m_tree->textOf(op.span)), op.span, [&] { return bindFindTables(op, scope); });
}

Relation QueryBinder::bindFindTables(Op op, const ScopePtr& scope)
{
    std::vector<std::pair<std::string, Relation>> tables = op.inTables.empty() ? bindAllTables(op.keyword, scope) : bindTableList(op.inTables, true, scope);
    std::string source = parameterText(op, "withsource");
    if (source.empty())
        source = parameterText(op, "with_source");
    if (source.empty())
        source = "source_";

    // A column of the predicate that only some of the tables have is null in the others.
    std::vector<std::pair<std::string, DataType>> named;
    std::set<std::string, std::less<>> seen;
    collectNames(*op.expressions[0], [&](const std::string& name) {
        if (!seen.insert(name).second)
            return;
        for (const auto& [table, relation] : tables)
            if (const ExpressionPtr column = columnNamed(relation, name, op.span)) {
                named.emplace_back(name, column->type);
                return;
            }
    });
    // Only tables that have one of the columns can have matching rows, unless any column will do.
    if (!named.empty() && !hasFreeText(*op.expressions[0]))
        std::erase_if(tables, [&](const auto& table) {
            return std::none_of(named.begin(), named.end(), [&](const auto& column) { return columnNamed(table.second, column.first, {}) != nullptr; });
        });
    std::vector<UnionBranch> branches, original;
    std::vector<Error> skipped;
    const std::size_t errors = m_query.errors.size();
    for (auto& [name, relation] : tables) {
        const std::size_t before = m_query.errors.size();
        original.push_back({name, relation});
        std::vector<Assignment> all;
        for (const PlanColumn& column : relation.plan->columns)
            all.push_back(keep(column));
        for (const auto& [column, type] : named)
            if (!columnNamed(relation, column, op.span))
                all.push_back({newColumn(column, type), literal(Value::null(type), op.span)});
        if (all.size() > relation.plan->columns.size())
            relation = project(relation, std::move(all), op.span);
        const ExpressionPtr condition = bindCondition(*op.expressions[0], {.rows = &relation, .search = true}, scope);
        const bool columnsOnly = m_query.errors.size() > before &&
            std::all_of(m_query.errors.begin() + static_cast<std::ptrdiff_t>(before), m_query.errors.end(), [](const Error& e) { return e.kind == &kUnknownColumn; });
        if (columnsOnly) {
            skipped.assign(m_query.errors.begin() + static_cast<std::ptrdiff_t>(before), m_query.errors.end());
            for (const Error& error : skipped)
                m_reported.erase({error.span->start, error.code()});
            m_query.errors.resize(before);
            original.pop_back();
            continue;
        }
        Node filter = newNode(PlanNode::Kind::Filter, op.span, {relation.plan});
        filter->expressions = {condition};
        branches.push_back({name, finish(filter, relation)});
    }
    if (branches.empty()) {
        m_query.errors.resize(errors);
        if (skipped.empty())
            report(makeError(kNoTables), op.span);
        for (const Error& error : skipped)
            report(error, *error.span);
        return broken(op.span);
    }
    std::vector<std::string> referred;
    for (const auto& [name, type] : named)
        referred.push_back(name);
    return findColumns(std::move(branches), original, referred, op, source);
}

/// Gives each branch the columns of find's project, or those all tables have in common and those the predicate names, with the rest packed into
/// `pack_`.
Relation QueryBinder::findColumns(std::vector<UnionBranch> branches, const std::vector<UnionBranch>& tables, const std::vector<std::string>& referred, Op op,
                                  const std::string& source)
{
    std::vector<std::pair<std::string, std::optional<DataType>>> wanted;
    bool pack = false;
    for (const ExpressionSyntax* item : op.project) {
        if (item->kind == Kind::Name)
            wanted.emplace_back(item->name.text, item->columns.empty() ? std::nullopt : std::optional(item->columns[0].type));
        else
            pack = true;
    }
    if (op.project.empty()) {
        pack = branches.size() > 1;
        const auto isAway = [&](const PlanColumn& column) {
            return std::any_of(op.projectAway.begin(), op.projectAway.end(), [&](const ExpressionSyntax* p) { return !matchColumns(*p, {column}).empty(); });
        };
        for (const PlanColumn& column : visible(tables[0].relation)) {
            const bool common = std::all_of(tables.begin(), tables.end(), [&](const UnionBranch& b) {
                const auto& columns = b.relation.plan->columns;
                return std::any_of(columns.begin(), columns.end(), [&](const PlanColumn& c) { return c.name == column.name && c.type == column.type; });
            });
            if (common && !isAway(column))
                wanted.emplace_back(column.name, std::nullopt);
        }
        for (const std::string& name : referred)
            if (std::none_of(wanted.begin(), wanted.end(), [&](const auto& w) { return w.first == name; }) && !isAway({0, name, DataType::String}))
                wanted.emplace_back(name, std::nullopt);
    }
    for (UnionBranch& branch : branches) {
        std::vector<Assignment> assignments;
        std::set<ColumnId> taken;
        for (const auto& [name, type] : wanted) {
            const ExpressionPtr column = columnNamed(branch.relation, name, op.span);
            if (!column && !type)
                continue;
            ExpressionPtr value = column ? column : literal(Value::null(*type), op.span);
            if (column)
                taken.insert(column->column);
            if (type)
                value = convertExpression(value, *type);
            assignments.push_back({newColumn(name, value->type), value});
        }
        if (pack) {
            std::vector<ExpressionPtr> pairs;
            for (const PlanColumn& column : visible(branch.relation))
                if (!taken.contains(column.id)) {
                    pairs.push_back(literal(Value::string(column.name)));
                    pairs.push_back(columnRef(column.id, column.type));
                }
            const ExpressionPtr bag = pairs.empty() ? literal(Value::null(DataType::Dynamic)) : callFunction("bag_pack", std::move(pairs), op.span, Leniency::Function);
            assignments.push_back({newColumn("pack_", DataType::Dynamic), bag});
        }
        branch.relation = project(branch.relation, std::move(assignments), op.span);
    }
    return makeUnion(std::move(branches), op.span, false, source);
}

} // namespace tocsin::kql
