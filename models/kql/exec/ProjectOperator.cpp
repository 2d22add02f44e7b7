// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"
#include "kql/exec/StreamOperator.h"

namespace tocsin::kql {
namespace {

/// project, extend and their relatives: every output column is an expression over the input's.
class ProjectOperator final : public StreamOperator {
public:
    ProjectOperator(const PlanNode& node, OperatorPtr input) : StreamOperator(node, std::move(input))
    {
        for (const Assignment& assignment : node.assignments)
            m_values.push_back(assignment.value);
    }

private:
    class ProjectWorker final : public Worker {
    public:
        explicit ProjectWorker(std::vector<Evaluator> values) : m_values(std::move(values)) {}
        Result<Batch> apply(Batch batch, std::uint64_t firstRow) override
        {
            Batch result;
            result.columns.reserve(m_values.size());
            if (passesOn()) { // no row is looked at, so the selection can stay
                for (const Evaluator& value : m_values)
                    result.columns.push_back(batch.columns[*value.passedColumn()]);
                result.storedRows = batch.storedRows;
                result.selection = batch.selection;
                return result;
            }
            RowSet rows(batch, firstRow);
            for (Evaluator& value : m_values) {
                TOCSIN_TRY_ASSIGN(Vector column, value.evaluate(rows));
                result.columns.push_back(std::move(column));
            }
            result.storedRows = batch.rows();
            return result;
        }

    private:
        bool passesOn() const
        {
            for (const Evaluator& value : m_values)
                if (!value.passedColumn())
                    return false;
            return true;
        }
        std::vector<Evaluator> m_values;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> values, makeEvaluators(m_values, input().layout(), run));
        return std::make_unique<ProjectWorker>(std::move(values));
    }
    std::vector<ExpressionPtr> m_values;
};

/// All rows of the input as one batch.
class SingleBatchOperator final : public Operator {
public:
    SingleBatchOperator(const PlanNode& inputNode, OperatorPtr input) : Operator(inputNode), m_input(std::move(input)) {}
    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        m_memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, collect(*m_input, run, *m_memory));
        auto one = std::make_shared<std::vector<Batch>>();
        if (!batches.empty())
            one->push_back(concatenate(batches, columns().size()));
        m_queue.set(std::move(one));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    OperatorPtr m_input;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

/// serialize: the rows in one fixed order.
class SerializeOperator final : public Operator {
public:
    SerializeOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)) {}
    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        m_memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, collect(*m_input, run, *m_memory));
        m_queue.set(std::make_shared<const std::vector<Batch>>(std::move(batches)));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    OperatorPtr m_input;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeProject(const PlanNode& node, OperatorPtr input) { return std::make_unique<ProjectOperator>(node, std::move(input)); }
OperatorPtr makeSingleBatch(OperatorPtr input, const PlanNode& inputNode) { return std::make_unique<SingleBatchOperator>(inputNode, std::move(input)); }
OperatorPtr makeSerialize(const PlanNode& node, OperatorPtr input) { return std::make_unique<SerializeOperator>(node, std::move(input)); }

} // namespace tocsin::kql
