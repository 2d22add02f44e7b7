// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/OpenColumns.h"

#include "kql/exec/Compile.h"

namespace tocsin::kql {
namespace {

/// Whether the plan hangs on the rows of an operator above (mv-apply, partition), so that it cannot run alone.
bool hasSubqueryLeaf(const PlanNode& plan)
{
    if (plan.kind == PlanNode::Kind::Extension && (plan.name == "mv-apply-rows" || plan.name == "partition-rows"))
        return true;
    return !plan.inputs.empty() && hasSubqueryLeaf(*plan.inputs[0]);
}

class Discovery {
public:
    Discovery(DiscoveredColumns& known, Run& run) : m_known(known), m_run(run) {}

    /// Whether anything new was found in the plan.
    Result<bool> visit(const PlanPtr& plan)
    {
        bool found = false;
        for (const PlanPtr& input : plan->inputs) {
            TOCSIN_TRY_ASSIGN(const bool below, visit(input));
            found = found || below;
        }
        std::vector<PlanPtr> subplans;
        const auto collectSubplans = [&](const ExpressionPtr& expression) {
            if (expression)
                visitExpression(*expression, [&](const Expression& e) { if (e.subplan) subplans.push_back(e.subplan); });
        };
        for (const ExpressionPtr& expression : plan->expressions)
            collectSubplans(expression);
        for (const Assignment& assignment : plan->assignments)
            collectSubplans(assignment.value);
        for (const PlanPtr& subplan : subplans) {
            TOCSIN_TRY_ASSIGN(const bool inside, visit(subplan));
            found = found || inside;
        }
        const auto place = plan->options.find("place");
        if (found || place == plan->options.end() || m_known.contains(static_cast<std::size_t>(place->second.asLong())) || hasSubqueryLeaf(*plan))
            return found;
        TOCSIN_TRY_ASSIGN(const OperatorPtr input, compile(plan->inputs[0], m_run));
        TOCSIN_TRY(input->prepare(m_run));
        MemoryShare memory(m_run.memory());
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> rows, collect(*input, m_run, memory));
        const auto columnsOf = plan->name == "evaluate:pivot" ? pivotColumns : bagColumns;
        TOCSIN_TRY_ASSIGN(std::vector<catalog::ColumnSchema> columns, columnsOf(*plan, input->layout(), rows, m_run));
        m_known.emplace(static_cast<std::size_t>(place->second.asLong()), std::move(columns));
        return true;
    }

private:
    DiscoveredColumns& m_known;
    Run& m_run;
};

} // namespace

Result<bool> discoverColumns(const PlanPtr& plan, DiscoveredColumns& known, Run& run) { return Discovery(known, run).visit(plan); }

} // namespace tocsin::kql
