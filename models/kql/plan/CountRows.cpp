// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/CountRows.h"

#include "column/DataType.h"
#include "kql/plan/RewriteInputs.h"

#include <algorithm>
#include <limits>

namespace tocsin::kql {
namespace {

using K = PlanNode::Kind;

/// Narrows the period to what a comparison of the time column with a constant lets through. False if the condition says anything else.
bool narrow(catalog::TimePeriod& period, const Expression& condition, ColumnId time)
{
    if (condition.kind != Expression::Kind::Call)
        return false;
    const auto& arguments = condition.arguments;
    const auto isTime = [&](const Expression& e) { return e.kind == Expression::Kind::Column && e.column == time; };
    const auto isMoment = [](const Expression& e) { return e.kind == Expression::Kind::Literal && e.type == DataType::DateTime && !e.value.isNull(); };
    // Bounds as [from, to): what includes its constant reaches one tick further.
    const auto after = [&](const Expression& constant, bool inclusive) {
        const Ticks ticks = constant.value.asLong();
        if (!inclusive && ticks == std::numeric_limits<Ticks>::max())
            return false;
        period.from = std::max(period.from.value_or(std::numeric_limits<Ticks>::min()), ticks + (inclusive ? 0 : 1));
        return true;
    };
    const auto before = [&](const Expression& constant, bool inclusive) {
        const Ticks ticks = constant.value.asLong();
        if (inclusive && ticks == std::numeric_limits<Ticks>::max())
            return false;
        period.to = std::min(period.to.value_or(std::numeric_limits<Ticks>::max()), ticks + (inclusive ? 1 : 0));
        return true;
    };
    const std::string_view name = condition.function->name;
    if (name == "between" && arguments.size() == 3)
        return isTime(*arguments[0]) && isMoment(*arguments[1]) && isMoment(*arguments[2]) && after(*arguments[1], true) && before(*arguments[2], true);
    if (arguments.size() != 2)
        return false;
    const bool flipped = isTime(*arguments[1]) && isMoment(*arguments[0]);
    if (!flipped && !(isTime(*arguments[0]) && isMoment(*arguments[1])))
        return false;
    const Expression& constant = *arguments[flipped ? 0 : 1];
    if (name == ">" || name == ">=")
        return flipped ? before(constant, name == ">=") : after(constant, name == ">=");
    if (name == "<" || name == "<=")
        return flipped ? after(constant, name == "<=") : before(constant, name == "<=");
    return false;
}

PlanPtr counted(const PlanPtr& plan)
{
    const PlanNode& node = *plan;
    if (!node.assignments.empty() || node.aggregates.size() != 1 || node.aggregates[0].call.function->name != "count" || !node.aggregates[0].call.arguments.empty())
        return plan;
    std::vector<ExpressionPtr> conditions;
    const PlanNode* below = node.inputs[0].get();
    for (;; below = below->inputs[0].get()) {
        if (below->kind == K::Filter)
            splitAnd(below->expressions[0], conditions);
        else if (below->kind != K::Named && !(below->kind == K::Project && conditions.empty()))
            break;
    }
    if (below->kind != K::Scan || !below->source->canCount())
        return plan;
    catalog::TimePeriod period;
    if (!conditions.empty()) {
        const auto column = below->source->schema().indexOf("TimeGenerated");
        const auto place = column ? std::find(below->scanColumns.begin(), below->scanColumns.end(), *column) : below->scanColumns.end();
        if (place == below->scanColumns.end() || below->source->schema().columns[*column].type != DataType::DateTime)
            return plan;
        const ColumnId time = below->columns[static_cast<std::size_t>(place - below->scanColumns.begin())].id;
        for (const ExpressionPtr& condition : conditions)
            if (!narrow(period, *condition, time))
                return plan;
    }
    auto count = std::make_shared<PlanNode>();
    count->kind = K::CountRows;
    count->span = node.span;
    count->columns = node.columns;
    count->serialized = node.serialized;
    count->source = below->source;
    count->period = period;
    return count;
}

} // namespace

PlanPtr countInTable(const PlanPtr& plan)
{
    const PlanPtr result = rewriteInputs(plan, countInTable);
    return result->kind == K::Aggregate ? counted(result) : result;
}

} // namespace tocsin::kql
