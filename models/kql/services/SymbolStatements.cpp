// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/SymbolResolver.h"

namespace tocsin::kql::services {

void SymbolResolver::statement(const StatementSyntax& s, const ScopePtr& scope)
{
    switch (s.kind) {
    case StatementSyntax::Kind::Let: return let(s, scope);
    case StatementSyntax::Kind::QueryParameters: return parameters(s.parameters, scope, nullptr);
    case StatementSyntax::Kind::Pattern:
        for (const auto& match : s.patternMatches) {
            const auto inner = std::make_shared<Scope>(Scope{scope, {}});
            parameters(s.parameters, inner, nullptr);
            body(match.body, inner);
        }
        return;
    case StatementSyntax::Kind::Restrict:
        for (const Expr e : s.expressions)
            table(e, scope);
        return;
    case StatementSyntax::Kind::Set: return;
    case StatementSyntax::Kind::Command:
        if (s.command)
            body(s.command->query, std::make_shared<Scope>(Scope{scope, {}}));
        return;
    case StatementSyntax::Kind::Alias: return scalar(s.expression, {scope});
    case StatementSyntax::Kind::Query: break;
    }
    if (!s.expression)
        return;
    if (isTable(s.expression, scope) || s.expression->kind == Kind::Name)
        table(s.expression, scope);
    else
        scalar(s.expression, {scope});
}

bool SymbolResolver::isTable(Expr e, const ScopePtr& scope) const
{
    for (; e->kind == Kind::Parenthesis && !e->arguments.empty(); e = e->arguments[0]) {}
    const auto named = [&](const std::string& name) {
        const Entry* entry = find(scope, name);
        return entry && entry->tabular;
    };
    switch (e->kind) {
    case Kind::Pipeline: case Kind::DataTable: case Kind::ExternalData: return true;
    case Kind::Name: return e->name.wildcard || named(e->name.text);
    case Kind::Member: return e->arguments[0]->kind == Kind::Call;
    case Kind::Call: {
        const ExpressionSyntax& callee = *e->arguments[0];
        if (callee.kind == Kind::Member)
            return callee.arguments[0]->kind == Kind::Call;
        const std::string& name = callee.name.text;
        if (named(name) || name == "table" || name == "materialized_view" || name == "external_table" || name == "view")
            return true;
        return name == "materialize" && e->arguments.size() == 2 && (isTable(e->arguments[1], scope) || e->arguments[1]->kind == Kind::Name);
    }
    default: return false;
    }
}

void SymbolResolver::let(const StatementSyntax& s, const ScopePtr& scope)
{
    Entry entry;
    if (s.expression && s.expression->kind == Kind::Function) {
        entry.kind = SymbolKind::Function;
        function(entry, *s.expression, scope);
    } else if (s.expression) {
        // A lone name that is no value is a table.
        const bool lone = s.expression->kind == Kind::Name && !find(scope, s.expression->name.text);
        entry.tabular = lone || isTable(s.expression, scope);
        entry.kind = entry.tabular ? SymbolKind::Table : SymbolKind::Scalar;
        if (entry.tabular)
            entry.rows = table(s.expression, scope);
        else
            scalar(s.expression, {scope});
    }
    entry.symbol = define(entry.kind, s.name);
    m_out.symbols[entry.symbol].body = s.span;
    scope->names.insert_or_assign(s.name.text, std::move(entry));
}

void SymbolResolver::parameters(const std::vector<ExpressionSyntax::FunctionParameter>& list, const ScopePtr& scope, Entry* function)
{
    for (const auto& parameter : list) {
        Entry entry;
        entry.kind = SymbolKind::Parameter;
        if (parameter.defaultValue)
            scalar(parameter.defaultValue, {scope->parent ? scope->parent : scope});
        entry.symbol = define(SymbolKind::Parameter, parameter.name);
        if (function)
            function->parameters.emplace(parameter.name.text, entry.symbol);
        if (!parameter.type) {
            entry.tabular = true;
            entry.rows = declared(parameter.columns);
            if (parameter.openColumns)
                entry.rows.sources.push_back(source(parameter.name.text + " at " + std::to_string(parameter.span.start)));
            if (function)
                function->tableParameters.emplace(parameter.name.text, entry.rows);
        }
        scope->names.insert_or_assign(parameter.name.text, std::move(entry));
    }
}

void SymbolResolver::function(Entry& entry, const ExpressionSyntax& literal, const ScopePtr& scope)
{
    entry.function = &literal;
    const auto inner = std::make_shared<Scope>(Scope{scope, {}});
    parameters(literal.functionParameters, inner, &entry);
    entry.rows = body(literal.statements, inner, &entry.tabular);
}

SymbolResolver::Row SymbolResolver::body(const std::vector<const StatementSyntax*>& statements, const ScopePtr& scope, bool* tabular)
{
    Row result;
    for (const StatementSyntax* s : statements) {
        if (s->kind != StatementSyntax::Kind::Query || !s->expression) {
            statement(*s, scope);
            continue;
        }
        // A lone name that nothing in the text defines is a table.
        const bool gives = isTable(s->expression, scope) || (s->expression->kind == Kind::Name && !find(scope, s->expression->name.text));
        if (tabular)
            *tabular = gives;
        if (gives)
            result = table(s->expression, scope);
        else
            scalar(s->expression, {scope});
    }
    return result;
}

} // namespace tocsin::kql::services
