// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {

/// partition: the subquery runs over the rows of each key value, in the order in which the values appear.
Result<OperatorPtr> makePartition(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(std::unique_ptr<Subquery> made, Subquery::make(node, input->columns(), run));
    const std::shared_ptr<Subquery> subquery = std::move(made);
    const ExpressionPtr key = node.expressions[0];
    std::vector<std::size_t> places;
    for (const PlanColumn& column : node.columns)
        places.push_back(subquery->layout().indexOf(column.id));
    const Layout layout = input->layout();
    return makeWholeInput(node, std::move(input), [=](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*key, layout, r));
        RowSet set(rows);
        TOCSIN_TRY_ASSIGN(const Vector keys, evaluator.evaluate(set));
        KeyTable table({key->type});
        std::vector<std::uint32_t> groups;
        table.assign(std::span(&keys, 1), rows.storedRows, groups);
        std::vector<std::vector<std::uint32_t>> members(table.size());
        for (std::size_t row = 0; row < groups.size(); ++row)
            members[groups[row]].push_back(static_cast<std::uint32_t>(row));
        for (const std::vector<std::uint32_t>& member : members)
            TOCSIN_TRY(subquery->run(gatherRows(rows, member), r, [&](const Batch& result) {
                Batch batch;
                batch.storedRows = result.storedRows;
                for (const std::size_t place : places)
                    batch.columns.push_back(result.columns[place]);
                return out.add(std::move(batch));
            }));
        return {};
    });
}

} // namespace tocsin::kql
