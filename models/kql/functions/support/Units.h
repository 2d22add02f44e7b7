// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tocsin::kql {

/// A unit by its name in convert_length() and its sisters: base = value × factor + offset, or the arc sine of that.
struct Unit {
    std::string_view name;
    double factor;
    double offset = 0;
    bool isSine = false;
};

namespace units {
std::span<const Unit> angles();
std::span<const Unit> energies();
std::span<const Unit> forces();
std::span<const Unit> lengths();
std::span<const Unit> masses();
std::span<const Unit> speeds();
std::span<const Unit> temperatures();
std::span<const Unit> volumes();
} // namespace units

/// Nothing if one of the units is unknown; their names count in any case.
std::optional<double> convertUnits(std::span<const Unit> units, double value, std::string_view from, std::string_view to);

} // namespace tocsin::kql
