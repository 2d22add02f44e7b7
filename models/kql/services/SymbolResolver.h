// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/Symbols.h"

#include <map>
#include <memory>
#include <set>

namespace tocsin::kql::services {

/// Goes through a text once and follows columns from operator to operator. For resolveSymbols() only.
class SymbolResolver {
public:
    SymbolResolver(const SyntaxTree& tree, const SymbolContext& context) : m_tree(tree), m_context(context) {}
    QuerySymbols run();

private:
    using Expr = const ExpressionSyntax*;
    using Kind = ExpressionSyntax::Kind;
    using Op = OperatorSyntax;
    using Id = std::size_t;

    /// Columns of rows. `sources` add those of tables (and whatever may be in unknown ones).
    struct Row {
        std::vector<std::pair<std::string, Id>> columns;
        std::vector<std::size_t> sources;
        std::set<std::string> hidden; ///< no longer there although a source has them
        void set(const std::string& name, Id id);
        void remove(const std::string& name);
    };
    struct Source {
        std::string table;
        std::optional<std::vector<std::string>> columns;
        std::map<std::string, Id> used;
    };
    struct Entry {
        Id symbol = 0;
        SymbolKind kind = SymbolKind::Scalar;
        Row rows;            ///< of a table, or that a function returns
        bool tabular = false;
        Expr function = nullptr;
        std::map<std::string, Id> parameters;
        std::map<std::string, Row> tableParameters;
    };
    struct Scope {
        std::shared_ptr<Scope> parent;
        std::map<std::string, Entry> names;
    };
    using ScopePtr = std::shared_ptr<Scope>;
    /// What names in an expression can mean.
    struct Place {
        ScopePtr scope;
        const Row* rows = nullptr;
        const Row* right = nullptr;
        std::size_t owner = static_cast<std::size_t>(-1); ///< SymbolUse::rows
    };

    // --- symbols (SymbolResolver.cpp)
    Id add(SymbolKind kind, const std::string& name, std::optional<SourceSpan> definition);
    Id define(SymbolKind kind, const NameSyntax& name);
    void use(Id symbol, SourceSpan span, const Place& place, SymbolUse::Form form = SymbolUse::Form::Name, bool right = false);
    Id root(Id id);
    void unify(Id a, Id b);
    std::size_t source(const std::string& table);
    Id sourceColumn(std::size_t source, const std::string& name);
    /// A column that is surely there.
    std::optional<Id> known(const Row& row, const std::string& name);
    /// Also one that may be there.
    std::optional<Id> possible(const Row& row, const std::string& name);
    const Entry* find(const ScopePtr& scope, const std::string& name) const;
    Id defineColumn(const NameSyntax& name, const Row& before);

    // --- statements (SymbolStatements.cpp)
    void statement(const StatementSyntax& s, const ScopePtr& scope);
    void let(const StatementSyntax& s, const ScopePtr& scope);
    void function(Entry& entry, const ExpressionSyntax& literal, const ScopePtr& scope);
    void parameters(const std::vector<ExpressionSyntax::FunctionParameter>& list, const ScopePtr& scope, Entry* function);
    bool isTable(Expr e, const ScopePtr& scope) const;
    Row body(const std::vector<const StatementSyntax*>& statements, const ScopePtr& scope, bool* tabular = nullptr);

    // --- expressions (SymbolExpressions.cpp)
    void scalar(Expr e, const Place& place);
    void scalars(const std::vector<Expr>& list, const Place& place);
    void nameUse(const NameSyntax& name, const Place& place);
    void call(const ExpressionSyntax& e, const Place& place);
    void arguments(const Entry& entry, const ExpressionSyntax& e, std::size_t from, const Place& place);
    void member(const ExpressionSyntax& e, const Place& place);
    Row table(Expr e, const ScopePtr& scope);
    Row tableName(const NameSyntax& name, const ScopePtr& scope);
    Row tableCall(const ExpressionSyntax& e, const ScopePtr& scope);
    Row declared(const std::vector<ColumnDeclaration>& columns);

    // --- operators (SymbolOperators.cpp, SymbolRelational.cpp)
    Row pipeline(const PipelineSyntax& p, const ScopePtr& scope, const Row* input);
    Row apply(const OperatorSyntax& op, const Row& input, const ScopePtr& scope, bool hasInput);
    /// The columns an item of extend, project, by … makes or passes on.
    std::vector<std::pair<std::string, Id>> item(Expr e, const Place& place, bool aggregates = false);
    void named(Row& out, const std::vector<Expr>& items, const Place& place, bool aggregates = false);
    Row summarize(const OperatorSyntax& op, const Place& place);
    Row join(const OperatorSyntax& op, const Row& input, const Place& place);
    Row unite(const OperatorSyntax& op, const Row* input, const Place& place);
    void mergeInto(Row& out, const Row& other);
    Row pick(const OperatorSyntax& op, const Row& input, const Place& place);
    Row expand(const OperatorSyntax& op, const Row& input, const Place& place);
    Row scan(const OperatorSyntax& op, const Row& input, const Place& place);
    Row evaluate(const OperatorSyntax& op, const Row& input, const Place& place);
    Row graph(const OperatorSyntax& op, const Row& input, const Place& place);
    void orders(const OperatorSyntax& op, const Place& place);
    std::optional<NameSyntax> nameOption(const OperatorSyntax& op, std::string_view option) const;

    const SyntaxTree& m_tree;
    const SymbolContext& m_context;
    QuerySymbols m_out;
    std::vector<Id> m_parents; ///< symbols that are one
    std::vector<Source> m_sources;
    std::map<std::string, std::size_t> m_sourceOf;
    std::map<std::string, Id> m_tables;
    int m_depth = 0;
};

} // namespace tocsin::kql::services
