// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/Operators.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// How a kind of join treats its probe rows and its build rows.
struct JoinShape {
    bool buildsLeft = false;   ///< the left side is held in memory, the right one streams
    bool firstPerKey = false;  ///< innerunique: one build row a key
    bool matches = true;       ///< gives joined pairs
    bool probeOnce = false;    ///< semi, anti: a probe row at most once, no build columns
    bool unmatchedProbe = false;
    bool unmatchedBuild = false;
};

JoinShape shapeOf(JoinKind kind)
{
    switch (kind) {
    case JoinKind::InnerUnique: return {.buildsLeft = true, .firstPerKey = true};
    case JoinKind::Inner: return {};
    case JoinKind::LeftOuter: return {.unmatchedProbe = true};
    case JoinKind::RightOuter: return {.buildsLeft = true, .unmatchedProbe = true};
    case JoinKind::FullOuter: return {.unmatchedProbe = true, .unmatchedBuild = true};
    case JoinKind::LeftSemi: return {.probeOnce = true};
    case JoinKind::RightSemi: return {.buildsLeft = true, .probeOnce = true};
    case JoinKind::LeftAnti: return {.matches = false, .unmatchedProbe = true};
    case JoinKind::RightAnti: return {.buildsLeft = true, .matches = false, .unmatchedProbe = true};
    }
    return {};
}

/// The side held in memory: its rows, and for each key the chain of rows that have it.
struct BuildSide {
    explicit BuildSide(std::vector<DataType> types) : table(std::move(types)) {}
    KeyTable table;
    Batch rows;
    std::vector<std::uint32_t> firstRow; ///< per group
    std::vector<std::uint32_t> nextRow;  ///< per row; kNoGroup ends the chain
    std::vector<std::atomic<std::uint8_t>> matched; ///< per row, for full outer joins
};

class JoinOperator final : public Operator {
public:
    JoinOperator(const PlanNode& node, OperatorPtr left, OperatorPtr right) : Operator(node), m_shape(shapeOf(node.joinKind))
    {
        m_probe = std::move(m_shape.buildsLeft ? right : left);
        m_build = std::move(m_shape.buildsLeft ? left : right);
        m_probeKeys = m_shape.buildsLeft ? node.rightKeys : node.leftKeys;
        m_buildKeys = m_shape.buildsLeft ? node.leftKeys : node.rightKeys;
        const int buildSide = m_shape.buildsLeft ? 0 : 1;
        for (const auto& [side, column] : node.joinColumns) {
            const bool fromBuild = side == buildSide;
            m_outputs.push_back({fromBuild, (fromBuild ? m_build : m_probe)->layout().indexOf(column)});
        }
    }

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_build->prepare(run));
        m_memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*m_build, run, *m_memory));
        std::vector<DataType> types;
        for (const ExpressionPtr& key : m_buildKeys)
            types.push_back(key->type);
        m_side = std::make_unique<BuildSide>(std::move(types));
        m_side->rows = concatenate(batches, m_build->columns().size());
        TOCSIN_TRY(buildTable(run));
        m_unmatchedTaken = false;
        return m_probe->prepare(run);
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;
    std::uint64_t ordinals() const override { return m_probe->ordinals() + 1; }

    const JoinShape& shape() const { return m_shape; }
    BuildSide& side() { return *m_side; }
    Operator& probe() { return *m_probe; }
    const std::vector<ExpressionPtr>& probeKeys() const { return m_probeKeys; }
    /// True for the one cursor that gives the build rows nothing matched, after all have probed.
    bool finishProbing(bool wasProbing)
    {
        const std::lock_guard lock(m_mutex);
        if (wasProbing)
            --m_probing;
        if (!m_shape.unmatchedBuild || m_probing > 0 || m_unmatchedTaken)
            return false;
        m_unmatchedTaken = true;
        return true;
    }
    void beginProbing()
    {
        const std::lock_guard lock(m_mutex);
        ++m_probing;
    }

    /// Rows of the output: pairs of a probe row and a build row, either of which may be absent (kNoGroup).
    Batch output(const Batch& probe, std::span<const std::uint32_t> probeRows, std::span<const std::uint32_t> buildRows) const
    {
        Batch batch;
        batch.storedRows = std::max(probeRows.size(), buildRows.size());
        for (std::size_t i = 0; i < m_outputs.size(); ++i) {
            const auto [fromBuild, column] = m_outputs[i];
            const std::span<const std::uint32_t> rows = fromBuild ? buildRows : probeRows;
            const Batch& source = fromBuild ? m_side->rows : probe;
            const DataType type = columns()[i].type;
            if (rows.empty() || source.storedRows == 0)
                batch.columns.push_back(Vector::nulls(type, batch.storedRows));
            else
                batch.columns.push_back(gatherOrNull(source.columns[column], rows));
        }
        return batch;
    }

