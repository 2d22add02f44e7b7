// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/SpilledJoin.h"

#include "kql/exec/KeptRows.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr unsigned kMostEighths = 5;
/// Places of build rows that nothing matched: behind all others.
constexpr std::uint64_t kBehind = std::uint64_t{1} << 62;

} // namespace

Result<void> JoinInput::read(bool spills)
{
    m_lanes.resize(std::max(1U, m_run.threads()));
    if (spills) {
        TOCSIN_TRY_ASSIGN(m_file, m_run.spill().file());
        m_spills = true;
    }
    return drain(m_input, m_run, [&](unsigned worker, Batch batch, std::uint64_t place) { return add(m_lanes[worker], compactedToKeep(batch), place); });
}

Result<void> JoinInput::add(Lane& lane, Batch rows, std::uint64_t place)
{
    if (!m_spills) {
        TOCSIN_TRY_ASSIGN(const bool kept, keep(rows, place));
        if (kept)
            return {};
    }
    return spill(lane, rows, place);
}

/// False: from here on rows go to disk, and those that were in memory have done so.
Result<bool> JoinInput::keep(Batch& rows, std::uint64_t place)
{
    const std::lock_guard lock(m_mutex);
    if (m_spills)
        return false;
    const std::uint64_t bytes = ownBytes(rows) + BuildSide::expectedBytes(rows.storedRows, m_keys.size());
    if (!m_run.spill().enabled()) {
        TOCSIN_TRY(m_memory.grow(bytes));
    } else if (!m_memory.tryResize(m_memory.bytes() + bytes, kMostEighths)) {
        TOCSIN_TRY(spillPieces());
        return false;
    }
    m_pieces.push_back({std::move(rows), place});
    return true;
}

Result<void> JoinInput::spillPieces()
{
    TOCSIN_TRY_ASSIGN(m_file, m_run.spill().file());
    std::vector<Piece> pieces = std::exchange(m_pieces, {}); // if this fails, other threads go on for a while: they must not find what is left of them
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.place < b.place; });
    for (Piece& piece : pieces) {
        TOCSIN_TRY(m_run.checkStop());
        TOCSIN_TRY(spill(m_first, std::exchange(piece.rows, {}), piece.place));
    }
    m_memory.hold(0);
    m_spills = true;
    return {};
}

Result<void> JoinInput::spill(Lane& lane, const Batch& rows, std::uint64_t place)
{
    if (!lane.writer) {
        TOCSIN_TRY_ASSIGN(lane.keys, makeEvaluators(m_keys, m_input.layout(), m_run));
        lane.writer = std::make_unique<PartitionWriter>(m_run, m_file, 0);
    }
    RowSet set(rows);
    std::vector<Vector> keys;
    for (Evaluator& evaluator : lane.keys) {
        TOCSIN_TRY_ASSIGN(Vector key, evaluator.evaluate(set));
        keys.push_back(std::move(key));
    }
    Batch spilled = rows;
    spilled.columns.insert(spilled.columns.end(), keys.begin(), keys.end());
    auto places = makeBuffer<std::int64_t>(rows.storedRows);
    for (std::size_t i = 0; i < rows.storedRows; ++i)
        places[i] = static_cast<std::int64_t>(place + i);
    spilled.columns.push_back(Vector::flat<std::int64_t>(DataType::Long, std::move(places), rows.storedRows));
    std::vector<std::uint64_t> hashes;
    lane.hasher.hash(keys, rows.storedRows, hashes);
    return lane.writer->add(std::move(spilled), hashes);
}

Batch JoinInput::takeRows()
{
    std::sort(m_pieces.begin(), m_pieces.end(), [](const Piece& a, const Piece& b) { return a.place < b.place; });
    std::vector<Batch> rows;
    for (Piece& piece : m_pieces)
        rows.push_back(std::move(piece.rows));
    m_pieces.clear();
    return joined(std::move(rows), m_input.columns().size());
}

Result<JoinInput::Partitions> JoinInput::takePartitions()
{
    Partitions partitions;
    const auto take = [&](Lane& lane) -> Result<void> {
        if (!lane.writer)
            return {};
        TOCSIN_TRY_ASSIGN(PartitionWriter::Runs runs, lane.writer->finish());
        for (std::size_t p = 0; p < partitions.size(); ++p)
            if (!runs[p].empty())
                partitions[p].push_back(std::move(runs[p]));
        return {};
    };
    TOCSIN_TRY(take(m_first));
    for (Lane& lane : m_lanes)
        TOCSIN_TRY(take(lane));
    m_file.reset();
    return partitions;
}

/// The build rows of a partition, as much at a time as fits.
class SpilledJoin::Part {
public:
    Part(const Plan& plan, std::vector<SpillRun> runs, Run& run)
        : m_plan(plan), m_run(run), m_reader(std::make_unique<RunMerger>(std::move(runs), RunOrder::byPlace(plan.buildColumns + plan.keys.size()), run)), m_memory(run.memory()) {}

