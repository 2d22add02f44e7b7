// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/RowGatherer.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/KeptRows.h"
#include "kql/exec/Operators.h"
#include "kql/exec/RowOrder.h"
#include "kql/exec/Subquery.h"
#include "kql/exec/spill/RunMerger.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>

namespace tocsin::kql {
namespace {

/// Rows with the values of their sort keys behind them: what one thread has read.
struct KeyedRows {
    explicit KeyedRows(Run& owner) : run(owner), memory(owner.memory()) {}
    ~KeyedRows() { run.leave(std::move(pieces)); }
    const Run& run;
    std::vector<Batch> pieces;
    std::vector<std::uint64_t> places; ///< of each piece's first row in the input
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
    KeptBytes kept;
    MemoryShare memory;
};

/// sort and top: both collect rows with their keys; top throws away, from time to time, what cannot be among the first any more. What
/// does not fit into the memory goes to sorted runs, which are merged as the rows are read.
class SortOperator final : public Operator {
public:
    SortOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_count(node.count)
    {
        for (const SortKey& key : node.sortKeys) {
            m_keys.push_back(key.value);
            m_directions.push_back({key.descending, key.nullsFirst});
        }
        m_directions.push_back({false, true}); // ties are decided by the place in the input
    }

    Result<void> prepare(Run& run) override
    {
        forget();
        if (m_count) {
            TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*m_count, run));
            m_limit = count.isNull() || count.asLong() < 0 ? 0 : static_cast<std::size_t>(count.asLong());
            boundInput();
        }
        TOCSIN_TRY(m_input->prepare(run));
        std::vector<std::unique_ptr<KeyedRows>> locals(std::max(1U, run.threads()));
        std::vector<std::vector<Evaluator>> evaluators(locals.size());
        TOCSIN_TRY(drain(*m_input, run, [&](unsigned worker, Batch batch, std::uint64_t place) -> Result<void> {
            if (!locals[worker]) {
                locals[worker] = std::make_unique<KeyedRows>(run);
                TOCSIN_TRY_ASSIGN(evaluators[worker], makeEvaluators(m_keys, m_input->layout(), run));
            }
            TOCSIN_TRY_ASSIGN(Batch keyed, withKeys(std::move(batch), evaluators[worker]));
            if (m_bound)
                keyed = reaching(keyed);
            return add(*locals[worker], std::move(keyed), place, run);
        }));
        std::erase(locals, nullptr);
        TOCSIN_TRY(run.checkStop());
        return m_runs.empty() ? sortInMemory(locals, run) : mergeRuns(locals, run);
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_merged ? m_merged->cursor() : m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_merged ? m_merged->ordinals() : m_queue.ordinals(); }

private:
    static constexpr std::size_t kTrimRows = 65'536;
    static constexpr std::size_t kBoundTrimRows = 2 * kBatchRows; ///< the sooner the bound is known, the less is read
    static constexpr unsigned kMostEighths = 5; ///< of the budget, before rows go to a run; sorting them takes some more

    /// A top by time, nulls last: what lies behind the worst of the best so far is not wanted any more.
    void boundInput()
    {
        const Expression& first = *m_keys.front();
        if (m_limit == 0 || first.kind != Expression::Kind::Column || first.type != DataType::DateTime || m_directions.front().nullsFirst)
            return;
        m_bound = std::make_shared<catalog::TimeBound>(m_directions.front().descending);
        m_input->bound(first.column, m_bound);
    }

