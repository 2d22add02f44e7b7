// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/Coordinate.h"
#include "kql/functions/geo/h3/Icosahedron.h"

/// Cells of the H3 grid on the sphere.
namespace tocsin::kql::h3 {

using geo::Coordinate;

Vector3 toVector(Coordinate point);
Coordinate toCoordinate(const Vector3& point);

Index cellAt(Coordinate point, int resolution);
Coordinate centreOf(Index cell);
/// The corners counterclockwise, with those that the edges of the icosahedron add; the first is not repeated.
std::vector<Coordinate> boundaryOf(Index cell);
/// The cells that share an edge with the cell, counterclockwise from direction ij; five for a pentagon.
std::vector<Index> neighboursOf(Index cell);
/// Ring 0 is the cell itself, ring n the cells that are n steps away, in the order of a walk around; `distance` rings follow.
std::vector<std::vector<Index>> ringsOf(Index cell, int distance);

} // namespace tocsin::kql::h3
