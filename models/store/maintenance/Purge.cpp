// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/Purge.h"

#include "store/StoreErrors.h"
#include "store/import/StoreWriters.h"
#include "store/maintenance/Audit.h"
#include "store/maintenance/SegmentRewrite.h"
#include "store/scan/StoreSnapshot.h"

#include <algorithm>
#include <map>

namespace tocsin::store {
namespace {

constexpr int kAttempts = 5;

/// The rows to remove of each segment, by its place in the table; ascending.
using RowsBySegment = std::map<std::size_t, std::vector<std::uint32_t>>;
using Segments = std::vector<std::shared_ptr<const SegmentInfo>>;

Result<RowsBySegment> groupRows(std::vector<std::int64_t> ids, const Segments& segments)
{
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    RowsBySegment rows;
    for (const std::int64_t id : ids) {
        const auto place = static_cast<std::size_t>(id >> catalog::kRowIdShift);
        const auto row = static_cast<std::uint32_t>(id);
        if (id < 0 || place >= segments.size() || row >= segments[place]->rows)
            return fail(kInternal, "a row to purge does not exist");
        rows[place].push_back(row);
    }
    return rows;
}

/// One attempt: holds what it has written until it is published.
class Purge {
public:
    Purge(StoreWriters& store, const StoreReaders& readers, const Segments& segments, std::string table) : m_store(store), m_readers(readers.connections.access(), 0), m_segments(segments), m_name(std::move(table)) {}
    ~Purge()
    {
        if (m_written.empty())
            return;
        std::vector<std::int64_t> ids;
        for (const auto& [id, import] : m_written)
            ids.push_back(id);
        if (const auto deleted = m_store.writer.transact(Writer::Durability::Later, [&](Connection& connection) { return deleteSegments(connection, ids); }); !deleted)
            m_store.log.warn("what an interrupted purge left could not be deleted yet: {}", errorMessage(deleted.error()));
    }
    Purge(const Purge&) = delete;
    Purge& operator=(const Purge&) = delete;

    /// Writes the segments again without the rows, unseen.
    Result<PurgeResult> write(const RowsBySegment& rows, const std::stop_token& stop)
    {
        TOCSIN_TRY_ASSIGN(const StoredTable table, storedTable());
        PurgeResult result;
        for (const auto& [place, without] : rows) {
            if (stop.stop_requested())
                return fail(kCancelled);
            const SegmentInfo& segment = *m_segments[place];
            m_replaced.push_back(segment.id);
            result.rows += without.size();
            if (without.size() == segment.rows) {
                ++result.removed;
                continue;
            }
            SegmentRewrite rewrite(m_readers, table);
            TOCSIN_TRY(rewrite.add(segment, without));
            EncodedSegment encoded = rewrite.encode(m_store.executor);
            SegmentInfo written;
            TOCSIN_TRY(m_store.writer.transact(Writer::Durability::Later, [&](Connection& connection) -> Result<void> {
                TOCSIN_TRY_ASSIGN(written, insertSegment(connection, std::move(encoded), SegmentState::Pending, 0, segment.position));
                return {};
            }));
            m_written.emplace_back(written.id, segment.import); // only now is the id certain
            ++result.rewritten;
        }
        return result;
    }

    /// Everything at once. False if a segment was replaced by somebody else meanwhile; then nothing is changed.
    Result<bool> publish(const AuditRecord& record)
    {
        bool replaced = true;
        const Result<void> published = m_store.writer.transact(Writer::Durability::Full, [&](Connection& connection) -> Result<void> {
            TOCSIN_TRY_ASSIGN(replaced, dropSegments(connection, m_replaced, SegmentState::Purged));
            if (!replaced)
                return fail(kCancelled); // only rolls back
            for (const auto& [id, import] : m_written)
                TOCSIN_TRY(publishSegment(connection, id, import));
            return insertAudit(connection, record);
        });
        if (!replaced)
            return false;
        if (!published)
            return std::unexpected(published.error());
        m_written.clear();
        m_store.pins->retire(m_replaced);
        return true;
    }

private:
    Result<StoredTable> storedTable()
    {
        TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, m_readers.connections.acquire());
        TOCSIN_TRY_ASSIGN(std::vector<StoredTable> tables, readTables(*connection));
        const auto found = std::find_if(tables.begin(), tables.end(), [this](const StoredTable& candidate) { return candidate.schema.name == m_name; });
        return found == tables.end() ? Result<StoredTable>(fail(kNoEventTable, m_name)) : std::move(*found);
    }

