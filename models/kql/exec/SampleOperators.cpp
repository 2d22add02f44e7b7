// SPDX-License-Identifier: GPL-3.0-or-later
// sample, sample-distinct, top-hitters.
#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/RowOrder.h"
#include "kql/exec/Subquery.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace tocsin::kql {
namespace {

Result<std::size_t> countOf(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*node.count, run));
    return count.isNull() ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(0, count.asLong()));
}

/// The weight of each row as a sum may take it; 1 without weights.
Result<Vector> weightsOf(const PlanNode& node, const Layout& layout, RowSet& rows, Run& run)
{
    if (node.expressions.size() < 2)
        return Vector::constant(Value::real(1), rows.rows());
    TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*node.expressions[1], layout, run));
    TOCSIN_TRY_ASSIGN(const Vector weights, evaluator.evaluate(rows));
    return convertVector(weights, DataType::Real);
}

} // namespace

/// sample: rows drawn without putting back, in their order; the run's seed fixes which.
Result<OperatorPtr> makeSample(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(const std::size_t count, countOf(node, run));
    return makeWholeInput(node, std::move(input), [count](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        std::vector<std::uint32_t> all(rows.storedRows), drawn;
        std::iota(all.begin(), all.end(), 0U);
        std::mt19937_64 random(r.options().seed);
        std::sample(all.begin(), all.end(), std::back_inserter(drawn), static_cast<std::ptrdiff_t>(std::min(count, all.size())), random);
        return out.add(gatherRows(rows, drawn));
    });
}

/// sample-distinct: the first distinct values met, as a distinct with a take behind it.
Result<OperatorPtr> makeSampleDistinct(const PlanNode& node, Run& run)
{
    auto distinct = std::make_shared<PlanNode>();
    distinct->kind = PlanNode::Kind::Aggregate;
    distinct->span = node.span;
    distinct->inputs = {node.inputs[0]};
    distinct->columns = node.columns;
    distinct->assignments = {{node.columns[0], node.expressions[0]}};
    auto take = std::make_shared<PlanNode>();
    take->kind = PlanNode::Kind::Take;
    take->span = node.span;
    take->inputs = {distinct};
    take->columns = node.columns;
    take->count = node.count;
    return compile(take, run);
}

/// top-hitters: counted exactly, the heaviest first.
Result<OperatorPtr> makeTopHitters(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(const std::size_t count, countOf(node, run));
    const Layout layout = input->layout();
    return makeWholeInput(node, std::move(input), [node, layout, count](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        RowSet set(rows);
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*node.expressions[0], layout, r));
        TOCSIN_TRY_ASSIGN(const Vector values, evaluator.evaluate(set));
        TOCSIN_TRY_ASSIGN(const Vector weights, weightsOf(node, layout, set, r));
        KeyTable table({values.type()});
        std::vector<std::uint32_t> groups;
        table.assign(std::span(&values, 1), rows.storedRows, groups);
        std::vector<double> sums(table.size());
        const VectorReader<double> weight(weights);
        for (std::size_t row = 0; row < groups.size(); ++row)
            sums[groups[row]] += weight.isNull(row) ? 0 : weight[row];
        TypedBuilder<DataType::Real> estimates(sums.size());
        for (const double sum : sums)
            estimates.append(sum);
        Batch hitters;
        hitters.storedRows = table.size();
        hitters.columns = table.keys(0, table.size());
        hitters.columns.push_back(estimates.finish());
        const SortDirection descending{true, false};
        const auto order = sortedRows(std::span(&hitters.columns[1], 1), std::span(&descending, 1), hitters.storedRows, count);
        TOCSIN_TRY_ASSIGN(hitters.columns[1], convertVector(hitters.columns[1], node.columns[1].type));
        return out.add(gatherRows(hitters, order));
    });
}

} // namespace tocsin::kql
