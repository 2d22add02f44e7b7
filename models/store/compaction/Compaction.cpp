// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/compaction/Compaction.h"

#include "store/StoreErrors.h"
#include "store/compaction/MergePlan.h"
#include "store/file/TableRows.h"
#include "store/import/TableBuffer.h"
#include "store/scan/ChunkFetcher.h"
#include "store/sqlite/Transaction.h"

#include <algorithm>

namespace tocsin::store {
namespace {

struct Situation {
    std::vector<StoredTable> tables;
    std::vector<SegmentGroup> groups;
};

Result<Situation> look(StoreReaders& readers)
{
    TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, readers.connections.acquire());
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection, Transaction::Kind::Read));
    Situation situation;
    TOCSIN_TRY_ASSIGN(situation.tables, readTables(*connection));
    TOCSIN_TRY_ASSIGN(const auto segments, readers.segments.visibleSegments(*connection));
    // The rows of an incomplete import may have to be replaced as a whole.
    std::set<std::int64_t> open;
    TOCSIN_TRY_ASSIGN(Statement incomplete, connection->prepare("SELECT id FROM import WHERE complete = 0"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, incomplete.step());
        if (!row)
            break;
        open.insert(incomplete.integer(0));
    }
    situation.groups = planMerges(segments, open);
    return situation;
}

/// Reads the segments of one group one after the other and encodes all their rows as one.
class Merge {
public:
    Merge(StoreReaders& readers, const StoredTable& table) : m_readers(readers), m_table(table), m_buffer(table.schema), m_times(ColumnBuffer::make(DataType::DateTime)) {}

    Result<void> add(const SegmentInfo& segment)
    {
        m_minIngest = m_rows == 0 ? segment.minIngest : std::min(m_minIngest, segment.minIngest);
        m_maxIngest = m_rows == 0 ? segment.maxIngest : std::max(m_maxIngest, segment.maxIngest);
        m_rows += segment.rows;
        ChunkFetcher fetcher(m_readers.connections);
        catalog::TableSchema schema{m_table.schema.name, {}, "", {}, false, false};
        std::vector<std::shared_ptr<const ColumnReader>> columns;
        for (std::size_t i = 0; i < m_table.columnIds.size(); ++i) {
            const Zone* zone = segment.zone(m_table.columnIds[i]);
            if (!zone || !zone->stored)
                continue;
            const catalog::ColumnSchema& column = m_table.schema.columns[i];
            TOCSIN_TRY_ASSIGN(auto reader, fetchColumn(m_readers, fetcher, segment, m_table.columnIds[i], column.type, m_table.schema.name, column.name));
            schema.columns.push_back(column);
            columns.push_back(std::move(reader));
        }
        return addRows(segment, fetcher, schema, columns);
    }

    EncodedSegment encode(Executor& executor)
    {
        EncodedSegment segment = m_buffer.encode(executor, m_maxIngest);
        segment.minIngest = m_minIngest;
        if (m_minIngest != m_maxIngest)
            segment.ingestTimes = m_times->encode();
        return segment;
    }

private:
    Result<void> addRows(const SegmentInfo& segment, ChunkFetcher& fetcher, const catalog::TableSchema& schema, const std::vector<std::shared_ptr<const ColumnReader>>& columns)
    {
        std::shared_ptr<const ColumnReader> times;
        if (segment.minIngest != segment.maxIngest) {
            TOCSIN_TRY_ASSIGN(times, fetchColumn(m_readers, fetcher, segment, 0, DataType::DateTime, m_table.schema.name, std::string(catalog::kIngestionTimeColumn)));
        }
        for (std::size_t at = 0; at < segment.rows; at += kBatchRows) {
            Batch batch;
            batch.storedRows = std::min(kBatchRows, segment.rows - at);
            for (const auto& column : columns) {
                TOCSIN_TRY_ASSIGN(Vector vector, column->read(at, batch.storedRows));
                batch.columns.push_back(std::move(vector));
            }
            m_buffer.append(schema, batch, 0, batch.storedRows);
            if (!times) {
                m_times->append(Vector::constant(Value::dateTime(segment.maxIngest), batch.storedRows));
                continue;
            }
            TOCSIN_TRY_ASSIGN(const Vector vector, times->read(at, batch.storedRows));
            m_times->append(vector);
        }
        return {};
    }

    StoreReaders& m_readers;
    const StoredTable& m_table;
    TableBuffer m_buffer;
    std::unique_ptr<ColumnBuffer> m_times;
    std::size_t m_rows = 0;
    Ticks m_minIngest = 0;
    Ticks m_maxIngest = 0;
};

/// False if the segments were replaced by somebody else meanwhile.
Result<bool> mergeGroup(StoreWriters& store, StoreReaders& readers, const StoredTable& table, const SegmentGroup& group)
{
    Merge merge(readers, table);
    std::vector<std::int64_t> ids;
    std::int64_t import = group.front()->import;
    for (const auto& segment : group) {
        TOCSIN_TRY(merge.add(*segment));
        ids.push_back(segment->id);
        import = segment->import == import ? import : 0;
    }
    EncodedSegment merged = merge.encode(store.executor);
    bool replaced = true;
    const Result<void> written = store.writer.transact(Writer::Durability::Later, [&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(replaced, dropSegments(connection, ids));
        if (!replaced)
            return fail(kCancelled); // only rolls back
        TOCSIN_TRY(insertSegment(connection, std::move(merged), SegmentState::Visible, import, group.front()->position));
        return {};
    });
    if (!replaced)
        return false;
    if (!written)
        return std::unexpected(written.error());
    store.pins->retire(ids);
    return true;
}

} // namespace

namespace {

Result<CompactionResult> mergeAll(StoreWriters& store, StoreReaders& readers, const std::stop_token& stop)
{
    CompactionResult result;
    StoreReaders uncached(readers.connections.access(), 0); // what is read once here must not push out what queries use
    const std::shared_ptr<const SnapshotPins::Pin> pin = readers.pins->pin();
    TOCSIN_TRY_ASSIGN(const Situation situation, look(readers));
    for (const SegmentGroup& group : situation.groups) {
        if (stop.stop_requested())
            return fail(kCancelled);
        const auto table = std::find_if(situation.tables.begin(), situation.tables.end(), [&](const StoredTable& candidate) { return candidate.id == group.front()->table; });
        if (table == situation.tables.end())
            continue;
        const Result<bool> merged = mergeGroup(store, uncached, *table, group);
        if (merged) {
            result.merged += *merged ? group.size() : 0;
            result.created += *merged ? 1 : 0;
        } else if (merged.error().kind == &kDamagedColumn || merged.error().kind == &kBadChunk) {
            ++result.skipped;
            store.log.warn("segments of a table cannot be merged: {}", errorMessage(merged.error()));
        } else {
            return std::unexpected(merged.error());
        }
    }
    return result;
}

} // namespace

Result<CompactionResult> compactSegments(StoreWriters& store, StoreReaders& readers, std::stop_token stop)
{
    Result<CompactionResult> result = mergeAll(store, readers, stop);
    store.sweep(); // the merges themselves were a snapshot's reader until now
    return result;
}

} // namespace tocsin::store
