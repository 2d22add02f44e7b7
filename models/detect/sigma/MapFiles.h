// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/EmbeddedFile.h"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

std::span<const EmbeddedFile> mapFiles(); ///< resources/sigma, compiled in

std::vector<std::string_view> splitText(std::string_view text, char separator);
/// Calls `row` with the cells of each line of a shipped map that is no comment, padded to `cells`.
void forEachMapRow(std::string_view file, std::size_t cells, const std::function<void(const std::vector<std::string_view>&)>& row);

} // namespace tocsin::detect::sigma
