// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Sphere.h"

#include <s2/s2cell_id.h>
#include <s2/s2region.h>

/// Cells of the S2 grid (s2geometry.io, "S2 cell hierarchy"), written as tokens.
namespace tocsin::kql::geo {

inline constexpr int kMaxS2Level = 30;
inline constexpr int kDefaultS2Level = 11;
inline constexpr std::size_t kMaxCells = 65536;

std::optional<S2CellId> s2CellOf(std::string_view token);
/// The cells around a cell, eight but at the corners of the cube.
std::vector<S2CellId> s2Neighbours(S2CellId cell);
Path s2Boundary(S2CellId cell);
/// The cells of one level that cover a region; nothing if they are more than kMaxCells.
std::optional<std::vector<S2CellId>> s2Covering(const S2Region& region, int level);

} // namespace tocsin::kql::geo
