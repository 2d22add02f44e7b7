// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// Reads a table; each cursor takes morsels until none is left.
class ScanOperator final : public Operator {
public:
    explicit ScanOperator(const PlanNode& node) : Operator(node), m_source(node.source), m_columns(node.scanColumns), m_predicates(node.predicates),
          m_rowIds(!node.columns.empty() && node.columns.back().id == kRowIdColumn)
    {
    }

    Result<void> prepare(Run& run) override
    {
        catalog::ScanRequest request{m_columns, m_predicates, m_timeBound, m_rowIds, m_valueBound};
        m_timeColumn.reset();
        m_hiddenTime = false;
        if (const auto& span = run.options().timespan) {
            if (const auto time = m_source->schema().indexOf("TimeGenerated"); time && m_source->schema().columns[*time].type == DataType::DateTime) {
                request.predicates.push_back({*time, catalog::ScanPredicate::Kind::GreaterOrEqual, {Value::dateTime(span->first)}});
                request.predicates.push_back({*time, catalog::ScanPredicate::Kind::Less, {Value::dateTime(span->second)}});
                const auto place = std::find(request.columns.begin(), request.columns.end(), *time);
                m_timeColumn = static_cast<std::size_t>(place - request.columns.begin());
                m_hiddenTime = place == request.columns.end();
                if (m_hiddenTime)
                    request.columns.push_back(*time); // before the ids
            }
        }
        TOCSIN_TRY_ASSIGN(m_scan, m_source->scan(request));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;
    std::uint64_t ordinals() const override { return m_scan->ordinals(); }
    void bound(ColumnId column, const std::shared_ptr<const catalog::TimeBound>& bound) override
    {
        if (isTimeGenerated(column))
            m_timeBound = bound;
    }
    void boundByValue(ColumnId value, ColumnId time, const std::shared_ptr<catalog::ValueTimes>& times) override
    {
        const auto place = std::ranges::find(columns(), value, &PlanColumn::id) - columns().begin();
        if (isTimeGenerated(time) && static_cast<std::size_t>(place) < m_columns.size())
            m_valueBound = {m_columns[static_cast<std::size_t>(place)], times};
    }
    ~ScanOperator() override = default;

    /// Keeps the rows within the run's period, and drops the time column if only the period needed it.
    Batch withinTimespan(Batch batch, const Run& run) const
    {
        if (!m_timeColumn)
            return batch;
        const auto [from, to] = *run.options().timespan;
        const VectorReader<Ticks> times(batch.columns[*m_timeColumn]);
        auto kept = std::make_shared<std::vector<std::uint32_t>>();
        for (std::uint32_t i = 0; i < batch.storedRows; ++i)
            if (!times.isNull(i) && times[i] >= from && times[i] < to)
                kept->push_back(i);
        if (m_hiddenTime)
            batch.columns.erase(batch.columns.begin() + static_cast<std::ptrdiff_t>(*m_timeColumn));
        if (kept->size() < batch.storedRows)
            batch.selection = std::move(kept);
        return batch;
    }
    catalog::TableScan& scan() { return *m_scan; }

private:
    bool isTimeGenerated(ColumnId column) const
    {
        const auto time = m_source->schema().indexOf("TimeGenerated");
        for (std::size_t i = 0; time && i < m_columns.size(); ++i)
            if (m_columns[i] == *time && columns()[i].id == column)
                return true;
        return false;
    }

    std::shared_ptr<const catalog::TableSource> m_source;
    std::vector<std::size_t> m_columns;
    std::vector<catalog::ScanPredicate> m_predicates;
    bool m_rowIds;
    std::shared_ptr<const catalog::TimeBound> m_timeBound;
    std::optional<catalog::ValueBound> m_valueBound;
    std::unique_ptr<catalog::TableScan> m_scan;
    std::optional<std::size_t> m_timeColumn;
    bool m_hiddenTime = false;
};

class ScanCursor final : public Cursor {
public:
    ScanCursor(ScanOperator& op, Run& run) : m_operator(op), m_run(run) {}
    Result<std::optional<Batch>> next() override
    {
        for (;;) {
            TOCSIN_TRY(m_run.checkStop());
            if (!m_morsel) {
                TOCSIN_TRY_ASSIGN(m_morsel, m_operator.scan().nextMorsel(m_run.stopToken()));
                if (!m_morsel || (m_watch && !m_watch->reached(m_base + m_morsel->ordinal()))) {
                    m_run.reportScan(&m_operator.scan(), m_operator.scan().statistics());
                    return std::nullopt;
                }
                m_ordinal = m_morsel->ordinal();
            }
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_morsel->next());
            if (!batch) {
                m_morsel.reset();
                m_run.reportScan(&m_operator.scan(), m_operator.scan().statistics());
                continue;
            }
            Batch rows = batch->selection ? m_operator.withinTimespan(batch->compacted(), m_run) : m_operator.withinTimespan(std::move(*batch), m_run);
            if (rows.rows() > 0)
                return rows;
        }
    }
    std::uint64_t ordinal() const override { return m_ordinal; }
    void follow(Watch& watch, std::uint64_t base) override
    {
        m_watch = &watch;
        m_base = base;
    }

private:
    ScanOperator& m_operator;
    Run& m_run;
    std::unique_ptr<catalog::Morsel> m_morsel;
    std::uint64_t m_ordinal = 0;
    Watch* m_watch = nullptr;
    std::uint64_t m_base = 0;
};

std::unique_ptr<Cursor> ScanOperator::cursor(Run& run) { return std::make_unique<ScanCursor>(*this, run); }

} // namespace

OperatorPtr makeScan(const PlanNode& node) { return std::make_unique<ScanOperator>(node); }

} // namespace tocsin::kql
