// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/geo/Coordinate.h"

/// Shapes as dynamic values in the form of GeoJSON (RFC 7946).
namespace tocsin::kql::geo {

using Rings = std::vector<Path>; ///< the shell, then its holes; each ring ends where it begins

/// The paths of a LineString or MultiLineString, each of at least two valid coordinates; nothing for anything else.
std::optional<std::vector<Path>> readLines(DynamicView shape);
/// Likewise for a Polygon or MultiPolygon: each ring has at least four coordinates, the last equal to the first.
std::optional<std::vector<Rings>> readPolygons(DynamicView shape);

/// Whole numbers are written without a fraction.
void writeNumber(DynamicBuilder& out, double value);
void writeCoordinate(DynamicBuilder& out, Coordinate at);
void writePoint(DynamicBuilder& out, Coordinate at);
void writePath(DynamicBuilder& out, const Path& path);
void writeRings(DynamicBuilder& out, const Rings& rings);

/// What an operation on shapes gives.
struct Shapes {
    Path points;
    std::vector<Path> lines;
    std::vector<Rings> polygons;
};
/// The simplest GeoJSON shape that holds all: a Point … a MultiPolygon, or a GeometryCollection (empty if there is nothing).
void writeShapes(DynamicBuilder& out, const Shapes& shapes);

} // namespace tocsin::kql::geo
