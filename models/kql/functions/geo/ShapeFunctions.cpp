// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Columns.h"
#include "kql/functions/geo/GeoFamilies.h"
#include "kql/functions/geo/Overlay.h"
#include "kql/functions/geo/Reshape.h"
#include "kql/functions/geo/WellKnownText.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using namespace geo;
using enum DataType;
using Metres = std::optional<double>;

bool write(DynamicBuilder& out, const std::unique_ptr<S2Polygon>& polygon)
{
    if (!polygon || polygon->is_empty() || polygon->is_full())
        return false;
    Shapes shapes;
    appendPolygons(*polygon, shapes.polygons);
    writeShapes(out, shapes);
    return true;
}

bool write(DynamicBuilder& out, const std::optional<std::vector<std::unique_ptr<S2Polyline>>>& lines)
{
    if (!lines || lines->empty())
        return false;
    Shapes shapes;
    for (const auto& line : *lines)
        shapes.lines.push_back(pathOf(*line));
    writeShapes(out, shapes);
    return true;
}

template <typename A, typename B> bool writeIntersection(const A& a, const B& b, DynamicBuilder& out)
{
    const auto shapes = intersection(a.index(), b.index());
    if (shapes)
        writeShapes(out, *shapes);
    return shapes.has_value();
}

template <typename A, typename B> bool doIntersect(const A& a, const B& b) { return intersects(a.index(), b.index()); }

bool bufferPoint(double longitude, double latitude, double radius, Metres tolerance, DynamicBuilder& out)
{
    const auto at = checked(longitude, latitude);
    return at && write(out, buffer(*at, radius, tolerance.value_or(kDefaultTolerance)));
}

template <typename Shape> bool bufferShape(const Shape& shape, double radius, Metres tolerance, DynamicBuilder& out)
{
    return write(out, buffer(shape.index(), radius, tolerance.value_or(kDefaultTolerance)));
}

bool simplifyLine(const Lines& lines, Metres tolerance, DynamicBuilder& out) { return write(out, simplified(lines, tolerance.value_or(kDefaultTolerance))); }

bool simplifyPolygon(const Polygons& polygons, Metres tolerance, DynamicBuilder& out)
{
    return write(out, simplified({polygons.united().get()}, tolerance.value_or(kDefaultTolerance)));
}

bool densifyLine(DynamicView shape, Metres tolerance, std::optional<bool> across, DynamicBuilder& out)
{
    auto paths = Lines::read(shape) ? readLines(shape) : std::nullopt;
    if (!paths)
        return false;
    for (Path& path : *paths) {
        auto finer = densified(path, tolerance.value_or(kDefaultTolerance), across.value_or(false));
        if (!finer)
            return false;
        path = std::move(*finer);
    }
    writeShapes(out, {{}, std::move(*paths), {}});
    return true;
}

bool densifyPolygon(DynamicView shape, Metres tolerance, std::optional<bool> across, DynamicBuilder& out)
{
    auto polygons = readPolygons(shape);
    if (!polygons)
        return false;
    for (Rings& rings : *polygons)
        for (Path& ring : rings) {
            auto finer = densified(ring, tolerance.value_or(kDefaultTolerance), across.value_or(false));
            if (!finer)
                return false;
            ring = std::move(*finer);
        }
    writeShapes(out, {{}, {}, std::move(*polygons)});
    return true;
}

/// The shapes of an array; nothing if one of them cannot be read or there is none.
template <typename Shape> std::optional<std::vector<Shape>> readAll(DynamicView array)
{
    if (!array.isArray() || array.size() == 0)
        return std::nullopt;
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < array.size(); ++i) {
        auto shape = Shape::read(array.item(i));
        if (!shape)
            return std::nullopt;
        shapes.push_back(std::move(*shape));
    }
    return shapes;
}

template <typename Part, typename Shape> std::vector<const Part*> partsOf(const std::vector<Shape>& shapes)
{
    std::vector<const Part*> parts;
    for (const Shape& shape : shapes)
        for (const auto& part : shape.parts())
            parts.push_back(part.get());
    return parts;
}

bool uniteLines(DynamicView array, DynamicBuilder& out)
{
    const auto shapes = readAll<Lines>(array);
    return shapes && write(out, unionOf(partsOf<S2Polyline>(*shapes)));
}

