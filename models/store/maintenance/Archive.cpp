// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/Archive.h"

#include "store/StoreErrors.h"
#include "store/file/TableRows.h"
#include "store/file/WorkspaceFile.h"
#include "store/file/WriterLock.h"
#include "store/maintenance/Audit.h"
#include "store/retention/Retention.h"
#include "store/sqlite/Transaction.h"

#include <algorithm>
#include <map>

namespace tocsin::store {
namespace {

/// The chunks of a column, checked, as they were before they got their place.
Result<EncodedColumn> readColumn(Connection& connection, const SegmentInfo& segment, const Zone& zone, const std::string& table, const std::string& name)
{
    EncodedColumn column{zone, {}};
    TOCSIN_TRY_ASSIGN(Statement chunks, connection.prepare("SELECT id, data FROM chunk WHERE id >= ?1 AND id < ?2 ORDER BY id"));
    chunks.bind(1, chunkId(segment.id, zone.column, 0)).bind(2, chunkId(segment.id, zone.column + 1, 0));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, chunks.step());
        if (!row)
            break;
        const auto data = chunks.blob(1);
        const std::int64_t id = chunks.integer(0);
        if (const auto opened = openChunk(data, id); !opened)
            return fail(kDamagedColumn, table, std::to_string(segment.id), name, errorMessage(opened.error()));
        const auto content = data.first(data.size() - kChunkTrailer);
        column.parts.push_back({static_cast<unsigned>(id & ((1 << kPartBits) - 1)), Bytes(content.begin(), content.end())});
    }
    if (zone.stored && column.parts.empty())
        return fail(kDamagedColumn, table, std::to_string(segment.id), name, "a part is missing");
    return column;
}

Result<EncodedSegment> readSegment(Connection& connection, const SegmentInfo& segment, const StoredTable& table)
{
    EncodedSegment encoded;
    encoded.table = table.schema;
    encoded.rows = segment.rows;
    encoded.minIngest = segment.minIngest;
    encoded.maxIngest = segment.maxIngest;
    for (const Zone& zone : segment.zones.all()) {
        if (zone.column == 0) {
            TOCSIN_TRY_ASSIGN(encoded.ingestTimes, readColumn(connection, segment, zone, table.schema.name, std::string(catalog::kIngestionTimeColumn)));
            continue;
        }
        const auto place = std::find(table.columnIds.begin(), table.columnIds.end(), zone.column);
        if (place == table.columnIds.end())
            return fail(kDamagedSegment, table.schema.name, std::to_string(segment.id), "it has a column that the table does not have");
        const catalog::ColumnSchema& column = table.schema.columns[static_cast<std::size_t>(place - table.columnIds.begin())];
        TOCSIN_TRY_ASSIGN(EncodedColumn content, readColumn(connection, segment, zone, table.schema.name, column.name));
        encoded.columns.push_back({column, std::move(content)});
    }
    return encoded;
}

/// Writes a segment into the archive unless an earlier attempt has.
Result<void> copySegment(Connection& from, Connection& to, const SegmentInfo& segment, const StoredTable& table)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t checksum, from.scalar("SELECT checksum FROM segment WHERE id = " + std::to_string(segment.id)));
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(to, Transaction::Kind::Write));
    TOCSIN_TRY_ASSIGN(Statement note, to.prepare("INSERT OR IGNORE INTO archived(segment_id, checksum) VALUES (?1, ?2)"));
    TOCSIN_TRY(note.bind(1, segment.id).bind(2, checksum).run());
    if (to.changes() == 1) {
        TOCSIN_TRY_ASSIGN(EncodedSegment encoded, readSegment(from, segment, table));
        TOCSIN_TRY(insertSegment(to, std::move(encoded), SegmentState::Visible, 0));
    }
    return transaction.commit();
}

/// Whether the segment's import is complete, or forgotten since.
Result<bool> isSettled(Connection& connection, const SegmentInfo& segment)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t open, connection.scalar("SELECT count(*) FROM import WHERE complete = 0 AND id = " + std::to_string(segment.import)));
    return open == 0;
}

} // namespace

Result<ArchiveResult> archive(Workspace& workspace, const ArchiveRequest& request, std::stop_token stop)
{
    StoreWriters* store = workspace.writers();
    if (!store)
        return fail(kOpenedReadOnly);
    TOCSIN_TRY_ASSIGN(const WriterLock lock, WriterLock::acquire(request.file));
    TOCSIN_TRY_ASSIGN(Connection target, openForWriting(request.file, true));
    ArchiveResult result;
    std::vector<std::int64_t> moved;
    // In one transaction, so that nobody merges segments while they are copied.
    TOCSIN_TRY(store->writer.transact(Writer::Durability::Full, [&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::vector<StoredTable> tables, readTables(connection));
        SegmentInfoCache segments; // the readers' cache is theirs
        TOCSIN_TRY_ASSIGN(const auto visible, segments.visibleSegments(connection));
        std::map<std::string, std::uint64_t> rowsByTable;
        for (const auto& segment : visible) {
            if (stop.stop_requested())
                return fail(kCancelled);
            const auto table = std::find_if(tables.begin(), tables.end(), [&](const StoredTable& candidate) { return candidate.id == segment->table; });
            if (table == tables.end() || (!request.table.empty() && table->schema.name != request.table))
                continue;
            const auto time = table->schema.indexOf("TimeGenerated");
            if (!time || !isAllBefore(*segment, table->columnIds[*time], request.before))
                continue;
            TOCSIN_TRY_ASSIGN(const bool settled, isSettled(connection, *segment));
            if (!settled)
                continue;
            TOCSIN_TRY(copySegment(connection, target, *segment, *table));
            moved.push_back(segment->id);
            rowsByTable[table->schema.name] += segment->rows;
            result.rows += segment->rows;
        }
        TOCSIN_TRY_ASSIGN(const bool all, dropSegments(connection, moved));
        if (!all)
            return fail(kInternal, "a segment is not visible in the transaction that has seen it");
        for (const auto& [table, rows] : rowsByTable)
            TOCSIN_TRY(insertAudit(connection, {store->clock.now(), request.actor, "archive", table, "TimeGenerated < " + formatDateTime(request.before) + " to " + request.file.filename().string(), rows}));
        return {};
    }));
    store->pins->retire(moved);
    store->sweep();
    result.segments = moved.size();
    return result;
}

} // namespace tocsin::store
