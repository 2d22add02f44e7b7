// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/RunMerger.h"

#include "kql/exec/Subquery.h"
#include "kql/exec/WatchedCursor.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr std::size_t kNobody = ~std::size_t{0};

std::size_t mostRunsAtOnce(const Run& run, const MemoryBudget& memory)
{
    constexpr std::size_t kLeast = 4, kMost = 64;
    return memory.limit() == 0 ? kMost : std::clamp<std::size_t>(memory.limit() / 8 / (2 * run.spillBlockBytes()), kLeast, kMost);
}

} // namespace

RunMerger::RunMerger(std::vector<SpillRun> runs, RunOrder order, Run& run) : m_run(run), m_order(std::move(order)), m_memory(run.memory())
{
    std::uint64_t bytes = 0;
    for (SpillRun& each : runs) {
        if (each.empty())
            continue;
        bytes += each.largestBlock() * 3 / 2; // text has its views beside it
        m_sources.emplace_back(std::move(each));
    }
    m_memory.hold(bytes);
}

Result<void> RunMerger::load(std::size_t index)
{
    Source& source = m_sources[index];
    TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, source.reader.next());
    if (!batch) {
        source.ended = true;
        return {};
    }
    if (m_comparers.empty())
        for (const RunOrder::Key& key : m_order.keys)
            m_comparers.push_back(makeCrossComparer(batch->columns[key.column].type(), key.direction, m_sources.size()));
    for (std::size_t k = 0; k < m_comparers.size(); ++k)
        m_comparers[k]->set(index, batch->columns[m_order.keys[k].column]);
    source.block = m_blocks.size();
    source.row = 0;
    m_blocks.push_back(std::move(*batch));
    return {};
}

Result<void> RunMerger::open()
{
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        TOCSIN_TRY(load(i));
    build();
    m_opened = true;
    return {};
}

bool RunMerger::before(std::size_t a, std::size_t b) const
{
    if (a == kNobody || b == kNobody)
        return a == kNobody; // while the tree is built, whoever is missing wins
    if (m_sources[a].ended || m_sources[b].ended)
        return !m_sources[a].ended;
    for (const auto& comparer : m_comparers)
        if (const int order = comparer->compare(a, m_sources[a].row, b, m_sources[b].row))
            return order < 0;
    return a < b;
}

/// Plays the games from a source's leaf up to the root.
void RunMerger::replay(std::size_t source)
{
    std::size_t winner = source;
    for (std::size_t node = (source + m_sources.size()) / 2; node > 0; node /= 2)
        if (before(m_losers[node], winner))
            std::swap(m_losers[node], winner);
    m_losers[0] = winner;
}

void RunMerger::build()
{
    m_losers.assign(std::max<std::size_t>(1, m_sources.size()), kNobody);
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        replay(i);
}

/// Only the sources' current blocks stay.
void RunMerger::forgetReadBlocks()
{
    std::vector<Batch> current;
    for (Source& source : m_sources) {
        if (source.ended)
            continue;
        current.push_back(std::move(m_blocks[source.block]));
        source.block = current.size() - 1;
    }
    m_blocks = std::move(current);
}

Batch RunMerger::assemble() const
{
    const bool oneBlock = std::all_of(m_picks.begin(), m_picks.end(), [this](const RowPick& pick) { return pick.batch == m_picks[0].batch; });
    if (!oneBlock)
        return RowGatherer(m_blocks).gather(m_picks);
    std::vector<std::uint32_t> rows;
    for (const RowPick& pick : m_picks)
        rows.push_back(pick.row);
    return gatherRows(m_blocks[m_picks[0].batch], rows);
}

Result<std::optional<Batch>> RunMerger::next(std::size_t most)
{
    if (!m_opened)
        TOCSIN_TRY(open());
    TOCSIN_TRY(m_run.checkStop());
    m_picks.clear();
    if (m_sources.empty())
        return std::nullopt;
    while (m_picks.size() < most) {
        const std::size_t winner = m_losers[0];
        Source& source = m_sources[winner];
        if (source.ended)
            break;
        m_picks.push_back({static_cast<std::uint32_t>(source.block), source.row});
        if (++source.row == m_blocks[source.block].storedRows)
            TOCSIN_TRY(load(winner));
        replay(winner);
    }
    if (m_picks.empty())
        return std::nullopt;
    Batch batch = assemble();
    forgetReadBlocks();
    return batch;
}

