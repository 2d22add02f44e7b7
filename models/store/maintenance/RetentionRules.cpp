// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/RetentionRules.h"

#include "store/sqlite/Connection.h"

namespace tocsin::store {

Result<std::vector<RetentionRule>> retentionRules(const Workspace& workspace)
{
    std::vector<RetentionRule> rules;
    TOCSIN_TRY(workspace.read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT table_name, period FROM retention ORDER BY table_name"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool row, select.step());
            if (!row)
                return {};
            rules.push_back({std::string(select.text(0)), select.integer(1)});
        }
    }));
    return rules;
}

Result<void> setRetention(Workspace& workspace, const std::string& table, std::optional<Ticks> period)
{
    return workspace.write([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Statement change, connection.prepare(period ? "INSERT OR REPLACE INTO retention(table_name, period) VALUES (?1, ?2)" : "DELETE FROM retention WHERE table_name = ?1"));
        change.bind(1, table);
        if (period)
            change.bind(2, *period);
        return change.run();
    });
}

Result<std::uint64_t> applyRetention(Workspace& workspace, Ticks now)
{
    TOCSIN_TRY_ASSIGN(const std::vector<RetentionRule> rules, retentionRules(workspace));
    std::uint64_t rows = 0;
    for (const RetentionRule& rule : rules) {
        TOCSIN_TRY_ASSIGN(const std::uint64_t dropped, workspace.dropBefore(rule.table, now - rule.period));
        rows += dropped;
    }
    return rows;
}

} // namespace tocsin::store
