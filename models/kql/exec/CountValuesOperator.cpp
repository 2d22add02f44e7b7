// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/CountValuesOperator.h"

#include "catalog/ValueCounts.h"
#include "kql/exec/KeyTable.h"

#include <algorithm>
#include <atomic>

namespace tocsin::kql {
namespace {

struct TableColumn {
    std::shared_ptr<const catalog::TableSource> table;
    std::size_t column;
};

/// The column of a whole table that an expression over a node's rows passes on, if it does no more.
std::optional<TableColumn> wholeColumn(const PlanNode& input, const Expression& value)
{
    if (value.kind != Expression::Kind::Column)
        return std::nullopt;
    if (input.kind == PlanNode::Kind::Named)
        return wholeColumn(*input.inputs[0], value);
    const auto place = static_cast<std::size_t>(std::ranges::find(input.columns, value.column, &PlanColumn::id) - input.columns.begin());
    if (input.kind == PlanNode::Kind::Project && place < input.assignments.size())
        return wholeColumn(*input.inputs[0], *input.assignments[place].value);
    if (input.kind != PlanNode::Kind::Scan || !input.predicates.empty() || place >= input.scanColumns.size())
        return std::nullopt;
    return TableColumn{input.source, input.scanColumns[place]};
}

/// How often each value of a column stands in a table, as the table tells. Where it cannot, the rows are counted.
class CountValuesOperator final : public Operator {
public:
    CountValuesOperator(const PlanNode& node, OperatorPtr byRow, TableColumn column)
        : Operator(node), m_byRow(std::move(byRow)), m_source(std::move(column.table)), m_type(node.assignments[0].value->type), m_column(column.column), m_results(node.aggregates.size())
    {
    }

    Result<void> prepare(Run& run) override
    {
        m_counted = false;
        const bool wholeTable = !run.options().timespan || !m_source->schema().indexOf("TimeGenerated");
        if (wholeTable) {
            TOCSIN_TRY_ASSIGN(const std::vector<std::optional<catalog::ValueCounts>> pieces, count(run));
            m_counted = std::ranges::all_of(pieces, [](const auto& piece) { return piece.has_value(); });
            if (m_counted)
                return add(pieces, run);
        }
        return m_byRow->prepare(run);
    }
    std::unique_ptr<Cursor> cursor(Run& run) override { return m_counted ? m_queue.cursor() : m_byRow->cursor(run); }
    std::uint64_t ordinals() const override { return m_counted ? m_queue.ordinals() : m_byRow->ordinals(); }

private:
    Result<std::vector<std::optional<catalog::ValueCounts>>> count(Run& run) const
    {
        const auto& table = dynamic_cast<const catalog::CountsValues&>(*m_source);
        std::vector<std::optional<catalog::ValueCounts>> pieces(table.pieces());
        std::atomic<std::size_t> next = 0;
        std::atomic<bool> known = true;
        TOCSIN_TRY(run.parallel([&](unsigned) -> Result<void> {
            for (std::size_t piece = next++; known && piece < pieces.size(); piece = next++) {
                TOCSIN_TRY(run.checkStop());
                TOCSIN_TRY_ASSIGN(pieces[piece], table.countValues(piece, m_column));
                if (!pieces[piece])
                    known = false;
            }
            return {};
        }));
        return pieces;
    }

    Result<void> add(const std::vector<std::optional<catalog::ValueCounts>>& pieces, Run& run)
    {
        KeyTable table({m_type});
        std::vector<std::int64_t> counts;
        std::vector<std::uint32_t> groups;
        m_memory = std::make_unique<MemoryShare>(run.memory());
        for (const auto& piece : pieces) {
            TOCSIN_TRY(run.checkStop());
            table.assign({&piece->values, 1}, piece->values.size(), groups);
            counts.resize(table.size());
            const VectorReader<std::int64_t> some(piece->counts);
            for (std::size_t i = 0; i < groups.size(); ++i)
                counts[groups[i]] += some[i];
            TOCSIN_TRY(m_memory->resize(table.memoryBytes() + counts.capacity() * sizeof(std::int64_t)));
        }
        auto batches = std::make_shared<std::vector<Batch>>();
        for (std::size_t from = 0; from < counts.size(); from += kBatchRows) {
            Batch batch;
            batch.storedRows = std::min(kBatchRows, counts.size() - from);
            batch.columns = table.keys(from, batch.storedRows);
            auto numbers = makeBuffer<std::int64_t>(batch.storedRows);
            std::copy_n(counts.begin() + static_cast<std::ptrdiff_t>(from), batch.storedRows, numbers.get());
            batch.columns.resize(1 + m_results, Vector::flat<std::int64_t>(DataType::Long, std::move(numbers), batch.storedRows));
            batches->push_back(std::move(batch));
        }
        m_queue.set(std::move(batches));
        return {};
    }

    OperatorPtr m_byRow;
    std::shared_ptr<const catalog::TableSource> m_source;
    DataType m_type;
    std::size_t m_column; ///< of the table
    std::size_t m_results;
    bool m_counted = false;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeCountValues(const PlanNode& node, OperatorPtr byRow)
{
    if (node.assignments.size() != 1)
        return byRow;
    const DataType type = node.assignments[0].value->type;
    const bool counts = (type == DataType::String || type == DataType::Int || type == DataType::Long)
        && std::ranges::all_of(node.aggregates, [](const PlanNode::AggregateResult& result) { return result.call.function->name == "count" && result.call.arguments.empty(); });
    const std::optional<TableColumn> column = counts ? wholeColumn(*node.inputs[0], *node.assignments[0].value) : std::nullopt;
    if (!column || !dynamic_cast<const catalog::CountsValues*>(column->table.get()))
        return byRow;
    return std::make_unique<CountValuesOperator>(node, std::move(byRow), *column);
}

} // namespace tocsin::kql
