// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/sqlite/Connection.h"

#include <utility>

namespace tocsin::store {

/// A transaction that is rolled back unless commit() succeeds.
class Transaction {
public:
    enum class Kind { Read, Write };

    static Result<Transaction> begin(Connection& connection, Kind kind)
    {
        TOCSIN_TRY(connection.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
        return Transaction(connection);
    }
    ~Transaction()
    {
        if (m_connection)
            (void)m_connection->execute("ROLLBACK"); // after some errors SQLite has rolled back itself; then this fails without harm
    }
    Transaction(Transaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Transaction& operator=(Transaction&& other) noexcept
    {
        std::swap(m_connection, other.m_connection);
        return *this;
    }

    Result<void> commit()
    {
        TOCSIN_TRY(m_connection->execute("COMMIT"));
        m_connection = nullptr;
        return {};
    }

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

} // namespace tocsin::store
