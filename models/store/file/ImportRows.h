// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"
#include "store/sqlite/Connection.h"

namespace tocsin::store {

Result<std::int64_t> insertImport(Connection& connection, const ImportSource& source, Ticks time);
/// Writes the counts and rowsByTable of a committed import.
Result<void> updateImport(Connection& connection, const ImportRecord& record);
Result<void> insertRejects(Connection& connection, std::int64_t import, const std::vector<StoredReject>& rejects);

/// Makes the segments an import has written visible.
Result<void> publishSegments(Connection& connection, std::int64_t import);
/// Removes incomplete imports of the same content; their segments are marked as dropped and returned.
Result<std::vector<std::int64_t>> dropIncompleteImports(Connection& connection, const std::string& digest, std::int64_t except);
/// Deletes what an import has written but not committed, and its row if it never committed anything.
Result<void> deletePending(Connection& connection, std::int64_t import);
/// Deletes everything that writers left behind when they died, and segments nobody needs since the file was closed.
Result<void> deleteLeftovers(Connection& connection);

/// Committed imports, in order; of one digest if it is given, the complete one first.
Result<std::vector<ImportRecord>> readImports(Connection& connection, const std::optional<std::string>& digest);
Result<std::vector<StoredReject>> readRejects(Connection& connection, std::int64_t import);

} // namespace tocsin::store
