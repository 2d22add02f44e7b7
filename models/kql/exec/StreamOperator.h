// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Evaluator.h"

namespace tocsin::kql {

/// Base of operators that turn each batch of one input into one batch (or none, or several), without waiting for others.
class StreamOperator : public Operator {
public:
    StreamOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)) {}
    Result<void> prepare(Run& run) override { return m_input->prepare(run); }
    std::unique_ptr<Cursor> cursor(Run& run) final;
    std::uint64_t ordinals() const final { return m_input->ordinals(); }
    void bound(ColumnId column, const std::shared_ptr<const catalog::TimeBound>& bound) final
    {
        if (m_input->layout().contains(column)) // passed on as it is: columns that are made here have ids of their own
            m_input->bound(column, bound);
    }
    void boundByValue(ColumnId value, ColumnId time, const std::shared_ptr<catalog::ValueTimes>& times) final
    {
        if (m_input->layout().contains(value) && m_input->layout().contains(time))
            m_input->boundByValue(value, time, times);
    }

protected:
    /// The work of one thread.
    class Worker {
    public:
        virtual ~Worker() = default;
        /// The rows made of a batch; a batch of no rows is passed over. `firstRow` is the place of its first row (see RowPlaces).
        virtual Result<Batch> apply(Batch batch, std::uint64_t firstRow) = 0;
        /// More rows made of that batch, until there is nothing: for workers that make many rows out of few.
        virtual Result<std::optional<Batch>> more() { return std::nullopt; }
    };
    /// Makes the expressions of one thread ready.
    virtual Result<std::unique_ptr<Worker>> makeWorker(Run& run) = 0;
    Operator& input() { return *m_input; }

private:
    friend class StreamCursor;
    OperatorPtr m_input;
};

} // namespace tocsin::kql
