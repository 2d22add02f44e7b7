// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/SpillRun.h"

#include <lz4.h>

#include <algorithm>
#include <numeric>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::kql {
namespace {

constexpr std::size_t kProbeRows = 64;

/// How many rows of the columns make a block of `bytes`, by the first few.
std::size_t rowsOfBlock(std::span<const Vector> columns, std::span<const std::uint32_t> rows, std::size_t bytes)
{
    const std::size_t probed = std::min(rows.size(), kProbeRows);
    std::size_t total = 1;
    for (const Vector& column : columns) {
        if (column.isConstant())
            continue; // stored once
        visitType(column.type(), [&]<DataType T>() {
            total += probed * sizeof(Physical<T>);
            if constexpr (T == DataType::String || T == DataType::Dynamic) {
                const VectorReader<std::string_view> reader(column);
                for (std::size_t i = 0; i < probed; ++i)
                    total += reader[rows[i]].size();
            }
        });
    }
    return std::clamp<std::size_t>(bytes * probed / total, 16, kBatchRows);
}

} // namespace

std::uint64_t SpillRun::rawBytes() const
{
    return std::accumulate(blocks.begin(), blocks.end(), std::uint64_t{0}, [](std::uint64_t sum, const Block& block) { return sum + block.rawBytes; });
}

std::uint64_t SpillRun::largestBlock() const
{
    std::uint64_t largest = 0;
    for (const Block& block : blocks)
        largest = std::max(largest, block.rawBytes);
    return largest;
}

Result<void> RunWriter::write(std::span<const Vector> columns, std::span<const std::uint32_t> rows)
{
    while (!rows.empty()) {
        const std::size_t count = std::min(rows.size(), rowsOfBlock(columns, rows, m_blockBytes));
        TOCSIN_TRY(block(columns, rows.first(count)));
        rows = rows.subspan(count);
    }
    return {};
}

Result<void> RunWriter::write(const Batch& batch) { return write(batch.columns, allRows(batch.storedRows)); }

Result<void> RunWriter::block(std::span<const Vector> columns, std::span<const std::uint32_t> rows)
{
    const std::span<const char> raw = m_buffers->encoder.encode(columns, rows);
    std::span<const char> stored = raw;
    if (raw.size() <= LZ4_MAX_INPUT_SIZE) {
        m_buffers->packed.resize(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(raw.size()))));
        const int packed = LZ4_compress_default(raw.data(), m_buffers->packed.data(), static_cast<int>(raw.size()), static_cast<int>(m_buffers->packed.size()));
        if (packed > 0 && static_cast<std::size_t>(packed) < raw.size())
            stored = std::span<const char>(m_buffers->packed).first(static_cast<std::size_t>(packed));
    }
    TOCSIN_TRY_ASSIGN(const std::uint64_t offset, m_run.file->append(stored));
    m_run.blocks.push_back({offset, XXH3_64bits(stored.data(), stored.size()), stored.size(), raw.size()});
    m_run.rows += rows.size();
    return {};
}

Result<std::optional<Batch>> RunReader::next()
{
    if (m_next == m_run.blocks.size())
        return std::nullopt;
    const SpillRun::Block& block = m_run.blocks[m_next++];
    const std::shared_ptr<std::uint64_t[]> words = makeBuffer<std::uint64_t>((block.rawBytes + 7) / 8); // aligned for every type
    const std::shared_ptr<char[]> raw(words, reinterpret_cast<char*>(words.get()));
    const bool packed = block.storedBytes != block.rawBytes;
    m_packed.resize(packed ? block.storedBytes : 0);
    const std::span<char> stored(packed ? m_packed.data() : raw.get(), block.storedBytes);
    TOCSIN_TRY(m_run.file->read(block.offset, stored));
    const bool intact = XXH3_64bits(stored.data(), stored.size()) == block.checksum;
    if (!intact || (packed && LZ4_decompress_safe(stored.data(), raw.get(), static_cast<int>(stored.size()), static_cast<int>(block.rawBytes)) != static_cast<int>(block.rawBytes)))
        return std::unexpected(m_run.file->damaged());
    return decodeBatch(raw);
}

std::vector<std::uint32_t> allRows(std::size_t count)
{
    std::vector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

} // namespace tocsin::kql
