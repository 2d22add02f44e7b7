// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Evaluator.h"
#include "kql/exec/Subquery.h"

#include <string_view>

namespace tocsin::kql {

inline constexpr ErrorKind kPluginValue{"query.plugin_value", "The argument {1} of {0}() is {2}, but must be {3}", "The plugin's page in the Kusto documentation describes its arguments."};
inline constexpr ErrorKind kPluginNeeds{"query.plugin_needs", "The plugin {0}() cannot run here: it needs {1}", "Tocsin answers queries from the workspace alone; import the data it would fetch."};

/// One call of a plugin while it runs: its arguments by the names of functions/Plugins.h. The run's memory is counted in `memory`.
class PluginCall {
public:
    PluginCall(const PlanNode& node, const std::vector<PlanColumn>& input, Run& run) : node(node), run(run), memory(run.memory()), m_layout(input) {}

    const PlanNode& node;
    Run& run;
    MemoryShare memory;

    std::string_view name() const { return std::string_view(node.name).substr(9); } ///< without `evaluate:`
    bool has(std::string_view parameter) const { return find(parameter) != nullptr; }
    /// The values of a column, condition or expression over the rows.
    Result<Vector> column(std::string_view parameter, const Batch& rows);
    /// Of a repeated one: all of them.
    Result<std::vector<Vector>> columns(std::string_view parameter, const Batch& rows);
    /// The column behind an argument, if it is one.
    std::optional<std::size_t> place(std::string_view parameter) const;
    /// A constant; a null if it is not given.
    Result<Value> constant(std::string_view parameter);
    Result<std::vector<Value>> constants(std::string_view parameter);
    /// Numbers within bounds; the fallback if not given.
    Result<std::int64_t> whole(std::string_view parameter, std::int64_t fallback, std::int64_t least, std::int64_t most);
    Result<double> real(std::string_view parameter, double fallback, double least, double most);
    Error badValue(std::string_view parameter, std::string is, std::string mustBe) const;
    /// To be called once a row or step of a loop; looks at the run every so often.
    Result<void> tick() { return ++m_ticks % 1024 == 0 ? run.checkStop() : Result<void>(); }

private:
    const Expression* find(std::string_view parameter) const;
    Layout m_layout;
    std::uint64_t m_ticks = 0;
};

/// Makes the result row by row.
class RowWriter {
public:
    RowWriter(const std::vector<PlanColumn>& columns, BatchCollector& out);
    /// One value a column, of its type or a null.
    Result<void> add(std::span<const Value> row);
    /// Must be called once at the end.
    Result<void> finish();

private:
    std::vector<VectorBuilder> m_builders;
    BatchCollector& m_out;
    std::size_t m_rows = 0;
};

/// Numbers as the plugins compute with them; nothing for a null.
std::optional<double> realOf(const Value& value);
/// A value as a column's type: numbers converted, others as they are; a null of that type if it is another one.
Value valueAs(const Value& value, DataType type);

} // namespace tocsin::kql
