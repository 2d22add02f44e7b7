// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/EventModule.h"

#include "store/StoreErrors.h"
#include "store/extension/CellValue.h"
#include "store/extension/Constraints.h"

#include <fmt/format.h>

#include <new>
#include <set>

namespace tocsin::store {
namespace {

struct EventTable : sqlite3_vtab {
    std::shared_ptr<HostStore> store;
    std::string name;
    std::vector<DataType> columns; ///< declared; the ingestion time last
};

struct EventCursor : sqlite3_vtab_cursor {
    std::optional<Statement> held; ///< keeps the snapshot while rows are read
    std::optional<RowWalk> walk;

    EventTable& table() const { return *static_cast<EventTable*>(pVtab); }
};

int report(sqlite3_vtab& table, const Error& error)
{
    sqlite3_free(table.zErrMsg);
    table.zErrMsg = sqliteText(error);
    return sqliteCode(error);
}

/// No exception may pass through SQLite.
template <typename Work>
int guarded(Work work)
{
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (...) {
        return SQLITE_INTERNAL;
    }
}

std::string_view declaredType(DataType type)
{
    switch (type) {
    case DataType::Bool:
    case DataType::Int:
    case DataType::Long: return "INTEGER";
    case DataType::Real: return "REAL";
    default: return "TEXT";
    }
}

std::string sqlName(std::string_view name)
{
    std::string text(1, '"');
    for (const char c : name)
        text.append(c == '"' ? 2 : 1, c);
    return text + '"';
}

std::string foldedCase(std::string text)
{
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

/// SQLite does not tell `User` from `user`, KQL does: the later ones get a number.
std::string uniqueName(std::string name, std::set<std::string>& taken)
{
    const std::string wanted = name;
    for (int number = 2; !taken.insert(foldedCase(name)).second; ++number)
        name = wanted + "_" + std::to_string(number);
    return name;
}

int connect(sqlite3* host, void* store, int argc, const char* const* argv, sqlite3_vtab** made, char** message)
{
    return guarded([&]() -> int {
        auto table = std::make_unique<EventTable>();
        table->store = *static_cast<std::shared_ptr<HostStore>*>(store);
        const std::string_view argument = argc == 4 ? argv[3] : "";
        if (std::string_view(argv[1]) != "temp" || argument.size() < 2 || argument.front() != '\'' || argument.back() != '\'') {
            *message = sqlite3_mprintf("%s", "write CREATE VIRTUAL TABLE temp.NAME USING tocsin('TABLE')");
            return SQLITE_ERROR;
        }
        for (std::size_t i = 1; i + 1 < argument.size(); ++i) {
            table->name += argument[i];
            i += argument[i] == '\'';
        }
        const Result<Statement> held = table->store->hold();
        const auto content = held ? table->store->table(table->name) : std::unexpected(held.error());
        if (!content) {
            *message = sqliteText(content.error());
            return sqliteCode(content.error());
        }
        const auto most = static_cast<std::size_t>(sqlite3_limit(host, SQLITE_LIMIT_COLUMN, -1)) - 1;
        std::string declaration = "CREATE TABLE x(";
        std::set<std::string> taken;
        for (const catalog::ColumnSchema& column : (*content)->schema.columns) {
            if (table->columns.size() == most)
                break;
            declaration += fmt::format("{} {}, ", sqlName(uniqueName(column.name, taken)), declaredType(column.type));
            table->columns.push_back(column.type);
        }
        declaration += fmt::format("{} TEXT HIDDEN)", sqlName(uniqueName("ingestion_time", taken)));
        table->columns.push_back(DataType::DateTime);
        if (const int result = sqlite3_declare_vtab(host, declaration.c_str()); result != SQLITE_OK) {
            *message = sqlite3_mprintf("%s", sqlite3_errmsg(host));
            return result;
        }
        sqlite3_vtab_config(host, SQLITE_VTAB_INNOCUOUS); // it reads what the statement could read anyway
        *made = table.release();
        return SQLITE_OK;
    });
}

/// A function of its own: if creating were connecting, `tocsin` would be a table itself.
int create(sqlite3* host, void* store, int argc, const char* const* argv, sqlite3_vtab** made, char** message) { return connect(host, store, argc, argv, made, message); }

int disconnect(sqlite3_vtab* table)
{
    delete static_cast<EventTable*>(table);
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab* base, sqlite3_index_info* info)
{
    return guarded([&]() -> int {
        auto& table = *static_cast<EventTable*>(base);
        const Result<Statement> held = table.store->hold();
        const auto content = held ? table.store->table(table.name) : std::unexpected(held.error());
        if (!content)
            return report(table, content.error());
        std::uint64_t rows = 0;
        for (const auto& segment : (*content)->segments)
            rows += segment->rows;
        return chooseConstraints(*info, table.columns, rows);
    });
}

int openCursor(sqlite3_vtab*, sqlite3_vtab_cursor** made)
{
    return guarded([&] {
        *made = new EventCursor();
        return SQLITE_OK;
    });
}

int closeCursor(sqlite3_vtab_cursor* cursor)
{
    delete static_cast<EventCursor*>(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char* chosen, int argc, sqlite3_value** argv)
{
    return guarded([&]() -> int {
        auto& cursor = *static_cast<EventCursor*>(base);
        EventTable& table = cursor.table();
        cursor.walk.reset();
        cursor.held.reset();
        Result<Statement> held = table.store->hold();
        const auto content = held ? table.store->table(table.name) : std::unexpected(held.error());
        if (!content)
            return report(table, content.error());
        const std::span<sqlite3_value* const> values(argv, static_cast<std::size_t>(argc));
        cursor.held.emplace(std::move(*held));
        cursor.walk.emplace(*content, questionFrom(chosen ? chosen : "", values, **content, table.columns.size() - 1));
        const Result<void> started = cursor.walk->start();
        return started ? SQLITE_OK : report(table, started.error());
    });
}

int next(sqlite3_vtab_cursor* base)
{
    return guarded([&]() -> int {
        auto& cursor = *static_cast<EventCursor*>(base);
        const Result<void> moved = cursor.walk->next();
        return moved ? SQLITE_OK : report(cursor.table(), moved.error());
    });
}

int atEnd(sqlite3_vtab_cursor* base)
{
    const auto& cursor = *static_cast<EventCursor*>(base);
    return !cursor.walk || cursor.walk->atEnd();
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index)
{
    return guarded([&]() -> int {
        auto& cursor = *static_cast<EventCursor*>(base);
        const std::vector<DataType>& declared = cursor.table().columns;
        const auto wanted = static_cast<std::size_t>(index);
        const Result<const Vector*> values = cursor.walk->column(wanted + 1 == declared.size() ? cursor.walk->content().schema.columns.size() : wanted);
        if (!values)
            return report(cursor.table(), values.error());
        giveCell(context, **values, cursor.walk->place());
        return SQLITE_OK;
    });
}

int rowId(sqlite3_vtab_cursor* base, sqlite3_int64* id)
{
    *id = static_cast<const EventCursor*>(base)->walk->rowId();
    return SQLITE_OK;
}

constexpr sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.iVersion = 1;
    module.xCreate = create;
    module.xConnect = connect;
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnect;
    module.xDestroy = disconnect;
    module.xOpen = openCursor;
    module.xClose = closeCursor;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = atEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

constexpr sqlite3_module kModule = makeModule();

} // namespace

int registerEventModule(sqlite3* host, std::shared_ptr<HostStore> store)
{
    return sqlite3_create_module_v2(host, "tocsin", &kModule, new std::shared_ptr<HostStore>(std::move(store)), [](void* kept) { delete static_cast<std::shared_ptr<HostStore>*>(kept); });
}

char* sqliteText(const Error& error)
{
    const std::string advice = errorAdvice(error);
    return sqlite3_mprintf("%s%s%s", errorMessage(error).c_str(), advice.empty() ? "" : ". ", advice.c_str());
}

int sqliteCode(const Error& error)
{
    if (error.kind == &kCancelled)
        return SQLITE_INTERRUPT;
    if (error.kind == &kLocked)
        return SQLITE_BUSY;
    return error.kind == &kDamagedColumn || error.kind == &kDamagedSegment || error.kind == &kDamaged ? SQLITE_CORRUPT_VTAB : SQLITE_ERROR;
}

} // namespace tocsin::store
