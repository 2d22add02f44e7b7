// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/sqlite/Connection.h"

#include <optional>

namespace tocsin::store {

/// How readers must open the file.
struct ReadAccess {
    std::filesystem::path file;
    /// The medium cannot be written and nobody else can write it, so SQLite may do without its shared memory file.
    bool immutable = false;
    /// Read through this connection of another program, which stays as it is and outlives the readers, rather than open the file.
    sqlite3* host = nullptr;
};

/// Creates the file if it is absent and `create` allows it (readable by its owner only), checks that it is a workspace this program may
/// write, and brings its tables up to date. The caller holds the WriterLock.
Result<Connection> openForWriting(const std::filesystem::path& file, bool create);

/// Checks that the file is a workspace this program can read.
Result<ReadAccess> checkForReading(const std::filesystem::path& file);

/// Removes the empty files that a reader leaves beside the workspace, because SQLite lets only who may write remove them. To be called once
/// the reader's connections are closed; where others are open, or rows wait to be folded into the file, nothing happens.
void removeTracesOfReading(const ReadAccess& access);

/// Whether the file behind a connection is ours and can be read by this program; false if it is an empty database. `file` is for errors.
Result<bool> isWorkspace(Connection& connection, const std::filesystem::path& file);

/// How long a file says it is, in bytes; nothing if it is no database. A shorter one was cut.
std::optional<std::uint64_t> writtenLength(const std::filesystem::path& file);

Result<Connection> openReader(const ReadAccess& access);

} // namespace tocsin::store
