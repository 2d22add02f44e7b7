// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include "kql/bind/WholeOperator.h"
#include "kql/syntax/Suggestion.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

/// `*` stands for any run of characters.
bool matchesWildcard(std::string_view pattern, std::string_view name)
{
    std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace

bool QueryBinder::isTabular(Expr expression, const ScopePtr& scope, int depth)
{
    if (depth > 100)
        return false;
    switch (expression.kind) {
    case Kind::Pipeline: case Kind::DataTable: case Kind::ExternalData: return true;
    case Kind::Parenthesis: return isTabular(*expression.arguments[0], scope, depth + 1);
    case Kind::Name:
        if (expression.name.wildcard)
            return true;
        if (const auto symbol = findFunction(expression.name.text, scope)) {
            if (symbol->kind != Symbol::Kind::Function)
                return symbol->kind == Symbol::Kind::Tabular || symbol->kind == Symbol::Kind::Shared;
            break;
        }
        return findTable(expression.name.text, scope) != nullptr || (depth == 0 && scope == m_global && !m_functions.findScalar(expression.name.text));
    case Kind::Member:
        return patternCall(expression, scope) || (isPlace(*expression.arguments[0], scope) && !expression.name.text.starts_with('$'));
    case Kind::Index: return patternCall(expression, scope);
    case Kind::Call: {
        const ExpressionSyntax& callee = *expression.arguments[0];
        if (patternCall(expression, scope))
            return true;
        if (callee.kind == Kind::Member && isPlace(*callee.arguments[0], scope))
            return !m_functions.findScalar(callee.name.text);
        if (callee.kind != Kind::Name)
            return false;
        const std::string_view name = callee.name.text;
        if (name == "table" || name == "materialized_view" || name == "external_table" || name == "stored_query_result" || name == "view")
            return true;
        if (name == "materialize" && expression.arguments.size() == 2)
            return isTabular(*expression.arguments[1], scope, depth + 1);
        break;
    }
    default: return false;
    }
    const std::string_view name = expression.kind == Kind::Name ? std::string_view(expression.name.text) : std::string_view(expression.arguments[0]->name.text);
    const auto symbol = findFunction(name, scope);
    if (!symbol || symbol->kind != Symbol::Kind::Function)
        return !symbol && findTable(name, scope) && !m_functions.findScalar(name);
    if (!symbol->syntax || symbol->syntax->statements.empty())
        return symbol->stored;
    if (!symbol->givesTable) {
        symbol->givesTable = false; // while it is being found out: a function that calls itself is an error anyway
        symbol->givesTable = bodyGivesTable(*symbol, depth);
    }
    return *symbol->givesTable;
}

bool QueryBinder::bodyGivesTable(const Symbol& symbol, int depth)
{
    // What a function gives is what its last expression is, seen with its own lets.
    const auto& statements = symbol.syntax->statements;
    if (statements.back()->kind != StatementSyntax::Kind::Query)
        return false;
    const ScopePtr inner = newScope(symbol.scope);
    for (const auto& parameter : symbol.syntax->functionParameters) {
        Symbol stand;
        stand.kind = parameter.type ? Symbol::Kind::Scalar : Symbol::Kind::Tabular;
        stand.scalar = m_bad;
        inner->define(parameter.name.text, std::move(stand));
    }
    for (const StatementSyntax* statement : statements)
        if (statement->kind == StatementSyntax::Kind::Let) {
            Symbol stand;
            const bool function = statement->expression->kind == Kind::Function;
            stand.kind = function ? Symbol::Kind::Function : isTabular(*statement->expression, inner, depth + 1) ? Symbol::Kind::Tabular : Symbol::Kind::Scalar;
            stand.syntax = statement->expression;
            stand.scope = inner;
            stand.functionName = statement->name.text;
            stand.scalar = m_bad;
            inner->define(statement->name.text, std::move(stand));
        }
    return isTabular(*statements.back()->expression, inner, depth + 1);
}

Relation QueryBinder::broken(SourceSpan span)
{
    Relation relation{newNode(PlanNode::Kind::Rows, span)};
    relation.broken = true;
    return relation;
}

/// The functions that let declares as views, by a name with wildcards.
std::vector<std::string> QueryBinder::viewsLike(std::string_view pattern, const ScopePtr& scope) const
{
    std::set<std::string> views;
    for (const std::string& name : scope->names())
        if (const auto symbol = scope->find(name); symbol && symbol->kind == Symbol::Kind::Function && symbol->syntax && symbol->syntax->view && symbol->syntax->functionParameters.empty() && matchesWildcard(pattern, name))
            views.insert(name);
    return {views.begin(), views.end()};
}

Relation QueryBinder::bindTable(Expr expression, const ScopePtr& scope, const RowContext& row)
{
    struct Depth {
        int& depth;
        explicit Depth(int& d) : depth(d) { ++depth; }
        ~Depth() { --depth; }
    } guard(m_depth);
    if (m_depth > 200 || m_nodeCount > 20'000) {
        report(makeError(kTooLarge), expression.span);
        return broken(expression.span);
    }
    switch (expression.kind) {
    case Kind::Missing: return broken(expression.span);
    case Kind::Pipeline: return bindPipeline(*expression.pipeline, scope, row);
    case Kind::Parenthesis: return bindTable(*expression.arguments[0], scope, row);
    case Kind::Name:
        if (expression.name.wildcard) {
            OperatorSyntax all;
            all.kind = OperatorSyntax::Kind::Union;
            all.span = expression.span;
            all.expressions = {&expression};
            return bindUnion(nullptr, all, scope);
        }
        return bindTableName(expression.name.text, expression.span, scope);
    case Kind::Member:
        if (expression.name.wildcard) {
            ExpressionSyntax name;
            name.kind = Kind::Name;
            name.name = expression.name;
            name.span = expression.span;
            return bindTable(name, scope, row);
        }
        if (patternCall(expression, scope))
            return bindPatternCall(expression, scope);
        if (isTabular(expression, scope))
            return bindTableName(expression.name.text, expression.span, workspaceScope(scope));
        break;
    case Kind::Index:
        if (patternCall(expression, scope))
            return bindPatternCall(expression, scope);
        break;
    case Kind::Call: return patternCall(expression, scope) ? bindPatternCall(expression, scope) : bindTableCall(expression, scope, row);
    case Kind::DataTable: return bindDataTable(expression, scope);
    case Kind::ExternalData: return bindExternalData(expression, scope);
    default: break;
    }
    const ExpressionPtr value = bindScalar(expression, row, scope);
    if (!isBad(value))
        report(makeError(kTableExpected, std::string(typeName(value->type))), expression.span);
    return broken(expression.span);
}

Relation QueryBinder::bindTableName(std::string_view name, SourceSpan span, const ScopePtr& scope)
{
    if (const auto symbol = findFunction(name, scope)) {
        if (observer())
            observer()->symbolAt(span, name, *symbol);
        if (symbol->kind == Symbol::Kind::Function) {
            ExpressionSyntax callee, call;
            callee.kind = Kind::Name;
            callee.name.text = name;
            callee.span = call.span = span;
            call.kind = Kind::Call;
            call.arguments = {&callee};
            return bindTabularUserFunction(*symbol, call, scope, {});
        }
        return bindSymbolTable(*symbol, scope, span);
    }
    if (const auto table = findTable(name, scope))
        return scan(table, span);
    if (m_options.endOnly) {
        report(makeError(kUnknownTable, std::string(name), std::string()), span);
        return broken(span);
    }
    std::vector<std::string> candidates = m_snapshot.tableNames();
    const auto functions = m_snapshot.functionNames();
    candidates.insert(candidates.end(), functions.begin(), functions.end());
    std::erase_if(candidates, [&](const std::string& candidate) { return !isAllowed(candidate, scope); });
    const auto names = scope->names();
    candidates.insert(candidates.end(), names.begin(), names.end());
    report(makeError(kUnknownTable, std::string(name), didYouMean(name, candidates)), span);
    return broken(span);
}

Relation QueryBinder::bindSymbolTable(Symbol& symbol, const ScopePtr& scope, SourceSpan span)
{
    switch (symbol.kind) {
    case Symbol::Kind::Shared: return share(symbol.shared, symbol.sharedKey, span);
    case Symbol::Kind::Unknown: return broken(span);
    case Symbol::Kind::Scalar:
        if (isBad(symbol.scalar))
            return broken(span);
        break;
    case Symbol::Kind::Tabular: {
        if (symbol.fresh) {
            Relation relation = *std::exchange(symbol.fresh, std::nullopt);
            return relation;
        }
        if (!symbol.syntax)
            return broken(span);
        if (m_options.endOnly) {
            symbol.shared = bindTable(*symbol.syntax, newScope(symbol.scope));
            symbol.sharedKey = "let:" + std::to_string(m_nextShared++);
            symbol.kind = Symbol::Kind::Shared;
            return share(symbol.shared, symbol.sharedKey, span);
        }
        return bindTable(*symbol.syntax, newScope(symbol.scope));
    }
    default: break;
    }
    static_cast<void>(scope);
    report(makeError(kTableExpected, "a single value"), span);
    return broken(span);
}

Relation QueryBinder::bindTableCall(Expr expression, const ScopePtr& scope, const RowContext& row)
{
    const ExpressionSyntax& callee = *expression.arguments[0];
    const std::string& name = callee.name.text;
    if (callee.kind == Kind::Name) {
        const auto symbol = findFunction(name, scope);
        if (symbol && observer())
            observer()->symbolAt(callee.span, name, *symbol);
        if (symbol && symbol->kind == Symbol::Kind::Function)
            return bindTabularUserFunction(*symbol, expression, scope, row);
        if (symbol && symbol->kind == Symbol::Kind::Unknown)
            return broken(expression.span);
        if ((name == "table" || name == "materialized_view" || name == "external_table" || name == "stored_query_result") && expression.arguments.size() >= 2) {
            const ExpressionPtr wanted = evaluated(bindScalar(*expression.arguments[1], {}, scope));
            if (isBad(wanted))
                return broken(expression.span);
            if (wanted->kind != Expression::Kind::Literal || wanted->type != DataType::String) {
                report(makeError(kConstantExpected, "The name of the table"), expression.arguments[1]->span);
                return broken(expression.span);
            }
            return bindTableName(wanted->value.asText(), expression.arguments[1]->span, workspaceScope(scope));
        }
        if (name == "materialize" && expression.arguments.size() >= 2)
            return share(bindTable(*expression.arguments[1], scope), "materialize:" + std::to_string(m_nextShared++), expression.span);
        if (name == "view" && expression.arguments.size() == 2)
            return bindTable(*expression.arguments[1], scope);
        if (const auto table = findTable(name, scope)) {
            // A vendor's function of which only the output is known; its arguments are checked but mean nothing here.
            for (std::size_t i = 1; i < expression.arguments.size(); ++i)
                bindScalar(*expression.arguments[i], row, scope);
            return scan(table, expression.span);
        }
    } else if (callee.kind == Kind::Member && isPlace(*callee.arguments[0], scope)) {
        ExpressionSyntax plainName;
        plainName.kind = Kind::Name;
        plainName.name = callee.name;
        plainName.span = callee.span;
        ExpressionSyntax plain = expression;
        plain.arguments[0] = &plainName;
        return bindTableCall(plain, scope, row);
    }
    if (callee.kind == Kind::Name && !m_functions.findScalar(name) && !m_functions.findAggregate(name)) {
        std::vector<std::string> candidates = m_snapshot.functionNames();
        std::erase_if(candidates, [&](const std::string& candidate) { return !isAllowed(candidate, scope); });
        const auto names = scope->names();
        candidates.insert(candidates.end(), names.begin(), names.end());
        report(makeError(kUnknownTable, name, didYouMean(name, candidates)), callee.span);
        return broken(expression.span);
    }
    const ExpressionPtr value = bindScalar(expression, row, scope);
    if (!isBad(value))
        report(makeError(kTableExpected, std::string(typeName(value->type))), expression.span);
    return broken(expression.span);
}

std::vector<std::pair<std::string_view, std::size_t>> QueryBinder::aliasesUsed(const catalog::TableSchema& schema) const
{
    std::vector<std::pair<std::string_view, std::size_t>> used;
    for (const auto& [alias, column] : schema.aliases)
        if (const auto place = schema.indexOf(column); place && mentions(alias) && std::none_of(schema.columns.begin(), schema.columns.end(), [&](const auto& c) { return c.name == alias; }))
            used.emplace_back(alias, *place);
    return used;
}

Relation QueryBinder::scan(std::shared_ptr<const catalog::TableSource> table, SourceSpan span)
{
    Node node = newNode(PlanNode::Kind::Scan, span);
    const catalog::TableSchema& schema = table->schema();
    if (observer())
        observer()->tableAt(span, schema);
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
        node->columns.push_back(newColumn(schema.columns[i].name, schema.columns[i].type));
        node->scanColumns.push_back(i);
    }
    if (m_usesIngestionTime) {
        node->columns.push_back(newColumn(std::string(kIngestionTimeColumn), DataType::DateTime));
        node->scanColumns.push_back(schema.columns.size());
    }
    node->source = table;
    node->name = schema.name;
    Relation relation{node};
    // Another name of a column is a column more, in queries that use it.
    std::vector<Assignment> assignments;
    for (const auto& [alias, place] : aliasesUsed(schema)) {
        const PlanColumn& original = node->columns[place];
        assignments.push_back({newColumn(std::string(alias), original.type), columnRef(original.id, original.type)});
    }
    if (!assignments.empty()) {
        std::vector<Assignment> all;
        for (const PlanColumn& column : node->columns)
            all.push_back(keep(column));
        all.insert(all.end(), assignments.begin(), assignments.end());
        relation = project(relation, std::move(all), span);
    }
    relation.name = schema.name;
    return relation;
}

