// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/retention/Retention.h"

#include "store/StoreErrors.h"
#include "store/file/TableRows.h"
#include "store/maintenance/Audit.h"

#include <algorithm>

namespace tocsin::store {

bool isAllBefore(const SegmentInfo& segment, std::int64_t timeColumn, Ticks time)
{
    const Zone* zone = segment.zone(timeColumn);
    return segment.damage.empty() && zone && zone->nulls == 0 && segment.maxTime && *segment.maxTime < time;
}

namespace {

Result<std::int64_t> timeColumnOf(Connection& connection, const std::string& table, std::int64_t& tableId)
{
    TOCSIN_TRY_ASSIGN(const std::vector<StoredTable> tables, readTables(connection));
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const StoredTable& candidate) { return candidate.schema.name == table; });
    if (found == tables.end())
        return 0;
    tableId = found->id;
    const auto place = found->schema.indexOf("TimeGenerated");
    return place ? found->columnIds[*place] : 0;
}

} // namespace

Result<std::uint64_t> dropSegmentsBefore(StoreWriters& store, const std::string& table, Ticks time)
{
    std::vector<std::int64_t> dropped;
    std::uint64_t rows = 0;
    TOCSIN_TRY(store.writer.transact(Writer::Durability::Full, [&](Connection& connection) -> Result<void> {
        std::int64_t tableId = 0;
        TOCSIN_TRY_ASSIGN(const std::int64_t column, timeColumnOf(connection, table, tableId));
        SegmentInfoCache segments; // the readers' cache is theirs
        TOCSIN_TRY_ASSIGN(const auto visible, segments.visibleSegments(connection));
        for (const auto& segment : visible) {
            if (column == 0 || segment->table != tableId || !isAllBefore(*segment, column, time))
                continue;
            dropped.push_back(segment->id);
            rows += segment->rows;
        }
        TOCSIN_TRY_ASSIGN(const bool all, dropSegments(connection, dropped));
        if (!all)
            return fail(kInternal, "a segment is not visible in the transaction that has seen it");
        if (dropped.empty())
            return {};
        return insertAudit(connection, {store.clock.now(), "", "retention", table, "TimeGenerated < " + formatDateTime(time), rows});
    }));
    store.pins->retire(dropped);
    store.sweep();
    if (rows > 0)
        store.log.info("retention removed {} segments with {} rows", dropped.size(), rows);
    return rows;
}

} // namespace tocsin::store
