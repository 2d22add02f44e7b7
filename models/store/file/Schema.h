// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/sqlite/Connection.h"

namespace tocsin::store {

/// `application_id` of a workspace: the letters "Tocs".
inline constexpr std::int64_t kApplicationId = 0x546F6373;
/// `user_version` this program writes; it reads this and every earlier one.
inline constexpr std::int64_t kSchemaVersion = 2;

/// Applies the steps that are missing, each in its own transaction. The file is a workspace or empty.
Result<void> migrateSchema(Connection& connection);

/// State of a segment row.
enum class SegmentState : int {
    Pending = 0, ///< written, not committed by its import
    Visible = 1,
    Dropped = 2, ///< replaced; deleted when no snapshot needs it
    Purged = 3,  ///< the same, and overwritten when it is deleted
    SetAside = 4, ///< damaged, and kept for whoever can still get something out of it; see the table quarantine
};

} // namespace tocsin::store