Relation QueryBinder::share(const Relation& relation, const std::string& key, SourceSpan span)
{
    Node node = newNode(PlanNode::Kind::Shared, span, {relation.plan});
    node->sharedKey = key;
    for (const PlanColumn& column : relation.plan->columns) {
        const PlanColumn outer = newColumn(column.name, column.type);
        node->columns.push_back(outer);
        node->sharedColumns.emplace_back(outer.id, column.id);
    }
    node->serialized = relation.plan->serialized;
    Relation shared = relation;
    shared.plan = node;
    shared.name.clear();
    return shared;
}

Relation QueryBinder::bindDataTable(Expr expression, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Rows, expression.span);
    for (const ColumnDeclaration& column : expression.columns)
        node->columns.push_back(newColumn(column.name.text, column.type));
    const std::size_t width = node->columns.size();
    if (width == 0 || expression.arguments.size() % width != 0) {
        report(makeError(kRowLength, std::to_string(expression.arguments.size()), std::to_string(width)), expression.arguments.empty() ? expression.span : expression.arguments.front()->span);
        return {node, true};
    }
    for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
        if (i % width == 0)
            node->rows.emplace_back();
        const DataType type = node->columns[i % width].type;
        const ExpressionPtr bound = bindScalar(*expression.arguments[i], {}, scope);
        const ExpressionPtr value = isBad(bound) ? bound : foldConstant(convertExpression(foldConstant(bound), type));
        if (!isBad(value) && value->kind != Expression::Kind::Literal)
            report(makeError(kBadValue, std::string(typeName(type))), expression.arguments[i]->span);
        node->rows.back().push_back(value->kind == Expression::Kind::Literal && value->type == type ? value->value : Value::null(type));
    }
    node->serialized = true;
    return {node};
}

