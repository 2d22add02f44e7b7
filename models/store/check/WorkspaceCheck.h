// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/scan/StoreReaders.h"

#include <stop_token>

namespace tocsin::store {

/// Something that is not as it was written.
struct Finding {
    std::string text;
    std::int64_t segment = 0; ///< the segment that cannot be read as a whole; 0: it is about the database
};

/// Reads everything: the database's pages and keys, and every column and filter of every segment; compares what imports brought with what
/// is there.
Result<std::vector<Finding>> findDamage(StoreReaders& readers, std::stop_token stop);

} // namespace tocsin::store
