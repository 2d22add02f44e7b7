// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/StoreSnapshot.h"

#include "catalog/UnionTable.h"
#include "store/scan/SegmentTable.h"
#include "store/scan/SqliteTable.h"
#include "store/sqlite/Transaction.h"

#include <set>

namespace tocsin::store {
namespace {

/// The declared columns first, then those only the file has; where both know a column, its stored type counts.
void mergeSchemas(const catalog::TableSchema* declared, const StoredTable* stored, SegmentTableContent& content)
{
    if (!declared) {
        content.schema = stored->schema;
        content.columnIds = stored->columnIds;
        return;
    }
    content.schema = *declared;
    content.columnIds.assign(declared->columns.size(), 0);
    if (!stored)
        return;
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < declared->columns.size(); ++i)
        places.emplace(declared->columns[i].name, i);
    for (std::size_t i = 0; i < stored->columnIds.size(); ++i) {
        const catalog::ColumnSchema& column = stored->schema.columns[i];
        const auto place = places.find(column.name);
        if (place == places.end()) {
            content.schema.columns.push_back(column);
            content.columnIds.push_back(stored->columnIds[i]);
        } else {
            content.schema.columns[place->second].type = column.type;
            content.columnIds[place->second] = stored->columnIds[i];
        }
    }
}

Result<std::map<std::string, catalog::StoredFunction, std::less<>>> readFunctions(Connection& connection)
{
    std::map<std::string, catalog::StoredFunction, std::less<>> functions;
    TOCSIN_TRY_ASSIGN(Statement select, connection.prepare("SELECT name, parameters, body, description FROM function_"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, select.step());
        if (!row)
            return functions;
        catalog::StoredFunction function{std::string(select.text(0)), std::string(select.text(1)), std::string(select.text(2)), std::string(select.text(3))};
        functions.emplace(function.name, function);
    }
}

} // namespace

StoreSnapshot::StoreSnapshot(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known)
    : m_readers(std::move(readers)), m_known(std::move(known)), m_pin(m_readers->pins->pin())
{
}

Result<std::shared_ptr<const catalog::Snapshot>> StoreSnapshot::take(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known, const std::vector<std::shared_ptr<StoreReaders>>& attached)
{
    TOCSIN_TRY_ASSIGN(std::shared_ptr<StoreSnapshot> snapshot, takeOne(std::move(readers), std::move(known)));
    for (const auto& other : attached) {
        TOCSIN_TRY_ASSIGN(std::shared_ptr<StoreSnapshot> part, takeOne(other, std::make_shared<const KnownTables>()));
        snapshot->m_attached.push_back(std::move(part));
    }
    return snapshot;
}

Result<std::shared_ptr<StoreSnapshot>> StoreSnapshot::takeOne(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known)
{
    std::shared_ptr<StoreSnapshot> snapshot(new StoreSnapshot(readers, std::move(known)));
    TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, readers->connections.acquire());
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection, Transaction::Kind::Read));
    TOCSIN_TRY(snapshot->read(*connection));
    TOCSIN_TRY(transaction.commit());
    return snapshot;
}

Result<void> StoreSnapshot::read(Connection& connection)
{
    TOCSIN_TRY_ASSIGN(std::vector<StoredTable> tables, readTables(connection));
    std::map<std::int64_t, std::vector<std::shared_ptr<const SegmentInfo>>> segments;
    TOCSIN_TRY_ASSIGN(auto visible, m_readers->segments.visibleSegments(connection));
    for (auto& segment : visible)
        segments[segment->table].push_back(std::move(segment));
    for (StoredTable& table : tables) {
        const std::string name = table.schema.name;
        auto& own = segments[table.id];
        m_stored.emplace(name, Stored{std::move(table), std::move(own)});
    }
    TOCSIN_TRY_ASSIGN(m_functions, readFunctions(connection));
    return {};
}

std::shared_ptr<const catalog::TableSource> StoreSnapshot::findTable(std::string_view name) const
{
    const std::lock_guard lock(m_mutex);
    if (const auto made = m_made.find(name); made != m_made.end())
        return made->second;
    std::shared_ptr<const catalog::TableSource> table = makeTable(name);
    if (table)
        m_made.emplace(name, table);
    return table;
}

std::shared_ptr<const catalog::TableSource> StoreSnapshot::makeTable(std::string_view name) const
{
    std::shared_ptr<const catalog::TableSource> events = eventTable(name);
    bool stored = m_stored.contains(name);
    for (const auto& part : m_attached)
        if (std::shared_ptr<const catalog::TableSource> others = part->eventTable(name)) {
            events = events ? std::make_shared<catalog::UnionTable>(std::move(events), std::move(others)) : std::move(others);
            stored = true;
        }
    const auto ordinary = m_known->ordinary.find(name);
    if (ordinary == m_known->ordinary.end())
        return events;
    auto rows = std::make_shared<SqliteTable>(ordinary->second, m_readers);
    if (!stored)
        return rows;
    return std::make_shared<catalog::UnionTable>(std::move(rows), std::move(events)); // imported rows beside the program's own
}

std::shared_ptr<const catalog::TableSource> StoreSnapshot::eventTable(std::string_view name) const
{
    const auto declared = m_known->declared.find(name);
    const auto stored = m_stored.find(name);
    const bool isDeclared = declared != m_known->declared.end();
    const bool isStored = stored != m_stored.end();
    if (!isDeclared && !isStored)
        return nullptr;
    SegmentTableContent content;
    mergeSchemas(isDeclared ? declared->second.get() : nullptr, isStored ? &stored->second.table : nullptr, content);
    if (isStored)
        content.segments = stored->second.segments;
    content.readers = m_readers;
    content.pin = m_pin;
    return std::make_shared<SegmentTable>(std::move(content));
}

std::vector<std::shared_ptr<const SegmentInfo>> StoreSnapshot::segments(std::string_view name) const
{
    const auto stored = m_stored.find(name);
    return stored == m_stored.end() ? std::vector<std::shared_ptr<const SegmentInfo>>() : stored->second.segments;
}

const catalog::StoredFunction* StoreSnapshot::findFunction(std::string_view name) const
{
    const auto found = m_functions.find(name);
    return found == m_functions.end() ? nullptr : &found->second;
}

std::vector<std::string> StoreSnapshot::tableNames() const
{
    std::set<std::string> names;
    for (const auto& [name, table] : m_known->declared)
        names.insert(name);
    for (const auto& [name, table] : m_known->ordinary)
        names.insert(name);
    for (const auto& [name, table] : m_stored)
        names.insert(name);
    for (const auto& part : m_attached)
        for (const auto& [name, table] : part->m_stored)
            names.insert(name);
    return {names.begin(), names.end()};
}

std::vector<std::string> StoreSnapshot::functionNames() const
{
    std::vector<std::string> names;
    for (const auto& [name, function] : m_functions)
        names.push_back(name);
    return names;
}

} // namespace tocsin::store