    /// The next rows with their table; null at the end. The one before is gone then.
    Result<BuildSide*> next(const SpilledJoin& join)
    {
        if (m_side && m_pending)
            TOCSIN_TRY(dropKnownKeys(join));
        m_side.reset();
        m_memory.hold(0);
        std::vector<Batch> rows;
        std::uint64_t bytes = 0;
        for (;;) {
            if (!m_pending) {
                TOCSIN_TRY_ASSIGN(m_pending, m_reader->next(kBatchRows));
            }
            if (!m_pending)
                break;
            bytes += ownBytes(*m_pending) + BuildSide::expectedBytes(m_pending->storedRows, m_plan.keys.size());
            if (!m_memory.tryResize(bytes, kMostEighths)) {
                if (!rows.empty())
                    break;
                m_memory.hold(bytes);
            }
            rows.push_back(std::move(*m_pending));
            m_pending.reset();
        }
        if (rows.empty())
            return nullptr;
        m_side = std::make_unique<BuildSide>(m_plan.keys, m_plan.shape);
        m_side->begin(joined(std::move(rows), m_plan.buildColumns + m_plan.keys.size() + 1));
        const Batch& whole = m_side->rows();
        for (std::size_t start = 0; start < whole.storedRows; start += kBatchRows) {
            TOCSIN_TRY(m_run.checkStop());
            const Batch some = whole.slice(start, std::min(kBatchRows, whole.storedRows - start));
            m_side->addKeys(join.keysOf(some, m_plan.buildColumns), some.storedRows);
        }
        m_side->finish();
        m_memory.hold(ownBytes(whole) + m_side->tableBytes());
        return m_side.get();
    }
    bool isLast() const { return !m_pending; }

private:
    /// innerunique: a key that this part has is not looked for in the next ones.
    Result<void> dropKnownKeys(const SpilledJoin& join)
    {
        if (!m_plan.shape.firstPerKey)
            return {};
        TOCSIN_TRY_ASSIGN(std::shared_ptr<SpillFile> file, m_run.spill().file());
        RunWriter writer(std::move(file), m_run.spillBlockBytes());
        KeyScratch scratch;
        std::vector<std::uint32_t> groups;
        while (m_pending) {
            m_side->table().find(join.keysOf(*m_pending, m_plan.buildColumns), m_pending->storedRows, scratch, groups);
            std::vector<std::uint32_t> rest;
            for (std::uint32_t row = 0; row < groups.size(); ++row)
                if (groups[row] == kNoGroup)
                    rest.push_back(row);
            TOCSIN_TRY(writer.write(m_pending->columns, rest));
            TOCSIN_TRY_ASSIGN(m_pending, m_reader->next(kBatchRows));
        }
        m_reader = std::make_unique<RunMerger>(std::vector<SpillRun>{writer.finish()}, RunOrder::byPlace(m_plan.buildColumns + m_plan.keys.size()), m_run);
        return {};
    }

    const Plan& m_plan;
    Run& m_run;
    std::unique_ptr<RunMerger> m_reader;
    MemoryShare m_memory;
    std::optional<Batch> m_pending; ///< rows of the next part
    std::unique_ptr<BuildSide> m_side;
};

std::vector<Vector> SpilledJoin::keysOf(const Batch& rows, std::size_t columns) const
{
    const auto first = rows.columns.begin() + static_cast<std::ptrdiff_t>(columns);
    return {first, first + static_cast<std::ptrdiff_t>(m_plan.keys.size())};
}

Result<void> SpilledJoin::write(Batch rows, std::span<const std::uint32_t> which, const Vector& places, std::uint64_t flag, RunWriter& writer)
{
    const VectorReader<std::int64_t> reader(places);
    auto numbers = makeBuffer<std::int64_t>(which.size());
    for (std::size_t i = 0; i < which.size(); ++i)
        numbers[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(reader[which[i]]) | flag);
    rows.columns.push_back(Vector::flat<std::int64_t>(DataType::Long, std::move(numbers), which.size()));
    return writer.write(rows);
}

Result<void> SpilledJoin::probeAll(const Partition& partition, BuildSide& side, std::vector<std::uint8_t>* matched, RunWriter& writer)
{
    RunMerger reader(partition.probe, RunOrder::byPlace(m_plan.probeColumns + m_plan.keys.size()), m_run);
    Prober prober(m_plan.shape, side);
    if (matched)
        prober.trackMatches(*matched);
    std::size_t first = 0;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const std::optional<Batch> probe, reader.next(kBatchRows));
        if (!probe)
            return {};
        prober.start(keysOf(*probe, m_plan.probeColumns), probe->storedRows, first);
        first += probe->storedRows;
        while (!prober.atEnd()) {
            TOCSIN_TRY(m_run.checkStop());
            prober.step();
            if (!prober.probeRows().empty())
                TOCSIN_TRY(write(joinRows(m_plan.outputs, *probe, prober.probeRows(), side.rows(), prober.buildRows()), prober.probeRows(), probe->columns.back(), 0, writer));
        }
    }
}

