// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Sphere.h"

/// Shapes made wider, simpler or finer. Distances in metres.
namespace tocsin::kql::geo {

inline constexpr double kDefaultTolerance = 10;

/// All points within the radius, off by the tolerance at most; nothing for a radius or tolerance out of range.
std::unique_ptr<S2Polygon> buffer(Coordinate at, double radius, double tolerance);
std::unique_ptr<S2Polygon> buffer(const S2ShapeIndex& shapes, double radius, double tolerance);

/// No two vertices nearer than the tolerance, no vertex or edge moved farther; nothing for a tolerance out of range. What is
/// smaller disappears.
std::optional<std::vector<std::unique_ptr<S2Polyline>>> simplified(const Lines& lines, double tolerance);
/// Borders that polygons share stay shared; what is left is united.
std::unique_ptr<S2Polygon> simplified(const std::vector<const S2Polygon*>& polygons, double tolerance);

/// Adds points to straight lines on the map of longitudes and latitudes until the shortest ways on Earth between them are within
/// the tolerance, which is 0.1 to 10,000 (nothing otherwise). `acrossAntimeridian`: edges of more than half the globe's width take the other way round.
std::optional<Path> densified(const Path& path, double tolerance, bool acrossAntimeridian);

} // namespace tocsin::kql::geo
