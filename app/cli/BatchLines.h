// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <functional>
#include <string>

namespace tocsin::app::cli {

/// Calls `use` for each line of a file that is not empty, or for each at all; "-" is standard input. Prints why and gives false when the file
/// cannot be read.
bool forEachLine(const std::string& path, const std::function<void(const std::string&)>& use, bool emptyToo = false);

} // namespace tocsin::app::cli