private:
    static Vector gatherOrNull(const Vector& column, std::span<const std::uint32_t> rows)
    {
        if (std::find(rows.begin(), rows.end(), kNoGroup) == rows.end())
            return column.gather(rows);
        VectorBuilder builder(column.type());
        for (const std::uint32_t row : rows) {
            if (row == kNoGroup)
                builder.appendNull();
            else
                builder.append(column, row);
        }
        return builder.finish();
    }

    Result<void> buildTable(Run& run)
    {
        BuildSide& side = *m_side;
        const std::size_t rows = side.rows.storedRows;
        side.nextRow.assign(rows, kNoGroup);
        if (m_shape.unmatchedBuild)
            side.matched = std::vector<std::atomic<std::uint8_t>>(rows);
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> evaluators, makeEvaluators(m_buildKeys, m_build->layout(), run));
        std::vector<std::uint32_t> groups;
        std::vector<std::uint32_t> lastRow;
        for (std::size_t start = 0; start < rows; start += kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            const Batch part = side.rows.slice(start, std::min(kBatchRows, rows - start));
            RowSet set(part);
            std::vector<Vector> keys;
            for (Evaluator& evaluator : evaluators) {
                TOCSIN_TRY_ASSIGN(Vector key, evaluator.evaluate(set));
                keys.push_back(std::move(key));
            }
            side.table.assign(keys, part.storedRows, groups);
            side.firstRow.resize(side.table.size(), kNoGroup);
            lastRow.resize(side.table.size(), kNoGroup);
            for (std::size_t i = 0; i < groups.size(); ++i) {
                const auto row = static_cast<std::uint32_t>(start + i);
                if (std::any_of(keys.begin(), keys.end(), [i](const Vector& key) { return key.isNull(i); }))
                    continue; // a null key equals nothing
                std::uint32_t& last = lastRow[groups[i]];
                if (last == kNoGroup)
                    side.firstRow[groups[i]] = row;
                else if (m_shape.firstPerKey)
                    continue;
                else
                    side.nextRow[last] = row;
                last = row;
            }
        }
        return m_memory->grow(side.table.memoryBytes() + rows * sizeof(std::uint32_t));
    }

    JoinShape m_shape;
    OperatorPtr m_probe;
    OperatorPtr m_build;
    std::vector<ExpressionPtr> m_probeKeys;
    std::vector<ExpressionPtr> m_buildKeys;
    struct Output {
        bool fromBuild;
        std::size_t column;
    };
    std::vector<Output> m_outputs;
    std::unique_ptr<BuildSide> m_side;
    std::unique_ptr<MemoryShare> m_memory;
    std::mutex m_mutex;
    int m_probing = 0;
    bool m_unmatchedTaken = false;
};

class JoinCursor final : public Cursor {
public:
    JoinCursor(JoinOperator& op, Run& run) : m_operator(op), m_run(run), m_input(op.probe().cursor(run)) { m_operator.beginProbing(); }
    ~JoinCursor() override { finish(); }

