// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/SymbolResolver.h"

#include <algorithm>

namespace tocsin::kql::services {

void SymbolResolver::Row::set(const std::string& name, Id id)
{
    hidden.erase(name);
    for (auto& [known, symbol] : columns)
        if (known == name) {
            symbol = id;
            return;
        }
    columns.emplace_back(name, id);
}

void SymbolResolver::Row::remove(const std::string& name)
{
    std::erase_if(columns, [&](const auto& column) { return column.first == name; });
    hidden.insert(name);
}

SymbolResolver::Id SymbolResolver::add(SymbolKind kind, const std::string& name, std::optional<SourceSpan> definition)
{
    QuerySymbol symbol;
    symbol.kind = kind;
    symbol.name = name;
    symbol.definition = definition;
    m_out.symbols.push_back(std::move(symbol));
    m_parents.push_back(m_parents.size());
    return m_parents.back();
}

SymbolResolver::Id SymbolResolver::define(SymbolKind kind, const NameSyntax& name)
{
    const Id id = add(kind, name.text, name.missing() ? std::nullopt : std::optional(name.span));
    if (!name.missing())
        m_out.uses.push_back({name.span, id, true});
    return id;
}

SymbolResolver::Id SymbolResolver::defineColumn(const NameSyntax& name, const Row& before)
{
    const Id id = define(SymbolKind::Column, name);
    m_out.symbols[id].hidesColumn = known(before, name.text).has_value();
    return id;
}

void SymbolResolver::use(Id symbol, SourceSpan span, const Place& place, SymbolUse::Form form, bool right)
{
    const SymbolKind kind = m_out.symbols[symbol].kind;
    const bool column = kind == SymbolKind::Column || kind == SymbolKind::SourceColumn;
    m_out.uses.push_back({span, symbol, false, right, form, column ? place.owner : static_cast<std::size_t>(-1)});
}

SymbolResolver::Id SymbolResolver::root(Id id)
{
    while (m_parents[id] != id)
        id = m_parents[id] = m_parents[m_parents[id]];
    return id;
}

void SymbolResolver::unify(Id a, Id b)
{
    a = root(a);
    b = root(b);
    if (a != b)
        m_parents[std::max(a, b)] = std::min(a, b);
}

std::size_t SymbolResolver::source(const std::string& table)
{
    const auto [at, isNew] = m_sourceOf.try_emplace(table, m_sources.size());
    if (isNew)
        m_sources.push_back({table, m_context.columnsOf ? m_context.columnsOf(table) : std::nullopt, {}});
    return at->second;
}

SymbolResolver::Id SymbolResolver::sourceColumn(std::size_t source, const std::string& name)
{
    const auto found = m_sources[source].used.find(name);
    if (found != m_sources[source].used.end())
        return found->second;
    const Id id = add(SymbolKind::SourceColumn, name, std::nullopt);
    m_out.symbols[id].table = m_sources[source].table;
    m_sources[source].used.emplace(name, id);
    return id;
}

std::optional<SymbolResolver::Id> SymbolResolver::known(const Row& row, const std::string& name)
{
    for (const auto& [column, id] : row.columns)
        if (column == name)
            return id;
    if (row.hidden.contains(name))
        return std::nullopt;
    for (const std::size_t s : row.sources)
        if (const auto& columns = m_sources[s].columns; columns && std::find(columns->begin(), columns->end(), name) != columns->end())
            return sourceColumn(s, name);
    return std::nullopt;
}

std::optional<SymbolResolver::Id> SymbolResolver::possible(const Row& row, const std::string& name)
{
    if (const auto id = known(row, name))
        return id;
    if (!row.hidden.contains(name))
        for (const std::size_t s : row.sources)
            if (!m_sources[s].columns)
                return sourceColumn(s, name);
    return std::nullopt;
}

const SymbolResolver::Entry* SymbolResolver::find(const ScopePtr& scope, const std::string& name) const
{
    for (const Scope* at = scope.get(); at; at = at->parent.get())
        if (const auto found = at->names.find(name); found != at->names.end())
            return &found->second;
    return nullptr;
}

QuerySymbols SymbolResolver::run()
{
    const auto scope = std::make_shared<Scope>();
    for (const StatementSyntax* s : m_tree.statements())
        statement(*s, scope);
    // One number for each class; that of a defined symbol if there is one, so that the definition is found.
    std::vector<Id> number(m_parents.size());
    std::map<Id, Id> best;
    for (Id id = 0; id < m_parents.size(); ++id) {
        const auto [at, isNew] = best.try_emplace(root(id), id);
        if (!isNew && !m_out.symbols[at->second].definition && m_out.symbols[id].definition)
            at->second = id;
    }
    for (Id id = 0; id < m_parents.size(); ++id) {
        number[id] = best[root(id)];
        // What belongs to a table of the workspace cannot be named anew here.
        if (m_out.symbols[id].kind == SymbolKind::SourceColumn && number[id] != id)
            m_out.symbols[number[id]].table = m_out.symbols[id].table;
        m_out.symbols[number[id]].hidesColumn = m_out.symbols[number[id]].hidesColumn || m_out.symbols[id].hidesColumn;
    }
    for (SymbolUse& use : m_out.uses)
        use.symbol = number[use.symbol];
    std::stable_sort(m_out.uses.begin(), m_out.uses.end(), [](const SymbolUse& a, const SymbolUse& b) { return a.span.start < b.span.start; });
    m_out.uses.erase(std::unique(m_out.uses.begin(), m_out.uses.end(),
                                 [](const SymbolUse& a, const SymbolUse& b) { return a.span == b.span && a.symbol == b.symbol && a.definition == b.definition && a.right == b.right; }),
                     m_out.uses.end());
    return std::move(m_out);
}

const SymbolUse* QuerySymbols::at(std::size_t byte) const
{
    const SymbolUse* behind = nullptr;
    for (const SymbolUse& use : uses) {
        if (use.span.start <= byte && byte < use.span.end())
            return &use;
        if (byte == use.span.end())
            behind = &use;
    }
    return behind;
}

QuerySymbols resolveSymbols(const SyntaxTree& tree, const SymbolContext& context) { return SymbolResolver(tree, context).run(); }

} // namespace tocsin::kql::services
