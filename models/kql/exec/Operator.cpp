// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operator.h"

#include "kql/exec/KeptRows.h"
#include "kql/exec/WatchedCursor.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>

namespace tocsin::kql {

Layout::Layout(const std::vector<PlanColumn>& columns) : m_size(columns.size())
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        m_places.emplace(columns[i].id, i);
}

Result<void> drain(Operator& input, Run& run, const BatchUser& use, Threads threads)
{
    const auto work = [&](unsigned worker) -> Result<void> {
        const std::unique_ptr<Cursor> cursor = input.cursor(run);
        RowPlaces places;
        for (;;) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
            if (!batch)
                return {};
            const std::uint64_t place = places.next(cursor->ordinal(), batch->rows());
            TOCSIN_TRY(use(worker, std::move(*batch), place));
        }
    };
    return input.ordered() || input.ordinals() <= 1 || threads == Threads::One ? work(0) : run.parallel(work);
}

namespace {

/// Hands the batches of several workers on in their order: a batch waits until no worker can give an earlier one any more.
class Sequencer {
public:
    Sequencer(Run& run, const std::function<Result<bool>(Batch)>& use)
        : m_use(use), m_run(run), m_mostPending(run.memory().limit() ? std::clamp<std::uint64_t>(run.memory().limit() / 16, 1 << 20, 64 << 20) : 64 << 20), m_memory(run.memory()), m_lanes(run.threads()) {}

    Result<void> work(Operator& input, Run& run, unsigned worker)
    {
        Lane& lane = m_lanes[worker];
        begin(lane);
        const std::unique_ptr<Cursor> cursor = input.cursor(run);
        cursor->follow(lane, 0);
        RowPlaces places;
        while (!m_done) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
            if (!batch)
                break;
            const std::uint64_t place = places.next(cursor->ordinal(), batch->rows());
            TOCSIN_TRY(add(lane, place, batch->compacted())); // here, where threads work side by side
        }
        setPosition(lane, kEnded);
        return release();
    }

private:
    static constexpr std::uint64_t kEnded = ~std::uint64_t{0};
    static constexpr std::chrono::milliseconds kStopInterval{20};

    struct Lane final : Watch {
        bool reached(std::uint64_t ordinal) override
        {
            sequencer->setPosition(*this, ordinal);
            return sequencer->release() && !sequencer->m_done;
        }
        Sequencer* sequencer = nullptr;   ///< null: this worker has not begun, and will only take up what nobody has yet
        std::uint64_t position = 0;       ///< it gives nothing below this ordinal any more
    };
    struct Pending {
        Batch batch;
        const Lane* lane;
        std::uint64_t bytes;
    };

    void begin(Lane& lane)
    {
        const std::lock_guard lock(m_mutex);
        lane.sequencer = this;
    }
    void setPosition(Lane& lane, std::uint64_t position)
    {
        const std::lock_guard lock(m_mutex);
        lane.position = position;
        m_changed.notify_all();
    }
    Result<void> add(Lane& lane, std::uint64_t place, Batch batch)
    {
        {
            std::unique_lock lock(m_mutex);
            lane.position = place >> kOrdinalShift;
            const std::uint64_t bytes = ownBytes(batch);
            // Whoever is ahead waits, so that early batches do not pile up; the one whose turn it is never does.
            while (m_memory.bytes() + bytes > m_mostPending && !m_pending.empty() && !m_done && !m_failure && !isNext(lane.position, &lane)) {
                m_changed.wait_for(lock, kStopInterval);
                TOCSIN_TRY(m_run.checkStop());
            }
            m_memory.hold(m_memory.bytes() + bytes);
            m_pending.emplace(place, Pending{std::move(batch), &lane, bytes});
        }
        return release();
    }
    bool isNext(std::uint64_t ordinal, const Lane* owner) const
    {
        return std::all_of(m_lanes.begin(), m_lanes.end(), [&](const Lane& lane) { return !lane.sequencer || &lane == owner || lane.position > ordinal; });
    }
    Result<void> release()
    {
        const std::lock_guard lock(m_mutex);
        if (m_failure)
            return std::unexpected(*m_failure);
        while (!m_done && !m_pending.empty() && isNext(m_pending.begin()->first >> kOrdinalShift, m_pending.begin()->second.lane)) {
            Pending next = std::move(m_pending.extract(m_pending.begin()).mapped());
            m_memory.shrink(next.bytes);
            const Result<bool> more = m_use(std::move(next.batch));
            if (!more) {
                m_failure = more.error();
                m_changed.notify_all();
                return std::unexpected(*m_failure);
            }
            m_done = !*more;
            m_changed.notify_all();
        }
        return {};
    }

