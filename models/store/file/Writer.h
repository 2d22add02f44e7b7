// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/sqlite/Connection.h"

#include <functional>
#include <mutex>

namespace tocsin::store {

/// The one connection that writes. Calls from several threads queue.
class Writer {
public:
    explicit Writer(Connection connection) : m_connection(std::move(connection)) {}

    enum class Durability {
        Full,  ///< survives a power failure once transact() has returned
        Later, ///< survives the death of the program; a power failure may undo it, but never in part, until a Full one follows
    };
    /// Runs the change inside a transaction; an error rolls back.
    Result<void> transact(Durability durability, const std::function<Result<void>(Connection&)>& change);
    /// The same without a transaction: for what SQLite does in ones of its own (VACUUM, checkpoints).
    Result<void> outside(const std::function<Result<void>(Connection&)>& work);

private:
    std::mutex m_mutex;
    Connection m_connection;
    Durability m_durability = Durability::Full;
};

} // namespace tocsin::store
