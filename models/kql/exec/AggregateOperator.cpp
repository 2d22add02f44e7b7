// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/CountValuesOperator.h"
#include "kql/exec/GroupTable.h"
#include "kql/exec/Grouping.h"
#include "kql/exec/Operators.h"
#include "kql/exec/WatchedCursor.h"
#include "kql/exec/spill/RunMerger.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// summarize, distinct and count.
class AggregateOperator final : public Operator {
public:
    AggregateOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_grouping(groupingOf(node)), m_newest(newestWanted(m_grouping)) {}

    Result<void> prepare(Run& run) override
    {
        m_merged.reset();
        m_groups.reset();
        m_next = 0;
        boundInput(run);
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
    /// Whether the newest (true) or oldest (false) row of each text in a column is all that is wanted; nothing if it is not so.
    static std::optional<bool> newestWanted(const Grouping& grouping)
    {
        if (grouping.keys.size() != 1 || grouping.keys[0]->kind != Expression::Kind::Column || grouping.keys[0]->type != DataType::String || grouping.aggregates.empty())
            return std::nullopt;
        const auto timeOf = [](const AggregateCall& call) -> const Expression* {
            const Expression* first = call.arguments.empty() ? nullptr : call.arguments.front().get();
            return first && first->kind == Expression::Kind::Column && first->type == DataType::DateTime ? first : nullptr;
        };
        const auto newest = [](const AggregateCall& call) -> std::optional<bool> {
            const std::string_view name = call.function->name;
            return name == "arg_max" || name == "max" ? std::optional(true) : name == "arg_min" || name == "min" ? std::optional(false) : std::nullopt;
        };
        const std::optional<bool> wanted = newest(grouping.aggregates.front());
        const Expression* time = timeOf(grouping.aggregates.front());
        const bool allAlike = wanted && time && std::ranges::all_of(grouping.aggregates, [&](const AggregateCall& call) {
            return newest(call) == wanted && timeOf(call) && timeOf(call)->column == time->column;
        });
        return allAlike ? wanted : std::nullopt;
    }

    /// Tells the input which rows are not wanted any more as they come up. With little memory rows may go to disk and come back in
    /// their order, which must not depend on what was left out.
    void boundInput(Run& run)
    {
        constexpr std::uint64_t kLittleMemory = 64 << 20;
        m_grouping.times.reset();
        if (!m_newest || (run.memory().limit() > 0 && run.memory().limit() < kLittleMemory))
            return;
        m_grouping.times = std::make_shared<catalog::ValueTimes>(*m_newest);
        m_input->boundByValue(m_grouping.keys[0]->column, m_grouping.aggregates.front().arguments.front()->column, m_grouping.times);
    }

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
    std::optional<bool> m_newest; ///< see newestWanted()
    std::unique_ptr<const GroupTable> m_groups; ///< finished
    std::atomic<std::size_t> m_next = 0;        ///< batch of them
    std::unique_ptr<MergedRows> m_merged; ///< if the groups did not fit into the memory
};

} // namespace

OperatorPtr makeAggregate(const PlanNode& node, OperatorPtr input) { return makeCountValues(node, std::make_unique<AggregateOperator>(node, std::move(input))); }

} // namespace tocsin::kql
