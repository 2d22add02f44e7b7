// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {
namespace {

/// The key of rows in the run's store: places that read other columns of the same part do not mix.
std::string keyOf(const PlanNode& node, const PlanNode& inputNode)
{
    std::string key = node.sharedKey;
    for (const PlanColumn& column : inputNode.columns)
        key += '\n' + column.name;
    return key;
}

/// materialize(): the rows of a subplan, computed once per run and read by every place that uses them. Inside a subquery that runs per row
/// or group they are computed for each, if they depend on it.
class SharedOperator final : public Operator {
public:
    SharedOperator(const PlanNode& node, OperatorPtr input, const PlanNode& inputNode) : Operator(node), m_input(std::move(input)), m_key(keyOf(node, inputNode)), m_keep(!standsOnSubqueryRows(inputNode))
    {
        for (const auto& [outer, inner] : node.sharedColumns)
            for (std::size_t i = 0; i < inputNode.columns.size(); ++i)
                if (inputNode.columns[i].id == inner)
                    m_places.emplace_back(outer, i);
    }
    Result<void> prepare(Run& run) override
    {
        const auto compute = [&]() -> Result<Run::Rows> {
            TOCSIN_TRY(m_input->prepare(run));
            m_memory = std::make_unique<MemoryShare>(run.memory());
            TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, collect(*m_input, run, *m_memory));
            return std::make_shared<const std::vector<Batch>>(std::move(batches));
        };
        TOCSIN_TRY_ASSIGN(const Run::Rows rows, m_keep ? run.shared(m_key, compute) : compute());
        auto batches = std::make_shared<std::vector<Batch>>();
        for (const Batch& batch : *rows) {
            Batch mapped;
            mapped.storedRows = batch.storedRows;
            for (const PlanColumn& column : columns())
                for (const auto& [outer, place] : m_places)
                    if (outer == column.id)
                        mapped.columns.push_back(batch.columns[place]);
            batches->push_back(std::move(mapped));
        }
        m_queue.set(std::move(batches));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    OperatorPtr m_input;
    std::string m_key;
    bool m_keep;
    std::vector<std::pair<ColumnId, std::size_t>> m_places;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeShared(const PlanNode& node, OperatorPtr input, const PlanNode& inputNode) { return std::make_unique<SharedOperator>(node, std::move(input), inputNode); }

} // namespace tocsin::kql
