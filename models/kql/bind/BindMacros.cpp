// SPDX-License-Identifier: GPL-3.0-or-later
// Queries written once for several places (macro-expand, entity groups) or for several texts (declare pattern).
#include "kql/bind/QueryBinder.h"

#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

using Kind = ExpressionSyntax::Kind;

bool isEntityGroup(const ExpressionSyntax& expression)
{
    return expression.kind == Kind::Call && expression.arguments[0]->kind == Kind::Name && expression.arguments[0]->name.text == "entity_group";
}

} // namespace

bool QueryBinder::isPlace(Expr expression, const ScopePtr& scope) const
{
    if (expression.kind == Kind::Name) {
        const auto symbol = scope->find(expression.name.text);
        return symbol && symbol->kind == Symbol::Kind::Database;
    }
    if (expression.kind == Kind::Member && expression.arguments[0]->kind == Kind::Call)
        return isPlace(*expression.arguments[0], scope);
    if (expression.kind != Kind::Call)
        return false;
    const ExpressionSyntax& callee = *expression.arguments[0];
    if (callee.kind != Kind::Name && (callee.kind != Kind::Member || !isPlace(*callee.arguments[0], scope)))
        return false;
    const std::string_view name = callee.name.text;
    return name == "cluster" || name == "database" || name == "workspace" || name == "app" || name == "resource";
}

/// The text in the call of that name: 'b' for "database" in cluster('a').database('b').
std::string QueryBinder::placeName(Expr place, std::string_view call) const
{
    if (place.kind != Kind::Call)
        return {};
    const ExpressionSyntax& callee = *place.arguments[0];
    if (callee.name.text == call && place.arguments.size() == 2 && place.arguments[1]->kind == Kind::Literal)
        return place.arguments[1]->value.toString();
    return callee.kind == Kind::Member ? placeName(*callee.arguments[0], call) : std::string();
}

/// `X.$current_database` and `X.$current_cluster_endpoint`, where X stands for a place.
ExpressionPtr QueryBinder::bindPlaceMember(Expr expression, const ScopePtr& scope)
{
    const ExpressionSyntax& base = *expression.arguments[0];
    if (!isPlace(base, scope))
        return nullptr;
    const ExpressionSyntax* place = &base;
    if (base.kind == Kind::Name)
        if (const auto symbol = scope->find(base.name.text); symbol->syntax)
            place = symbol->syntax;
    const bool database = expression.name.text == "$current_database";
    if (!database && expression.name.text != "$current_cluster_endpoint")
        return nullptr;
    std::string name = placeName(*place, database ? "database" : "cluster");
    if (database && name.empty())
        name = m_snapshot.databaseName();
    return literal(Value::string(std::move(name)), expression.span);
}

void QueryBinder::listEntities(Expr group, const ScopePtr& scope, std::vector<const ExpressionSyntax*>& entities, int depth)
{
    if (isEntityGroup(group)) {
        for (std::size_t i = 1; i < group.arguments.size(); ++i)
            entities.push_back(group.arguments[i]);
        return;
    }
    const auto symbol = group.kind == Kind::Name ? scope->find(group.name.text) : nullptr;
    if (symbol && observer())
        observer()->symbolAt(group.span, group.name.text, *symbol);
    if (symbol && symbol->kind == Symbol::Kind::EntityGroup && depth < 20)
        return listEntities(*symbol->syntax, scope, entities, depth + 1);
    if (group.kind != Kind::Missing)
        report(makeError(kUnknownEntityGroup, text(group.span)), group.span);
}

/// `let E = entity_group[…]`; nothing else makes one.
bool QueryBinder::bindEntityGroup(const StatementSyntax& let, const ScopePtr& scope)
{
    if (!isEntityGroup(*let.expression))
        return false;
    Symbol symbol;
    symbol.kind = Symbol::Kind::EntityGroup;
    symbol.syntax = let.expression;
    for (std::size_t i = 1; i < let.expression->arguments.size(); ++i) {
        const ExpressionSyntax& entity = *let.expression->arguments[i];
        if (!isPlace(entity, scope) && !isTabular(entity, scope) && entity.kind != Kind::Missing)
            report(makeError(kNotAnEntity), entity.span);
    }
    define(scope, let.name, std::move(symbol));
    return true;
}

/// The subquery for one entity: its name stands for the place or the table.
Relation QueryBinder::bindExpansion(Op op, Expr entity, const ScopePtr& scope)
{
    const ScopePtr inner = newScope(scope);
    if (!isPlace(entity, scope) && !isTabular(entity, scope)) {
        if (entity.kind != Kind::Missing)
            report(makeError(kNotAnEntity), entity.span);
        return broken(entity.span);
    }
    if (!op.asName.missing()) {
        Symbol symbol;
        symbol.kind = isPlace(entity, scope) ? Symbol::Kind::Database : Symbol::Kind::Tabular;
        symbol.syntax = &entity;
        symbol.scope = scope;
        define(inner, op.asName, std::move(symbol));
    }
    std::optional<Relation> result;
    for (const StatementSyntax* statement : op.body) {
        if (statement->kind != StatementSyntax::Kind::Query) {
            bindStatement(*statement, inner);
            continue;
        }
        const Relation relation = bindTable(*statement->expression, inner);
        if (!result)
            result = relation; // further queries have no say in the result
    }
    if (!result)
        report(makeError(kTableExpected, "a subquery without a query"), op.span);
    return result ? *result : broken(op.span);
}