Result<std::vector<SpillRun>> fewerRuns(std::vector<SpillRun> runs, const RunOrder& order, Run& run)
{
    std::erase_if(runs, [](const SpillRun& each) { return each.empty(); });
    const std::size_t most = mostRunsAtOnce(run, run.memory());
    while (runs.size() > most) {
        TOCSIN_TRY_ASSIGN(const std::shared_ptr<SpillFile> file, run.spill().file());
        std::vector<SpillRun> merged;
        for (std::size_t start = 0; start < runs.size(); start += most) {
            const std::size_t end = std::min(runs.size(), start + most);
            RunMerger merger({std::make_move_iterator(runs.begin() + static_cast<std::ptrdiff_t>(start)), std::make_move_iterator(runs.begin() + static_cast<std::ptrdiff_t>(end))}, order, run);
            RunWriter writer(file, run.spillBlockBytes());
            for (;;) {
                TOCSIN_TRY_ASSIGN(const std::optional<Batch> batch, merger.next(kBatchRows));
                if (!batch)
                    break;
                TOCSIN_TRY(writer.write(*batch));
            }
            merged.push_back(writer.finish());
        }
        runs = std::move(merged);
    }
    return runs;
}

MergedRows::MergedRows(std::vector<SpillRun> runs, RunOrder order, Shape shape, Run& run)
    : m_merger(runs, std::move(order), run), m_shape(shape), m_ordinals(shape.ordinals), m_left(shape.limit)
{
    if (shape.ordinalsFrom)
        return;
    std::uint64_t rows = 0;
    for (const SpillRun& each : runs)
        rows += each.rows;
    m_ordinals = (std::min(rows, m_left) + kBatchRows - 1) / kBatchRows;
}

Result<std::unique_ptr<MergedRows>> MergedRows::make(std::vector<SpillRun> runs, RunOrder order, Shape shape, Run& run)
{
    TOCSIN_TRY_ASSIGN(std::vector<SpillRun> few, fewerRuns(std::move(runs), order, run));
    return std::unique_ptr<MergedRows>(new MergedRows(std::move(few), std::move(order), shape, run));
}

/// Rows of one ordinal only.
Result<std::optional<Batch>> MergedRows::nextWithin(std::uint64_t& ordinal)
{
    std::optional<Batch> batch = std::exchange(m_rest, std::nullopt);
    if (!batch) {
        TOCSIN_TRY_ASSIGN(batch, m_merger.next(kBatchRows));
    }
    if (!batch)
        return batch;
    const VectorReader<std::int64_t> places(batch->columns[*m_shape.ordinalsFrom]);
    const auto ordinalOf = [&](std::size_t row) { return static_cast<std::uint64_t>(places[row]) >> kOrdinalShift; };
    std::size_t end = 1;
    while (end < batch->storedRows && ordinalOf(end) == ordinalOf(0))
        ++end;
    ordinal = std::min(ordinalOf(0), m_ordinals - 1);
    if (end < batch->storedRows) {
        m_rest = batch->slice(end, batch->storedRows - end);
        batch = batch->slice(0, end);
    }
    return batch;
}

Result<std::optional<Batch>> MergedRows::next(const Cursor* asking, std::uint64_t& ordinal)
{
    const std::lock_guard lock(m_mutex);
    if (!m_owner)
        m_owner = asking;
    if (m_left == 0 || (m_shape.ordinalsFrom && m_owner != asking))
        return std::nullopt;
    std::optional<Batch> batch;
    if (m_shape.ordinalsFrom) {
        TOCSIN_TRY_ASSIGN(batch, nextWithin(ordinal));
    } else {
        TOCSIN_TRY_ASSIGN(batch, m_merger.next(static_cast<std::size_t>(std::min<std::uint64_t>(kBatchRows, m_left))));
        ordinal = m_next++;
    }
    if (!batch)
        return batch;
    m_left -= std::min<std::uint64_t>(m_left, batch->storedRows);
    batch->columns.resize(m_shape.columns);
    return batch;
}

class MergedRowsCursor final : public WatchedCursor {
public:
    explicit MergedRowsCursor(MergedRows& rows) : m_rows(rows) {}
    Result<std::optional<Batch>> next() override
    {
        std::uint64_t place = ordinal();
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_rows.next(this, place));
        if (!batch || !reach(place))
            return std::nullopt;
        return batch;
    }

private:
    MergedRows& m_rows;
};

std::unique_ptr<Cursor> MergedRows::cursor() { return std::make_unique<MergedRowsCursor>(*this); }

} // namespace tocsin::kql
