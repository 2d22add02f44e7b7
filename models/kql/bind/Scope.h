// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"
#include "kql/syntax/SyntaxTree.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::kql {

/// A bound table expression. `broken`: an error was reported, its columns are not known, and missing ones are no further news.
struct Relation {
    PlanPtr plan;
    bool broken = false;
    std::optional<std::size_t> openAt; ///< columns grow with the data of the plugin called at this place of the text (bag_unpack, pivot)
    std::string name;                  ///< of the table, while it is still the plain table
};

class Scope;

/// What a name of let, a parameter or `as` stands for. Unknown: its declaration has a syntax error.
struct Symbol {
    enum class Kind { Scalar, Tabular, Function, Shared, Database, EntityGroup, Pattern, Unknown };
    Kind kind = Kind::Scalar;
    ExpressionPtr scalar;                          ///< Scalar
    const ExpressionSyntax* syntax = nullptr;      ///< Tabular, Function, EntityGroup; Database: the place, if known
    const StatementSyntax* pattern = nullptr;      ///< Pattern
    const Scope* scope = nullptr;                  ///< where the syntax's names are looked up
    std::optional<Relation> fresh;                 ///< Tabular: bound already and not yet used
    Relation shared;                               ///< Shared: computed once, under `sharedKey`
    std::string sharedKey;
    std::string functionName;                      ///< Function: for messages and against recursion
    std::optional<bool> givesTable;                ///< Function: found out once
    bool stored = false;                           ///< Function: its text is not that of the query
};

/// Names in force, innermost first. Child scopes see the names their parents had when they were made, and later ones too.
/// The binder owns all scopes of a query: functions are symbols of the scope that they look names up in.
class Scope {
public:
    explicit Scope(const Scope* parent = nullptr) : m_parent(parent) {}
    void define(std::string name, Symbol symbol) { m_symbols.insert_or_assign(std::move(name), std::make_shared<Symbol>(std::move(symbol))); }
    std::shared_ptr<Symbol> find(std::string_view name) const
    {
        for (const Scope* scope = this; scope; scope = scope->m_parent)
            if (const auto found = scope->m_symbols.find(name); found != scope->m_symbols.end())
                return found->second;
        return nullptr;
    }
    void take(std::string name, std::shared_ptr<Symbol> symbol) { m_symbols.insert_or_assign(std::move(name), std::move(symbol)); }
    /// The tables and functions of the workspace that `restrict` leaves, by names with wildcards; null: all.
    const std::vector<std::string>* restriction() const
    {
        for (const Scope* scope = this; scope; scope = scope->m_parent)
            if (scope->m_restriction)
                return &*scope->m_restriction;
        return nullptr;
    }
    void restrictTo(std::vector<std::string> names) { m_restriction = std::move(names); }
    std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        for (const Scope* scope = this; scope; scope = scope->m_parent)
            for (const auto& [name, symbol] : scope->m_symbols)
                all.push_back(name);
        return all;
    }

private:
    const Scope* m_parent;
    std::map<std::string, std::shared_ptr<Symbol>, std::less<>> m_symbols;
    std::optional<std::vector<std::string>> m_restriction;
};

} // namespace tocsin::kql
