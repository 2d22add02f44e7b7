// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/Repair.h"

#include "store/StoreErrors.h"
#include "store/check/WorkspaceCheck.h"
#include "store/file/WorkspaceFile.h"
#include "store/file/WriterLock.h"
#include "store/import/StoreWriters.h"
#include "store/maintenance/Audit.h"

#include <map>

namespace tocsin::store {
namespace {

using Reasons = std::map<std::int64_t, std::string>; ///< by segment

/// Segments whose row and index entry do not agree. The index is made anew; whether they counted cannot be known.
Result<Reasons> mendIndexes(Connection& connection)
{
    Reasons reasons;
    TOCSIN_TRY_ASSIGN(Statement differing, connection.prepare(
        "SELECT id FROM (SELECT id, state FROM segment NOT INDEXED EXCEPT SELECT id, state FROM segment INDEXED BY segment_table) "
        "UNION SELECT id FROM (SELECT id, state FROM segment INDEXED BY segment_table EXCEPT SELECT id, state FROM segment NOT INDEXED)"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, differing.step());
        if (!row)
            break;
        reasons.emplace(differing.integer(0), "its row and the list of segments did not agree");
    }
    differing.reset();
    TOCSIN_TRY(connection.execute("REINDEX segment_table"));
    return reasons;
}

/// Whether all rows of an import are in segments of its own, so that importing it again replaces exactly them.
Result<bool> isAccountedFor(Connection& connection, std::int64_t import)
{
    TOCSIN_TRY_ASSIGN(Statement rows, connection.prepare("SELECT i.rows = (SELECT total(rows) FROM segment WHERE import_id = i.id AND state IN (1, 4)) FROM import i WHERE i.id = ?1 AND i.digest <> ''"));
    rows.bind(1, import);
    TOCSIN_TRY_ASSIGN(const bool found, rows.step());
    return found && rows.integer(0) != 0;
}

Result<void> setAside(Connection& connection, std::int64_t segment, const std::string& reason, const Clock& clock, const std::string& actor, RepairResult& result)
{
    TOCSIN_TRY_ASSIGN(Statement find, connection.prepare("SELECT s.rows, coalesce(t.name, ''), s.import_id, s.state FROM segment s LEFT JOIN table_ t ON t.id = s.table_id WHERE s.id = ?1"));
    find.bind(1, segment);
    TOCSIN_TRY_ASSIGN(const bool found, find.step());
    if (!found)
        return {};
    const auto rows = static_cast<std::uint64_t>(std::max<std::int64_t>(find.integer(0), 0));
    const std::string table(find.text(1));
    const std::int64_t import = find.integer(2);
    find.reset();
    TOCSIN_TRY_ASSIGN(Statement hide, connection.prepare("UPDATE segment SET state = 4 WHERE id = ?1"));
    TOCSIN_TRY(hide.bind(1, segment).run());
    TOCSIN_TRY_ASSIGN(Statement note, connection.prepare("INSERT OR REPLACE INTO quarantine(segment_id, time, reason) VALUES (?1, ?2, ?3)"));
    TOCSIN_TRY(note.bind(1, segment).bind(2, clock.now()).bind(3, reason).run());
    TOCSIN_TRY(insertAudit(connection, {clock.now(), actor, "repair", table, "segment " + std::to_string(segment) + " set aside: " + reason, rows}));
    result.setAside.push_back(segment);
    result.rows += rows;
    TOCSIN_TRY_ASSIGN(const bool again, isAccountedFor(connection, import));
    if (!again)
        return {};
    TOCSIN_TRY_ASSIGN(Statement reopen, connection.prepare("UPDATE import SET complete = 0 WHERE id = ?1"));
    return reopen.bind(1, import).run();
}

} // namespace

Result<std::vector<SetAsideSegment>> setAsideSegments(const Workspace& workspace)
{
    std::vector<SetAsideSegment> segments;
    TOCSIN_TRY(workspace.read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::int64_t known, connection.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'quarantine'")); // absent in older files that are only read
        if (known == 0)
            return {};
        TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT s.id, coalesce(t.name, ''), s.rows, s.min_time, s.max_time, coalesce(i.name, ''), i.complete = 0, q.reason FROM quarantine q JOIN segment s ON s.id = q.segment_id "
                                                               "LEFT JOIN table_ t ON t.id = s.table_id LEFT JOIN import i ON i.id = s.import_id WHERE s.state = 4 ORDER BY s.id"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool row, select.step());
            if (!row)
                return {};
            SetAsideSegment& segment = segments.emplace_back();
            segment.id = select.integer(0);
            segment.table = select.text(1);
            segment.rows = static_cast<std::uint64_t>(select.integer(2));
            if (!select.isNull(3) && !select.isNull(4) && inDateTimeRange(select.integer(3)) && inDateTimeRange(select.integer(4))) {
                segment.minTime = select.integer(3);
                segment.maxTime = select.integer(4);
            }
            segment.source = select.text(5);
            segment.importable = select.integer(6) != 0;
            segment.reason = select.text(7);
        }
    }));
    return segments;
}

Result<RepairResult> repair(Workspace& workspace, const std::string& actor, std::stop_token stop)
{
    StoreWriters* store = workspace.writers();
    if (!store)
        return fail(kOpenedReadOnly);
    RepairResult result;
    // First what lists are for, so that the rest can be found.
    TOCSIN_TRY(store->writer.transact(Writer::Durability::Full, [&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const Reasons reasons, mendIndexes(connection));
        for (const auto& [segment, reason] : reasons)
            TOCSIN_TRY(setAside(connection, segment, reason, store->clock, actor, result));
        return {};
    }));
    TOCSIN_TRY_ASSIGN(const std::vector<Finding> findings, findDamage(*workspace.readers(), stop));
    TOCSIN_TRY(store->writer.transact(Writer::Durability::Full, [&](Connection& connection) -> Result<void> {
        Reasons reasons;
        for (const Finding& finding : findings)
            if (finding.segment != 0)
                reasons.emplace(finding.segment, finding.text);
        for (const auto& [segment, reason] : reasons)
            TOCSIN_TRY(setAside(connection, segment, reason, store->clock, actor, result));
        return {};
    }));
    // Where pages are lost these fail, and the check says so.
    for (const char* tidy : {"REINDEX", "DELETE FROM chunk WHERE (id >> 28) NOT IN (SELECT id FROM segment)"})
        if (const auto tidied = workspace.write([tidy](Connection& connection) { return connection.execute(tidy); }); !tidied)
            store->log.warn("repair could not do everything: {}", errorMessage(tidied.error()));
    TOCSIN_TRY_ASSIGN(result.remaining, workspace.check(std::move(stop)));
    store->log.warn("repair set {} segments with {} rows aside", result.setAside.size(), result.rows);
    return result;
}

Result<std::uint64_t> restoreLength(const std::filesystem::path& file)
{
    TOCSIN_TRY_ASSIGN(const WriterLock lock, WriterLock::acquire(file));
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(file, failed);
    if (failed)
        return fail(kFileUnreadable, file.string(), failed.message());
    const std::uint64_t written = writtenLength(file).value_or(0);
    if (written <= size)
        return 0;
    std::filesystem::resize_file(file, written, failed); // takes no space: the file gets a hole
    if (failed)
        return fail(kFileUnwritable, file.string(), failed.message());
    return written - size;
}

} // namespace tocsin::store
