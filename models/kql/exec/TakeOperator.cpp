// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/Operators.h"
#include "kql/exec/Subquery.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// take n: the first rows in the input's own order, whatever threads read them; reading stops when there are enough.
class TakeOperator final : public Operator {
public:
    TakeOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_count(node.count) {}
    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*m_count, run));
        std::size_t left = count.isNull() ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(0, count.asLong()));
        m_output = std::make_unique<BatchCollector>(columns().size(), run);
        TOCSIN_TRY(m_input->prepare(run));
        if (left > 0)
            TOCSIN_TRY(drainInOrder(*m_input, run, [&](Batch batch) -> Result<bool> {
                const std::size_t rows = std::min(left, batch.rows());
                left -= rows;
                TOCSIN_TRY(m_output->add(rows == batch.rows() ? std::move(batch) : batch.slice(0, rows)));
                return left > 0;
            }));
        m_queue.set(m_output->finish());
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    OperatorPtr m_input;
    ExpressionPtr m_count;
    std::unique_ptr<BatchCollector> m_output;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeTake(const PlanNode& node, OperatorPtr input) { return std::make_unique<TakeOperator>(node, std::move(input)); }

} // namespace tocsin::kql
