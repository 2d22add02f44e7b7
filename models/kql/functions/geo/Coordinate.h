// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace tocsin::kql::geo {

/// A place on Earth, in degrees.
struct Coordinate {
    double longitude = 0;
    double latitude = 0;
    bool operator==(const Coordinate&) const = default;
};
using Path = std::vector<Coordinate>;

/// Nothing for longitudes beyond ±180, latitudes beyond ±90 and what is no number.
inline std::optional<Coordinate> checked(double longitude, double latitude)
{
    if (!(longitude >= -180 && longitude <= 180 && latitude >= -90 && latitude <= 90))
        return std::nullopt;
    return Coordinate{longitude, latitude};
}

} // namespace tocsin::kql::geo
