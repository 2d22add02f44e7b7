// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Grouping.h"
#include "kql/exec/Operators.h"

namespace tocsin::kql {
namespace {

/// summarize, distinct and count.
class AggregateOperator final : public Operator {
public:
    AggregateOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_grouping(groupingOf(node)) {}

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        m_groups = std::make_unique<Groups>(m_grouping);
        TOCSIN_TRY(m_groups->consume(*m_input, run));
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, m_groups->finish(run));
        m_groups.reset();
        m_queue.set(std::make_shared<const std::vector<Batch>>(std::move(batches)));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    static Grouping groupingOf(const PlanNode& node)
    {
        Grouping grouping;
        for (const Assignment& key : node.assignments)
            grouping.keys.push_back(key.value);
        for (const PlanNode::AggregateResult& aggregate : node.aggregates)
            grouping.aggregates.push_back(aggregate.call);
        return grouping;
    }

    OperatorPtr m_input;
    Grouping m_grouping;
    std::unique_ptr<Groups> m_groups;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeAggregate(const PlanNode& node, OperatorPtr input) { return std::make_unique<AggregateOperator>(node, std::move(input)); }

} // namespace tocsin::kql
