// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Subquery.h"

#include "kql/exec/Compile.h"
#include "kql/plan/PlanExpressions.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

class RowsFromOperator final : public Operator {
public:
    RowsFromOperator(const PlanNode& node, std::shared_ptr<SubqueryRows> rows) : Operator(node), m_rows(std::move(rows)) {}
    Result<void> prepare(Run&) override
    {
        auto batches = std::make_shared<std::vector<Batch>>();
        Batch batch;
        batch.storedRows = m_rows->rows.storedRows;
        for (const PlanColumn& column : columns())
            batch.columns.push_back(m_rows->rows.columns[m_rows->layout.indexOf(column.id)]);
        for (std::size_t start = 0; start < batch.storedRows; start += kBatchRows)
            batches->push_back(batch.storedRows <= kBatchRows ? batch : batch.slice(start, std::min(kBatchRows, batch.storedRows - start)));
        m_queue.set(std::move(batches));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    std::shared_ptr<SubqueryRows> m_rows;
    BatchQueue m_queue;
};

class WholeInputOperator final : public Operator {
public:
    WholeInputOperator(const PlanNode& node, OperatorPtr input, RowsFunction compute) : Operator(node), m_input(std::move(input)), m_compute(std::move(compute)) {}
    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        MemoryShare memory(run.memory());
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, collect(*m_input, run, memory));
        m_output = std::make_unique<BatchCollector>(columns().size(), run);
        Batch rows = joinBatches(batches, m_input->columns());
        Result<void> result = m_compute(rows, run, *m_output);
        m_queue.set(m_output->finish());
        run.leave(std::move(rows));
        run.leave(std::move(batches));
        return result;
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    OperatorPtr m_input;
    RowsFunction m_compute;
    std::unique_ptr<BatchCollector> m_output;
    BatchQueue m_queue;
};

/// Of a node with a subquery, and of the leaves of that.
std::optional<std::int64_t> subqueryNumber(const PlanNode& node)
{
    const auto number = node.options.find("subquery");
    return number == node.options.end() ? std::nullopt : std::optional(number->second.asLong());
}

/// Of which subqueries a plan reads the rows, and which of them run inside of it.
class RowsRead {
public:
    explicit RowsRead(const PlanNode& plan) { visit(plan, false); }
    bool anyFromOutside() const { return !std::includes(m_inside.begin(), m_inside.end(), m_read.begin(), m_read.end()); }
    /// By a value or a list that is computed before the plan runs.
    bool valuesFromOutside() const { return !std::includes(m_inside.begin(), m_inside.end(), m_readForValues.begin(), m_readForValues.end()); }

private:
    void visit(const PlanNode& plan, bool forValue)
    {
        if (!m_seen.emplace(&plan, forValue).second)
            return;
        if (const auto number = subqueryNumber(plan)) {
            if (plan.inputs.empty()) {
                m_read.insert(*number);
                if (forValue)
                    m_readForValues.insert(*number);
            } else {
                m_inside.insert(*number);
            }
        }
        for (const PlanPtr& input : plan.inputs)
            visit(*input, forValue);
        forEveryExpression(plan, [this](const ExpressionPtr& expression) {
            if (expression)
                visitExpression(*expression, [this](const Expression& e) {
                    if (e.subplan)
                        visit(*e.subplan, true);
                });
        });
    }

    std::set<std::int64_t> m_read, m_readForValues, m_inside;
    std::set<std::pair<const PlanNode*, bool>> m_seen;
};

} // namespace

Result<std::unique_ptr<Subquery>> Subquery::make(const PlanNode& node, const std::vector<PlanColumn>& columns, Run& run)
{
    auto subquery = std::make_unique<Subquery>();
    subquery->m_plan = node.inputs[1];
    subquery->m_layout = Layout(subquery->m_plan->columns);
    subquery->m_rows = std::make_shared<SubqueryRows>(SubqueryRows{Layout(columns), {}, subqueryNumber(node).value_or(0)});
    subquery->m_around = run.subqueryRows();
    subquery->m_around.push_back(subquery->m_rows);
    subquery->m_compiledPerRun = RowsRead(*subquery->m_plan).valuesFromOutside();
    if (!subquery->m_compiledPerRun)
        TOCSIN_TRY(subquery->compileOver(run));
    return subquery;
}

