// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/GeoJson.h"
#include "kql/functions/geo/h3/Index.h"

namespace tocsin::kql::geo {

inline constexpr std::size_t kMaxH3Cells = 61680;

/// The cells whose centres lie in the polygons, edges taken as straight lines on the map of longitudes and latitudes. Nothing if
/// they are more than kMaxH3Cells.
std::optional<std::vector<h3::Index>> h3CellsIn(const std::vector<Rings>& polygons, int resolution);

} // namespace tocsin::kql::geo
