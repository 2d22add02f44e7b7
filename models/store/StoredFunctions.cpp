// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoredFunctions.h"

#include "store/sqlite/Connection.h"

namespace tocsin::store {

Result<void> saveFunction(Workspace& workspace, const catalog::StoredFunction& function)
{
    return workspace.write([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT OR REPLACE INTO function_(name, parameters, body, description) VALUES (?1, ?2, ?3, ?4)"));
        return insert.bind(1, function.name).bind(2, function.parameters).bind(3, function.body).bind(4, function.description).run();
    });
}

Result<void> removeFunction(Workspace& workspace, const std::string& name)
{
    return workspace.write([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Statement remove, connection.prepare("DELETE FROM function_ WHERE name = ?1"));
        return remove.bind(1, name).run();
    });
}

} // namespace tocsin::store
