// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/TableRows.h"
#include "store/scan/SegmentTable.h"

#include <map>

namespace tocsin::store {

/// The event tables of the workspace that another program has open, read through its own connection: inside its transaction, with its
/// locks. Used by the thread that uses the connection.
class HostStore {
public:
    /// The connection outlives it.
    explicit HostStore(sqlite3* host);

    /// Fails if the connection's main database is no workspace that can be read.
    Result<void> check();
    /// A statement that keeps the file as it is now for as long as the statement lives. SQLite does not know that a virtual table in
    /// temp reads from main.
    Result<Statement> hold();
    /// The names of all tables that have events.
    Result<std::vector<std::string>> tableNames();
    /// The table as the connection sees it now. Take hold() before.
    Result<std::shared_ptr<const SegmentTableContent>> table(const std::string& name);

    Connection& connection() { return m_connection; }

private:
    Result<void> refresh();

    sqlite3* m_host;
    Connection m_connection;
    std::shared_ptr<StoreReaders> m_readers;
    std::map<std::string, std::shared_ptr<const SegmentTableContent>> m_tables;
    std::optional<unsigned> m_version; ///< of the file when m_tables was read
};

} // namespace tocsin::store
