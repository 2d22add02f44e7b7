// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreErrors.h"
#include "store/Workspace.h"
#include "store/sqlite/Connection.h"

#include <algorithm>

namespace tocsin::store {
namespace {

Result<std::int64_t> ownerVersion(Connection& connection, const std::string& owner)
{
    TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT version FROM owner_version WHERE owner = ?1"));
    select.bind(1, owner);
    TOCSIN_TRY_ASSIGN(const bool row, select.step());
    return row ? select.integer(0) : 0;
}

Result<void> applyStep(Connection& connection, const TableMigration& step)
{
    TOCSIN_TRY(connection.execute(step.sql));
    TOCSIN_TRY_ASSIGN(Statement update, connection.prepare("INSERT OR REPLACE INTO owner_version(owner, version) VALUES (?1, ?2)"));
    return update.bind(1, step.owner).bind(2, step.version).run();
}

} // namespace

Result<void> ensureTables(Workspace& workspace, const std::vector<TableMigration>& steps)
{
    if (steps.empty())
        return {};
    const std::string& owner = steps.front().owner;
    const int newest = std::max_element(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.version < b.version; })->version;
    std::int64_t version = 0;
    TOCSIN_TRY(workspace.read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(version, ownerVersion(connection, owner));
        return {};
    }));
    if (version > newest)
        return fail(kNewerTables, owner, std::to_string(version), std::to_string(newest));
    if (version == newest)
        return {};
    return workspace.write([&](Connection& connection) -> Result<void> {
        for (const TableMigration& step : steps)
            if (step.version > version)
                TOCSIN_TRY(applyStep(connection, step));
        return {};
    });
}

} // namespace tocsin::store
