// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"
#include "store/import/StoreWriters.h"
#include "store/scan/StoreReaders.h"

namespace tocsin::store {

/// Carries out planMerges, each merge in its own transaction.
Result<CompactionResult> compactSegments(StoreWriters& store, StoreReaders& readers, std::stop_token stop);

} // namespace tocsin::store