Relation QueryBinder::bindMacroExpand(Op op, const ScopePtr& scope)
{
    std::vector<const ExpressionSyntax*> entities;
    listEntities(*op.expressions[0], scope, entities, 0);
    const bool fuzzy = parameterFlag(op, "isfuzzy") || isSet("best_effort");
    std::vector<UnionBranch> branches;
    for (const ExpressionSyntax* entity : entities) {
        std::string missing;
        const auto bind = [&] { return bindExpansion(op, *entity, scope); };
        std::optional<Relation> relation = fuzzy ? tryTable(bind, missing) : bind();
        if (relation)
            branches.push_back({text(entity->span), std::move(*relation)});
        else
            warn(makeError(kTableSkipped, missing), entity->span);
    }
    if (branches.empty()) {
        if (!entities.empty())
            report(makeError(kNoTables), op.span);
        return broken(op.span);
    }
    return makeUnion(std::move(branches), op.span, parameterText(op, "kind") == "inner", {});
}

// --- Patterns.

void QueryBinder::bindPatternStatement(const StatementSyntax& statement, const ScopePtr& scope)
{
    const auto mustBeText = [&](const ExpressionSyntax& argument) {
        const ExpressionPtr value = bindScalar(argument, {}, scope);
        if (!isBad(value) && value->type != DataType::String)
            report(makeError(kBadValue, "string"), argument.span);
    };
    for (const StatementSyntax::PatternMatch& match : statement.patternMatches) {
        for (const ExpressionSyntax* argument : match.arguments)
            mustBeText(*argument);
        if (match.arguments.size() != statement.parameters.size() && !match.arguments.empty())
            report(makeError(kWrongArgumentCount, "The pattern " + statement.name.text, std::to_string(statement.parameters.size()), std::to_string(match.arguments.size())),
                   match.arguments.front()->span);
    }
    Symbol symbol;
    symbol.kind = Symbol::Kind::Pattern;
    symbol.pattern = &statement;
    symbol.scope = scope;
    symbol.functionName = statement.name.text;
    define(scope, statement.name, std::move(symbol));
}

/// The call inside `P("a")`, `P("a").b` and `P("a").["b"]`, if P is a pattern; `path`: what stands behind the dot.
const ExpressionSyntax* QueryBinder::patternCall(Expr expression, const ScopePtr& scope, const ExpressionSyntax** path) const
{
    const bool member = expression.kind == Kind::Member || expression.kind == Kind::Index;
    const ExpressionSyntax* call = member ? expression.arguments[0] : &expression;
    if (call->kind != Kind::Call || call->arguments[0]->kind != Kind::Name)
        return nullptr;
    const auto symbol = scope->find(call->arguments[0]->name.text);
    if (!symbol || symbol->kind != Symbol::Kind::Pattern)
        return nullptr;
    if (member && path)
        *path = expression.kind == Kind::Index ? expression.arguments[1] : &expression;
    return call;
}

Relation QueryBinder::bindPatternCall(Expr expression, const ScopePtr& scope)
{
    const ExpressionSyntax* pathSyntax = nullptr;
    const ExpressionSyntax& call = *patternCall(expression, scope, &pathSyntax);
    const NameSyntax& name = call.arguments[0]->name;
    const auto symbol = scope->find(name.text);
    const StatementSyntax& pattern = *symbol->pattern;
    if (observer())
        observer()->symbolAt(call.arguments[0]->span, name.text, *symbol);
    std::vector<std::string> given;
    const auto addText = [&](const ExpressionSyntax& argument) {
        const ExpressionPtr value = evaluated(bindScalar(argument, {}, scope));
        if (!isBad(value) && (value->kind != Expression::Kind::Literal || value->type != DataType::String))
            report(makeError(kConstantExpected, "The argument of a pattern"), argument.span);
        given.push_back(value->kind == Expression::Kind::Literal && value->type == DataType::String ? value->value.asText() : std::string());
    };
    for (std::size_t i = 1; i < call.arguments.size(); ++i)
        addText(*call.arguments[i]);
    if (pathSyntax && pathSyntax->kind == Kind::Member)
        given.push_back(pathSyntax->name.text);
    else if (pathSyntax)
        addText(*pathSyntax);
    for (const StatementSyntax::PatternMatch& match : pattern.patternMatches) {
        std::vector<std::string> wanted;
        for (const ExpressionSyntax* argument : match.arguments)
            wanted.push_back(argument->kind == Kind::Literal ? argument->value.toString() : std::string());
        if (pathSyntax)
            wanted.push_back(match.path);
        if (wanted == given)
            return bindPatternBody(*symbol, match, given, call.span);
    }
    report(makeError(kNoPatternMatch, name.text), name.span);
    return broken(expression.span);
}

Relation QueryBinder::bindPatternBody(const Symbol& symbol, const StatementSyntax::PatternMatch& match, const std::vector<std::string>& given, SourceSpan span)
{
    if (std::find(m_callStack.begin(), m_callStack.end(), symbol.functionName) != m_callStack.end()) {
        report(makeError(kRecursion, symbol.functionName), span);
        return broken(span);
    }
    const ScopePtr inner = newScope(symbol.scope);
    const auto set = [&](const NameSyntax& name, std::size_t i) {
        Symbol value;
        value.scalar = literal(Value::string(i < given.size() ? given[i] : std::string()), name.span);
        define(inner, name, std::move(value));
    };
    const StatementSyntax& pattern = *symbol.pattern;
    for (std::size_t i = 0; i < pattern.parameters.size(); ++i)
        set(pattern.parameters[i].name, i);
    if (pattern.patternPath)
        set(pattern.patternPath->name, pattern.parameters.size());
    m_callStack.push_back(symbol.functionName);
    Relation result = broken(span);
    for (const StatementSyntax* statement : match.body)
        if (statement->kind == StatementSyntax::Kind::Query)
            result = bindTable(*statement->expression, inner);
        else
            bindStatement(*statement, inner);
    m_callStack.pop_back();
    return result;
}

} // namespace tocsin::kql