    StoreWriters& m_store;
    StoreReaders m_readers; ///< without a cache: what is read once here must not push out what queries use
    const Segments& m_segments;
    std::string m_name;
    std::vector<std::int64_t> m_replaced;
    std::vector<std::pair<std::int64_t, std::int64_t>> m_written; ///< segments, and the imports they belong to
};

/// Nothing if the table was changed by others meanwhile.
Result<std::optional<PurgeResult>> attempt(Workspace& workspace, const PurgeRequest& request, const std::stop_token& stop)
{
    StoreWriters& store = *workspace.writers();
    TOCSIN_TRY_ASSIGN(const auto snapshot, workspace.catalog().snapshot());
    const auto& stored = dynamic_cast<const StoreSnapshot&>(*snapshot); // there is no other kind here
    const Segments segments = stored.segments(request.table);
    if (segments.empty())
        return fail(kNoEventTable, request.table);
    TOCSIN_TRY_ASSIGN(std::vector<std::int64_t> ids, request.choose(snapshot, stored.eventTable(request.table)));
    TOCSIN_TRY_ASSIGN(const RowsBySegment rows, groupRows(std::move(ids), segments));
    if (request.onlyCount) {
        PurgeResult counted;
        for (const auto& [place, without] : rows) {
            counted.rows += without.size();
            ++(without.size() == segments[place]->rows ? counted.removed : counted.rewritten);
        }
        return counted;
    }
    Purge purge(store, *workspace.readers(), segments, request.table);
    TOCSIN_TRY_ASSIGN(const PurgeResult result, purge.write(rows, stop));
    TOCSIN_TRY_ASSIGN(const bool published, purge.publish({store.clock.now(), request.actor, "purge", request.table, request.predicate, result.rows}));
    return published ? std::optional(result) : std::nullopt;
}

/// Overwrites the free pages of the file: they may hold what earlier merges of the same rows left. They are all taken for a table of zeros.
Result<void> overwriteFreePages(Connection& connection)
{
    constexpr std::int64_t kMostBytes = 256 << 20;
    TOCSIN_TRY_ASSIGN(const std::int64_t pageSize, connection.scalar("PRAGMA page_size"));
    TOCSIN_TRY(connection.execute("CREATE TABLE purge_zeros(data BLOB)"));
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO purge_zeros VALUES (zeroblob(?1))"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const std::int64_t pages, connection.scalar("PRAGMA freelist_count"));
        if (pages == 0)
            break;
        TOCSIN_TRY(insert.bind(1, std::min(kMostBytes, pages * (pageSize - 4))).run()); // a page of a BLOB begins with the number of the next one
    }
    return connection.execute("DROP TABLE purge_zeros");
}

} // namespace

Result<PurgeResult> purgeRows(Workspace& workspace, const PurgeRequest& request, std::stop_token stop)
{
    StoreWriters* store = workspace.writers();
    if (!store)
        return fail(kOpenedReadOnly);
    for (int i = 0; i < kAttempts; ++i) {
        TOCSIN_TRY_ASSIGN(const std::optional<PurgeResult> result, attempt(workspace, request, stop));
        if (!result)
            continue;
        if (request.onlyCount)
            return *result;
        store->sweep();
        if (const auto overwritten = store->writer.transact(Writer::Durability::Full, overwriteFreePages); !overwritten)
            store->log.warn("free pages could not be overwritten after a purge: {}", errorMessage(overwritten.error()));
        // The write-ahead log may still hold pages of the old segments. Readers can be in the way; the next checkpoint does it then.
        if (const auto emptied = store->writer.outside([](Connection& connection) { return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"); }); !emptied)
            store->log.warn("the write-ahead log could not be emptied after a purge: {}", errorMessage(emptied.error()));
        store->log.info("purge removed {} rows of {} segments", result->rows, result->rewritten + result->removed);
        return *result;
    }
    return fail(kTableBusy, request.table);
}

} // namespace tocsin::store
