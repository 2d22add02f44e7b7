// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Coordinate.h"

#include <string>
#include <string_view>

/// Geohashes: bits that halve longitude and latitude in turn, five to a character (G. Niemeyer, geohash.org, 2008).
namespace tocsin::kql::geo {

inline constexpr int kMaxGeohash = 18;
inline constexpr int kDefaultGeohash = 5;

/// `accuracy` is the number of characters, 1 … 18.
std::string geohashOf(Coordinate at, int accuracy);

struct GeohashCell {
    double west, south, east, north;
};
/// Nothing for a text that is none.
std::optional<GeohashCell> geohashCell(std::string_view hash);
/// The cells around a cell; fewer than eight at the poles.
std::vector<std::string> geohashNeighbours(std::string_view hash);

} // namespace tocsin::kql::geo
