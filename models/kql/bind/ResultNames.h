// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxExpressions.h"

#include <set>
#include <unordered_set>
#include <string>
#include <vector>

namespace tocsin::kql {

/// The name a column gets from its expression when the query gives none (`tostring(d.k)` → `d_k`); empty if the expression has none.
std::string impliedName(const ExpressionSyntax& expression);
class FunctionRegistry;
/// The same for an expression around aggregates (`round(avg(x))` → `avg_x`).
std::string impliedAggregateName(const ExpressionSyntax& expression, const FunctionRegistry& functions);
/// The name of an aggregate's column from its prefix and first argument (`sum_x`, `count_`).
std::string aggregateName(std::string_view prefix, const ExpressionSyntax* argument);

/// The parts of a function that gives several columns (series_fit_line …): suffix and type each, in the order of its array. Empty for others.
std::vector<std::pair<std::string_view, DataType>> tupleMembers(const ExpressionSyntax& expression);

/// Gives names that are not yet taken: `k`, `k1`, `k2`, …; `Column1`, `Column2`, … for those without.
class NameTable {
public:
    bool has(std::string_view name) const { return m_names.contains(name); }
    void reserve(std::string name) { m_names.insert(std::move(name)); }
    /// The wanted name, or it with the first number that makes it new. `made`: the query did not write the name.
    std::string unique(const std::string& wanted, bool made = false);
    /// Whether the name was taken by a column that got it by itself.
    bool isMade(std::string_view name) const { return m_made.contains(name); }
    std::string nextColumn();
    /// nextColumn() passes over the name.
    void avoid(std::string name) { m_avoided.insert(std::move(name)); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    };
    std::unordered_set<std::string, Hash, std::equal_to<>> m_names; ///< as many as a union of all tables has
    std::set<std::string, std::less<>> m_made, m_avoided;
    int m_nextColumn = 1;
};

} // namespace tocsin::kql