Relation QueryBinder::bindExternalData(Expr expression, const ScopePtr& scope)
{
    Node node = newNode(PlanNode::Kind::Extension, expression.span);
    node->name = "externaldata";
    for (const ColumnDeclaration& column : expression.columns)
        node->columns.push_back(newColumn(column.name.text, column.type));
    for (const ExpressionSyntax* uri : expression.arguments) {
        const ExpressionPtr value = evaluated(bindScalar(*uri, {}, scope));
        if (!isBad(value))
            node->expressions.push_back(value);
    }
    for (const ParameterSyntax& parameter : expression.parameters) {
        const ExpressionSyntax& value = *parameter.value;
        if (value.kind == Kind::Parenthesis)
            continue; // the pieces of a path: each file says itself what it holds
        if (value.kind == Kind::Name && !scope->find(value.name.text))
            node->options.emplace(parameter.name.text, Value::string(value.name.text));
        else if (const ExpressionPtr bound = evaluated(bindScalar(value, {}, scope)); bound->kind == Expression::Kind::Literal)
            node->options.emplace(parameter.name.text, bound->value);
    }
    return {node};
}

bool QueryBinder::isAllowed(std::string_view name, const ScopePtr& scope)
{
    const auto* allowed = scope->restriction();
    return !allowed || std::any_of(allowed->begin(), allowed->end(), [&](const std::string& each) { return matchesWildcard(each, name); });
}