Result<void> SpilledJoin::writeUnmatchedProbe(const Partition& partition, const std::vector<std::uint8_t>& matched, RunWriter& writer)
{
    RunMerger reader(partition.probe, RunOrder::byPlace(m_plan.probeColumns + m_plan.keys.size()), m_run);
    std::size_t number = 0;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const std::optional<Batch> probe, reader.next(kBatchRows));
        if (!probe)
            return {};
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < probe->storedRows; ++row)
            if (!matched[number++])
                rows.push_back(row);
        if (!rows.empty())
            TOCSIN_TRY(write(joinRows(m_plan.outputs, *probe, rows, {}, {}), rows, probe->columns.back(), 0, writer));
    }
}

Result<void> SpilledJoin::writeUnmatchedBuild(const BuildSide& side, RunWriter& writer)
{
    for (std::size_t row = 0;;) {
        TOCSIN_TRY(m_run.checkStop());
        const std::vector<std::uint32_t> rows = side.unmatched(row);
        if (rows.empty())
            return {};
        TOCSIN_TRY(write(joinRows(m_plan.outputs, {}, {}, side.rows(), rows), rows, side.rows().columns.back(), kBehind, writer));
    }
}

Result<void> SpilledJoin::joinPartition(Partition& partition)
{
    const auto keep = [&](RunWriter& writer) {
        if (writer.rows() > 0)
            partition.results.push_back(writer.finish());
    };
    const RunOrder order = RunOrder::byPlace(m_plan.probeColumns + m_plan.keys.size());
    TOCSIN_TRY_ASSIGN(partition.probe, fewerRuns(std::move(partition.probe), order, m_run));
    TOCSIN_TRY_ASSIGN(partition.build, fewerRuns(std::move(partition.build), RunOrder::byPlace(m_plan.buildColumns + m_plan.keys.size()), m_run));
    std::size_t probeRows = 0;
    for (const SpillRun& each : partition.probe)
        probeRows += each.rows;
    Part parts(m_plan, std::exchange(partition.build, {}), m_run);
    std::vector<std::uint8_t> matched;
    MemoryShare memory(m_run.memory());
    bool any = false;
    for (;;) {
        TOCSIN_TRY_ASSIGN(BuildSide* const side, parts.next(*this));
        if (!side)
            break;
        if (!any && !parts.isLast()) {
            matched.assign(probeRows, 0);
            memory.hold(matched.size());
        }
        any = true;
        RunWriter pairs(m_file, m_run.spillBlockBytes());
        TOCSIN_TRY(probeAll(partition, *side, matched.empty() ? nullptr : &matched, pairs));
        keep(pairs);
        if (m_plan.shape.unmatchedBuild) {
            RunWriter left(m_file, m_run.spillBlockBytes());
            TOCSIN_TRY(writeUnmatchedBuild(*side, left));
            keep(left);
        }
    }
    if (m_plan.shape.unmatchedProbe && (!any || !matched.empty())) {
        matched.resize(probeRows);
        RunWriter left(m_file, m_run.spillBlockBytes());
        TOCSIN_TRY(writeUnmatchedProbe(partition, matched, left));
        keep(left);
    }
    partition.probe.clear();
    return {};
}

Result<std::unique_ptr<MergedRows>> SpilledJoin::join(JoinInput::Partitions build, JoinInput::Partitions probe)
{
    TOCSIN_TRY_ASSIGN(m_file, m_run.spill().file());
    std::vector<Partition> partitions(PartitionWriter::kPartitions);
    for (std::size_t p = 0; p < partitions.size(); ++p)
        partitions[p] = {std::move(build[p]), std::move(probe[p]), {}};
    std::atomic<std::size_t> next = 0;
    TOCSIN_TRY(m_run.parallel([&](unsigned) -> Result<void> {
        for (std::size_t p = next++; p < partitions.size(); p = next++)
            TOCSIN_TRY(joinPartition(partitions[p]));
        return {};
    }));
    m_file.reset();
    std::vector<SpillRun> results;
    for (Partition& partition : partitions)
        std::move(partition.results.begin(), partition.results.end(), std::back_inserter(results));
    const std::size_t columns = m_plan.outputs.size();
    return MergedRows::make(std::move(results), RunOrder::byPlace(columns), {.columns = columns, .ordinalsFrom = columns, .ordinals = m_plan.probeOrdinals + 1}, m_run);
}

} // namespace tocsin::kql