    /// The rows that the bound does not exclude yet, in their order.
    Batch reaching(const Batch& keyed) const
    {
        const VectorReader<Ticks> times(keyed.columns[columns().size()]);
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < keyed.storedRows; ++row)
            if (times.isNull(row) || !m_bound->excludes(times[row]))
                rows.push_back(row);
        return rows.size() == keyed.storedRows ? keyed : gatherRows(keyed, rows);
    }

    void forget()
    {
        m_bound.reset();
        m_merged.reset();
        m_queue.set({});
        m_runs.clear();
        m_file.reset();
        m_memory.reset();
    }

    Result<void> add(KeyedRows& local, Batch keyed, std::uint64_t place, Run& run)
    {
        local.rows += keyed.rows();
        local.bytes += local.kept.add(keyed);
        local.pieces.push_back(std::move(keyed));
        local.places.push_back(place);
        if (m_count && local.rows > 2 * m_limit + (m_bound ? kBoundTrimRows : kTrimRows)) {
            TOCSIN_TRY(trim(local, run));
            const Vector& times = local.pieces.front().columns[columns().size()];
            if (m_bound && local.rows == m_limit && !times.isNull(m_limit - 1))
                m_bound->raise(VectorReader<Ticks>(times)[m_limit - 1]);
        }
        if (!run.spill().enabled())
            return local.memory.resize(local.bytes);
        if (local.memory.tryResize(local.bytes, kMostEighths))
            return {};
        local.memory.hold(local.bytes);
        return spill(local, run);
    }

    Result<void> sortInMemory(std::vector<std::unique_ptr<KeyedRows>>& locals, Run& run)
    {
        auto batches = std::make_shared<std::vector<Batch>>();
        if (!locals.empty()) {
            KeyedRows& all = *locals[0];
            for (std::size_t i = 1; i < locals.size(); ++i) {
                std::move(locals[i]->pieces.begin(), locals[i]->pieces.end(), std::back_inserter(all.pieces));
                all.places.insert(all.places.end(), locals[i]->places.begin(), locals[i]->places.end());
            }
            TOCSIN_TRY_ASSIGN(const std::vector<Batch> sorted, firstRows(all, run, columns().size(), 16 * kBatchRows));
            std::uint64_t bytes = 0;
            for (const Batch& piece : sorted) {
                bytes += ownBytes(piece);
                for (std::size_t start = 0; start < piece.storedRows; start += kBatchRows)
                    batches->push_back(piece.slice(start, std::min(kBatchRows, piece.storedRows - start)));
            }
            m_memory = std::make_unique<MemoryShare>(run.memory());
            locals.clear();
            m_memory->hold(bytes);
        }
        m_queue.set(std::move(batches));
        return {};
    }

    Result<void> mergeRuns(std::vector<std::unique_ptr<KeyedRows>>& locals, Run& run)
    {
        std::atomic<std::size_t> next = 0;
        TOCSIN_TRY(run.parallel([&](unsigned) -> Result<void> {
            for (std::size_t i = next++; i < locals.size(); i = next++)
                TOCSIN_TRY(spill(*locals[i], run));
            return {};
        }));
        locals.clear();
        RunOrder order;
        for (std::size_t i = 0; i < m_directions.size(); ++i)
            order.keys.push_back({columns().size() + i, m_directions[i]});
        TOCSIN_TRY_ASSIGN(m_merged, MergedRows::make(std::move(m_runs), std::move(order), {.columns = columns().size(), .limit = m_limit}, run));
        m_runs.clear();
        m_file.reset();
        return {};
    }

    static Result<Batch> withKeys(Batch batch, std::vector<Evaluator>& keys)
    {
        Batch compact = compactedToKeep(batch);
        RowSet rows(compact);
        std::vector<Vector> values;
        for (Evaluator& key : keys) {
            TOCSIN_TRY_ASSIGN(Vector column, key.evaluate(rows));
            values.push_back(std::move(column));
        }
        std::move(values.begin(), values.end(), std::back_inserter(compact.columns));
        return compact;
    }
    struct Order {
        std::vector<Vector> keys; ///< and the place
        std::vector<std::uint32_t> rows;
    };
    /// Puts the pieces into the order of the input and says with each row where it stands in it.
    std::size_t arrange(KeyedRows& rows) const
    {
        std::vector<std::size_t> sequence(rows.pieces.size());
        std::iota(sequence.begin(), sequence.end(), std::size_t{0});
        std::stable_sort(sequence.begin(), sequence.end(), [&](std::size_t a, std::size_t b) { return rows.places[a] < rows.places[b]; });
        std::vector<Batch> pieces;
        std::size_t count = 0;
        for (const std::size_t i : sequence) {
            Batch& piece = rows.pieces[i];
            if (piece.columns.size() == columns().size() + m_keys.size())
                piece.columns.push_back(Vector::constant(Value::int64(static_cast<std::int64_t>(rows.places[i])), piece.storedRows));
            count += piece.storedRows;
            pieces.push_back(std::move(piece));
        }
        rows.pieces = std::move(pieces);
        return count;
    }
    /// The keys of `count` arranged rows, which give them up, and the order of the rows.
    Result<Order> order(KeyedRows& rows, Run& run, std::size_t count) const
    {
        Order result;
        for (std::size_t c = columns().size(); c <= columns().size() + m_keys.size(); ++c)
            result.keys.push_back(takeColumn(rows.pieces, c));
        TOCSIN_TRY_ASSIGN(result.rows, sortedRows(result.keys, m_directions, count, m_limit, [&run] { return run.checkStop(); }));
        return result;
    }
    /// The arranged rows in their order, each by its piece.
    Result<std::vector<RowPick>> picks(const KeyedRows& rows, Run& run, std::size_t count) const
    {
        KeyedRows keys(run);
        keys.pieces = rows.pieces; // what a column holds is shared
        TOCSIN_TRY_ASSIGN(const Order best, order(keys, run, count));
        std::vector<RowPick> all;
        all.reserve(count);
        for (std::uint32_t piece = 0; piece < rows.pieces.size(); ++piece)
            for (std::uint32_t row = 0; row < rows.pieces[piece].storedRows; ++row)
                all.push_back({piece, row});
        std::vector<RowPick> picked;
        picked.reserve(best.rows.size());
        for (const std::uint32_t row : best.rows)
            picked.push_back(all[row]);
        return picked;
    }
    /// A column of all pieces, or one of the keys, given up.
    Vector wholeColumn(KeyedRows& rows, Order& order, std::size_t column) const
    {
        return column < columns().size() ? takeColumn(rows.pieces, column) : std::exchange(order.keys[column - columns().size()], Vector());
    }
    /// The first rows in order, as many as are wanted: their first `width` columns, in pieces of up to `most` rows. At least one piece.
    Result<std::vector<Batch>> firstRows(KeyedRows& rows, Run& run, std::size_t width, std::size_t most) const
    {
        const std::size_t count = arrange(rows);
        TOCSIN_TRY_ASSIGN(Order best, order(rows, run, count));
        std::vector<Batch> pieces(std::max<std::size_t>(1, (best.rows.size() + most - 1) / most));
        for (std::size_t p = 0; p < pieces.size(); ++p)
            pieces[p].storedRows = std::min(most, best.rows.size() - p * most);
        for (std::size_t c = 0; c < width; ++c) {
            const Vector whole = wholeColumn(rows, best, c);
            for (std::size_t p = 0; p < pieces.size(); ++p) {
                TOCSIN_TRY(run.checkStop());
                pieces[p].columns.push_back(whole.gather(std::span(best.rows).subspan(p * most, pieces[p].storedRows)));
            }
        }
        return pieces;
    }
    /// Leaves one piece: the first rows in order, as many as are wanted.
    Result<void> trim(KeyedRows& rows, Run& run) const
    {
        if (rows.pieces.empty())
            return {};
        TOCSIN_TRY_ASSIGN(rows.pieces, firstRows(rows, run, columns().size() + m_keys.size() + 1, std::max<std::size_t>(1, rows.rows)));
        rows.rows = rows.pieces.front().storedRows;
        rows.places.assign(1, 0);
        rows.kept.clear();
        rows.bytes = rows.kept.add(rows.pieces.front());
        return {};
    }
    /// Moves the rows into a run of their own.
    Result<void> spill(KeyedRows& rows, Run& run)
    {
        if (rows.pieces.empty())
            return {};
        std::shared_ptr<SpillFile> file;
        {
            const std::lock_guard lock(m_mutex);
            if (!m_file) {
                TOCSIN_TRY_ASSIGN(m_file, run.spill().file());
            }
            file = m_file;
        }
        const std::size_t count = arrange(rows);
        TOCSIN_TRY_ASSIGN(const std::vector<RowPick> sorted, picks(rows, run, count));
        const RowGatherer gatherer(rows.pieces);
        RunWriter writer(std::move(file), run.spillBlockBytes());
        for (std::size_t start = 0; start < sorted.size(); start += kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY(writer.write(gatherer.gather(std::span(sorted).subspan(start, std::min(kBatchRows, sorted.size() - start)))));
        }
        rows.pieces.clear();
        rows.places.clear();
        rows.rows = 0;
        rows.bytes = 0;
        rows.kept.clear();
        rows.memory.hold(0);
        const std::lock_guard lock(m_mutex);
        m_runs.push_back(writer.finish());
        return {};
    }

    OperatorPtr m_input;
    ExpressionPtr m_count;
    std::vector<ExpressionPtr> m_keys;
    std::vector<SortDirection> m_directions; ///< of the keys and the place
    std::size_t m_limit = std::numeric_limits<std::size_t>::max();
    std::shared_ptr<catalog::TimeBound> m_bound; ///< of a top by time
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
    std::mutex m_mutex;
    std::shared_ptr<SpillFile> m_file;
    std::vector<SpillRun> m_runs;
    std::unique_ptr<MergedRows> m_merged;
};

} // namespace

OperatorPtr makeSort(const PlanNode& node, OperatorPtr input) { return std::make_unique<SortOperator>(node, std::move(input)); }
OperatorPtr makeTop(const PlanNode& node, OperatorPtr input) { return std::make_unique<SortOperator>(node, std::move(input)); }

} // namespace tocsin::kql
