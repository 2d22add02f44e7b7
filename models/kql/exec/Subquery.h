// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

#include <functional>
#include <map>

namespace tocsin::kql {

/// The rows that a subquery stands on: set anew each time it runs.
struct SubqueryRows {
    Layout layout;
    Batch rows;
    std::int64_t number = 0; ///< of the subquery, by which its leaves know it
    /// First columns of subplans that stand on no rows of a subquery, up to a number of values: the same for all groups. Holding the plan
    /// keeps its address from becoming another's.
    std::map<std::pair<PlanPtr, std::size_t>, std::vector<Value>> values = {};
};

/// A subquery that runs once per row or group of its operator (mv-apply, partition).
class Subquery {
public:
    /// Compiles the second input of the node, whose leaves take their columns from batches of `columns`.
    static Result<std::unique_ptr<Subquery>> make(const PlanNode& node, const std::vector<PlanColumn>& columns, Run& run);
    /// Runs it over the rows; `use` gets non-empty batches without selection, in order.
    Result<void> run(Batch rows, Run& run, const std::function<Result<void>(Batch)>& use);
    const Layout& layout() const { return m_layout; }

private:
    Result<void> compileOver(Run& run);

    PlanPtr m_plan;
    Layout m_layout;
    std::shared_ptr<SubqueryRows> m_rows;
    std::vector<std::shared_ptr<SubqueryRows>> m_around; ///< the rows it may read: its own are the last
    bool m_compiledPerRun = false;                       ///< as single values in it are of the rows
    OperatorPtr m_operator;
};

/// Whether the plan hangs on the rows of an operator above it (mv-apply, partition), so that it cannot run alone.
bool standsOnSubqueryRows(const PlanNode& plan);
/// A leaf of one of the subqueries being compiled.
Result<OperatorPtr> makeSubqueryLeaf(const PlanNode& node, Run& run);
/// An operator over rows that are set from outside, in their order.
OperatorPtr makeRowsFrom(std::shared_ptr<SubqueryRows> rows, const std::vector<PlanColumn>& columns);

/// Gathers small batches into batches of a good size.
class BatchCollector {
public:
    BatchCollector(std::size_t columns, Run& run) : m_columns(columns), m_memory(run.memory()), m_batches(std::make_shared<std::vector<Batch>>()) {}
    Result<void> add(Batch batch);
    /// All that was added.
    std::shared_ptr<const std::vector<Batch>> finish();

private:
    void flush();
    std::size_t m_columns;
    MemoryShare m_memory;
    std::vector<Batch> m_pieces;
    std::size_t m_pieceRows = 0;
    std::shared_ptr<std::vector<Batch>> m_batches;
};

/// An operator that needs all its rows at once and gives rows of its own.
using RowsFunction = std::function<Result<void>(const Batch& rows, Run& run, BatchCollector& out)>;
OperatorPtr makeWholeInput(const PlanNode& node, OperatorPtr input, RowsFunction compute);

/// Batches as one; of the columns' types even if there are none.
Batch joinBatches(const std::vector<Batch>& batches, const std::vector<PlanColumn>& columns);
/// The rows in the order of `rows`.
Batch gatherRows(const Batch& batch, std::span<const std::uint32_t> rows);

} // namespace tocsin::kql
