// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Evaluator.h"
#include "kql/exec/JoinSides.h"
#include "kql/exec/spill/KeyHash.h"
#include "kql/exec/spill/PartitionWriter.h"
#include "kql/exec/spill/RunMerger.h"

#include <mutex>

namespace tocsin::kql {

/// One side of a join as it is read: in memory while it fits, then dealt out to partitions on disk by its keys. Rows on disk have their
/// keys and their place behind their columns.
class JoinInput {
public:
    /// Runs of each partition, each in the order of places.
    using Partitions = std::array<std::vector<SpillRun>, PartitionWriter::kPartitions>;

    JoinInput(Operator& input, const std::vector<ExpressionPtr>& keys, Run& run) : m_input(input), m_keys(keys), m_run(run), m_memory(run.memory()) {}
    /// Reads the prepared input to its end. `spills`: from the first row on.
    Result<void> read(bool spills);
    bool spilled() const { return m_spills; }
    /// What is in memory, as one, in order.
    Batch takeRows();
    Result<Partitions> takePartitions();
    MemoryShare& memory() { return m_memory; }

private:
    struct Piece {
        Batch rows;
        std::uint64_t place;
    };
    struct Lane {
        std::vector<Evaluator> keys;
        KeyHasher hasher;
        std::unique_ptr<PartitionWriter> writer;
    };
    Result<void> add(Lane& lane, Batch rows, std::uint64_t place);
    Result<bool> keep(Batch& rows, std::uint64_t place);
    Result<void> spill(Lane& lane, const Batch& rows, std::uint64_t place);
    Result<void> spillPieces();

    Operator& m_input;
    const std::vector<ExpressionPtr>& m_keys;
    Run& m_run;
    MemoryShare m_memory;
    std::mutex m_mutex;
    std::vector<Piece> m_pieces;
    std::uint64_t m_expected = 0; ///< bytes of the pieces and of a table over them
    std::atomic<bool> m_spills = false;
    std::shared_ptr<SpillFile> m_file;
    Lane m_first;              ///< of the pieces that were in memory
    std::vector<Lane> m_lanes; ///< one a thread
};

/// Joins the partitions of two sides one by one, with as much of the build side at a time as fits into the memory, and brings the rows back
/// into the order that a join in memory gives.
class SpilledJoin {
public:
    struct Plan {
        JoinShape shape;
        std::vector<JoinOutput> outputs;
        const std::vector<ExpressionPtr>& keys; ///< of the build side
        std::size_t buildColumns;
        std::size_t probeColumns;
        std::uint64_t probeOrdinals;
    };
    SpilledJoin(Plan plan, Run& run) : m_plan(std::move(plan)), m_run(run) {}
    Result<std::unique_ptr<MergedRows>> join(JoinInput::Partitions build, JoinInput::Partitions probe);

private:
    struct Partition {
        std::vector<SpillRun> build;
        std::vector<SpillRun> probe;
        std::vector<SpillRun> results;
    };
    class Part;
    Result<void> joinPartition(Partition& partition);
    Result<void> probeAll(const Partition& partition, BuildSide& side, std::vector<std::uint8_t>* matched, RunWriter& writer);
    Result<void> writeUnmatchedProbe(const Partition& partition, const std::vector<std::uint8_t>& matched, RunWriter& writer);
    Result<void> writeUnmatchedBuild(const BuildSide& side, RunWriter& writer);
    Result<void> write(Batch rows, std::span<const std::uint32_t> which, const Vector& places, std::uint64_t flag, RunWriter& writer);
    std::vector<Vector> keysOf(const Batch& rows, std::size_t columns) const;

    Plan m_plan;
    Run& m_run;
    std::shared_ptr<SpillFile> m_file;
};

} // namespace tocsin::kql
