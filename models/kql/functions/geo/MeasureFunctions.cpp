// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Columns.h"
#include "kql/functions/geo/GeoFamilies.h"
#include "kql/functions/geo/Measures.h"
#include "kql/functions/geo/Overlay.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tocsin::kql {
namespace {

using namespace geo;
using enum DataType;
using Answer = std::optional<double>;

Answer distance(double longitude1, double latitude1, double longitude2, double latitude2, std::optional<bool> spheroid)
{
    const auto a = checked(longitude1, latitude1);
    const auto b = checked(longitude2, latitude2);
    if (!a || !b)
        return std::nullopt;
    return spheroid.value_or(false) ? ellipsoidMetresBetween(*a, *b) : metresBetween(*a, *b);
}

template <typename Shape> Answer distanceTo(double longitude, double latitude, const Shape& shape)
{
    const auto at = checked(longitude, latitude);
    return at ? Answer(metresTo(shape, *at)) : std::nullopt;
}

template <typename Shape> bool closest(double longitude, double latitude, const Shape& shape, DynamicBuilder& out)
{
    const auto at = checked(longitude, latitude);
    if (at)
        writePoint(out, closestPoint(shape, *at));
    return at.has_value();
}

Answer angle(double longitude1, double latitude1, double longitude2, double latitude2, double longitude3, double latitude3)
{
    const auto a = checked(longitude1, latitude1), b = checked(longitude2, latitude2), c = checked(longitude3, latitude3);
    if (!a || !b || !c)
        return std::nullopt;
    const auto back = azimuth(*b, *a);
    const auto on = azimuth(*b, *c);
    if (!back || !on)
        return std::nullopt;
    return *on < *back ? *on - *back + 2 * std::numbers::pi : *on - *back;
}

Answer direction(double longitude1, double latitude1, double longitude2, double latitude2)
{
    const auto a = checked(longitude1, latitude1), b = checked(longitude2, latitude2);
    return a && b ? azimuth(*a, *b) : std::nullopt;
}

std::optional<bool> isInCircle(double longitude, double latitude, double centreLongitude, double centreLatitude, double radius)
{
    const auto at = checked(longitude, latitude), centre = checked(centreLongitude, centreLatitude);
    if (!at || !centre || !(radius >= 0) || std::isinf(radius))
        return std::nullopt;
    return metresBetween(*at, *centre) <= radius;
}

std::optional<bool> isInPolygon(double longitude, double latitude, const Polygons& polygons)
{
    const auto at = checked(longitude, latitude);
    return at ? std::optional(contains(polygons, *at)) : std::nullopt;
}

/// Calls `visit(line)` for each line; of several, for those of their union.
template <typename Visit> bool forEachLine(const Lines& lines, Visit visit)
{
    if (lines.parts().size() == 1) {
        visit(*lines.parts()[0]);
        return true;
    }
    std::vector<const S2Polyline*> parts;
    for (const auto& part : lines.parts())
        parts.push_back(part.get());
    const auto united = unionOf(parts);
    if (united)
        for (const auto& line : *united)
            visit(*line);
    return united.has_value();
}

Answer lengthOf(const Lines& lines)
{
    double sum = 0;
    return forEachLine(lines, [&](const S2Polyline& line) { sum += line.GetLength().radians(); }) ? Answer(sum * kEarthRadius) : std::nullopt;
}

bool writeCentre(const S2Point& weighted, DynamicBuilder& out)
{
    if (weighted == S2Point(0, 0, 0))
        return false;
    writePoint(out, fromS2(weighted.Normalize()));
    return true;
}

bool lineCentroid(const Lines& lines, DynamicBuilder& out)
{
    S2Point sum(0, 0, 0);
    return forEachLine(lines, [&](const S2Polyline& line) { sum += line.GetCentroid(); }) && writeCentre(sum, out);
}

bool polygonCentroid(const Polygons& polygons, DynamicBuilder& out) { return writeCentre(polygons.united()->GetCentroid(), out); }

Answer areaOf(const Polygons& polygons) { return polygons.united()->GetArea() * kEarthRadius * kEarthRadius; }

Answer perimeterOf(const Polygons& polygons)
{
    double sum = 0;
    const auto united = polygons.united();
    for (int i = 0; i < united->num_loops(); ++i)
        for (int v = 0; v < united->loop(i)->num_vertices(); ++v)
            sum += S1Angle(united->loop(i)->vertex(v), united->loop(i)->vertex(v + 1)).radians();
    return sum * kEarthRadius;
}

bool interpolate(const Lines& lines, double fraction, DynamicBuilder& out)
{
    if (lines.parts().size() != 1 || !(fraction >= 0 && fraction <= 1))
        return false;
    writePoint(out, fromS2(lines.parts()[0]->Interpolate(fraction)));
    return true;
}

/// The share of a line's length up to the point on it nearest to a place.
Answer locate(const Lines& lines, double longitude, double latitude, std::optional<bool> spheroid)
{
    const auto at = checked(longitude, latitude);
    if (!at || lines.parts().size() != 1)
        return std::nullopt;
    const S2Polyline& line = *lines.parts()[0];
    int next = 0;
    const S2Point nearest = line.Project(toS2(*at), &next);
    if (!spheroid.value_or(false))
        return line.UnInterpolate(nearest, next);
    double before = 0, all = 0;
    for (int i = 1; i < line.num_vertices(); ++i) {
        const double step = ellipsoidMetresBetween(fromS2(line.vertex(i - 1)), fromS2(line.vertex(i)));
        if (i < next)
            before += step;
        all += step;
    }
    before += ellipsoidMetresBetween(fromS2(line.vertex(next - 1)), fromS2(nearest));
    return std::min(before / all, 1.0);
}

void addPoints(FunctionRegistry& registry)
{
    addGeo(registry, "geo_distance_2points", "Metres between two places, on a sphere or on the WGS-84 spheroid.", "print round(geo_distance_2points(0, 0, 1, 0)) // 111195.0",
        {{"p1_longitude", Real}, {"p1_latitude", Real}, {"p2_longitude", Real}, {"p2_latitude", Real}, optional("use_spheroid", kFlag)}, Real, geoKernel<Real, double, double, double, double, std::optional<bool>>(distance));
    addGeo(registry, "geo_azimuth", "The direction from one place to another, clockwise from north in radians.", "print round(degrees(geo_azimuth(0, 0, 1, 0))) // 90.0",
        {{"p1_longitude", Real}, {"p1_latitude", Real}, {"p2_longitude", Real}, {"p2_latitude", Real}}, Real, geoKernel<Real, double, double, double, double>(direction));
    addGeo(registry, "geo_angle", "The angle at the second of three places from the first to the third, clockwise in radians.", "print round(degrees(geo_angle(0, 10, 0, 5, 3, -10))) // 169.0",
        {{"p1_longitude", Real}, {"p1_latitude", Real}, {"p2_longitude", Real}, {"p2_latitude", Real}, {"p3_longitude", Real}, {"p3_latitude", Real}}, Real, geoKernel<Real, double, double, double, double, double, double>(angle));
    addGeo(registry, "geo_point_in_circle", "Whether a place is within a radius in metres of another.", "print geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500) // true",
        {{"p_longitude", Real}, {"p_latitude", Real}, {"pc_longitude", Real}, {"pc_latitude", Real}, {"c_radius", Real}}, Bool, geoKernel<Bool, double, double, double, double, double>(isInCircle));
    addGeo(registry, "geo_point_in_polygon", "Whether a place lies in a GeoJSON polygon.", "print geo_point_in_polygon(1, 0.5, dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]})) // true",
        {{"longitude", Real}, {"latitude", Real}, {"polygon", Dynamic}}, Bool, geoKernel<Bool, double, double, Polygons>(isInPolygon));
    const std::vector<Parameter> toLine{{"longitude", Real}, {"latitude", Real}, {"lineString", Dynamic}};
    const std::vector<Parameter> toPolygon{{"longitude", Real}, {"latitude", Real}, {"polygon", Dynamic}};
    addGeo(registry, "geo_distance_point_to_line", "Metres from a place to a GeoJSON line.", "print round(geo_distance_point_to_line(1, 1, dynamic({'type':'LineString','coordinates':[[0,0],[2,0]]}))) // 111195.0", toLine, Real, geoKernel<Real, double, double, Lines>(distanceTo<Lines>));
    addGeo(registry, "geo_distance_point_to_polygon", "Metres from a place to a GeoJSON polygon, 0 inside.", "print geo_distance_point_to_polygon(1, 0.5, dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]})) // 0.0", toPolygon, Real, geoKernel<Real, double, double, Polygons>(distanceTo<Polygons>));
    addGeo(registry, "geo_closest_point_on_line", "The point of a GeoJSON line nearest to a place.", "print geo_closest_point_on_line(3, 0, dynamic({'type':'LineString','coordinates':[[0,0],[2,0]]})).coordinates[0] // 2", toLine, Dynamic, geoKernel<Dynamic, double, double, Lines>(closest<Lines>));
    addGeo(registry, "geo_closest_point_on_polygon", "The point of a GeoJSON polygon nearest to a place: the place itself if it lies inside.", "print geo_closest_point_on_polygon(1, 0.5, dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]})).coordinates[0] // 1", toPolygon, Dynamic, geoKernel<Dynamic, double, double, Polygons>(closest<Polygons>));
}

void addShapes(FunctionRegistry& registry)
{
    const std::vector<Parameter> line{{"lineString", Dynamic}};
    const std::vector<Parameter> polygon{{"polygon", Dynamic}};
    addGeo(registry, "geo_line_length", "The length of a GeoJSON line in metres.", "print round(geo_line_length(dynamic({'type':'LineString','coordinates':[[0,0],[1,0]]}))) // 111195.0", line, Real, geoKernel<Real, Lines>(lengthOf));
    addGeo(registry, "geo_line_centroid", "The centroid of a GeoJSON line.", "print geo_line_centroid(dynamic({'type':'LineString','coordinates':[[0,0],[1,0]]})).coordinates[0] // 0.5", line, Dynamic, geoKernel<Dynamic, Lines>(lineCentroid));
    addGeo(registry, "geo_line_interpolate_point", "The point at a fraction (0 … 1) of a GeoJSON line.", "print geo_line_interpolate_point(dynamic({'type':'LineString','coordinates':[[0,0],[1,0]]}), 0.25).coordinates[0] // 0.25", {{"lineString", Dynamic}, {"fraction", Real}}, Dynamic, geoKernel<Dynamic, Lines, double>(interpolate));
    addGeo(registry, "geo_line_locate_point", "The fraction (0 … 1) of a GeoJSON line at which it comes nearest to a place.", "print round(geo_line_locate_point(dynamic({'type':'LineString','coordinates':[[0,0],[1,0]]}), 0.25, 1), 4) // 0.25",
        {{"lineString", Dynamic}, {"longitude", Real}, {"latitude", Real}, optional("use_spheroid", kFlag)}, Real, geoKernel<Real, Lines, double, double, std::optional<bool>>(locate));
    addGeo(registry, "geo_polygon_area", "The area of a GeoJSON polygon in square metres.", "print round(geo_polygon_area(dynamic({'type':'Polygon','coordinates':[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]]]}))) // 1236435.0", polygon, Real, geoKernel<Real, Polygons>(areaOf));
    addGeo(registry, "geo_polygon_perimeter", "The length of the borders of a GeoJSON polygon in metres.", "print round(geo_polygon_perimeter(dynamic({'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}))) // 444763.0", polygon, Real, geoKernel<Real, Polygons>(perimeterOf));
    addGeo(registry, "geo_polygon_centroid", "The centroid of a GeoJSON polygon.", "print geo_polygon_centroid(dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]})).type // Point", polygon, Dynamic, geoKernel<Dynamic, Polygons>(polygonCentroid));
}

} // namespace

void addGeoMeasureFunctions(FunctionRegistry& registry)
{
    addPoints(registry);
    addShapes(registry);
}

} // namespace tocsin::kql
