// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/GeoJson.h"

#include <s2/mutable_s2shape_index.h>
#include <s2/s2latlng.h>
#include <s2/s2polygon.h>
#include <s2/s2polyline.h>

#include <memory>

/// Shapes on the sphere, checked and ready for the S2 geometry library. Private to this folder.
namespace tocsin::kql::geo {

/// The mean radius of Earth in metres, as S2 and Kusto have it.
inline constexpr double kEarthRadius = 6371010.0;

inline S2Point toS2(Coordinate at) { return S2LatLng::FromDegrees(at.latitude, at.longitude).ToPoint(); }
Coordinate fromS2(const S2Point& point);
/// Opposite points have no shortest way between them.
inline bool areOpposite(const S2Point& a, const S2Point& b) { return (a + b).Norm2() < 1e-28; }
inline S1Angle angleOf(double metres) { return S1Angle::Radians(metres / kEarthRadius); }

/// One or more lines. An index of all of them is made when it is asked for.
class Lines {
public:
    /// Nothing for a value that is no line, a line of less than two different points or with an edge of half the globe.
    static std::optional<Lines> read(DynamicView shape);
    /// Lines without checks.
    explicit Lines(std::vector<std::unique_ptr<S2Polyline>> lines) : m_parts(std::move(lines)) {}

    const std::vector<std::unique_ptr<S2Polyline>>& parts() const { return m_parts; }
    const MutableS2ShapeIndex& index() const;

private:
    std::vector<std::unique_ptr<S2Polyline>> m_parts;
    mutable std::unique_ptr<MutableS2ShapeIndex> m_index;
};

/// One or more polygons, which may overlap.
class Polygons {
public:
    /// Nothing for a value that is no polygon, and for rings that touch themselves or cross others.
    static std::optional<Polygons> read(DynamicView shape);

    const std::vector<std::unique_ptr<S2Polygon>>& parts() const { return m_parts; }
    /// The polygon as it is if there is one, else the union of all.
    std::shared_ptr<const S2Polygon> united() const;
    const MutableS2ShapeIndex& index() const;

private:
    std::vector<std::unique_ptr<S2Polygon>> m_parts;
    mutable std::shared_ptr<const S2Polygon> m_united;
    mutable std::unique_ptr<MutableS2ShapeIndex> m_index;
};

Path pathOf(const S2Polyline& line);
/// Shells with the holes in them.
void appendPolygons(const S2Polygon& polygon, std::vector<Rings>& out);

} // namespace tocsin::kql::geo
