// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/plugins/Plugins.h"
#include "kql/exec/Grouping.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {
namespace {

/// The groups of keys and pivot value with their aggregate, and what the aggregate is over no rows.
class Pivot {
public:
    Pivot(const PlanNode& node, const std::vector<PlanColumn>& input) : m_node(node), m_input(input) {}

    Result<void> operator()(const Batch& rows, Run& run, BatchCollector& out)
    {
        Grouping grouping;
        for (const Assignment& key : m_node.assignments)
            grouping.keys.push_back(key.value);
        const std::size_t keyCount = grouping.keys.size();
        grouping.keys.push_back(convert(m_node.expressions[0], DataType::String));
        TOCSIN_TRY_ASSIGN(const Batch groups, aggregate(grouping, rows, run));
        grouping.keys.clear();
        TOCSIN_TRY_ASSIGN(const Batch nothing, aggregate(grouping, gatherRows(rows, {}), run));
        const Value missing = nothing.columns[0].valueAt(0);

        std::vector<DataType> types;
        for (std::size_t k = 0; k < keyCount; ++k)
            types.push_back(groups.columns[k].type());
        std::vector<std::uint32_t> lines(groups.storedRows, 0);
        KeyTable table(types);
        std::size_t lineCount = groups.storedRows ? 1 : 0;
        if (keyCount) {
            table.assign(std::span(groups.columns.data(), keyCount), groups.storedRows, lines);
            lineCount = table.size();
        }
        const std::vector<Vector> keys = keyCount ? table.keys(0, lineCount) : std::vector<Vector>();
        Batch result;
        result.storedRows = lineCount;
        for (const PlanColumn& column : m_node.columns) {
            if (const auto key = keyPlace(column)) {
                result.columns.push_back(keys[*key]);
                continue;
            }
            std::vector<Value> cells(lineCount, missing);
            for (std::size_t g = 0; g < groups.storedRows; ++g)
                if (groups.columns[keyCount].valueAt(g).asText() == column.name)
                    cells[lines[g]] = groups.columns[keyCount + 1].valueAt(g);
            VectorBuilder builder(missing.type());
            for (const Value& cell : cells)
                builder.append(cell);
            TOCSIN_TRY_ASSIGN(Vector values, convertVector(builder.finish(), column.type));
            result.columns.push_back(std::move(values));
        }
        return out.add(std::move(result));
    }

private:
    std::optional<std::size_t> keyPlace(const PlanColumn& column) const
    {
        for (std::size_t k = 0; k < m_node.assignments.size(); ++k)
            if (m_node.assignments[k].column.id == column.id)
                return k;
        return std::nullopt;
    }
    Result<Batch> aggregate(Grouping& grouping, const Batch& rows, Run& run) const
    {
        grouping.aggregates = {m_node.aggregates[0].call};
        const OperatorPtr source = makeRowsFrom(std::make_shared<SubqueryRows>(SubqueryRows{Layout(m_input), rows}), m_input);
        TOCSIN_TRY(source->prepare(run));
        Groups groups(grouping, run);
        TOCSIN_TRY(groups.consume(*source));
        return groups.finishAsOne();
    }

    PlanNode m_node;
    std::vector<PlanColumn> m_input;
};

} // namespace

/// pivot: the values of a column become columns of one aggregate each.
Result<OperatorPtr> makePivot(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    const auto pivot = std::make_shared<Pivot>(node, input->columns());
    return makeWholeInput(node, std::move(input), [pivot](const Batch& rows, Run& r, BatchCollector& out) { return (*pivot)(rows, r, out); });
}

} // namespace tocsin::kql
