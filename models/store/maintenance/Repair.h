// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

/// A damaged segment that is kept in the file but not read.
struct SetAsideSegment {
    std::int64_t id = 0;
    std::string table;
    std::uint64_t rows = 0;
    std::optional<Ticks> minTime; ///< of TimeGenerated, as far as it is known
    std::optional<Ticks> maxTime;
    std::string source;           ///< the import it came from; empty if there were several
    bool importable = false;      ///< importing the source again replaces it
    std::string reason;
};
Result<std::vector<SetAsideSegment>> setAsideSegments(const Workspace& workspace);

struct RepairResult {
    std::vector<std::int64_t> setAside; ///< segments
    std::uint64_t rows = 0;             ///< of them
    std::vector<std::string> remaining; ///< findings that this cannot repair
};

/// Makes what is whole readable again: rebuilds indexes, sets damaged segments aside, deletes chunks that belong to nothing. An import
/// all of whose rows are accounted for by segments of its own counts as incomplete afterwards, so that its source can be imported again.
Result<RepairResult> repair(Workspace& workspace, const std::string& actor, std::stop_token stop);

/// Gives a file that was cut off its length again, so that it can be opened; what is lost is damage then. Returns how many bytes were missing.
/// Nobody may have it open.
Result<std::uint64_t> restoreLength(const std::filesystem::path& file);

} // namespace tocsin::store
