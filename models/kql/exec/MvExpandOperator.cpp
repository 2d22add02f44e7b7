// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"
#include "kql/exec/Operators.h"
#include "kql/exec/StreamOperator.h"

#include <algorithm>
#include <limits>

namespace tocsin::kql {
namespace {

/// The items one dynamic value expands to: an array's items, a bag's entries as bags of one key (or [key, value] arrays), a scalar as
/// itself, null as one null.
class Items {
public:
    Items(DynamicView value, bool bagsAsArrays) : m_value(value), m_bagsAsArrays(bagsAsArrays) {}
    std::size_t count() const { return m_value.isArray() || m_value.isObject() ? m_value.size() : 1; }
    void append(TypedBuilder<DataType::Dynamic>& out, std::size_t index) const
    {
        if (m_value.isArray()) {
            appendView(out, m_value.item(index));
        } else if (m_value.isObject()) {
            DynamicBuilder builder;
            if (m_bagsAsArrays) {
                builder.beginArray();
                builder.string(m_value.key(index));
                builder.view(m_value.item(index));
                builder.endArray();
            } else {
                builder.beginObject();
                builder.key(m_value.key(index));
                builder.view(m_value.item(index));
                builder.endObject();
            }
            out.append(builder.take());
        } else {
            appendView(out, m_value);
        }
    }

private:
    static void appendView(TypedBuilder<DataType::Dynamic>& out, DynamicView view)
    {
        if (view.isNull())
            out.appendNull();
        else
            out.append(view.bytes());
    }
    DynamicView m_value;
    bool m_bagsAsArrays;
};

class MvExpandOperator final : public StreamOperator {
public:
    MvExpandOperator(const PlanNode& node, OperatorPtr input) : StreamOperator(node, std::move(input)), m_node(node) {}

private:
    static constexpr std::size_t kRowsBetweenChecks = 65'536;
    static constexpr std::size_t kItemsAtOnce = 65'536;

    class MvExpandWorker final : public Worker {
    public:
        MvExpandWorker(const MvExpandOperator& op, std::vector<Evaluator> values, std::vector<std::optional<std::size_t>> passed, Run& run)
            : m_operator(op), m_values(std::move(values)), m_passed(std::move(passed)), m_run(run), m_memory(run.memory()) {}

        Result<Batch> apply(Batch batch, std::uint64_t) override
        {
            m_batch = batch.selection ? batch.compacted() : std::move(batch);
            m_at = 0;
            return expandSome();
        }
        Result<std::optional<Batch>> more() override
        {
            if (m_at >= m_batch.storedRows)
                return std::nullopt;
            TOCSIN_TRY_ASSIGN(Batch batch, expandSome());
            return batch;
        }

    private:
        /// The next rows of the batch: few may hold millions of items, so as many at once as those before let expect.
        Result<Batch> expandSome()
        {
            const std::size_t count = std::min(m_rowsAtOnce, m_batch.storedRows - m_at);
            const Batch some = count == m_batch.storedRows ? m_batch : m_batch.slice(m_at, count);
            m_at += count;
            TOCSIN_TRY_ASSIGN(Batch result, expand(some));
            if (result.storedRows > kItemsAtOnce)
                m_rowsAtOnce = std::max<std::size_t>(1, count / 4);
            else if (count == m_rowsAtOnce && result.storedRows < kItemsAtOnce / 4)
                m_rowsAtOnce = std::min(kBatchRows, count * 4);
            if (m_at == m_batch.storedRows)
                m_batch = {};
            return result;
        }

