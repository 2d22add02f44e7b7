// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

/// 16 bytes in the order they are printed.
struct Guid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Guid&) const = default;
};

/// Lower case, 8-4-4-4-12.
std::string formatGuid(const Guid& guid);
void appendGuid(std::string& out, const Guid& guid);
/// With or without braces or hyphens, any letter case.
std::optional<Guid> parseGuid(std::string_view text);

} // namespace tocsin
