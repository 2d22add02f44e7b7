// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/Operators.h"
#include "kql/exec/RowOrder.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace tocsin::kql {
namespace {

/// Rows with the values of their sort keys behind them.
struct KeyedRows {
    std::vector<Batch> pieces;
    std::vector<std::uint64_t> places; ///< of each piece's first row in the input
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
};

/// sort and top: both collect rows with their keys; top throws away, from time to time, what cannot be among the first any more.
class SortOperator final : public Operator {
public:
    SortOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_count(node.count)
    {
        for (const SortKey& key : node.sortKeys) {
            m_keys.push_back(key.value);
            m_directions.push_back({key.descending, key.nullsFirst});
        }
    }

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        std::size_t limit = std::numeric_limits<std::size_t>::max();
        if (m_count) {
            TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*m_count, run));
            limit = count.isNull() || count.asLong() < 0 ? 0 : static_cast<std::size_t>(count.asLong());
        }
        m_memory = std::make_unique<MemoryShare>(run.memory());
        std::mutex mutex;
        std::vector<KeyedRows> locals(std::max(1U, run.threads()));
        std::vector<std::vector<Evaluator>> evaluators(locals.size());
        TOCSIN_TRY(drain(*m_input, run, [&](unsigned worker, Batch batch, std::uint64_t place) -> Result<void> {
            if (evaluators[worker].empty()) {
                TOCSIN_TRY_ASSIGN(evaluators[worker], makeEvaluators(m_keys, m_input->layout(), run));
            }
            TOCSIN_TRY_ASSIGN(Batch keyed, withKeys(std::move(batch), evaluators[worker]));
            KeyedRows& local = locals[worker];
            local.rows += keyed.rows();
            const std::uint64_t before = std::exchange(local.bytes, local.bytes + ownBytes(keyed));
            local.pieces.push_back(std::move(keyed));
            local.places.push_back(place);
            if (m_count && local.rows > 2 * limit + kTrimRows)
                TOCSIN_TRY(trim(local, limit, run));
            const std::lock_guard lock(mutex);
            if (local.bytes > before)
                return m_memory->grow(local.bytes - before);
            m_memory->shrink(before - local.bytes);
            return {};
        }));
        KeyedRows all;
        for (KeyedRows& local : locals) {
            std::move(local.pieces.begin(), local.pieces.end(), std::back_inserter(all.pieces));
            all.places.insert(all.places.end(), local.places.begin(), local.places.end());
            all.rows += local.rows;
        }
        TOCSIN_TRY(run.checkStop());
        TOCSIN_TRY(trim(all, limit, run));
        auto batches = std::make_shared<std::vector<Batch>>();
        if (!all.pieces.empty()) {
            Batch sorted = std::move(all.pieces.front());
            sorted.columns.resize(columns().size());
            for (std::size_t start = 0; start < sorted.storedRows; start += kBatchRows)
                batches->push_back(sorted.slice(start, std::min(kBatchRows, sorted.storedRows - start)));
        }
        m_queue.set(std::move(batches));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    static constexpr std::size_t kTrimRows = 65'536;

    static Result<Batch> withKeys(Batch batch, std::vector<Evaluator>& keys)
    {
        Batch compact = batch.compacted();
        RowSet rows(compact);
        std::vector<Vector> values;
        for (Evaluator& key : keys) {
            TOCSIN_TRY_ASSIGN(Vector column, key.evaluate(rows));
            values.push_back(std::move(column));
        }
        std::move(values.begin(), values.end(), std::back_inserter(compact.columns));
        return compact;
    }
    /// Leaves one piece: the first `limit` rows in order. Ties are decided by the place in the input, whatever thread read them.
    Result<void> trim(KeyedRows& rows, std::size_t limit, Run& run) const
    {
        if (rows.pieces.empty())
            return {};
        std::vector<std::size_t> order(rows.pieces.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows.places[a] < rows.places[b]; });
        std::vector<Batch> pieces;
        for (const std::size_t i : order) {
            Batch& piece = rows.pieces[i];
            if (piece.columns.size() == columns().size() + m_keys.size())
                piece.columns.push_back(Vector::constant(Value::int64(static_cast<std::int64_t>(rows.places[i])), piece.storedRows));
            pieces.push_back(std::move(piece));
        }
        const Batch whole = concatenate(pieces, columns().size() + m_keys.size() + 1);
        std::vector<SortDirection> directions = m_directions;
        directions.push_back({false, true});
        const std::span<const Vector> keys(whole.columns.data() + columns().size(), m_keys.size() + 1);
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> best, sortedRows(keys, directions, whole.storedRows, limit, [&run] { return run.checkStop(); }));
        Batch kept;
        kept.storedRows = best.size();
        for (const Vector& column : whole.columns) {
            TOCSIN_TRY(run.checkStop());
            kept.columns.push_back(column.gather(best));
        }
        rows.rows = kept.storedRows;
        rows.pieces.clear();
        rows.pieces.push_back(std::move(kept));
        rows.places.assign(1, 0);
        rows.bytes = ownBytes(rows.pieces.front());
        return {};
    }

    OperatorPtr m_input;
    ExpressionPtr m_count;
    std::vector<ExpressionPtr> m_keys;
    std::vector<SortDirection> m_directions;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeSort(const PlanNode& node, OperatorPtr input) { return std::make_unique<SortOperator>(node, std::move(input)); }
OperatorPtr makeTop(const PlanNode& node, OperatorPtr input) { return std::make_unique<SortOperator>(node, std::move(input)); }

} // namespace tocsin::kql
