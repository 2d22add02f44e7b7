// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace tocsin::engine {

/// How many rows a result may have: what the caller allows (0: any), or less if the text sets it with `set truncationmaxrecords = 10;`
/// and not also `set notruncation;`.
std::uint64_t resultLimit(const std::string& text, std::uint64_t allowed);

} // namespace tocsin::engine
