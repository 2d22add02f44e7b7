// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/SymbolResolver.h"

#include <algorithm>

namespace tocsin::kql::services {

void SymbolResolver::scalars(const std::vector<Expr>& list, const Place& place)
{
    for (const Expr e : list)
        scalar(e, place);
}

void SymbolResolver::scalar(Expr e, const Place& place)
{
    if (!e)
        return;
    switch (e->kind) {
    case Kind::Missing: case Kind::Literal: case Kind::Star: case Kind::TypeOf: return;
    case Kind::Name: return nameUse(e->name, place);
    case Kind::Call: return call(*e, place);
    case Kind::Member: return member(*e, place);
    case Kind::Binary: {
        // Conditions may be thousands of terms long: along the left side without recursion.
        std::vector<Expr> operands;
        for (; e->kind == Kind::Binary; e = e->arguments[0])
            operands.push_back(e->arguments[1]);
        scalar(e, place);
        for (auto operand = operands.rbegin(); operand != operands.rend(); ++operand)
            scalar(*operand, place);
        return;
    }
    case Kind::Pipeline: pipeline(*e->pipeline, place.scope, nullptr); return;
    case Kind::DataTable: case Kind::ExternalData: table(e, place.scope); return;
    case Kind::Function: body(e->statements, std::make_shared<Scope>(Scope{place.scope, {}})); return;
    case Kind::Index: case Kind::Unary: case Kind::Between: case Kind::InList: case Kind::Parenthesis: case Kind::Assign: case Kind::SchemaCast:
        return scalars(e->arguments, place);
    }
}

void SymbolResolver::nameUse(const NameSyntax& name, const Place& place)
{
    if (name.missing() || name.wildcard)
        return;
    for (const Row* row : {place.rows, place.right})
        if (row)
            if (const auto id = known(*row, name.text))
                return use(*id, name.span, place);
    if (const Entry* entry = find(place.scope, name.text))
        return use(entry->symbol, name.span, place);
    for (const Row* row : {place.rows, place.right})
        if (row)
            if (const auto id = possible(*row, name.text))
                return use(*id, name.span, place);
    if (place.rows)
        m_out.unknown.emplace_back(name.text, name.span);
    else
        tableName(name, place.scope);
}

void SymbolResolver::member(const ExpressionSyntax& e, const Place& place)
{
    const ExpressionSyntax& base = *e.arguments[0];
    if (base.kind == Kind::Name && (base.name.text == "$left" || base.name.text == "$right")) {
        const bool right = base.name.text == "$right";
        const Row* row = right ? place.right : place.rows;
        if (row)
            if (const auto id = possible(*row, e.name.text))
                use(*id, e.name.span, place);
        return;
    }
    scalar(&base, place);
    if (base.kind != Kind::Name)
        return;
    // The columns of a step of scan are those of its rows.
    const Entry* entry = find(place.scope, base.name.text);
    if (entry && entry->kind == SymbolKind::Step)
        if (const auto id = possible(entry->rows, e.name.text))
            use(*id, e.name.span, place);
}

void SymbolResolver::call(const ExpressionSyntax& e, const Place& place)
{
    const ExpressionSyntax& callee = *e.arguments[0];
    if (callee.kind != Kind::Name) {
        scalar(&callee, place);
        for (std::size_t i = 1; i < e.arguments.size(); ++i)
            scalar(e.arguments[i], place);
        return;
    }
    const std::string& name = callee.name.text;
    if (const Entry* entry = find(place.scope, name); entry && (entry->function || entry->tabular)) {
        use(entry->symbol, callee.span, place);
        return arguments(*entry, e, 1, place);
    }
    if ((name == "toscalar" || name == "totable" || name == "materialize") && e.arguments.size() == 2) {
        table(e.arguments[1], place.scope);
        return;
    }
    if ((name == "column_ifexists" || name == "columnifexists") && e.arguments.size() > 1 && e.arguments[1]->kind == Kind::Literal && e.arguments[1]->value.type() == DataType::String && place.rows)
        if (const auto id = possible(*place.rows, e.arguments[1]->value.asText()))
            use(*id, e.arguments[1]->span, place, SymbolUse::Form::Text);
    for (std::size_t i = 1; i < e.arguments.size(); ++i)
        scalar(e.arguments[i], place);
}

void SymbolResolver::arguments(const Entry& entry, const ExpressionSyntax& e, std::size_t from, const Place& place)
{
    std::size_t position = from - 1;
    for (std::size_t i = 1; i < e.arguments.size(); ++i, ++position) {
        const ExpressionSyntax* value = e.arguments[i];
        std::string name;
        if (value->kind == Kind::Assign && !value->names.empty()) {
            name = value->names[0].text;
            if (const auto found = entry.parameters.find(name); found != entry.parameters.end())
                use(found->second, value->names[0].span, place);
            value = value->arguments[0];
        } else if (entry.function && position < entry.function->functionParameters.size()) {
            name = entry.function->functionParameters[position].name.text;
        }
        const auto rows = entry.tableParameters.find(name);
        if (rows == entry.tableParameters.end()) {
            scalar(value, place);
            continue;
        }
        const Row given = table(value, place.scope);
        for (const auto& [column, id] : rows->second.columns)
            if (const auto same = known(given, column))
                unify(id, *same);
    }
}

// --- Tables.

SymbolResolver::Row SymbolResolver::declared(const std::vector<ColumnDeclaration>& columns)
{
    Row row;
    for (const ColumnDeclaration& column : columns)
        if (!column.name.missing())
            row.set(column.name.text, define(SymbolKind::Column, column.name));
    return row;
}

SymbolResolver::Row SymbolResolver::tableName(const NameSyntax& name, const ScopePtr& scope)
{
    if (const Entry* entry = find(scope, name.text)) {
        use(entry->symbol, name.span, {scope});
        return entry->rows;
    }
    Row row;
    row.sources.push_back(source(name.text));
    if (name.missing() || name.wildcard)
        return row;
    auto [at, isNew] = m_tables.try_emplace(name.text, 0);
    if (isNew)
        at->second = add(SymbolKind::SourceTable, name.text, std::nullopt);
    use(at->second, name.span, {scope});
    return row;
}

SymbolResolver::Row SymbolResolver::tableCall(const ExpressionSyntax& e, const ScopePtr& scope)
{
    const ExpressionSyntax& callee = *e.arguments[0];
    if (callee.kind == Kind::Name) {
        const std::string& name = callee.name.text;
        if (const Entry* entry = find(scope, name)) {
            use(entry->symbol, callee.span, {scope});
            const Row rows = entry->rows;
            arguments(Entry(*entry), e, 1, {scope});
            return rows;
        }
        if (name == "materialize" && e.arguments.size() == 2)
            return table(e.arguments[1], scope);
        if (name == "table" && e.arguments.size() > 1 && e.arguments[1]->kind == Kind::Literal && e.arguments[1]->value.type() == DataType::String) {
            Row row;
            row.sources.push_back(source(e.arguments[1]->value.asText()));
            return row;
        }
    }
    scalar(&e, {scope});
    Row row;
    row.sources.push_back(source(std::string(m_tree.textOf(callee.span)) + "()"));
    return row;
}

SymbolResolver::Row SymbolResolver::table(Expr e, const ScopePtr& scope)
{
    if (!e)
        return {};
    switch (e->kind) {
    case Kind::Parenthesis: return e->arguments.empty() ? Row() : table(e->arguments[0], scope);
    case Kind::Pipeline: return pipeline(*e->pipeline, scope, nullptr);
    case Kind::Name: return tableName(e->name, scope);
    case Kind::Call: return tableCall(*e, scope);
    case Kind::DataTable: case Kind::ExternalData:
        scalars(e->arguments, {scope});
        return declared(e->columns);
    default: {
        if (e->kind != Kind::Member)
            scalar(e, {scope});
        Row row;
        row.sources.push_back(source(std::string(m_tree.textOf(e->span))));
        return row;
    }
    }
}

} // namespace tocsin::kql::services