bool unitePolygons(DynamicView array, DynamicBuilder& out)
{
    const auto shapes = readAll<Polygons>(array);
    return shapes && write(out, unionOf(partsOf<S2Polygon>(*shapes)));
}

bool simplifyPolygons(DynamicView array, Metres tolerance, DynamicBuilder& out)
{
    const auto shapes = readAll<Polygons>(array);
    return shapes && write(out, simplified(partsOf<S2Polygon>(*shapes), tolerance.value_or(kDefaultTolerance)));
}

void addIntersections(FunctionRegistry& registry)
{
    const std::vector<Parameter> lines{{"lineString1", Dynamic}, {"lineString2", Dynamic}};
    const std::vector<Parameter> mixed{{"lineString", Dynamic}, {"polygon", Dynamic}};
    const std::vector<Parameter> polygons{{"polygon1", Dynamic}, {"polygon2", Dynamic}};
    addGeo(registry, "geo_intersects_2lines", "Whether two lines meet.", "print geo_intersects_2lines(dynamic({'type':'LineString','coordinates':[[0,0],[2,2]]}), dynamic({'type':'LineString','coordinates':[[0,2],[2,0]]})) // true", lines, Bool, geoKernel<Bool, Lines, Lines>(doIntersect<Lines, Lines>));
    addGeo(registry, "geo_intersects_line_with_polygon", "Whether a line meets a polygon.", "print geo_intersects_line_with_polygon(dynamic({'type':'LineString','coordinates':[[0,0],[4,1]]}), dynamic({'type':'Polygon','coordinates':[[[1,0],[3,0],[3,3],[1,0]]]})) // true", mixed, Bool, geoKernel<Bool, Lines, Polygons>(doIntersect<Lines, Polygons>));
    addGeo(registry, "geo_intersects_2polygons", "Whether two polygons meet.", "print geo_intersects_2polygons(dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]}), dynamic({'type':'Polygon','coordinates':[[[5,0],[7,0],[7,2],[5,0]]]})) // false", polygons, Bool, geoKernel<Bool, Polygons, Polygons>(doIntersect<Polygons, Polygons>));
    addGeo(registry, "geo_intersection_2lines", "What two lines have in common, as GeoJSON.", "print geo_intersection_2lines(dynamic({'type':'LineString','coordinates':[[-1,0],[1,0]]}), dynamic({'type':'LineString','coordinates':[[0,-1],[0,1]]})).type // Point", lines, Dynamic, geoKernel<Dynamic, Lines, Lines>(writeIntersection<Lines, Lines>));
    addGeo(registry, "geo_intersection_line_with_polygon", "The part of a line that lies in a polygon, as GeoJSON.", "print geo_intersection_line_with_polygon(dynamic({'type':'LineString','coordinates':[[0,1],[9,1]]}), dynamic({'type':'Polygon','coordinates':[[[1,0],[3,0],[3,3],[1,0]]]})).type // LineString", mixed, Dynamic, geoKernel<Dynamic, Lines, Polygons>(writeIntersection<Lines, Polygons>));
    addGeo(registry, "geo_intersection_2polygons", "What two polygons have in common, as GeoJSON.", "print geo_intersection_2polygons(dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]}), dynamic({'type':'Polygon','coordinates':[[[1,0],[3,0],[3,3],[1,0]]]})).type // Polygon", polygons, Dynamic, geoKernel<Dynamic, Polygons, Polygons>(writeIntersection<Polygons, Polygons>));
}

void addUnions(FunctionRegistry& registry)
{
    addGeo(registry, "geo_union_lines_array", "The union of an array of lines, as GeoJSON.", "print geo_union_lines_array(dynamic([{'type':'LineString','coordinates':[[0,0],[1,0]]},{'type':'LineString','coordinates':[[0,0],[1,0]]}])).type // LineString",
        {{"lineStrings", Dynamic}}, Dynamic, geoKernel<Dynamic, DynamicView>(uniteLines));
    addGeo(registry, "geo_union_polygons_array", "The union of an array of polygons, as GeoJSON.", "print geo_union_polygons_array(dynamic([{'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]},{'type':'Polygon','coordinates':[[[1,0],[3,0],[3,3],[1,0]]]}])).type // Polygon",
        {{"polygons", Dynamic}}, Dynamic, geoKernel<Dynamic, DynamicView>(unitePolygons));
    addGeo(registry, "geo_simplify_polygons_array", "An array of polygons with vertices left out up to a tolerance in metres (10 if not given), common borders kept, united as GeoJSON.", "print isnull(geo_simplify_polygons_array(dynamic([{'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]}]), 1000000)) // true",
        {{"polygons", Dynamic}, optional("tolerance", Real)}, Dynamic, geoKernel<Dynamic, DynamicView, Metres>(simplifyPolygons));
}

