// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/index/BloomFilter.h"
#include "store/index/TermFilter.h"
#include "store/scan/StoreReaders.h"
#include "store/segment/ColumnReader.h"

struct sqlite3_blob;

namespace tocsin::store {

/// Reads chunks straight into memory of our own. Borrows a connection and opens a read transaction at the first read; both end with it, so
/// keep it short-lived.
class ChunkFetcher {
public:
    explicit ChunkFetcher(ReaderPool& pool) : m_pool(pool) {}
    ~ChunkFetcher();
    ChunkFetcher(const ChunkFetcher&) = delete;
    ChunkFetcher& operator=(const ChunkFetcher&) = delete;

    /// Nothing if there is no such chunk.
    Result<std::optional<Bytes>> fetch(std::int64_t chunk);
    std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    Result<bool> moveTo(std::int64_t chunk);

    ReaderPool& m_pool;
    std::optional<ReaderPool::Lease> m_connection;
    sqlite3_blob* m_blob = nullptr;
    std::uint64_t m_bytesRead = 0;
};

/// One column of a segment, from the cache or the file. Errors name table, segment and column.
Result<std::shared_ptr<const ColumnReader>> fetchColumn(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    DataType type, const std::string& tableName, const std::string& columnName);

/// What parse_json() of a text column has at a key, from the cache or the file.
Result<std::shared_ptr<const ColumnReader>> fetchMember(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    const std::string& key, const std::string& tableName, const std::string& columnName);

/// A text column with only the marked texts (see ColumnReader::openMarked; `blocks` says where such may be, if that is known), from the file; null if it is better read as a whole, because it is
/// in the cache or fits there.
Result<std::shared_ptr<const ColumnReader>> fetchMarked(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    const ColumnReader::TextMarker& mark, std::span<const std::uint8_t> blocks, const std::string& tableName, const std::string& columnName);

/// The filters of a column that has them, from the cache or the file.
Result<std::shared_ptr<const BloomFilter>> fetchValueFilter(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column);
Result<std::shared_ptr<const TermFilter>> fetchTermFilter(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column);

} // namespace tocsin::store
