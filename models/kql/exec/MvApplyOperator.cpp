// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/Operators.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {
namespace {

/// The number of the row that an expanded row comes from; an id no plan gives.
constexpr ColumnId kSourceRow = ~ColumnId{0};

/// mv-apply: expands all rows at once, and runs the subquery over the expansion of each.
class MvApply {
public:
    static Result<std::shared_ptr<MvApply>> make(const PlanNode& node, const std::vector<PlanColumn>& inputColumns, Run& run)
    {
        auto apply = std::make_shared<MvApply>();
        std::vector<PlanColumn> source = inputColumns;
        source.push_back({kSourceRow, "", DataType::Long});
        PlanNode expand = node;
        expand.columns = source;
        for (const PlanNode::Expansion& expansion : node.expansions)
            expand.columns.push_back(expansion.column);
        if (node.itemIndexColumn)
            expand.columns.push_back({*node.itemIndexColumn, "", DataType::Long});
        expand.serialized = true;
        apply->m_source = std::make_shared<SubqueryRows>(SubqueryRows{Layout(source), {}});
        apply->m_expand = makeMvExpand(expand, makeRowsFrom(apply->m_source, source));
        apply->m_expandedColumns = expand.columns;
        apply->m_sourcePlace = inputColumns.size();
        TOCSIN_TRY_ASSIGN(apply->m_subquery, Subquery::make(node, expand.columns, run));
        const Layout input(inputColumns);
        for (const PlanColumn& column : node.columns) {
            const bool produced = apply->m_subquery->layout().contains(column.id);
            apply->m_places.push_back({produced, produced ? apply->m_subquery->layout().indexOf(column.id) : input.indexOf(column.id)});
        }
        return apply;
    }

    Result<void> operator()(const Batch& rows, Run& run, BatchCollector& out)
    {
        m_source->rows = rows;
        TypedBuilder<DataType::Long> numbers(rows.storedRows);
        for (std::size_t i = 0; i < rows.storedRows; ++i)
            numbers.append(static_cast<std::int64_t>(i));
        m_source->rows.columns.push_back(numbers.finish());
        TOCSIN_TRY(m_expand->prepare(run));
        MemoryShare memory(run.memory());
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*m_expand, run, memory));
        const Batch expanded = joinBatches(batches, m_expandedColumns);
        const VectorReader<std::int64_t> source(expanded.columns[m_sourcePlace]);
        std::size_t at = 0;
        for (std::size_t row = 0; row < rows.storedRows; ++row) {
            const std::size_t start = at;
            while (at < expanded.storedRows && source[at] == static_cast<std::int64_t>(row))
                ++at;
            TOCSIN_TRY(m_subquery->run(expanded.slice(start, at - start), run, [&](const Batch& result) { return out.add(beside(rows, row, result)); }));
        }
        return {};
    }

private:
    Batch beside(const Batch& rows, std::size_t row, const Batch& result) const
    {
        const std::vector<std::uint32_t> repeated(result.storedRows, static_cast<std::uint32_t>(row));
        Batch batch;
        batch.storedRows = result.storedRows;
        for (const auto& [produced, place] : m_places)
            batch.columns.push_back(produced ? result.columns[place] : rows.columns[place].gather(repeated));
        return batch;
    }

    std::shared_ptr<SubqueryRows> m_source;
    OperatorPtr m_expand;
    std::vector<PlanColumn> m_expandedColumns;
    std::size_t m_sourcePlace = 0;
    std::unique_ptr<Subquery> m_subquery;
    std::vector<std::pair<bool, std::size_t>> m_places; ///< of each output column: in the subquery's result or in the input
};

} // namespace

Result<OperatorPtr> makeMvApply(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(const std::shared_ptr<MvApply> apply, MvApply::make(node, input->columns(), run));
    return makeWholeInput(node, std::move(input), [apply](const Batch& rows, Run& r, BatchCollector& out) { return (*apply)(rows, r, out); });
}

} // namespace tocsin::kql
