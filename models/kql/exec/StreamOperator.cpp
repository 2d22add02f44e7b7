// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/StreamOperator.h"

namespace tocsin::kql {

class StreamCursor final : public Cursor {
public:
    StreamCursor(StreamOperator& op, Run& run) : m_operator(op), m_run(run), m_input(op.m_input->cursor(run)) {}
    Result<std::optional<Batch>> next() override
    {
        if (!m_worker) {
            TOCSIN_TRY_ASSIGN(m_worker, m_operator.makeWorker(m_run));
        }
        for (;;) {
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_input->next());
            if (!batch)
                return std::nullopt;
            const std::size_t rows = batch->rows();
            TOCSIN_TRY_ASSIGN(Batch result, m_worker->apply(std::move(*batch), m_rows));
            m_rows += rows;
            if (result.rows() > 0)
                return result;
            TOCSIN_TRY(m_run.checkStop());
        }
    }
    std::uint64_t ordinal() const override { return m_input->ordinal(); }

private:
    StreamOperator& m_operator;
    Run& m_run;
    std::unique_ptr<Cursor> m_input;
    std::unique_ptr<StreamOperator::Worker> m_worker;
    std::uint64_t m_rows = 0;
};

std::unique_ptr<Cursor> StreamOperator::cursor(Run& run) { return std::make_unique<StreamCursor>(*this, run); }

} // namespace tocsin::kql
