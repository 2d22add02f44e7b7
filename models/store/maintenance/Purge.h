// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

inline constexpr ErrorKind kNoEventTable{"store.no_event_table", "There are no events in a table {0}", "See `tocsin tables` for the tables of this workspace."};
inline constexpr ErrorKind kTableBusy{"store.table_busy", "The segments of table {0} keep changing", "Try again when imports have ended. Nothing was removed."};

/// Which rows of a table are to go, and what the audit says of it.
struct PurgeRequest {
    std::string table;
    std::string predicate; ///< as it was written
    std::string actor;
    /// Ids (see TableSource::fetch) of the rows to remove of the table as it is in the snapshot; called again if the table changes meanwhile.
    std::function<Result<std::vector<std::int64_t>>(const std::shared_ptr<const catalog::Snapshot>& snapshot, const std::shared_ptr<const catalog::TableSource>& table)> choose;
    bool onlyCount = false; ///< change nothing
};

struct PurgeResult {
    std::uint64_t rows = 0;
    std::uint64_t rewritten = 0; ///< segments that keep some of their rows
    std::uint64_t removed = 0;   ///< segments that keep none
};

/// Removes rows for good: segments that have some are written again without them, and in one transaction take the place of the old ones,
/// together with the audit record. Snapshots taken before still see all rows; when none is left the old segments are deleted and their
/// place in the file is overwritten. Rows that are imported after the snapshot stay. On an error nothing is removed.
Result<PurgeResult> purgeRows(Workspace& workspace, const PurgeRequest& request, std::stop_token stop);

} // namespace tocsin::store
