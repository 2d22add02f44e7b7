// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

struct EventField {
    std::string_view name; ///< compared without case and blanks
    std::string_view text;
};

/// The one form of event that rules are matched with, whatever it was read from. A name may occur several times; then any of its values
/// may match. All text belongs to others and must outlive the call the view is given to.
struct EventView {
    // What decides which rules are asked.
    std::string_view product;  ///< "windows", "azure", "linux"
    std::string_view channel;  ///< of Windows
    std::string_view provider; ///< of Windows
    std::uint32_t eventId = 0; ///< of Windows
    std::string_view category; ///< of others than Windows, lower case; may be empty
    std::array<std::string_view, 3> services; ///< of others than Windows, lower case

    std::vector<EventField> fields;
    std::string_view message; ///< looked through for keywords beside the fields

    void clear()
    {
        product = channel = provider = category = message = {};
        services = {};
        eventId = 0;
        fields.clear();
    }
};

} // namespace tocsin::detect::sigma