Result<void> Subquery::compileOver(Run& run)
{
    const auto outside = std::exchange(run.subqueryRows(), m_around);
    auto compiled = compile(m_plan, run);
    run.subqueryRows() = outside;
    if (!compiled)
        return std::unexpected(std::move(compiled).error());
    m_operator = std::move(*compiled);
    return {};
}

Result<void> Subquery::run(Batch rows, Run& run, const std::function<Result<void>(Batch)>& use)
{
    TOCSIN_TRY(run.checkStop());
    m_rows->rows = std::move(rows);
    if (m_compiledPerRun)
        TOCSIN_TRY(compileOver(run));
    TOCSIN_TRY(m_operator->prepare(run));
    const std::unique_ptr<Cursor> cursor = m_operator->cursor(run);
    for (;;) {
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
        if (!batch)
            return {};
        TOCSIN_TRY(use(batch->compacted()));
    }
}

bool standsOnSubqueryRows(const PlanNode& plan) { return RowsRead(plan).anyFromOutside(); }

Result<OperatorPtr> makeSubqueryLeaf(const PlanNode& node, Run& run)
{
    const auto& around = run.subqueryRows();
    const auto rows = std::find_if(around.rbegin(), around.rend(), [number = subqueryNumber(node)](const auto& each) { return each->number == number; });
    if (rows == around.rend())
        return fail(kInternal, "the leaf of a subquery stands outside of one");
    return std::make_unique<RowsFromOperator>(node, *rows);
}

OperatorPtr makeRowsFrom(std::shared_ptr<SubqueryRows> rows, const std::vector<PlanColumn>& columns)
{
    PlanNode node;
    node.columns = columns;
    node.serialized = true;
    return std::make_unique<RowsFromOperator>(node, std::move(rows));
}

Result<void> BatchCollector::add(Batch batch)
{
    if (batch.rows() == 0)
        return {};
    TOCSIN_TRY(m_memory.grow(ownBytes(batch)));
    m_pieceRows += batch.rows();
    m_pieces.push_back(std::move(batch));
    if (m_pieceRows >= kBatchRows)
        flush();
    return {};
}

void BatchCollector::flush()
{
    if (m_pieces.empty())
        return;
    const Batch whole = m_pieces.size() == 1 ? m_pieces[0].compacted() : concatenate(m_pieces, m_columns);
    for (std::size_t start = 0; start < whole.storedRows; start += kBatchRows)
        m_batches->push_back(whole.storedRows <= kBatchRows ? whole : whole.slice(start, std::min(kBatchRows, whole.storedRows - start)));
    m_pieces.clear();
    m_pieceRows = 0;
}

std::shared_ptr<const std::vector<Batch>> BatchCollector::finish()
{
    flush();
    return m_batches;
}

OperatorPtr makeWholeInput(const PlanNode& node, OperatorPtr input, RowsFunction compute)
{
    return std::make_unique<WholeInputOperator>(node, std::move(input), std::move(compute));
}

Batch joinBatches(const std::vector<Batch>& batches, const std::vector<PlanColumn>& columns)
{
    if (!batches.empty())
        return concatenate(batches, columns.size());
    Batch empty;
    for (const PlanColumn& column : columns)
        empty.columns.push_back(VectorBuilder(column.type).finish());
    return empty;
}

Batch gatherRows(const Batch& batch, std::span<const std::uint32_t> rows)
{
    Batch result;
    result.storedRows = rows.size();
    for (const Vector& column : batch.columns)
        result.columns.push_back(column.gather(rows));
    return result;
}

} // namespace tocsin::kql
