// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/JoinRanges.h"

#include "kql/plan/RewriteInputs.h"

#include <algorithm>
#include <array>
#include <map>

namespace tocsin::kql {
namespace {

using K = PlanNode::Kind;

/// A sum of times and a length: the columns with their signs (adds up to 1 for a moment, to 0 for a length) and ticks.
struct Sum {
    std::map<ColumnId, int> columns;
    std::int64_t ticks = 0;
};

/// Lengths of a literal are small enough that adding two of them cannot wrap.
constexpr std::int64_t kMostTicks = std::int64_t{1} << 61;

bool add(Sum& sum, const Expression& e, int sign)
{
    if (e.type != DataType::DateTime && e.type != DataType::TimeSpan)
        return false;
    if (e.kind == Expression::Kind::Column && e.type == DataType::DateTime) {
        if ((sum.columns[e.column] += sign) == 0)
            sum.columns.erase(e.column);
        return true;
    }
    if (e.kind == Expression::Kind::Literal && e.type == DataType::TimeSpan && !e.value.isNull()) {
        const std::int64_t ticks = e.value.asLong();
        if (ticks <= -kMostTicks || ticks >= kMostTicks)
            return false;
        sum.ticks += sign * ticks;
        return sum.ticks > -kMostTicks && sum.ticks < kMostTicks;
    }
    if (e.kind != Expression::Kind::Call || e.arguments.size() != 2 || (e.function->name != "+" && e.function->name != "-"))
        return false;
    // Of a difference of two times or a time moved by a length; either is null where it cannot be told, and then no comparison holds.
    return add(sum, *e.arguments[0], sign) && add(sum, *e.arguments[1], e.function->name == "-" ? -sign : sign);
}

/// Which side of the join has a column of its result, and under which id.
using Sides = std::map<ColumnId, std::pair<int, ColumnId>>;

class Ranges {
public:
    explicit Ranges(const PlanNode& join)
    {
        for (std::size_t i = 0; i < join.joinColumns.size(); ++i)
            m_sides[join.columns[i].id] = join.joinColumns[i];
    }
    void read(const Expression& condition)
    {
        if (condition.kind != Expression::Kind::Call)
            return;
        const std::string_view name = condition.function->name;
        const auto& arguments = condition.arguments;
        if (arguments.size() == 2) {
            compare(name, *arguments[0], {arguments[1].get()});
        } else if (name == "between" && arguments.size() == 3) {
            compare(">=", *arguments[0], {arguments[1].get()});
            if (arguments[2]->type == arguments[0]->type)
                compare("<=", *arguments[0], {arguments[2].get()});
            else // a length, from the lower end on
                compare("<=", *arguments[0], {arguments[1].get(), arguments[2].get()});
        }
    }
    const std::optional<PlanNode::JoinRange>& found() const { return m_found; }

private:
    void compare(std::string_view name, const Expression& left, std::initializer_list<const Expression*> right)
    {
        constexpr std::array<std::string_view, 5> kComparisons{"<", "<=", ">", ">=", "=="};
        Sum sum; // left - right
        if (std::find(kComparisons.begin(), kComparisons.end(), name) == kComparisons.end() || !add(sum, left, 1))
            return;
        for (const Expression* part : right)
            if (!add(sum, *part, -1))
                return;
        if (sum.columns.size() != 2)
            return;
        const auto plus = std::find_if(sum.columns.begin(), sum.columns.end(), [](const auto& column) { return column.second == 1; });
        const auto minus = std::find_if(sum.columns.begin(), sum.columns.end(), [](const auto& column) { return column.second == -1; });
        if (plus == sum.columns.end() || minus == sum.columns.end() || !m_sides.contains(plus->first) || !m_sides.contains(minus->first))
            return;
        const auto [plusSide, plusColumn] = m_sides.at(plus->first);
        const auto [minusSide, minusColumn] = m_sides.at(minus->first);
        if (plusSide == minusSide)
            return;
        // plus - minus + ticks compared with 0
        PlanNode::JoinRange range{minusSide == 0 ? minusColumn : plusColumn, minusSide == 0 ? plusColumn : minusColumn};
        std::int64_t least = range.least, most = range.most;
        if (name == ">" || name == ">=" || name == "==")
            least = -sum.ticks + (name == ">" ? 1 : 0);
        if (name == "<" || name == "<=" || name == "==")
            most = -sum.ticks - (name == "<" ? 1 : 0);
        if (plusSide == 0) { // so far it is left - right
            const std::int64_t kept = least;
            least = most == range.most ? range.least : -most;
            most = kept == range.least ? range.most : -kept;
        }
        if (m_found && (m_found->left != range.left || m_found->right != range.right))
            return; // one pair of columns is enough to leave most pairs of rows out
        if (!m_found)
            m_found = range;
        m_found->least = std::max(m_found->least, least);
        m_found->most = std::min(m_found->most, most);
    }

    Sides m_sides;
    std::optional<PlanNode::JoinRange> m_found;
};

/// The join below a chain of filters with what their conditions say.
PlanPtr withRange(const PlanPtr& plan, std::vector<ExpressionPtr>& conditions)
{
    if (plan->kind == K::Filter) {
        splitAnd(plan->expressions[0], conditions);
        PlanPtr input = withRange(plan->inputs[0], conditions);
        if (input == plan->inputs[0])
            return plan;
        auto copy = std::make_shared<PlanNode>(*plan);
        copy->inputs[0] = std::move(input);
        return copy;
    }
    if (plan->kind != K::Join || (plan->joinKind != JoinKind::Inner && plan->joinKind != JoinKind::InnerUnique))
        return plan;
    Ranges ranges(*plan);
    for (const ExpressionPtr& condition : conditions)
        ranges.read(*condition);
    if (!ranges.found())
        return plan;
    auto copy = std::make_shared<PlanNode>(*plan);
    copy->joinRange = ranges.found();
    return copy;
}

} // namespace

PlanPtr boundPairs(const PlanPtr& plan)
{
    const PlanPtr result = rewriteInputs(plan, boundPairs);
    std::vector<ExpressionPtr> conditions;
    return result->kind == K::Filter ? withRange(result, conditions) : result;
}

} // namespace tocsin::kql
