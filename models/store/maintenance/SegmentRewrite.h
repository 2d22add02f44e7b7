// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/TableRows.h"
#include "store/import/TableBuffer.h"
#include "store/scan/ChunkFetcher.h"

namespace tocsin::store {

/// Reads segments of one table one after the other and encodes their rows, or some of them, as one. Order and ingestion times stay.
class SegmentRewrite {
public:
    /// Both must outlive it.
    SegmentRewrite(StoreReaders& readers, const StoredTable& table);

    /// All rows of a segment but these, ascending.
    Result<void> add(const SegmentInfo& segment, std::span<const std::uint32_t> without = {});
    std::size_t rows() const { return m_rows; }
    /// There must be rows.
    EncodedSegment encode(Executor& executor);

private:
    using Columns = std::vector<std::shared_ptr<const ColumnReader>>;
    Result<void> addRows(const SegmentInfo& segment, ChunkFetcher& fetcher, const catalog::TableSchema& schema, const Columns& columns, std::span<const std::uint32_t> without);
    Result<Vector> read(const ColumnReader& column, const SegmentInfo& segment, const std::string& name, std::size_t at, std::size_t count, const std::vector<std::uint32_t>& kept) const;

    StoreReaders& m_readers;
    const StoredTable& m_table;
    TableBuffer m_buffer;
    std::unique_ptr<ColumnBuffer> m_times;
    std::size_t m_rows = 0;
    Ticks m_minIngest = 0;
    Ticks m_maxIngest = 0;
};

} // namespace tocsin::store
