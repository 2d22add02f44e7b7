// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/EventModule.h"

#include "store/StoreErrors.h"

#include <new>

SQLITE_EXTENSION_INIT1

namespace tocsin::store {
namespace {

constexpr int kOldestSqlite = 3'031'000; ///< SQLITE_VTAB_INNOCUOUS

/// Shows an event table under its name, or with `events_` before it where the workspace has an ordinary table of that name.
Result<void> showTable(Connection& connection, const std::string& name)
{
    TOCSIN_TRY_ASSIGN(Statement taken, connection.prepare("SELECT 1 FROM main.sqlite_master WHERE name = ?1 COLLATE NOCASE OR ?1 LIKE 'sqlite\\_%' ESCAPE '\\'"));
    TOCSIN_TRY_ASSIGN(const bool isTaken, taken.bind(1, name).step());
    const std::string shown = isTaken ? "events_" + name : name;
    char* sql = sqlite3_mprintf("CREATE VIRTUAL TABLE IF NOT EXISTS temp.\"%w\" USING tocsin(%Q)", shown.c_str(), name.c_str());
    if (!sql)
        throw std::bad_alloc();
    Result<void> made = connection.execute(sql);
    sqlite3_free(sql);
    return made;
}

Result<void> showTables(sqlite3* host)
{
    auto store = std::make_shared<HostStore>(host);
    TOCSIN_TRY(store->check());
    TOCSIN_TRY_ASSIGN(const std::vector<std::string> names, store->tableNames());
    if (registerEventModule(host, store) != SQLITE_OK)
        return fail(kDatabase, sqlite3_errmsg(host));
    for (const std::string& name : names)
        TOCSIN_TRY(showTable(store->connection(), name));
    return {};
}

} // namespace
} // namespace tocsin::store

/// Called by SQLite when the library is loaded; its name follows from that of the file.
extern "C" __attribute__((visibility("default"))) int sqlite3_tocsinsqlite_init(sqlite3* host, char** message, const sqlite3_api_routines* api)
{
    SQLITE_EXTENSION_INIT2(api);
    using namespace tocsin;
    if (sqlite3_libversion_number() < store::kOldestSqlite) {
        *message = sqlite3_mprintf("Tocsin's event tables need SQLite 3.31 or newer; this is %s", sqlite3_libversion());
        return SQLITE_ERROR;
    }
    try {
        const Result<void> shown = store::showTables(host);
        if (shown)
            return SQLITE_OK;
        *message = store::sqliteText(shown.error());
        return store::sqliteCode(shown.error());
    } catch (...) {
        return SQLITE_NOMEM;
    }
}
