// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Grouping.h"
#include "kql/exec/Operators.h"
#include "kql/exec/spill/RunMerger.h"

namespace tocsin::kql {
namespace {

/// summarize, distinct and count.
class AggregateOperator final : public Operator {
public:
    AggregateOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_grouping(groupingOf(node)) {}

    Result<void> prepare(Run& run) override
    {
        m_merged.reset();
        m_queue.set({});
        m_memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY(m_input->prepare(run));
        Groups groups(m_grouping, run);
        TOCSIN_TRY(groups.consume(*m_input));
        if (groups.spilled()) {
            TOCSIN_TRY_ASSIGN(m_merged, groups.finishSpilled());
            return {};
        }
        TOCSIN_TRY_ASSIGN(std::vector<Batch> batches, groups.finish());
        std::uint64_t bytes = 0;
        for (const Batch& batch : batches)
            bytes += ownBytes(batch);
        m_memory->hold(bytes);
        m_queue.set(std::make_shared<const std::vector<Batch>>(std::move(batches)));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_merged ? m_merged->cursor() : m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_merged ? m_merged->ordinals() : m_queue.ordinals(); }

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
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
    std::unique_ptr<MergedRows> m_merged; ///< if the groups did not fit into the memory
};

} // namespace

OperatorPtr makeAggregate(const PlanNode& node, OperatorPtr input) { return std::make_unique<AggregateOperator>(node, std::move(input)); }

} // namespace tocsin::kql
