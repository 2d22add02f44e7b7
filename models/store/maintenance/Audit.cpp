// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/Audit.h"

#include "store/sqlite/Connection.h"

namespace tocsin::store {

Result<void> insertAudit(Connection& connection, const AuditRecord& record)
{
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO audit(time, actor, action, target, detail, rows) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    return insert.bind(1, record.time).bind(2, record.actor).bind(3, record.action).bind(4, record.target).bind(5, record.detail).bind(6, record.rows).run();
}

Result<std::vector<AuditRecord>> readAudit(const Workspace& workspace)
{
    std::vector<AuditRecord> records;
    TOCSIN_TRY(workspace.read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT time, actor, action, target, detail, rows FROM audit ORDER BY id"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool row, select.step());
            if (!row)
                return {};
            records.push_back({select.integer(0), std::string(select.text(1)), std::string(select.text(2)), std::string(select.text(3)), std::string(select.text(4)), static_cast<std::uint64_t>(select.integer(5))});
        }
    }));
    return records;
}

SqliteTableDefinition auditTable()
{
    catalog::TableSchema schema{"WorkspaceAudit", {}, "What was done to the rows of this workspace: purges, retention, repairs, archives", {}, false, false};
    schema.columns = {{"TimeGenerated", DataType::DateTime, "When it was done"}, {"Actor", DataType::String, "Who asked for it"}, {"Action", DataType::String, "purge, retention, repair or archive"},
                      {"TableName", DataType::String, "The table whose rows it was about"}, {"Detail", DataType::String, "Predicate, reason or file"}, {"Rows", DataType::Long, "How many rows"}};
    return {std::move(schema), "SELECT time, actor, action, target, detail, rows FROM audit ORDER BY id"};
}

} // namespace tocsin::store
