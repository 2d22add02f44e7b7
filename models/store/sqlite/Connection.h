// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::store {

class Connection;

/// A prepared statement. Parameters are bound by place from 1; columns are read by place from 0. Must not outlive its connection.
class Statement {
public:
    Statement() = default;
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    /// A place that does not exist is reported by the next step.
    Statement& bind(int place, std::int64_t value);
    template <typename T, typename = std::enable_if_t<std::is_integral_v<T>>> Statement& bind(int place, T value) { return bind(place, static_cast<std::int64_t>(value)); }
    Statement& bind(int place, double value);
    Statement& bind(int place, std::string_view text);
    Statement& bindBlob(int place, std::span<const std::byte> bytes); ///< the bytes must live until the step
    Statement& bindNull(int place);

    /// True when there is a row, false at the end.
    Result<bool> step();
    /// Steps to the end, resets and clears the parameters: for statements without rows.
    Result<void> run();
    void reset();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const; ///< valid until the next step
    std::span<const std::byte> blob(int column) const;
    int columnCount() const;

private:
    friend class Connection;
    explicit Statement(sqlite3_stmt* statement) : m_statement(statement) {}
    Statement& note(int bindResult);

    sqlite3_stmt* m_statement = nullptr;
    int m_bindResult = 0; ///< the first failed bind since the last reset
};

/// One SQLite connection. Used by one thread at a time.
class Connection {
public:
    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;

    static Result<Connection> open(const std::filesystem::path& file, int sqliteOpenFlags);
    /// Works through a connection of somebody else, who keeps it open longer than this lives and closes it.
    static Connection borrowed(sqlite3* database) { return {database, false}; }

    Result<Statement> prepare(std::string_view sql);
    /// One or more statements without parameters.
    Result<void> execute(std::string_view sql);
    /// The first column of the first row; 0 without a row.
    Result<std::int64_t> scalar(std::string_view sql);
    std::int64_t lastInsertId() const;
    std::int64_t changes() const;
    sqlite3* handle() const { return m_database; }

private:
    Connection(sqlite3* database, bool owned) : m_database(database), m_owned(owned) {}
    sqlite3* m_database = nullptr;
    bool m_owned = true;
};

} // namespace tocsin::store
