// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/CountValuesOperator.h"
#include "kql/exec/GroupTable.h"
#include "kql/exec/Grouping.h"
#include "kql/exec/Operators.h"
#include "kql/exec/WatchedCursor.h"
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
        m_groups.reset();
        m_next = 0;
        TOCSIN_TRY(m_input->prepare(run));
        Groups groups(m_grouping, run);
        TOCSIN_TRY(groups.consume(*m_input));
        if (groups.spilled()) {
            TOCSIN_TRY_ASSIGN(m_merged, groups.finishSpilled());
            return {};
        }
        TOCSIN_TRY_ASSIGN(m_groups, groups.finishTable());
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override
    {
        return m_merged ? m_merged->cursor() : std::make_unique<GroupCursor>(*this);
    }
    std::uint64_t ordinals() const override { return m_merged ? m_merged->ordinals() : (m_groups->size() + kBatchRows - 1) / kBatchRows; }

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

    /// Makes the rows of the groups when they are asked for: of many groups few may be wanted, and not all at once.
    class GroupCursor final : public WatchedCursor {
    public:
        explicit GroupCursor(AggregateOperator& op) : m_operator(op) {}
        Result<std::optional<Batch>> next() override
        {
            const std::size_t place = m_operator.m_next.fetch_add(1);
            const GroupTable& groups = *m_operator.m_groups;
            const std::size_t from = place * kBatchRows;
            if (from >= groups.size() || !reach(place))
                return std::nullopt;
            return groups.finished(from, std::min(kBatchRows, groups.size() - from));
        }

    private:
        AggregateOperator& m_operator;
    };

    OperatorPtr m_input;
    Grouping m_grouping;
    std::unique_ptr<const GroupTable> m_groups; ///< finished
    std::atomic<std::size_t> m_next = 0;        ///< batch of them
    std::unique_ptr<MergedRows> m_merged; ///< if the groups did not fit into the memory
};

} // namespace

OperatorPtr makeAggregate(const PlanNode& node, OperatorPtr input) { return makeCountValues(node, std::make_unique<AggregateOperator>(node, std::move(input))); }

} // namespace tocsin::kql
