// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/Schema.h"

#include "store/sqlite/Transaction.h"

#include <fmt/format.h>

#include <array>

namespace tocsin::store {
namespace {

// KQL names are case-sensitive and may be anything, so tables and columns are rows here, never SQLite names.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE table_ (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    open INTEGER NOT NULL DEFAULT 0);
CREATE TABLE table_alias (
    table_id INTEGER NOT NULL REFERENCES table_(id) ON DELETE CASCADE,
    alias TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (table_id, alias)) WITHOUT ROWID;
CREATE TABLE column_ (
    table_id INTEGER NOT NULL REFERENCES table_(id) ON DELETE CASCADE,
    id INTEGER NOT NULL,                    -- physical number inside the table, from 1; 0 is the ingestion time
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (table_id, id),
    UNIQUE (table_id, name)) WITHOUT ROWID;
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,                   -- SHA-256 of the content; empty for live sources
    time INTEGER NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    rows INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    committed INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0);
CREATE INDEX import_digest ON import(digest);
CREATE TABLE import_table (
    import_id INTEGER NOT NULL REFERENCES import(id) ON DELETE CASCADE,
    table_id INTEGER NOT NULL REFERENCES table_(id) ON DELETE CASCADE,
    rows INTEGER NOT NULL,
    PRIMARY KEY (import_id, table_id)) WITHOUT ROWID;
CREATE TABLE import_reject (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES import(id) ON DELETE CASCADE,
    "offset" INTEGER NOT NULL,
    line INTEGER,
    code TEXT NOT NULL,
    message TEXT NOT NULL);
CREATE INDEX import_reject_import ON import_reject(import_id);
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again: snapshots and caches go by it
    table_id INTEGER NOT NULL REFERENCES table_(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,              -- order inside the table
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    min_time INTEGER,                       -- of TimeGenerated
    max_time INTEGER,
    min_ingest INTEGER NOT NULL,
    max_ingest INTEGER NOT NULL,
    state INTEGER NOT NULL,                 -- 0 pending, 1 visible, 2 dropped
    import_id INTEGER REFERENCES import(id),
    checksum INTEGER NOT NULL,              -- of rows, times and zones
    zones BLOB NOT NULL);
CREATE INDEX segment_table ON segment(state, table_id, position);
CREATE INDEX segment_import ON segment(import_id);
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,                 -- segment << 28 | column << 14 | part
    data BLOB NOT NULL);
CREATE TABLE function_ (
    name TEXT PRIMARY KEY,
    parameters TEXT NOT NULL,
    body TEXT NOT NULL,
    description TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE owner_version (                -- of the tables other parts of the program keep here
    owner TEXT PRIMARY KEY,
    version INTEGER NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::string_view kVersion2 = R"sql(
CREATE TABLE audit (                        -- what was done to stored rows, by whom
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,                   -- a table, or empty
    detail TEXT NOT NULL,
    rows INTEGER NOT NULL);
CREATE TABLE quarantine (                   -- segments that are set aside
    segment_id INTEGER PRIMARY KEY REFERENCES segment(id) ON DELETE CASCADE,
    time INTEGER NOT NULL,
    reason TEXT NOT NULL);
CREATE TABLE retention (                    -- how long rows are kept, by table
    table_name TEXT PRIMARY KEY,
    period INTEGER NOT NULL) WITHOUT ROWID; -- ticks
CREATE TABLE archived (                     -- of an archive: the segments it holds, as the workspace they come from knew them
    segment_id INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (segment_id, checksum)) WITHOUT ROWID;
)sql";

constexpr std::array<std::string_view, kSchemaVersion> kSteps{kVersion1, kVersion2};

} // namespace

Result<void> migrateSchema(Connection& connection)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t version, connection.scalar("PRAGMA user_version"));
    for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
        TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::Write));
        TOCSIN_TRY(connection.execute(kSteps[step]));
        TOCSIN_TRY(connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, step + 1)));
        TOCSIN_TRY(transaction.commit());
    }
    return {};
}

} // namespace tocsin::store
