// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/check/WorkspaceCheck.h"

#include "store/StoreErrors.h"
#include "store/file/TableRows.h"
#include "store/scan/ChunkFetcher.h"
#include "store/sqlite/Transaction.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

namespace tocsin::store {
namespace {

/// Stops the statements of a connection when asked to.
class Interruption {
public:
    Interruption(Connection& connection, const std::stop_token& stop) : m_connection(connection)
    {
        constexpr int kInstructions = 100'000;
        sqlite3_progress_handler(connection.handle(), kInstructions, [](void* token) { return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0; },
            const_cast<std::stop_token*>(&stop));
    }
    ~Interruption() { sqlite3_progress_handler(m_connection.handle(), 0, nullptr, nullptr); }
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

private:
    Connection& m_connection;
};

Result<void> checkDatabase(Connection& connection, std::vector<Finding>& findings)
{
    TOCSIN_TRY_ASSIGN(Statement pages, connection.prepare("PRAGMA integrity_check(100)"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, pages.step());
        if (!row)
            break;
        if (pages.text(0) != "ok")
            findings.push_back({fmt::format("database: {}", pages.text(0))});
    }
    TOCSIN_TRY_ASSIGN(Statement keys, connection.prepare("PRAGMA foreign_key_check"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, keys.step());
        if (!row)
            break;
        findings.push_back({fmt::format("database: row {} of {} refers to a row of {} that does not exist", keys.integer(1), keys.text(0), keys.text(2))});
    }
    TOCSIN_TRY_ASSIGN(const std::int64_t orphans, connection.scalar("SELECT count(*) FROM chunk WHERE (id >> 28) NOT IN (SELECT id FROM segment)"));
    if (orphans > 0)
        findings.push_back({fmt::format("database: {} chunks belong to no segment", orphans)});
    return {};
}

/// Whether as many rows are there as imports brought, less those that were removed on purpose. More can be: an import that is replaced takes
/// its count along, but not that of a purge of its rows.
Result<void> compareWithImports(Connection& connection, std::vector<Finding>& findings)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t audited, connection.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'audit'")); // absent in older files that are only read
    TOCSIN_TRY_ASSIGN(Statement tables, connection.prepare(
        "SELECT name, (SELECT total(rows) FROM import_table i WHERE i.table_id = t.id) - " + std::string(audited ? "(SELECT total(rows) FROM audit WHERE target = t.name)" : "0")
        + ", (SELECT total(rows) FROM segment s WHERE s.table_id = t.id AND s.state = 1) FROM table_ t"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, tables.step());
        if (!row)
            return {};
        if (tables.integer(2) < tables.integer(1))
            findings.push_back({fmt::format("{}: {} rows that were imported are not there", tables.text(0), tables.integer(1) - tables.integer(2))});
    }
}

/// Chunks of columns that the segment does not say it has.
Result<void> checkChunks(Connection& connection, const SegmentInfo& segment, const std::string& table, std::vector<Finding>& findings)
{
    TOCSIN_TRY_ASSIGN(Statement columns, connection.prepare("SELECT DISTINCT (id >> 14) & 16383 FROM chunk WHERE id >= ?1 AND id < ?2"));
    columns.bind(1, chunkId(segment.id, 0, 0)).bind(2, chunkId(segment.id + 1, 0, 0));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, columns.step());
        if (!row)
            return {};
        const Zone* zone = segment.zone(columns.integer(0));
        if (!zone || !zone->stored)
            findings.push_back({fmt::format("{}: segment {} has chunks of a column {} that it does not describe", table, segment.id, columns.integer(0))});
    }
}

