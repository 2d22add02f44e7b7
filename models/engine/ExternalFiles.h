// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "kql/exec/Run.h"

#include <cstdint>
#include <filesystem>

namespace tocsin::engine {

inline constexpr ErrorKind kNotInFolder{"query.external_outside", "'{0}' is not a file in the folder that queries may read", "Put the file into '{1}' and name it by its path there."};
inline constexpr ErrorKind kExternalSize{"query.external_size", "'{0}' is larger than {1} MB", "Import it as a table."};

/// Reads files below one folder for externaldata: addresses are paths there, or file:// addresses of them. Links that lead out of the
/// folder, other schemes and files above `maximumBytes` are refused.
kql::ExternalReader filesOf(std::filesystem::path folder, std::uint64_t maximumBytes = 256ULL << 20);

} // namespace tocsin::engine
