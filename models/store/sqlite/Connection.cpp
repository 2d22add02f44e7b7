// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite/Connection.h"

#include "store/sqlite/SqliteError.h"

#include <sqlite3.h>

#include <utility>

namespace tocsin::store {

Connection::~Connection()
{
    // close_v2 waits for statements that are still about, so the order of destruction cannot leak the file.
    if (m_owned)
        sqlite3_close_v2(m_database);
}

Connection::Connection(Connection&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)), m_owned(other.m_owned) {}

Connection& Connection::operator=(Connection&& other) noexcept
{
    std::swap(m_database, other.m_database);
    std::swap(m_owned, other.m_owned);
    return *this;
}

Result<Connection> Connection::open(const std::filesystem::path& file, int sqliteOpenFlags)
{
    sqlite3* database = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &database, sqliteOpenFlags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(database, true);
    if (result != SQLITE_OK)
        return std::unexpected(sqliteError(result, file.string(), database ? sqlite3_errmsg(database) : sqlite3_errstr(result),
            database ? sqlite3_system_errno(database) : 0));
    return connection;
}

Result<Statement> Connection::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v2(m_database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (result != SQLITE_OK)
        return std::unexpected(sqliteError(m_database, result));
    return Statement(statement);
}

Result<void> Connection::execute(std::string_view sql)
{
    while (!sql.empty()) {
        sqlite3_stmt* prepared = nullptr;
        const char* rest = nullptr;
        const int result = sqlite3_prepare_v2(m_database, sql.data(), static_cast<int>(sql.size()), &prepared, &rest);
        if (result != SQLITE_OK)
            return std::unexpected(sqliteError(m_database, result));
        sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
        Statement statement(prepared);
        if (prepared) // absent for a comment or blanks
            TOCSIN_TRY(statement.run());
    }
    return {};
}

Result<std::int64_t> Connection::scalar(std::string_view sql)
{
    TOCSIN_TRY_ASSIGN(Statement statement, prepare(sql));
    TOCSIN_TRY_ASSIGN(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

std::int64_t Connection::lastInsertId() const { return sqlite3_last_insert_rowid(m_database); }
std::int64_t Connection::changes() const { return sqlite3_changes64(m_database); }

} // namespace tocsin::store
