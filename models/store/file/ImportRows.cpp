// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/ImportRows.h"

#include "store/file/SegmentRows.h"

namespace tocsin::store {
namespace {

/// The first column of all rows.
Result<std::vector<std::int64_t>> readIds(Statement& select)
{
    std::vector<std::int64_t> ids;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, select.step());
        if (!row)
            break;
        ids.push_back(select.integer(0));
    }
    select.reset();
    return ids;
}

} // namespace

Result<std::int64_t> insertImport(Connection& connection, const ImportSource& source, Ticks time)
{
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO import(name, format, bytes, digest, time) VALUES (?1, ?2, ?3, ?4, ?5)"));
    TOCSIN_TRY(insert.bind(1, source.name).bind(2, source.format).bind(3, source.bytes).bind(4, source.digest).bind(5, time).run());
    return connection.lastInsertId();
}

Result<void> updateImport(Connection& connection, const ImportRecord& record)
{
    TOCSIN_TRY_ASSIGN(Statement update, connection.prepare("UPDATE import SET records = ?2, rows = ?3, rejected = ?4, complete = ?5, committed = 1 WHERE id = ?1"));
    TOCSIN_TRY(update.bind(1, record.id).bind(2, record.records).bind(3, record.rows).bind(4, record.rejected).bind(5, record.complete ? 1 : 0).run());
    TOCSIN_TRY_ASSIGN(Statement table, connection.prepare("INSERT OR REPLACE INTO import_table(import_id, table_id, rows) SELECT ?1, id, ?3 FROM table_ WHERE name = ?2"));
    for (const auto& [name, rows] : record.rowsByTable)
        TOCSIN_TRY(table.bind(1, record.id).bind(2, name).bind(3, rows).run());
    return {};
}

Result<void> insertRejects(Connection& connection, std::int64_t import, const std::vector<StoredReject>& rejects)
{
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO import_reject(import_id, \"offset\", line, code, message) VALUES (?1, ?2, ?3, ?4, ?5)"));
    for (const StoredReject& reject : rejects) {
        insert.bind(1, import).bind(2, reject.offset).bind(4, reject.code).bind(5, reject.message);
        if (reject.line)
            insert.bind(3, *reject.line);
        TOCSIN_TRY(insert.run());
    }
    return {};
}

Result<void> publishSegments(Connection& connection, std::int64_t import)
{
    TOCSIN_TRY_ASSIGN(Statement update, connection.prepare("UPDATE segment SET state = 1 WHERE import_id = ?1 AND state = 0"));
    return update.bind(1, import).run();
}

Result<std::vector<std::int64_t>> dropIncompleteImports(Connection& connection, const std::string& digest, std::int64_t except)
{
    std::vector<std::int64_t> dropped;
    if (digest.empty())
        return dropped;
    TOCSIN_TRY_ASSIGN(Statement find, connection.prepare("SELECT id FROM import WHERE digest = ?1 AND complete = 0 AND id <> ?2"));
    find.bind(1, digest).bind(2, except);
    TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> imports, readIds(find));
    TOCSIN_TRY_ASSIGN(Statement segments, connection.prepare("SELECT id FROM segment WHERE import_id = ?1"));
    TOCSIN_TRY_ASSIGN(Statement drop, connection.prepare("UPDATE segment SET state = 2, import_id = NULL WHERE import_id = ?1"));
    TOCSIN_TRY_ASSIGN(Statement remove, connection.prepare("DELETE FROM import WHERE id = ?1"));
    for (const std::int64_t import : imports) {
        segments.bind(1, import);
        TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> own, readIds(segments));
        dropped.insert(dropped.end(), own.begin(), own.end());
        TOCSIN_TRY(drop.bind(1, import).run());
        TOCSIN_TRY(remove.bind(1, import).run());
    }
    return dropped;
}

Result<void> deletePending(Connection& connection, std::int64_t import)
{
    TOCSIN_TRY_ASSIGN(Statement segments, connection.prepare("SELECT id FROM segment WHERE import_id = ?1 AND state = 0"));
    segments.bind(1, import);
    TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> pending, readIds(segments));
    TOCSIN_TRY(deleteSegments(connection, pending));
    TOCSIN_TRY_ASSIGN(Statement remove, connection.prepare("DELETE FROM import WHERE id = ?1 AND committed = 0"));
    return remove.bind(1, import).run();
}

Result<void> deleteLeftovers(Connection& connection)
{
    // Row and index must agree before anything is deleted for its state: a damaged one is for the workspace check to find.
    TOCSIN_TRY_ASSIGN(Statement indexed, connection.prepare("SELECT id FROM segment INDEXED BY segment_table WHERE state IN (0, 2, 3)"));
    TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> candidates, readIds(indexed));
    TOCSIN_TRY_ASSIGN(Statement state, connection.prepare("SELECT 1 FROM segment NOT INDEXED WHERE id = ?1 AND state IN (0, 2, 3)"));
    std::vector<std::int64_t> leftovers;
    for (const std::int64_t id : candidates) {
        TOCSIN_TRY_ASSIGN(const bool agreed, state.bind(1, id).step());
        if (agreed)
            leftovers.push_back(id);
        state.reset();
    }
    TOCSIN_TRY(deleteSegments(connection, leftovers));
    return connection.execute("DELETE FROM import WHERE committed = 0");
}

Result<std::vector<ImportRecord>> readImports(Connection& connection, const std::optional<std::string>& digest)
{
    TOCSIN_TRY_ASSIGN(Statement select,
        connection.prepare(std::string("SELECT id, name, format, bytes, digest, time, records, rows, rejected, complete FROM import WHERE committed = 1 ")
            + (digest ? "AND digest = ?1 ORDER BY complete DESC, id DESC" : "ORDER BY id")));
    if (digest)
        select.bind(1, *digest);
    TOCSIN_TRY_ASSIGN(Statement tables,
        connection.prepare("SELECT t.name, i.rows FROM import_table i JOIN table_ t ON t.id = i.table_id WHERE i.import_id = ?1 ORDER BY t.name"));
    std::vector<ImportRecord> records;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, select.step());
        if (!row)
            return records;
        ImportRecord& record = records.emplace_back();
        record.id = select.integer(0);
        record.source = {std::string(select.text(1)), std::string(select.text(2)), static_cast<std::uint64_t>(select.integer(3)), std::string(select.text(4))};
        record.time = select.integer(5);
        record.records = static_cast<std::uint64_t>(select.integer(6));
        record.rows = static_cast<std::uint64_t>(select.integer(7));
        record.rejected = static_cast<std::uint64_t>(select.integer(8));
        record.complete = select.integer(9) != 0;
        tables.bind(1, record.id);
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool more, tables.step());
            if (!more)
                break;
            record.rowsByTable.emplace_back(tables.text(0), static_cast<std::uint64_t>(tables.integer(1)));
        }
        tables.reset();
    }
}

Result<std::vector<StoredReject>> readRejects(Connection& connection, std::int64_t import)
{
    TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT \"offset\", line, code, message FROM import_reject WHERE import_id = ?1 ORDER BY id"));
    select.bind(1, import);
    std::vector<StoredReject> rejects;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, select.step());
        if (!row)
            return rejects;
        StoredReject& reject = rejects.emplace_back();
        reject.offset = static_cast<std::uint64_t>(select.integer(0));
        if (!select.isNull(1))
            reject.line = static_cast<std::uint64_t>(select.integer(1));
        reject.code = select.text(2);
        reject.message = select.text(3);
    }
}

} // namespace tocsin::store
