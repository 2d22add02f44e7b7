// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/Session.h"
#include "store/maintenance/Purge.h"

namespace tocsin::session {

struct PurgeOrder {
    std::string table;
    std::string predicate; ///< of a KQL `where`
    std::string actor;
    bool onlyCount = false;
};

/// Removes the rows of a table for which a predicate holds, for good (see store::purgeRows). Errors in the predicate have positions in it.
Result<store::PurgeResult> purge(Session& session, const PurgeOrder& order, std::stop_token stop);

} // namespace tocsin::session
