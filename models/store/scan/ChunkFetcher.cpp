// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/ChunkFetcher.h"

#include "store/StoreErrors.h"
#include "store/sqlite/SqliteError.h"

#include <sqlite3.h>

namespace tocsin::store {

ChunkFetcher::~ChunkFetcher() { sqlite3_blob_close(m_blob); }

Result<bool> ChunkFetcher::moveTo(std::int64_t chunk)
{
    if (!m_connection) {
        TOCSIN_TRY_ASSIGN(m_connection, m_pool.acquire());
    }
    sqlite3* database = (*m_connection)->handle();
    if (m_blob) {
        if (sqlite3_blob_reopen(m_blob, chunk) == SQLITE_OK)
            return true;
        sqlite3_blob_close(m_blob); // a failed reopen leaves it useless, and does not tell a missing row from other failures
        m_blob = nullptr;
    }
    const int result = sqlite3_blob_open(database, "main", "chunk", "data", chunk, 0, &m_blob);
    if (result == SQLITE_OK)
        return true;
    m_blob = nullptr;
    if (result == SQLITE_ERROR) // "no such rowid", or a value that is no BLOB
        return false;
    return std::unexpected(sqliteError(database, result));
}

Result<std::optional<Bytes>> ChunkFetcher::fetch(std::int64_t chunk)
{
    TOCSIN_TRY_ASSIGN(const bool found, moveTo(chunk));
    if (!found)
        return std::nullopt;
    Bytes bytes(static_cast<std::size_t>(sqlite3_blob_bytes(m_blob)));
    const int result = sqlite3_blob_read(m_blob, bytes.data(), static_cast<int>(bytes.size()), 0);
    if (result != SQLITE_OK)
        return std::unexpected(sqliteError((*m_connection)->handle(), result));
    m_bytesRead += bytes.size();
    return bytes;
}

namespace {

/// Whether the segment's row is gone too: then nothing is damaged, another program has removed the segment.
bool isSegmentGone(StoreReaders& readers, std::int64_t segment)
{
    Result<ReaderPool::Lease> connection = readers.connections.acquire();
    if (!connection)
        return false;
    const Result<std::int64_t> rows = (*connection)->scalar("SELECT count(*) FROM segment WHERE id = " + std::to_string(segment));
    return rows && *rows == 0;
}

} // namespace

namespace {

using ReaderResult = Result<std::shared_ptr<const ColumnReader>>;

PartLoader partLoader(ChunkFetcher& fetcher, std::int64_t segment, std::int64_t column)
{
    return [&fetcher, segment, column](unsigned part) -> Result<Bytes> {
        TOCSIN_TRY_ASSIGN(std::optional<Bytes> bytes, fetcher.fetch(chunkId(segment, column, part)));
        if (!bytes)
            return fail(kBadChunk, "a part is missing");
        return std::move(*bytes);
    };
}

/// What is wrong with the file is told with the names of where it stands.
ReaderResult named(StoreReaders& readers, const SegmentInfo& segment, const std::string& tableName, const std::string& columnName, ReaderResult reader)
{
    if (reader || (reader.error().kind != &kBadChunk && reader.error().kind != &kDamaged))
        return reader;
    const std::string segmentName = std::to_string(segment.id);
    if (isSegmentGone(readers, segment.id)) {
        Error gone = makeError(kSegmentGone, tableName, segmentName);
        gone.retryable = true;
        return std::unexpected(std::move(gone));
    }
    const std::string reason = reader.error().kind == &kBadChunk ? reader.error().args.front() : errorMessage(reader.error());
    return fail(kDamagedColumn, tableName, segmentName, columnName, reason);
}

/// From the cache, or opened and put there.
ReaderResult fetchReader(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, const ColumnCache::Key& key, const std::string& tableName,
    const std::string& columnName, const std::function<ReaderResult(const PartLoader&)>& open)
{
    if (auto cached = readers.columns.findAs<ColumnReader>(key)) {
        std::shared_ptr<const ColumnReader> better = cached->settled(false);
        if (!better)
            return cached;
        readers.columns.replace(key, better);
        return better;
    }
    ReaderResult reader = open(partLoader(fetcher, key.segment, key.column));
    if (reader) {
        if (auto better = (*reader)->settled(true))
            reader = std::move(better);
        readers.columns.put(key, *reader);
    }
    return named(readers, segment, tableName, columnName, std::move(reader));
}

} // namespace

Result<std::shared_ptr<const ColumnReader>> fetchColumn(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    DataType type, const std::string& tableName, const std::string& columnName)
{
    if (!segment.damage.empty())
        return fail(kDamagedSegment, tableName, std::to_string(segment.id), segment.damage);
    const Zone* zone = segment.zone(column);
    if (!zone || !zone->stored)
        return ColumnReader::absent(type);
    return fetchReader(readers, fetcher, segment, {segment.id, column, part::kValues, {}}, tableName, columnName, [&](const PartLoader& load) {
        return ColumnReader::open(segment.id, column, type, segment.rows, load, readers.domains.of(segment.table, column));
    });
}

Result<std::shared_ptr<const ColumnReader>> fetchMember(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    const std::string& key, const std::string& tableName, const std::string& columnName)
{
    if (!segment.damage.empty())
        return fail(kDamagedSegment, tableName, std::to_string(segment.id), segment.damage);
    const Zone* zone = segment.zone(column);
    if (!zone || !zone->stored)
        return ColumnReader::absent(DataType::Dynamic);
    return fetchReader(readers, fetcher, segment, {segment.id, column, part::kJsonMembers, key}, tableName, columnName,
        [&](const PartLoader& load) { return ColumnReader::openMember(segment.id, column, key, segment.rows, load); });
}

Result<std::shared_ptr<const ColumnReader>> fetchMarked(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column,
    const ColumnReader::TextMarker& mark, std::span<const std::uint8_t> blocks, const std::string& tableName, const std::string& columnName)
{
    const Zone* zone = segment.zone(column);
    if (!zone || !zone->stored || !segment.damage.empty() || readers.columns.find({segment.id, column, part::kValues, {}}))
        return nullptr;
    return named(readers, segment, tableName, columnName, ColumnReader::openMarked(segment.id, column, segment.rows, partLoader(fetcher, segment.id, column), mark, blocks));
}

namespace {

template <typename Filter>
Result<std::shared_ptr<const Filter>> fetchFilter(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column, unsigned part)
{
    const ColumnCache::Key key{segment.id, column, part, {}};
    if (auto cached = readers.columns.findAs<Filter>(key))
        return cached;
    const std::int64_t id = chunkId(segment.id, column, part);
    TOCSIN_TRY_ASSIGN(std::optional<Bytes> bytes, fetcher.fetch(id));
    if (!bytes)
        return fail(kBadChunk, "a filter is missing");
    TOCSIN_TRY_ASSIGN(auto filter, Filter::open(std::move(*bytes), id));
    readers.columns.put(key, filter);
    return filter;
}

} // namespace

Result<std::shared_ptr<const BloomFilter>> fetchValueFilter(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column)
{
    return fetchFilter<BloomFilter>(readers, fetcher, segment, column, part::kBloom);
}

Result<std::shared_ptr<const TermFilter>> fetchTermFilter(StoreReaders& readers, ChunkFetcher& fetcher, const SegmentInfo& segment, std::int64_t column)
{
    return fetchFilter<TermFilter>(readers, fetcher, segment, column, part::kTerms);
}

} // namespace tocsin::store
