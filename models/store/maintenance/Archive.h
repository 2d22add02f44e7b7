// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

struct ArchiveRequest {
    std::filesystem::path file; ///< a workspace of its own; made if it is not there
    Ticks before = 0;           ///< of TimeGenerated
    std::string table;          ///< empty: all
    std::string actor;
};

struct ArchiveResult {
    std::uint64_t segments = 0;
    std::uint64_t rows = 0;
};

/// Moves the segments whose rows are all older than a time to another workspace, with an audit record. They are durable there before they
/// are dropped here; when that is interrupted in between, archiving again finds what is there already. Snapshots taken before still see all
/// rows, and imports know their sources still. Segments of imports that are not complete stay.
Result<ArchiveResult> archive(Workspace& workspace, const ArchiveRequest& request, std::stop_token stop);

} // namespace tocsin::store