    Result<std::optional<Batch>> next() override
    {
        if (!m_opened) {
            TOCSIN_TRY_ASSIGN(m_keys, makeEvaluators(m_operator.probeKeys(), m_operator.probe().layout(), m_run));
            m_opened = true;
        }
        for (;;) {
            TOCSIN_TRY(m_run.checkStop());
            if (m_row < m_groups.size()) {
                Batch batch = joinSome();
                if (batch.rows() > 0)
                    return batch;
                continue;
            }
            if (m_done)
                return nextUnmatched();
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_input->next());
            if (!batch) {
                m_done = true;
                m_givesUnmatched = finish();
                continue;
            }
            m_probe = batch->compacted();
            RowSet rows(m_probe);
            std::vector<Vector> keys;
            for (Evaluator& evaluator : m_keys) {
                TOCSIN_TRY_ASSIGN(Vector key, evaluator.evaluate(rows));
                keys.push_back(std::move(key));
            }
            m_operator.side().table.find(keys, m_probe.storedRows, m_scratch, m_groups);
            m_row = 0;
            m_chain = kNoGroup;
        }
    }
    std::uint64_t ordinal() const override { return m_done ? m_operator.probe().ordinals() : m_input->ordinal(); }
    void follow(Watch& watch, std::uint64_t base) override { m_input->follow(watch, base); }

private:
    Batch joinSome()
    {
        const JoinShape& shape = m_operator.shape();
        BuildSide& side = m_operator.side();
        std::vector<std::uint32_t> probeRows;
        std::vector<std::uint32_t> buildRows;
        while (m_row < m_groups.size() && probeRows.size() < 4 * kBatchRows) {
            const auto row = static_cast<std::uint32_t>(m_row);
            std::uint32_t match = m_chain;
            if (match == kNoGroup) { // a new probe row
                match = m_groups[m_row] == kNoGroup ? kNoGroup : side.firstRow[m_groups[m_row]];
                if (match == kNoGroup) {
                    if (shape.unmatchedProbe) {
                        probeRows.push_back(row);
                        buildRows.push_back(kNoGroup);
                    }
                    ++m_row;
                    continue;
                }
                if (!shape.matches || shape.probeOnce) {
                    if (shape.probeOnce) {
                        probeRows.push_back(row);
                        buildRows.push_back(kNoGroup);
                    }
                    ++m_row;
                    continue;
                }
            }
            probeRows.push_back(row);
            buildRows.push_back(match);
            if (shape.unmatchedBuild)
                side.matched[match].store(1, std::memory_order_relaxed);
            m_chain = side.nextRow[match];
            if (m_chain == kNoGroup)
                ++m_row;
        }
        return probeRows.empty() ? Batch{} : m_operator.output(m_probe, probeRows, buildRows);
    }

    Result<std::optional<Batch>> nextUnmatched()
    {
        if (!m_givesUnmatched)
            return std::nullopt;
        BuildSide& side = m_operator.side();
        std::vector<std::uint32_t> rows;
        for (; m_buildRow < side.rows.storedRows && rows.size() < kBatchRows; ++m_buildRow)
            if (!side.matched[m_buildRow].load(std::memory_order_relaxed))
                rows.push_back(static_cast<std::uint32_t>(m_buildRow));
        if (rows.empty())
            return std::nullopt;
        return m_operator.output(Batch{}, {}, rows);
    }

    bool finish()
    {
        const bool first = !m_finished;
        m_finished = true;
        return first && m_operator.finishProbing(true);
    }

    JoinOperator& m_operator;
    Run& m_run;
    std::unique_ptr<Cursor> m_input;
    std::vector<Evaluator> m_keys;
    Batch m_probe;
    KeyScratch m_scratch;
    std::vector<std::uint32_t> m_groups;
    std::size_t m_row = 0;
    std::uint32_t m_chain = kNoGroup; ///< next build row for the current probe row
    std::size_t m_buildRow = 0;
    bool m_opened = false;
    bool m_done = false;
    bool m_finished = false;
    bool m_givesUnmatched = false;
};

std::unique_ptr<Cursor> JoinOperator::cursor(Run& run) { return std::make_unique<JoinCursor>(*this, run); }

} // namespace

OperatorPtr makeJoin(const PlanNode& node, OperatorPtr left, OperatorPtr right) { return std::make_unique<JoinOperator>(node, std::move(left), std::move(right)); }

} // namespace tocsin::kql