QueryBinder::ScopePtr QueryBinder::workspaceScope(const ScopePtr& scope)
{
    const ScopePtr plain = newScope();
    if (const auto* allowed = scope->restriction())
        plain->restrictTo(*allowed);
    return plain;
}

/// What stands behind it sees the tables, views and patterns that the statement lists, and all other names.
void QueryBinder::bindRestrict(const StatementSyntax& statement, const ScopePtr& scope)
{
    const ScopePtr left = newScope();
    std::vector<std::string> own, workspace;
    for (const ExpressionSyntax* entity : statement.expressions) {
        if (entity->kind == Kind::Name)
            own.push_back(entity->name.text);
        if (entity->kind != Kind::Name || entity->name.text != "*") // a star alone means the names of let
            workspace.push_back(entity->name.text);
    }
    for (const std::string& name : scope->names()) {
        const auto symbol = scope->find(name);
        const bool table = symbol->kind == Symbol::Kind::Tabular || symbol->kind == Symbol::Kind::Shared || symbol->kind == Symbol::Kind::Pattern ||
            (symbol->kind == Symbol::Kind::Function && symbol->syntax && !symbol->syntax->statements.empty() && bodyGivesTable(*symbol, 0));
        if (!table || std::any_of(own.begin(), own.end(), [&](const std::string& each) { return matchesWildcard(each, name); }))
            left->take(name, symbol);
    }
    left->restrictTo(std::move(workspace));
    if (scope == m_global)
        m_global = left;
}

