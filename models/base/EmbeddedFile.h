// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace tocsin {

/// A file that is part of the program.
struct EmbeddedFile {
    std::string_view name; ///< without folder
    std::string_view bytes;
};

} // namespace tocsin
