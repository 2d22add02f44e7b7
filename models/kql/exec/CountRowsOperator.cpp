// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// One row: how many rows a table has in a period.
class CountRowsOperator final : public Operator {
public:
    explicit CountRowsOperator(const PlanNode& node) : Operator(node), m_source(node.source), m_period(node.period) {}

    Result<void> prepare(Run& run) override
    {
        catalog::TimePeriod period = m_period;
        const auto time = m_source->schema().indexOf("TimeGenerated");
        if (const auto& span = run.options().timespan; span && time && m_source->schema().columns[*time].type == DataType::DateTime) {
            period.from = std::max(period.from.value_or(span->first), span->first);
            period.to = std::min(period.to.value_or(span->second), span->second);
        }
        TOCSIN_TRY_ASSIGN(const std::uint64_t count, m_source->countRows(period, run.stopToken()));
        Batch row;
        row.storedRows = 1;
        row.columns.push_back(Vector::constant(Value::int64(static_cast<std::int64_t>(count)), 1));
        m_queue.set(std::make_shared<const std::vector<Batch>>(std::vector<Batch>{std::move(row)}));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    std::shared_ptr<const catalog::TableSource> m_source;
    catalog::TimePeriod m_period;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeCountRows(const PlanNode& node) { return std::make_unique<CountRowsOperator>(node); }

} // namespace tocsin::kql
