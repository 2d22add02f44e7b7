// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Sphere.h"

/// Lengths, areas and directions. Metres, square metres and radians.
namespace tocsin::kql::geo {

double metresBetween(Coordinate a, Coordinate b);
/// On the WGS-84 ellipsoid.
double ellipsoidMetresBetween(Coordinate a, Coordinate b);
/// Clockwise from north, 0 … 2π; nothing for points that are equal or opposite.
std::optional<double> azimuth(Coordinate from, Coordinate to);

double metresTo(const Lines& lines, Coordinate at);
/// 0 inside.
double metresTo(const Polygons& polygons, Coordinate at);
bool contains(const Polygons& polygons, Coordinate at);
Coordinate closestPoint(const Lines& lines, Coordinate to);
/// The point itself if it lies inside.
Coordinate closestPoint(const Polygons& polygons, Coordinate to);

} // namespace tocsin::kql::geo
