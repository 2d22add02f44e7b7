// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

/// How long the rows of a table are kept, counted from their TimeGenerated.
struct RetentionRule {
    std::string table;
    Ticks period = 0;
};

/// By table. Tables that are not named keep their rows.
Result<std::vector<RetentionRule>> retentionRules(const Workspace& workspace);
/// Without a period the table keeps its rows.
Result<void> setRetention(Workspace& workspace, const std::string& table, std::optional<Ticks> period);
/// Removes the segments that are wholly past their time. Returns how many rows they had.
Result<std::uint64_t> applyRetention(Workspace& workspace, Ticks now);

} // namespace tocsin::store
