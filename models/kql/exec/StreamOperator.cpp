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
            TOCSIN_TRY_ASSIGN(std::optional<Batch> result, m_worker->more());
            if (!result) {
                TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_input->next());
                if (!batch)
                    return std::nullopt;
                const std::uint64_t place = m_places.next(m_input->ordinal(), batch->rows());
                TOCSIN_TRY_ASSIGN(result, m_worker->apply(std::move(*batch), place));
            }
            if (result->rows() > 0)
                return result;
            TOCSIN_TRY(m_run.checkStop());
        }
    }
    std::uint64_t ordinal() const override { return m_input->ordinal(); }
    void follow(Watch& watch, std::uint64_t base) override { m_input->follow(watch, base); }

private:
    StreamOperator& m_operator;
    Run& m_run;
    std::unique_ptr<Cursor> m_input;
    std::unique_ptr<StreamOperator::Worker> m_worker;
    RowPlaces m_places;
};

std::unique_ptr<Cursor> StreamOperator::cursor(Run& run) { return std::make_unique<StreamCursor>(*this, run); }

} // namespace tocsin::kql
