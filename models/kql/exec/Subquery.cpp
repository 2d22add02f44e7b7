// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Subquery.h"

#include "kql/exec/Compile.h"

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

} // namespace

Result<std::unique_ptr<Subquery>> Subquery::make(const PlanPtr& plan, const std::vector<PlanColumn>& columns, Run& run)
{
    auto subquery = std::make_unique<Subquery>();
    subquery->m_rows = std::make_shared<SubqueryRows>(SubqueryRows{Layout(columns), {}});
    run.subqueryRows().push_back(subquery->m_rows);
    auto compiled = compile(plan, run);
    run.subqueryRows().pop_back();
    if (!compiled)
        return std::unexpected(std::move(compiled).error());
    subquery->m_operator = std::move(*compiled);
    return subquery;
}

Result<void> Subquery::run(Batch rows, Run& run, const std::function<Result<void>(Batch)>& use)
{
    TOCSIN_TRY(run.checkStop());
    m_rows->rows = std::move(rows);
    TOCSIN_TRY(m_operator->prepare(run));
    const std::unique_ptr<Cursor> cursor = m_operator->cursor(run);
    for (;;) {
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
        if (!batch)
            return {};
        TOCSIN_TRY(use(batch->compacted()));
    }
}

bool standsOnSubqueryRows(const PlanNode& plan)
{
    if (plan.kind == PlanNode::Kind::Extension && (plan.name == "mv-apply-rows" || plan.name == "partition-rows"))
        return true;
    return !plan.inputs.empty() && standsOnSubqueryRows(*plan.inputs[0]);
}

Result<OperatorPtr> makeSubqueryLeaf(const PlanNode& node, Run& run)
{
    if (run.subqueryRows().empty())
        return fail(kInternal, "the leaf of a subquery stands outside of one");
    return std::make_unique<RowsFromOperator>(node, run.subqueryRows().back());
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
