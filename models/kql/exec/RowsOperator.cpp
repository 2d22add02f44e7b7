// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/Operators.h"

#include <cmath>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kRangeStep{"query.range_step", "The step of range must not be null or zero", "Give a step that leads from the first to the last value."};

/// datatable, and the one empty row that print starts from.
class RowsOperator final : public Operator {
public:
    explicit RowsOperator(const PlanNode& node) : Operator(node), m_rows(node.rows) {}
    Result<void> prepare(Run&) override
    {
        auto batches = std::make_shared<std::vector<Batch>>();
        for (std::size_t start = 0; start < m_rows.size(); start += kBatchRows) {
            const std::size_t end = std::min(start + kBatchRows, m_rows.size());
            Batch batch;
            batch.storedRows = end - start;
            for (std::size_t c = 0; c < columns().size(); ++c) {
                VectorBuilder builder(columns()[c].type);
                for (std::size_t r = start; r < end; ++r)
                    builder.append(m_rows[r][c]);
                batch.columns.push_back(builder.finish());
            }
            batches->push_back(std::move(batch));
        }
        m_queue.set(std::move(batches));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    std::vector<std::vector<Value>> m_rows;
    BatchQueue m_queue;
};

class RangeCursor;

/// range x from a to b step s.
class RangeOperator final : public Operator {
public:
    explicit RangeOperator(const PlanNode& node) : Operator(node), m_expressions(node.expressions) {}
    Result<void> prepare(Run& run) override
    {
        m_values.clear();
        for (const ExpressionPtr& expression : m_expressions) {
            TOCSIN_TRY_ASSIGN(Value value, evaluateConstant(*expression, run));
            m_values.push_back(std::move(value));
        }
        const Value& step = m_values[2];
        const bool zero = !step.isNull() && visitType(step.type(), [&]<DataType T>() {
            if constexpr (T == DataType::Int || T == DataType::Long || T == DataType::Real || T == DataType::TimeSpan)
                return step.get<T>() == 0;
            else
                return false;
        });
        if (step.isNull() || zero) {
            Error error = makeError(kRangeStep);
            error.at(m_expressions[2]->span);
            return std::unexpected(std::move(error));
        }
        m_next = 0;
        m_count = m_values[0].isNull() || m_values[1].isNull() ? 0 : countRows();
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override;
    std::uint64_t ordinals() const override { return (m_count + kBatchRows - 1) / kBatchRows; }

    /// Takes up to kBatchRows rows for one cursor: first row and number.
    std::pair<std::uint64_t, std::size_t> take()
    {
        const std::uint64_t first = m_next.fetch_add(kBatchRows);
        return {first, first >= m_count ? 0 : static_cast<std::size_t>(std::min<std::uint64_t>(kBatchRows, m_count - first))};
    }
    Vector values(std::uint64_t first, std::size_t count) const
    {
        const DataType type = columns()[0].type;
        return visitType(type, [&]<DataType T>() -> Vector {
            TypedBuilder<T> builder(count);
            for (std::size_t i = 0; i < count; ++i) {
                if constexpr (T == DataType::Real)
                    builder.append(m_values[0].asReal() + static_cast<double>(first + i) * m_values[2].asReal());
                else if constexpr (T == DataType::Long || T == DataType::DateTime || T == DataType::TimeSpan)
                    builder.append(m_values[0].asLong() + static_cast<std::int64_t>(first + i) * m_values[2].asLong());
                else if constexpr (T == DataType::Int)
                    builder.append(static_cast<std::int32_t>(m_values[0].asInt() + static_cast<std::int64_t>(first + i) * m_values[2].asInt()));
                else if constexpr (T == DataType::Decimal)
                    builder.append(m_values[0].asDecimal() + Decimal(static_cast<std::int64_t>(first + i)) * m_values[2].asDecimal());
                else
                    builder.appendNull();
            }
            return builder.finish();
        });
    }

private:
    std::uint64_t countRows() const
    {
        return visitType(m_values[0].type(), [&]<DataType T>() -> std::uint64_t {
            if constexpr (T == DataType::Int || T == DataType::Long || T == DataType::DateTime || T == DataType::TimeSpan) {
                const auto asLong = [](const Value& v) { return v.type() == DataType::Int ? std::int64_t{v.asInt()} : v.asLong(); };
                __extension__ using Wide = __int128;
                const Wide distance = Wide{asLong(m_values[1])} - asLong(m_values[0]);
                const Wide step = asLong(m_values[2]);
                return (distance < 0) != (step < 0) && distance != 0 ? 0 : static_cast<std::uint64_t>(distance / step) + 1;
            } else if constexpr (T == DataType::Real) {
                const double steps = (m_values[1].asReal() - m_values[0].asReal()) / m_values[2].asReal();
                return steps < 0 || !std::isfinite(steps) ? 0 : static_cast<std::uint64_t>(std::floor(steps + 1e-9)) + 1;
            } else if constexpr (T == DataType::Decimal) {
                const auto steps = Decimal::divide(m_values[1].asDecimal() - m_values[0].asDecimal(), m_values[2].asDecimal());
                return !steps || steps->isNegative() ? 0 : static_cast<std::uint64_t>(steps->floor().toLong().value_or(0)) + 1;
            } else {
                return 0;
            }
        });
    }

    std::vector<ExpressionPtr> m_expressions;
    std::vector<Value> m_values;
    std::uint64_t m_count = 0;
    std::atomic<std::uint64_t> m_next = 0;
};

class RangeCursor final : public Cursor {
public:
    RangeCursor(RangeOperator& op, Run& run) : m_operator(op), m_run(run) {}
    Result<std::optional<Batch>> next() override
    {
        TOCSIN_TRY(m_run.checkStop());
        const auto [first, count] = m_operator.take();
        if (count == 0 || (m_watch && !m_watch->reached(m_base + first / kBatchRows)))
            return std::nullopt;
        m_first = first;
        Batch batch;
        batch.storedRows = count;
        batch.columns.push_back(m_operator.values(first, count));
        return batch;
    }
    std::uint64_t ordinal() const override { return m_first / kBatchRows; }
    void follow(Watch& watch, std::uint64_t base) override
    {
        m_watch = &watch;
        m_base = base;
    }

private:
    RangeOperator& m_operator;
    Run& m_run;
    std::uint64_t m_first = 0;
    Watch* m_watch = nullptr;
    std::uint64_t m_base = 0;
};

std::unique_ptr<Cursor> RangeOperator::cursor(Run& run) { return std::make_unique<RangeCursor>(*this, run); }

} // namespace

OperatorPtr makeRows(const PlanNode& node) { return std::make_unique<RowsOperator>(node); }
OperatorPtr makeRange(const PlanNode& node) { return std::make_unique<RangeOperator>(node); }

} // namespace tocsin::kql
