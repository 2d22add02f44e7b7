// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Run.h"
#include "kql/exec/spill/SpillRun.h"

#include <array>

namespace tocsin::kql {

/// Deals rows out to partitions by the hash of their keys, so that equal keys meet again; in each partition they stand as they came.
/// One thread's; writers of several threads share a file.
class PartitionWriter {
public:
    static constexpr unsigned kBits = 5;
    static constexpr std::size_t kPartitions = std::size_t{1} << kBits;
    static constexpr unsigned kLevels = 12; ///< that the hash has bits for
    using Runs = std::array<SpillRun, kPartitions>;

    /// `level` says which bits of the hash count: rows of one partition are dealt out again by those of the next level.
    PartitionWriter(Run& run, std::shared_ptr<SpillFile> file, unsigned level);
    static std::size_t partitionOf(std::uint64_t hash, unsigned level) { return hash >> (64 - kBits * (level + 1)) & (kPartitions - 1); }

    /// Rows without selection, one hash each.
    Result<void> add(Batch rows, std::span<const std::uint64_t> hashes);
    /// To be called once.
    Result<Runs> finish();

private:
    Result<void> flush();

    Run& m_run;
    unsigned m_level;
    std::uint64_t m_mostBytes;
    MemoryShare m_memory;
    std::vector<RunWriter> m_writers;
    std::vector<Batch> m_rows;
    std::vector<std::uint8_t> m_partitions; ///< of each row
    std::uint64_t m_bytes = 0;
};

} // namespace tocsin::kql
