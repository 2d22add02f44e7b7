// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/Grouping.h"
#include "kql/exec/RowOrder.h"
#include "kql/exec/Subquery.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tocsin::kql {
namespace {

/// top-nested: the best values of a level, and within the rows of each the best of the next. Rows outside the best stand in one row
/// of the level that asks for `others`, with the levels that do not ask for it empty.
class TopNested {
public:
    TopNested(const PlanNode& node, const std::vector<PlanColumn>& input) : m_node(node), m_input(input) {}

    Result<void> operator()(const Batch& rows, Run& run, BatchCollector& out)
    {
        m_limits.clear();
        for (const ExpressionPtr& limit : m_node.expressions) {
            TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*limit, run));
            m_limits.push_back(count.isNull() ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(std::max<std::int64_t>(0, count.asLong())));
        }
        for (const PlanColumn& column : m_node.columns)
            m_builders.emplace_back(column.type);
        std::vector<Value> line;
        TOCSIN_TRY(level(0, rows, line, run));
        Batch result;
        for (VectorBuilder& builder : m_builders)
            result.columns.push_back(builder.finish());
        result.storedRows = result.columns[0].size();
        m_builders.clear();
        return out.add(std::move(result));
    }

private:
    std::size_t levels() const { return m_node.assignments.size(); }
    const Value* others(std::size_t level) const
    {
        const auto found = m_node.options.find("others" + std::to_string(level));
        return found == m_node.options.end() ? nullptr : &found->second;
    }
    /// Keys and ranks of the rows' groups at a level; without `byValue` all rows are one group.
    Result<Batch> ranked(std::size_t level, const Batch& rows, bool byValue, Run& run)
    {
        const auto source = std::make_shared<SubqueryRows>(SubqueryRows{Layout(m_input), rows});
        const OperatorPtr input = makeRowsFrom(source, m_input);
        TOCSIN_TRY(input->prepare(run));
        Grouping grouping;
        std::vector<PlanColumn> columns;
        if (byValue) {
            grouping.keys = {m_node.assignments[level].value};
            columns.push_back(m_node.assignments[level].column);
        }
        const Expression& rank = *m_node.sortKeys[level].value;
        for (const PlanNode::AggregateResult& aggregate : m_node.aggregates)
            if (reads(rank, aggregate.columns)) {
                grouping.aggregates.push_back(aggregate.call);
                columns.insert(columns.end(), aggregate.columns.begin(), aggregate.columns.end());
            }
        Groups groups(grouping, run);
        TOCSIN_TRY(groups.consume(*input));
        TOCSIN_TRY_ASSIGN(Batch result, groups.finishAsOne());
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(rank, Layout(columns), run));
        RowSet set(result);
        TOCSIN_TRY_ASSIGN(Vector ranks, evaluator.evaluate(set));
        result.columns.resize(byValue ? 1 : 0);
        result.columns.push_back(std::move(ranks));
        return result;
    }
    static bool reads(const Expression& expression, const std::vector<PlanColumn>& columns)
    {
        bool any = false;
        visitExpression(expression, [&](const Expression& e) {
            any = any || (e.kind == Expression::Kind::Column && std::any_of(columns.begin(), columns.end(), [&](const PlanColumn& c) { return c.id == e.column; }));
        });
        return any;
    }
    void emit(const std::vector<Value>& line)
    {
        for (std::size_t c = 0; c < line.size(); ++c)
            m_builders[c].append(line[c]);
    }
    Result<void> level(std::size_t index, const Batch& rows, std::vector<Value>& line, Run& run)
    {
        if (index == levels()) {
            emit(line);
            return {};
        }
        TOCSIN_TRY(run.checkStop());
        TOCSIN_TRY_ASSIGN(const Batch groups, ranked(index, rows, true, run));
        const SortKey& key = m_node.sortKeys[index];
        const SortDirection direction{key.descending, key.nullsFirst};
        const auto best = sortedRows(std::span(&groups.columns[1], 1), std::span(&direction, 1), groups.storedRows, m_limits[index]);
        std::vector<std::uint32_t> numbers;
        TOCSIN_TRY(groupNumbers(index, rows, numbers, run));
        std::vector<std::vector<std::uint32_t>> members(groups.storedRows);
        for (std::size_t row = 0; row < numbers.size(); ++row)
            members[numbers[row]].push_back(static_cast<std::uint32_t>(row));
        for (const std::uint32_t group : best) {
            line.push_back(groups.columns[0].valueAt(group));
            line.push_back(groups.columns[1].valueAt(group));
            TOCSIN_TRY(level(index + 1, gatherRows(rows, members[group]), line, run));
            line.erase(line.end() - 2, line.end());
            members[group].clear();
        }
        std::vector<std::uint32_t> left;
        for (std::uint32_t row = 0; row < numbers.size(); ++row)
            if (!members[numbers[row]].empty())
                left.push_back(row);
        return left.empty() ? Result<void>() : rest(index, gatherRows(rows, left), line, run);
    }
    /// Groups are numbered as they first appear, as in Groups read by one thread.
    Result<void> groupNumbers(std::size_t index, const Batch& rows, std::vector<std::uint32_t>& numbers, Run& run) const
    {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*m_node.assignments[index].value, Layout(m_input), run));
        RowSet set(rows);
        TOCSIN_TRY_ASSIGN(const Vector values, evaluator.evaluate(set));
        KeyTable table({values.type()});
        table.assign(std::span(&values, 1), rows.storedRows, numbers);
        return {};
    }
    Result<void> rest(std::size_t from, const Batch& rows, std::vector<Value> line, Run& run)
    {
        bool wanted = false;
        for (std::size_t index = from; index < levels(); ++index) {
            const Value* name = others(index);
            if (!name) {
                line.push_back(Value::null(m_node.columns[2 * index].type));
                line.push_back(Value::null(m_node.columns[2 * index + 1].type));
                continue;
            }
            wanted = true;
            TOCSIN_TRY_ASSIGN(const Batch total, ranked(index, rows, false, run));
            line.push_back(*name);
            line.push_back(total.columns[0].valueAt(0));
        }
        if (wanted)
            emit(line);
        return {};
    }

    PlanNode m_node;
    std::vector<PlanColumn> m_input;
    std::vector<std::size_t> m_limits;
    std::vector<VectorBuilder> m_builders;
};

} // namespace

Result<OperatorPtr> makeTopNested(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    const auto nested = std::make_shared<TopNested>(node, input->columns());
    return makeWholeInput(node, std::move(input), [nested](const Batch& rows, Run& r, BatchCollector& out) { return (*nested)(rows, r, out); });
}

} // namespace tocsin::kql
