// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operator.h"

#include <algorithm>

namespace tocsin::kql {

Layout::Layout(const std::vector<PlanColumn>& columns) : m_size(columns.size())
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        m_places.emplace(columns[i].id, i);
}

Result<void> drain(Operator& input, Run& run, const std::function<Result<void>(unsigned, Batch, std::uint64_t)>& use)
{
    const auto work = [&](unsigned worker) -> Result<void> {
        const std::unique_ptr<Cursor> cursor = input.cursor(run);
        for (;;) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
            if (!batch)
                return {};
            TOCSIN_TRY(use(worker, std::move(*batch), cursor->ordinal()));
        }
    };
    return input.ordered() ? work(0) : run.parallel(work);
}

Result<std::vector<Batch>> collect(Operator& input, Run& run, MemoryShare& memory)
{
    struct Piece {
        std::uint64_t ordinal;
        Batch batch;
    };
    std::mutex mutex;
    std::vector<Piece> pieces;
    TOCSIN_TRY(drain(input, run, [&](unsigned, Batch batch, std::uint64_t ordinal) -> Result<void> {
        Batch compact = batch.compacted();
        std::uint64_t bytes = 0;
        for (const Vector& column : compact.columns)
            bytes += column.isDictionary() ? column.size() * sizeof(std::uint32_t) : column.memoryBytes();
        const std::lock_guard lock(mutex);
        TOCSIN_TRY(memory.grow(bytes));
        pieces.push_back({ordinal, std::move(compact)});
        return {};
    }));
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.ordinal < b.ordinal; });
    std::vector<Batch> batches;
    batches.reserve(pieces.size());
    for (Piece& piece : pieces)
        batches.push_back(std::move(piece.batch));
    return batches;
}

class BatchQueueCursor final : public Cursor {
public:
    explicit BatchQueueCursor(BatchQueue& queue) : m_queue(queue) {}
    Result<std::optional<Batch>> next() override
    {
        while (m_queue.m_batches) {
            m_at = m_queue.m_next.fetch_add(1);
            if (m_at >= m_queue.m_batches->size())
                break;
            const Batch& batch = (*m_queue.m_batches)[m_at];
            if (batch.rows() > 0)
                return batch;
        }
        return std::nullopt;
    }
    std::uint64_t ordinal() const override { return m_at; }

private:
    BatchQueue& m_queue;
    std::size_t m_at = 0;
};

std::unique_ptr<Cursor> BatchQueue::cursor() { return std::make_unique<BatchQueueCursor>(*this); }

} // namespace tocsin::kql