    const std::function<Result<bool>(Batch)>& m_use;
    Run& m_run;
    std::uint64_t m_mostPending; ///< bytes of early batches
    std::mutex m_mutex;
    std::condition_variable m_changed;
    MemoryShare m_memory;
    std::vector<Lane> m_lanes;
    std::map<std::uint64_t, Pending> m_pending;
    std::optional<Error> m_failure;
    std::atomic<bool> m_done = false;
};

} // namespace

Result<void> drainInOrder(Operator& input, Run& run, const std::function<Result<bool>(Batch)>& use)
{
    if (!input.ordered() && input.ordinals() > 1 && run.threads() > 1) {
        Sequencer sequencer(run, use);
        return run.parallel([&](unsigned worker) { return sequencer.work(input, run, worker); });
    }
    const std::unique_ptr<Cursor> cursor = input.cursor(run);
    for (;;) {
        TOCSIN_TRY(run.checkStop());
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
        if (!batch)
            return {};
        TOCSIN_TRY_ASSIGN(const bool more, use(std::move(*batch)));
        if (!more)
            return {};
    }
}

std::uint64_t ownBytes(const Batch& batch)
{
    std::uint64_t bytes = 0;
    for (const Vector& column : batch.columns)
        bytes += column.isDictionary() || column.isConstant() ? column.size() * sizeof(std::uint32_t) : column.memoryBytes();
    return bytes;
}

Batch compactedToKeep(const Batch& batch)
{
    constexpr std::size_t kFew = 4;
    Batch kept = batch.compacted();
    if (kept.storedRows * kFew > batch.storedRows)
        return kept;
    for (Vector& column : kept.columns) {
        if (!isTextual(column.type()) || column.kind() != VectorKind::Flat)
            continue;
        VectorBuilder copy(column.type());
        for (std::size_t row = 0; row < column.size(); ++row)
            copy.append(column, row);
        column = copy.finish();
    }
    return kept;
}

std::uint64_t KeptBytes::add(const Batch& batch)
{
    std::uint64_t bytes = ownBytes(batch);
    for (const Vector& column : batch.columns)
        if (column.isDictionary() && m_dictionaries.insert(&column.dictionaryValues()).second)
            bytes += column.dictionaryValues().memoryBytes();
    return bytes;
}

Vector takeColumn(std::vector<Batch>& batches, std::size_t column)
{
    std::vector<Vector> parts;
    parts.reserve(batches.size());
    for (Batch& batch : batches)
        parts.push_back(std::exchange(batch.columns[column], Vector()));
    return concatenate(parts);
}

Batch joined(std::vector<Batch> batches, std::size_t columns)
{
    if (batches.size() == 1)
        return std::move(batches.front());
    Batch whole;
    for (const Batch& batch : batches)
        whole.storedRows += batch.storedRows;
    for (std::size_t c = 0; c < columns; ++c)
        whole.columns.push_back(takeColumn(batches, c));
    return whole;
}

Result<std::vector<Batch>> collect(Operator& input, Run& run, MemoryShare& memory)
{
    struct Piece {
        std::uint64_t place;
        Batch batch;
    };
    std::mutex mutex;
    std::vector<Piece> pieces;
    TOCSIN_TRY(drain(input, run, [&](unsigned, Batch batch, std::uint64_t place) -> Result<void> {
        Batch compact = compactedToKeep(batch);
        const std::uint64_t bytes = ownBytes(compact);
        const std::lock_guard lock(mutex);
        TOCSIN_TRY(memory.grow(bytes));
        pieces.push_back({place, std::move(compact)});
        return {};
    }));
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.place < b.place; });
    std::vector<Batch> batches;
    batches.reserve(pieces.size());
    for (Piece& piece : pieces)
        batches.push_back(std::move(piece.batch));
    return batches;
}

class BatchQueueCursor final : public WatchedCursor {
public:
    explicit BatchQueueCursor(BatchQueue& queue) : m_queue(queue) {}
    Result<std::optional<Batch>> next() override
    {
        while (m_queue.m_batches) {
            const std::size_t place = m_queue.m_next.fetch_add(1);
            if (place >= m_queue.m_batches->size() || !reach(place))
                break;
            const Batch& batch = (*m_queue.m_batches)[place];
            if (batch.rows() > 0)
                return batch;
        }
        return std::nullopt;
    }

private:
    BatchQueue& m_queue;
};

std::unique_ptr<Cursor> BatchQueue::cursor() { return std::make_unique<BatchQueueCursor>(*this); }

} // namespace tocsin::kql
