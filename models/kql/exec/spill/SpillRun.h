// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/spill/BatchCodec.h"
#include "kql/exec/spill/SpillSpace.h"

#include <optional>

namespace tocsin::kql {

/// Rows in a temporary file, in an order that means something to who wrote them: sorted, or as they came.
struct SpillRun {
    struct Block {
        std::uint64_t offset;
        std::uint64_t checksum; ///< XXH3 of the stored bytes
        std::uint64_t storedBytes;
        std::uint64_t rawBytes; ///< equal to storedBytes: not compressed
    };
    std::shared_ptr<SpillFile> file;
    std::vector<Block> blocks;
    std::uint64_t rows = 0;

    bool empty() const { return blocks.empty(); }
    std::uint64_t rawBytes() const;
    std::uint64_t largestBlock() const;
};

/// What a thread needs to write blocks, whatever run they are of.
struct BlockBuffers {
    BatchEncoder encoder;
    std::vector<char> packed;
};

/// Writes a run block by block, LZ4 over each. Not for several threads, but several writers may share a file.
class RunWriter {
public:
    /// Blocks of about `blockBytes` before compression, and of kBatchRows rows at most.
    RunWriter(std::shared_ptr<SpillFile> file, std::size_t blockBytes, std::shared_ptr<BlockBuffers> buffers = std::make_shared<BlockBuffers>())
        : m_blockBytes(blockBytes), m_buffers(std::move(buffers))
    {
        m_run.file = std::move(file);
    }
    /// Appends rows of the columns, which are the same from call to call in number and types.
    Result<void> write(std::span<const Vector> columns, std::span<const std::uint32_t> rows);
    /// Appends all rows of a batch without selection.
    Result<void> write(const Batch& batch);
    std::uint64_t rows() const { return m_run.rows; }
    /// To be called once.
    SpillRun finish() { return std::move(m_run); }

private:
    Result<void> block(std::span<const Vector> columns, std::span<const std::uint32_t> rows);
    SpillRun m_run;
    std::size_t m_blockBytes;
    std::shared_ptr<BlockBuffers> m_buffers;
};

/// Reads a run from its beginning.
class RunReader {
public:
    explicit RunReader(SpillRun run) : m_run(std::move(run)) {}
    /// The next block's rows, without selection, or nothing at the end.
    Result<std::optional<Batch>> next();

private:
    SpillRun m_run;
    std::size_t m_next = 0;
    std::vector<char> m_packed;
};

/// The numbers from 0 to count - 1.
std::vector<std::uint32_t> allRows(std::size_t count);

} // namespace tocsin::kql