/// Decodes all rows of one column and reads its filters.
Result<void> readColumn(StoreReaders& readers, const SegmentInfo& segment, const Zone& zone, const std::string& table, const std::string& name)
{
    ChunkFetcher fetcher(readers.connections);
    const std::int64_t column = zone.column;
    const auto damaged = [&](const Error& below) { return fail(kDamagedColumn, table, std::to_string(segment.id), name, errorMessage(below)); };
    if (zone.hasTerms)
        if (const auto filter = fetchTermFilter(readers, fetcher, segment, column); !filter)
            return damaged(filter.error());
    if (zone.hasBloom)
        if (const auto filter = fetchValueFilter(readers, fetcher, segment, column); !filter)
            return damaged(filter.error());
    TOCSIN_TRY_ASSIGN(const auto reader, fetchColumn(readers, fetcher, segment, column, zone.type, table, name));
    for (std::size_t at = 0; at < segment.rows; at += kBatchRows)
        TOCSIN_TRY(reader->read(at, std::min(kBatchRows, segment.rows - at)));
    return {};
}

Result<void> checkSegment(StoreReaders& readers, const SegmentInfo& segment, const StoredTable& table, std::vector<Finding>& findings)
{
    if (!segment.damage.empty()) {
        findings.push_back({fmt::format("{}: segment {}: {}", table.schema.name, segment.id, segment.damage), segment.id});
        return {};
    }
    for (const Zone& zone : segment.zones.all()) {
        const auto place = std::find(table.columnIds.begin(), table.columnIds.end(), zone.column);
        const bool known = zone.column == 0 || place != table.columnIds.end();
        if (!known) {
            findings.push_back({fmt::format("{}: segment {} has a column {} that the table does not have", table.schema.name, segment.id, zone.column), segment.id});
            continue;
        }
        const std::string name = zone.column == 0 ? std::string(catalog::kIngestionTimeColumn) : table.schema.columns[static_cast<std::size_t>(place - table.columnIds.begin())].name;
        const Result<void> read = readColumn(readers, segment, zone, table.schema.name, name);
        if (!read)
            findings.push_back({errorMessage(read.error()), segment.id});
    }
    return {};
}

} // namespace

Result<std::vector<Finding>> findDamage(StoreReaders& readers, std::stop_token stop)
{
    std::vector<Finding> findings;
    const auto pin = readers.pins->pin();
    StoreReaders fresh(readers.connections.access(), 0); // without a cache: what is checked is the file
    TOCSIN_TRY_ASSIGN(ReaderPool::Lease connection, fresh.connections.acquire());
    const Interruption interruption(*connection, stop);
    const Result<void> database = checkDatabase(*connection, findings);
    if (!database && database.error().kind == &kCancelled)
        return std::unexpected(database.error());
    if (!database)
        findings.push_back({errorMessage(database.error())});

    const auto readContent = [&]() -> Result<std::pair<std::vector<StoredTable>, std::vector<std::shared_ptr<const SegmentInfo>>>> {
        TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection, Transaction::Kind::Read));
        TOCSIN_TRY_ASSIGN(auto tables, readTables(*connection));
        TOCSIN_TRY_ASSIGN(auto segments, fresh.segments.visibleSegments(*connection));
        return std::pair(std::move(tables), std::move(segments));
    };
    const auto content = readContent();
    if (!content) {
        findings.push_back({errorMessage(content.error())});
        return findings;
    }
    for (const auto& segment : content->second) {
        if (stop.stop_requested())
            return fail(kCancelled);
        const auto table = std::find_if(content->first.begin(), content->first.end(), [&](const StoredTable& candidate) { return candidate.id == segment->table; });
        if (table == content->first.end())
            findings.push_back({fmt::format("segment {} belongs to no table", segment->id), segment->id});
        else
            TOCSIN_TRY(checkSegment(fresh, *segment, *table, findings));
        if (!segment->damage.empty())
            continue;
        if (const auto chunks = checkChunks(*connection, *segment, table == content->first.end() ? "" : table->schema.name, findings); !chunks)
            findings.push_back({errorMessage(chunks.error()), segment->id});
    }
    if (!findings.empty())
        return findings; // the counts say nothing more
    if (const auto compared = compareWithImports(*connection, findings); !compared)
        findings.push_back({errorMessage(compared.error())});
    return findings;
}

} // namespace tocsin::store
