// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

/// Something that was done to stored rows. Written in the transaction that does it, so neither is there without the other.
struct AuditRecord {
    Ticks time = 0;
    std::string actor;  ///< who asked for it
    std::string action; ///< "purge", "retention", "repair", "archive"
    std::string target; ///< the table, or empty
    std::string detail; ///< predicate, reason, file
    std::uint64_t rows = 0;
};

Result<void> insertAudit(Connection& connection, const AuditRecord& record);
/// All records, the oldest first.
Result<std::vector<AuditRecord>> readAudit(const Workspace& workspace);
/// The records as a table to be asked in KQL.
SqliteTableDefinition auditTable();

} // namespace tocsin::store