std::vector<std::pair<std::string, Relation>> QueryBinder::bindAllTables(SourceSpan span, const ScopePtr& scope)
{
    std::vector<std::pair<std::string, Relation>> all;
    for (const auto& [name, table] : tablesLike("*", scope))
        all.emplace_back(name, scan(table, span));
    for (const std::string& name : viewsLike("*", scope))
        all.emplace_back(name, bindTableName(name, span, scope));
    return all;
}

QueryBinder::Tables QueryBinder::tablesLike(std::string_view pattern, const ScopePtr& scope) const
{
    Tables found;
    for (const std::string& name : m_snapshot.tableNames())
        if (matchesWildcard(pattern, name) && isAllowed(name, scope))
            if (auto table = m_snapshot.findTable(name); table && !table->schema().isFunction)
                found.emplace_back(name, std::move(table));
    return found;
}

std::vector<PlanColumn> QueryBinder::matchColumns(Expr pattern, const std::vector<PlanColumn>& columns)
{
    std::vector<PlanColumn> found;
    if (pattern.kind != Kind::Name && pattern.kind != Kind::Star) {
        report(makeError(kUnknownColumn, text(pattern.span), ""), pattern.span);
        return found;
    }
    for (const PlanColumn& column : columns)
        if (pattern.kind == Kind::Star || (pattern.name.wildcard ? matchesWildcard(pattern.name.text, column.name) : pattern.name.text == column.name))
            found.push_back(column);
    if (observer() && pattern.kind == Kind::Name && !pattern.name.wildcard && found.size() == 1)
        observer()->columnAt(pattern.span, broken(pattern.span), found[0]);
    return found;
}

