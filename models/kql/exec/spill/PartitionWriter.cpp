// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/PartitionWriter.h"

#include "kql/exec/Operator.h"

#include <algorithm>

namespace tocsin::kql {

PartitionWriter::PartitionWriter(Run& run, std::shared_ptr<SpillFile> file, unsigned level) : m_run(run), m_level(level), m_memory(run.memory())
{
    const std::uint64_t limit = run.memory().limit();
    m_mostBytes = limit == 0 ? kPartitions * run.spillBlockBytes() : std::min<std::uint64_t>(kPartitions * run.spillBlockBytes(), limit / 32);
    const auto buffers = std::make_shared<BlockBuffers>();
    for (std::size_t i = 0; i < kPartitions; ++i)
        m_writers.emplace_back(file, run.spillBlockBytes(), buffers);
}

Result<void> PartitionWriter::add(Batch rows, std::span<const std::uint64_t> hashes)
{
    if (rows.storedRows == 0)
        return {};
    for (const std::uint64_t hash : hashes)
        m_partitions.push_back(static_cast<std::uint8_t>(partitionOf(hash, m_level)));
    m_bytes += ownBytes(rows);
    m_memory.hold(m_bytes);
    m_rows.push_back(std::move(rows));
    return m_bytes >= m_mostBytes ? flush() : Result<void>();
}

Result<void> PartitionWriter::flush()
{
    if (m_rows.empty())
        return {};
    const Batch whole = concatenate(m_rows, m_rows[0].columns.size());
    std::array<std::vector<std::uint32_t>, kPartitions> rows;
    for (std::uint32_t row = 0; row < m_partitions.size(); ++row)
        rows[m_partitions[row]].push_back(row);
    for (std::size_t p = 0; p < kPartitions; ++p) {
        TOCSIN_TRY(m_run.checkStop());
        TOCSIN_TRY(m_writers[p].write(whole.columns, rows[p]));
    }
    m_rows.clear();
    m_partitions.clear();
    m_bytes = 0;
    m_memory.hold(0);
    return {};
}

Result<PartitionWriter::Runs> PartitionWriter::finish()
{
    TOCSIN_TRY(flush());
    Runs runs;
    for (std::size_t p = 0; p < kPartitions; ++p)
        runs[p] = m_writers[p].finish();
    m_writers.clear();
    return runs;
}

} // namespace tocsin::kql
