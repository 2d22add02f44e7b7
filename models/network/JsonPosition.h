// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::network {

/// Where a text stops being JSON: line and column from 1 (columns in bytes), and what is wrong there.
struct JsonPosition {
    std::size_t line = 1;
    std::size_t column = 1;
    std::string what; ///< empty if the structure is sound and only the parser's finer rules were broken
};

/// Reads the structure of a text the parser has refused, to tell the user the place, which the parser does not.
JsonPosition findJsonFault(std::string_view text);

} // namespace tocsin::network