std::optional<Relation> QueryBinder::tryTable(const std::function<Relation()>& bind, std::string& missing)
{
    const std::size_t errors = m_query.errors.size();
    Relation relation = bind();
    for (std::size_t i = errors; i < m_query.errors.size(); ++i)
        if (m_query.errors[i].kind == &kUnknownTable)
            missing = m_query.errors[i].args[0];
    if (missing.empty())
        return relation;
    for (std::size_t i = errors; i < m_query.errors.size(); ++i)
        m_reported.erase({m_query.errors[i].span->start, m_query.errors[i].code()});
    m_query.errors.resize(errors);
    return std::nullopt;
}

/// Whether an operator has all that its binding needs: those of a text that parses do.
bool QueryBinder::isBindable(Op op) const { return !m_storedCalls.empty() || m_tree->errors().empty() || isWholeOperator(op); }

Relation QueryBinder::bindPipeline(const PipelineSyntax& pipeline, const ScopePtr& scope, const RowContext& row, const Relation* input)
{
    std::size_t next = 0;
    Relation current;
    if (pipeline.source) {
        current = bindTable(*pipeline.source, scope, row);
    } else if (input) {
        current = *input;
    } else if (!pipeline.operators.empty()) {
        const OperatorSyntax& first = *pipeline.operators[next++];
        if (observer())
            observer()->operatorBegins(first, nullptr);
        switch (isBindable(first) ? first.kind : OperatorSyntax::Kind::Bad) {
        case OperatorSyntax::Kind::Print: current = bindPrint(first, scope); break;
        case OperatorSyntax::Kind::Range: current = bindRange(first, scope); break;
        case OperatorSyntax::Kind::Union: current = bindUnion(nullptr, first, scope); break;
        case OperatorSyntax::Kind::Search: current = bindSearch(nullptr, first, scope); break;
        case OperatorSyntax::Kind::MacroExpand: current = bindMacroExpand(first, scope); break;
        case OperatorSyntax::Kind::Find: current = bindFind(first, scope); break;
        case OperatorSyntax::Kind::Evaluate: current = bindEvaluate({newNode(PlanNode::Kind::Rows, first.span)}, first, scope); break;
        default:
            report(makeError(kTableExpected, "the operator " + std::string(operatorName(first.kind))), first.keyword);
            current = broken(first.span);
        }
    } else {
        current = broken(pipeline.span);
    }
    for (; next < pipeline.operators.size(); ++next) {
        const OperatorSyntax& op = *pipeline.operators[next];
        if (observer())
            observer()->operatorBegins(op, &current);
        const bool bindable = isBindable(op);
        if (bindable)
            current = bindOperator(current, op, scope, row);
        current.broken = current.broken || !bindable || (m_storedCalls.empty() && isFaulty(op.span.start));
        if (observer())
            observer()->operatorEnds(op, current);
    }
    return current;
}

} // namespace tocsin::kql
