// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/scan/StoreReaders.h"

#include <stop_token>

namespace tocsin::store {

/// Reads everything: the database's pages and keys, and every column of every segment. One line a finding.
Result<std::vector<std::string>> checkWorkspace(StoreReaders& readers, std::stop_token stop);

} // namespace tocsin::store
