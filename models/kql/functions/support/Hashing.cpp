// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Hashing.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::kql {

std::uint64_t hashBytes(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::uint64_t hashXx64(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

} // namespace tocsin::kql
