// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/TableRows.h"

#include "store/StoreErrors.h"
#include "store/segment/Chunk.h"

#include <algorithm>

namespace tocsin::store {

Result<std::vector<StoredTable>> readTables(Connection& connection)
{
    std::vector<StoredTable> tables;
    TOCSIN_TRY_ASSIGN(Statement names, connection.prepare("SELECT id, name, description, open FROM table_ ORDER BY id"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, names.step());
        if (!row)
            break;
        StoredTable& table = tables.emplace_back();
        table.id = names.integer(0);
        table.schema.name = names.text(1);
        table.schema.description = names.text(2);
        table.schema.open = names.integer(3) != 0;
    }
    const auto find = [&tables](std::int64_t id) -> StoredTable* {
        const auto found = std::lower_bound(tables.begin(), tables.end(), id, [](const StoredTable& table, std::int64_t wanted) { return table.id < wanted; });
        return found != tables.end() && found->id == id ? &*found : nullptr;
    };
    TOCSIN_TRY_ASSIGN(Statement columns, connection.prepare("SELECT table_id, id, name, type, description FROM column_ ORDER BY table_id, id"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, columns.step());
        if (!row)
            break;
        StoredTable* table = find(columns.integer(0));
        const std::optional<DataType> type = parseTypeName(columns.text(3));
        if (!table || !type)
            return fail(kDatabase, "a column row is not valid");
        table->columnIds.push_back(columns.integer(1));
        table->schema.columns.push_back({std::string(columns.text(2)), *type, std::string(columns.text(4))});
    }
    TOCSIN_TRY_ASSIGN(Statement aliases, connection.prepare("SELECT table_id, alias, target FROM table_alias ORDER BY table_id, alias"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, aliases.step());
        if (!row)
            break;
        if (StoredTable* table = find(aliases.integer(0)))
            table->schema.aliases.emplace_back(aliases.text(1), aliases.text(2));
    }
    return tables;
}

Result<std::int64_t> ensureTable(Connection& connection, const catalog::TableSchema& schema)
{
    TOCSIN_TRY_ASSIGN(Statement find, connection.prepare("SELECT id FROM table_ WHERE name = ?1"));
    find.bind(1, schema.name);
    TOCSIN_TRY_ASSIGN(const bool found, find.step());
    if (found)
        return find.integer(0);
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO table_(name, description, open) VALUES (?1, ?2, ?3)"));
    TOCSIN_TRY(insert.bind(1, schema.name).bind(2, schema.description).bind(3, schema.open ? 1 : 0).run());
    const std::int64_t id = connection.lastInsertId();
    TOCSIN_TRY_ASSIGN(Statement alias, connection.prepare("INSERT OR IGNORE INTO table_alias(table_id, alias, target) VALUES (?1, ?2, ?3)"));
    for (const auto& [name, target] : schema.aliases)
        TOCSIN_TRY(alias.bind(1, id).bind(2, name).bind(3, target).run());
    return id;
}

Result<std::int64_t> ensureColumn(Connection& connection, std::int64_t table, const std::string& tableName, const catalog::ColumnSchema& column)
{
    TOCSIN_TRY_ASSIGN(Statement find, connection.prepare("SELECT id, type FROM column_ WHERE table_id = ?1 AND name = ?2"));
    std::string name = column.name;
    for (;;) {
        find.bind(1, table).bind(2, name);
        TOCSIN_TRY_ASSIGN(const bool found, find.step());
        if (!found)
            break;
        if (find.text(1) == typeName(column.type))
            return find.integer(0);
        find.reset();
        name += '_';
        name += typeName(column.type);
    }
    TOCSIN_TRY_ASSIGN(Statement last, connection.prepare("SELECT max(id) FROM column_ WHERE table_id = ?1"));
    TOCSIN_TRY(last.bind(1, table).step());
    const std::int64_t id = last.integer(0) + 1;
    if (id > kMaxColumn)
        return fail(kTooManyColumns, tableName, std::to_string(kMaxColumn));
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO column_(table_id, id, name, type, description) VALUES (?1, ?2, ?3, ?4, ?5)"));
    TOCSIN_TRY(insert.bind(1, table).bind(2, id).bind(3, name).bind(4, typeName(column.type)).bind(5, column.description).run());
    return id;
}

} // namespace tocsin::store