        Result<Batch> expand(const Batch& batch)
        {
            const PlanNode& node = m_operator.m_node;
            RowSet rows(batch);
            std::vector<Vector> dynamics;
            for (Evaluator& value : m_values) {
                TOCSIN_TRY_ASSIGN(Vector column, value.evaluate(rows));
                dynamics.push_back(std::move(column));
            }
            const std::size_t limit = node.expandLimit ? static_cast<std::size_t>(std::max<std::int64_t>(0, *node.expandLimit)) : std::numeric_limits<std::size_t>::max();
            std::vector<VectorReader<std::string_view>> readers;
            for (const Vector& column : dynamics)
                readers.emplace_back(column);
            std::vector<std::uint32_t> sourceRows;
            TypedBuilder<DataType::Long> indexes;
            std::vector<TypedBuilder<DataType::Dynamic>> items(dynamics.size());
            for (std::size_t row = 0; row < rows.rows(); ++row) {
                std::vector<Items> values;
                std::size_t count = 0;
                for (const auto& reader : readers) {
                    values.emplace_back(DynamicView(reader.isNull(row) ? std::string_view() : reader[row]), node.expandBagsAsArrays);
                    count = std::max(count, values.back().count());
                }
                TOCSIN_TRY(m_memory.resize((sourceRows.size() + std::min(count, limit)) * (items.size() + 1) * sizeof(std::string_view)));
                for (std::size_t i = 0; i < std::min(count, limit); ++i) {
                    if (sourceRows.size() % kRowsBetweenChecks == 0)
                        TOCSIN_TRY(m_run.checkStop());
                    sourceRows.push_back(static_cast<std::uint32_t>(row));
                    indexes.append(static_cast<std::int64_t>(i));
                    for (std::size_t v = 0; v < values.size(); ++v) {
                        if (i < values[v].count())
                            values[v].append(items[v], i);
                        else
                            items[v].appendNull();
                    }
                }
            }
            return assemble(rows, sourceRows, indexes.finish(), items);
        }

        Result<Batch> assemble(RowSet& rows, const std::vector<std::uint32_t>& sourceRows, const Vector& indexes, std::vector<TypedBuilder<DataType::Dynamic>>& items)
        {
            const PlanNode& node = m_operator.m_node;
            Batch result;
            result.storedRows = sourceRows.size();
            std::vector<Vector> expanded;
            for (std::size_t v = 0; v < items.size(); ++v) {
                Vector column = items[v].finish();
                if (node.expansions[v].converts && node.expansions[v].column.type != DataType::Dynamic) {
                    TOCSIN_TRY_ASSIGN(column, convertVector(column, node.expansions[v].column.type));
                }
                expanded.push_back(std::move(column));
            }
            for (std::size_t c = 0; c < node.columns.size(); ++c) {
                const ColumnId id = node.columns[c].id;
                const auto expansion = std::find_if(node.expansions.begin(), node.expansions.end(), [id](const auto& e) { return e.column.id == id; });
                if (expansion != node.expansions.end())
                    result.columns.push_back(expanded[static_cast<std::size_t>(expansion - node.expansions.begin())]);
                else if (node.itemIndexColumn == id)
                    result.columns.push_back(indexes);
                else
                    result.columns.push_back(rows.column(*m_passed[c]).gather(sourceRows));
            }
            return result;
        }

        const MvExpandOperator& m_operator;
        std::vector<Evaluator> m_values;
        std::vector<std::optional<std::size_t>> m_passed;
        Run& m_run;
        MemoryShare m_memory;
        Batch m_batch;        ///< being expanded
        std::size_t m_at = 0; ///< row of it that comes next
        std::size_t m_rowsAtOnce = 1;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        std::vector<ExpressionPtr> values;
        for (const PlanNode::Expansion& expansion : m_node.expansions)
            values.push_back(expansion.value->type == DataType::Dynamic ? expansion.value : convert(expansion.value, DataType::Dynamic));
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> evaluators, makeEvaluators(values, input().layout(), run));
        std::vector<std::optional<std::size_t>> passed;
        for (const PlanColumn& column : m_node.columns)
            passed.push_back(input().layout().contains(column.id) ? std::optional(input().layout().indexOf(column.id)) : std::nullopt);
        return std::make_unique<MvExpandWorker>(*this, std::move(evaluators), std::move(passed), run);
    }

    PlanNode m_node;
};

} // namespace

OperatorPtr makeMvExpand(const PlanNode& node, OperatorPtr input) { return std::make_unique<MvExpandOperator>(node, std::move(input)); }

} // namespace tocsin::kql
