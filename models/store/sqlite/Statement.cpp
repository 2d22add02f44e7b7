// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite/Connection.h"
#include "store/sqlite/SqliteError.h"

#include <sqlite3.h>

#include <utility>

namespace tocsin::store {

Statement::~Statement() { sqlite3_finalize(m_statement); }

Statement::Statement(Statement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr)), m_bindResult(other.m_bindResult)
{
}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(m_statement, other.m_statement);
    std::swap(m_bindResult, other.m_bindResult);
    return *this;
}

Statement& Statement::note(int bindResult)
{
    if (m_bindResult == SQLITE_OK)
        m_bindResult = bindResult;
    return *this;
}

Statement& Statement::bind(int place, std::int64_t value) { return note(sqlite3_bind_int64(m_statement, place, value)); }
Statement& Statement::bind(int place, double value) { return note(sqlite3_bind_double(m_statement, place, value)); }

Statement& Statement::bind(int place, std::string_view text)
{
    // A null pointer would bind NULL instead of the empty text.
    return note(sqlite3_bind_text64(m_statement, place, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Statement& Statement::bindBlob(int place, std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return note(sqlite3_bind_zeroblob(m_statement, place, 0));
    return note(sqlite3_bind_blob64(m_statement, place, bytes.data(), bytes.size(), SQLITE_STATIC));
}

Statement& Statement::bindNull(int place) { return note(sqlite3_bind_null(m_statement, place)); }

Result<bool> Statement::step()
{
    if (m_bindResult != SQLITE_OK)
        return std::unexpected(sqliteError(sqlite3_db_handle(m_statement), m_bindResult));
    switch (const int result = sqlite3_step(m_statement)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: return std::unexpected(sqliteError(sqlite3_db_handle(m_statement), result));
    }
}

Result<void> Statement::run()
{
    Result<bool> more = step();
    while (more && *more)
        more = step();
    reset();
    if (!more)
        return std::unexpected(std::move(more).error());
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bindResult = SQLITE_OK;
}

bool Statement::isNull(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_statement, column); }
double Statement::real(int column) const { return sqlite3_column_double(m_statement, column); }

std::string_view Statement::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))) : std::string_view();
}

std::span<const std::byte> Statement::blob(int column) const
{
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
    return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)) : 0};
}

int Statement::columnCount() const { return sqlite3_column_count(m_statement); }

} // namespace tocsin::store
