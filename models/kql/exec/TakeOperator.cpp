// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/Operators.h"

namespace tocsin::kql {
namespace {

/// take n: rows are handed out from one shared allowance, and reading stops when it is used up.
class TakeOperator final : public Operator {
public:
    TakeOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_count(node.count) {}
    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(const Value count, evaluateConstant(*m_count, run));
        m_left = count.isNull() ? 0 : std::max<std::int64_t>(0, count.asLong());
        return m_input->prepare(run);
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;

    std::size_t allow(std::size_t rows)
    {
        std::int64_t left = m_left.load();
        for (;;) {
            const std::int64_t granted = std::min<std::int64_t>(left, static_cast<std::int64_t>(rows));
            if (granted <= 0)
                return 0;
            if (m_left.compare_exchange_weak(left, left - granted))
                return static_cast<std::size_t>(granted);
        }
    }
    bool exhausted() const { return m_left.load() <= 0; }
    Operator& input() { return *m_input; }

private:
    OperatorPtr m_input;
    ExpressionPtr m_count;
    std::atomic<std::int64_t> m_left = 0;
};

class TakeCursor final : public Cursor {
public:
    TakeCursor(TakeOperator& op, Run& run) : m_operator(op), m_input(op.input().cursor(run)) {}
    Result<std::optional<Batch>> next() override
    {
        if (m_operator.exhausted())
            return std::nullopt;
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_input->next());
        if (!batch)
            return std::nullopt;
        const std::size_t rows = batch->rows();
        const std::size_t granted = m_operator.allow(rows);
        if (granted == 0)
            return std::nullopt;
        return granted == rows ? std::move(*batch) : batch->slice(0, granted);
    }
    std::uint64_t ordinal() const override { return m_input->ordinal(); }

private:
    TakeOperator& m_operator;
    std::unique_ptr<Cursor> m_input;
};

std::unique_ptr<Cursor> TakeOperator::cursor(Run& run) { return std::make_unique<TakeCursor>(*this, run); }

} // namespace

OperatorPtr makeTake(const PlanNode& node, OperatorPtr input) { return std::make_unique<TakeOperator>(node, std::move(input)); }

} // namespace tocsin::kql
