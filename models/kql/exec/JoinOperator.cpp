// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"
#include "kql/exec/SpilledJoin.h"

#include <limits>
#include <optional>
#include <utility>

namespace tocsin::kql {
namespace {

/// Holds one side in memory and streams the other past it. If the one does not fit, both go to disk in partitions by key.
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
            m_outputs.push_back({fromBuild, (fromBuild ? m_build : m_probe)->layout().indexOf(column), columns()[m_outputs.size()].type});
        }
        if (node.joinRange)
            boundPairs(*node.joinRange);
    }

    Result<void> prepare(Run& run) override
    {
        m_merged.reset();
        m_side.reset();
        m_range.reset();
        m_input.reset();
        TOCSIN_TRY(m_build->prepare(run));
        m_input = std::make_unique<JoinInput>(*m_build, m_buildKeys, run);
        TOCSIN_TRY(m_input->read(false));
        if (m_input->spilled())
            return joinOnDisk(run);
        m_side = std::make_unique<BuildSide>(m_buildKeys, m_shape);
        m_side->begin(m_input->takeRows());
        TOCSIN_TRY(buildTable(run));
        if (m_rangeColumns)
            m_range = PairRange{m_side->rows().columns[m_rangeColumns->build].flatten(), m_least, m_most};
        m_unmatchedTaken = false;
        return m_probe->prepare(run);
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;
    std::uint64_t ordinals() const override { return m_merged ? m_merged->ordinals() : m_probe->ordinals() + 1; }

    const JoinShape& shape() const { return m_shape; }
    BuildSide& side() { return *m_side; }
    Operator& probe() { return *m_probe; }
    const std::vector<ExpressionPtr>& probeKeys() const { return m_probeKeys; }
    const std::vector<JoinOutput>& outputs() const { return m_outputs; }
    const std::optional<PairRange>& range() const { return m_range; }
    /// Only with a range: the column of the probe rows that it is about.
    std::size_t probeTime() const { return m_rangeColumns->probe; }
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

private:
    struct RangeColumns {
        std::size_t build;
        std::size_t probe;
    };
    /// The bound of a distance seen from its other end; what is unbounded stays so.
    static std::int64_t turned(std::int64_t bound)
    {
        using Limits = std::numeric_limits<std::int64_t>;
        return bound == Limits::min() ? Limits::max() : bound == Limits::max() ? Limits::min() : -bound;
    }
    void boundPairs(const PlanNode::JoinRange& range)
    {
        const ColumnId ofBuild = m_shape.buildsLeft ? range.left : range.right, ofProbe = m_shape.buildsLeft ? range.right : range.left;
        if (!m_build->layout().contains(ofBuild) || !m_probe->layout().contains(ofProbe))
            return;
        m_rangeColumns = RangeColumns{m_build->layout().indexOf(ofBuild), m_probe->layout().indexOf(ofProbe)};
        m_least = m_shape.buildsLeft ? turned(range.most) : range.least; // the range is of the right from the left
        m_most = m_shape.buildsLeft ? turned(range.least) : range.most;
    }
    Result<void> buildTable(Run& run)
    {
        const Batch& rows = m_side->rows();
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> evaluators, makeEvaluators(m_buildKeys, m_build->layout(), run));
        for (std::size_t start = 0; start < rows.storedRows; start += kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            const Batch part = rows.slice(start, std::min(kBatchRows, rows.storedRows - start));
            RowSet set(part);
            std::vector<Vector> keys;
            for (Evaluator& evaluator : evaluators) {
                TOCSIN_TRY_ASSIGN(Vector key, evaluator.evaluate(set));
                keys.push_back(std::move(key));
            }
            m_side->addKeys(keys, part.storedRows);
        }
        m_side->finish();
        return m_input->memory().resize(ownBytes(m_side->rows()) + m_side->tableBytes());
    }
    Result<void> joinOnDisk(Run& run)
    {
        TOCSIN_TRY_ASSIGN(JoinInput::Partitions build, m_input->takePartitions());
        m_input.reset();
        TOCSIN_TRY(m_probe->prepare(run));
        JoinInput probe(*m_probe, m_probeKeys, run);
        TOCSIN_TRY(probe.read(true));
        TOCSIN_TRY_ASSIGN(JoinInput::Partitions probed, probe.takePartitions());
        SpilledJoin join({m_shape, m_outputs, m_buildKeys, m_build->columns().size(), m_probe->columns().size(), m_probe->ordinals()}, run);
        TOCSIN_TRY_ASSIGN(m_merged, join.join(std::move(build), std::move(probed)));
        return {};
    }

    JoinShape m_shape;
    OperatorPtr m_probe;
    OperatorPtr m_build;
    std::vector<ExpressionPtr> m_probeKeys;
    std::vector<ExpressionPtr> m_buildKeys;
    std::vector<JoinOutput> m_outputs;
    std::unique_ptr<JoinInput> m_input; ///< of the build side; has the memory of m_side
    std::unique_ptr<BuildSide> m_side;
    std::unique_ptr<MergedRows> m_merged;
    std::optional<RangeColumns> m_rangeColumns; ///< of the times in the range
    std::int64_t m_least = 0;
    std::int64_t m_most = 0;
    std::optional<PairRange> m_range;
    std::mutex m_mutex;
    int m_probing = 0;
    bool m_unmatchedTaken = false;
};

class JoinCursor final : public Cursor {
public:
    JoinCursor(JoinOperator& op, Run& run) : m_operator(op), m_run(run), m_input(op.probe().cursor(run)), m_prober(op.shape(), op.side())
    {
        if (op.range())
            m_prober.bound(*op.range());
        m_operator.beginProbing();
    }
    ~JoinCursor() override { finish(); }

    Result<std::optional<Batch>> next() override
    {
        if (!m_opened) {
            TOCSIN_TRY_ASSIGN(m_keys, makeEvaluators(m_operator.probeKeys(), m_operator.probe().layout(), m_run));
            m_opened = true;
        }
        for (;;) {
            TOCSIN_TRY(m_run.checkStop());
            if (!m_prober.atEnd()) {
                m_prober.step();
                if (!m_prober.probeRows().empty())
                    return joinRows(m_operator.outputs(), m_probe, m_prober.probeRows(), m_operator.side().rows(), m_prober.buildRows());
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
            m_prober.start(keys, m_probe.storedRows);
            if (m_operator.range())
                m_prober.reach(m_probe.columns[m_operator.probeTime()]);
        }
    }
    std::uint64_t ordinal() const override { return m_done ? m_operator.probe().ordinals() : m_input->ordinal(); }
    void follow(Watch& watch, std::uint64_t base) override { m_input->follow(watch, base); }

private:
    Result<std::optional<Batch>> nextUnmatched()
    {
        if (!m_givesUnmatched)
            return std::nullopt;
        const std::vector<std::uint32_t> rows = m_operator.side().unmatched(m_buildRow);
        if (rows.empty())
            return std::nullopt;
        return joinRows(m_operator.outputs(), {}, {}, m_operator.side().rows(), rows);
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
    Prober m_prober;
    std::size_t m_buildRow = 0;
    bool m_opened = false;
    bool m_done = false;
    bool m_finished = false;
    bool m_givesUnmatched = false;
};

std::unique_ptr<Cursor> JoinOperator::cursor(Run& run)
{
    if (m_merged)
        return m_merged->cursor();
    return std::make_unique<JoinCursor>(*this, run);
}

} // namespace

OperatorPtr makeJoin(const PlanNode& node, OperatorPtr left, OperatorPtr right) { return std::make_unique<JoinOperator>(node, std::move(left), std::move(right)); }

} // namespace tocsin::kql
