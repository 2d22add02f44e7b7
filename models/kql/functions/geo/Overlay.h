// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Sphere.h"

/// What shapes have in common, and what they cover together. Boundaries belong to their shapes.
namespace tocsin::kql::geo {

bool intersects(const S2ShapeIndex& a, const S2ShapeIndex& b);
/// Points where shapes only touch, lines and polygons. Nothing if the library cannot compute it.
std::optional<Shapes> intersection(const S2ShapeIndex& a, const S2ShapeIndex& b);

/// All lines, cut where they cross, each stretch once.
std::optional<std::vector<std::unique_ptr<S2Polyline>>> unionOf(const std::vector<const S2Polyline*>& lines);
std::unique_ptr<S2Polygon> unionOf(const std::vector<const S2Polygon*>& polygons);

} // namespace tocsin::kql::geo