void addReshaping(FunctionRegistry& registry)
{
    const std::vector<Parameter> lineAround{{"lineString", Dynamic}, {"radius", Real}, optional("tolerance", Real)};
    const std::vector<Parameter> polygonAround{{"polygon", Dynamic}, {"radius", Real}, optional("tolerance", Real)};
    addGeo(registry, "geo_point_buffer", "The polygon of all places within a radius in metres of a place, up to a tolerance (10 if not given).", "print geo_point_buffer(-115.17, 36.15, 20000).type // Polygon",
        {{"longitude", Real}, {"latitude", Real}, {"radius", Real}, optional("tolerance", Real)}, Dynamic, geoKernel<Dynamic, double, double, double, Metres>(bufferPoint));
    addGeo(registry, "geo_line_buffer", "The polygon of all places within a radius in metres of a line, up to a tolerance (10 if not given).", "print geo_line_buffer(dynamic({'type':'LineString','coordinates':[[0,0],[0.01,0]]}), 4, 0.1).type // Polygon", lineAround, Dynamic, geoKernel<Dynamic, Lines, double, Metres>(bufferShape<Lines>));
    addGeo(registry, "geo_polygon_buffer", "A polygon made wider by a radius in metres, up to a tolerance (10 if not given).", "print geo_polygon_buffer(dynamic({'type':'Polygon','coordinates':[[[0,0],[2,0],[2,2],[0,0]]]}), 1000).type // Polygon", polygonAround, Dynamic, geoKernel<Dynamic, Polygons, double, Metres>(bufferShape<Polygons>));
    addGeo(registry, "geo_line_simplify", "A line with vertices left out up to a tolerance in metres (10 if not given).", "print array_length(geo_line_simplify(dynamic({'type':'LineString','coordinates':[[0,0],[0.5,0],[1,0]]})).coordinates) // 2",
        {{"lineString", Dynamic}, optional("tolerance", Real)}, Dynamic, geoKernel<Dynamic, Lines, Metres>(simplifyLine));
    addGeo(registry, "geo_polygon_simplify", "A polygon with vertices left out up to a tolerance in metres (10 if not given).", "print array_length(geo_polygon_simplify(dynamic({'type':'Polygon','coordinates':[[[0,0],[1,0],[2,0],[2,2],[0,0]]]})).coordinates[0]) // 4",
        {{"polygon", Dynamic}, optional("tolerance", Real)}, Dynamic, geoKernel<Dynamic, Polygons, Metres>(simplifyPolygon));
    addGeo(registry, "geo_line_densify", "A line whose straight edges on the map are turned into shortest ways on Earth, up to a tolerance in metres (10 if not given).", "print array_length(geo_line_densify(dynamic({'type':'LineString','coordinates':[[50,50],[51,51]]})).coordinates) // 9",
        {{"lineString", Dynamic}, optional("tolerance", Real), optional("preserve_crossing", kFlag)}, Dynamic, geoKernel<Dynamic, DynamicView, Metres, std::optional<bool>>(densifyLine));
    addGeo(registry, "geo_polygon_densify", "A polygon whose straight edges on the map are turned into shortest ways on Earth, up to a tolerance in metres (10 if not given).", "print array_length(geo_polygon_densify(dynamic({'type':'Polygon','coordinates':[[[10,10],[11,10],[11,11],[10,11],[10,10]]]})).coordinates[0]) // 11",
        {{"polygon", Dynamic}, optional("tolerance", Real), optional("preserve_crossing", kFlag)}, Dynamic, geoKernel<Dynamic, DynamicView, Metres, std::optional<bool>>(densifyPolygon));
    addGeo(registry, "geo_from_wkt", "A shape in well-known text as GeoJSON.", "print geo_from_wkt('POINT (1 2)') // {\"type\":\"Point\",\"coordinates\":[1,2]}", {{"wkt", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(writeWellKnownText));
}

} // namespace

void addGeoShapeFunctions(FunctionRegistry& registry)
{
    addIntersections(registry);
    addUnions(registry);
    addReshaping(registry);
}

} // namespace tocsin::kql
