// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Columns.h"
#include "kql/functions/geo/GeoFamilies.h"
#include "kql/functions/geo/Geohash.h"
#include "kql/functions/geo/H3Fill.h"
#include "kql/functions/geo/Reshape.h"
#include "kql/functions/geo/S2Cells.h"
#include "kql/functions/geo/h3/Cell.h"

#include <s2/s2shape_index_buffered_region.h>
#include <s2/s2shape_index_region.h>

#include <limits>

namespace tocsin::kql {
namespace {

using namespace geo;
using enum DataType;
using Level = std::optional<std::int64_t>;

constexpr std::int64_t kDefaultH3Resolution = 6;
constexpr std::int64_t kMaxH3Distance = 142;
constexpr std::int64_t kMaxGenerations = 5;

/// An optional level between two bounds; nothing if it is outside.
std::optional<int> levelIn(Level level, std::int64_t otherwise, std::int64_t from, std::int64_t to)
{
    const std::int64_t wanted = level.value_or(otherwise);
    return wanted >= from && wanted <= to ? std::optional(static_cast<int>(wanted)) : std::nullopt;
}

template <typename Items, typename Write> bool writeList(DynamicBuilder& out, const Items& items, Write write)
{
    out.beginArray();
    for (const auto& item : items)
        write(item);
    out.endArray();
    return true;
}

bool writeTokens(DynamicBuilder& out, const std::vector<h3::Index>& cells)
{
    return writeList(out, cells, [&](h3::Index cell) { out.string(h3::toToken(cell)); });
}
bool writeTokens(DynamicBuilder& out, const std::vector<S2CellId>& cells)
{
    return writeList(out, cells, [&](S2CellId cell) { out.string(cell.ToToken()); });
}

bool writeRing(DynamicBuilder& out, Path ring)
{
    writeShapes(out, {{}, {}, {{std::move(ring)}}});
    return true;
}

std::optional<std::string> toGeohash(double longitude, double latitude, Level accuracy)
{
    const auto at = checked(longitude, latitude);
    const auto characters = levelIn(accuracy, kDefaultGeohash, 1, kMaxGeohash);
    return at && characters ? std::optional(geohashOf(*at, *characters)) : std::nullopt;
}

bool geohashCentre(std::string_view hash, DynamicBuilder& out)
{
    const auto cell = geohashCell(hash);
    if (cell)
        writePoint(out, {(cell->west + cell->east) / 2, (cell->south + cell->north) / 2});
    return cell.has_value();
}

bool geohashPolygon(std::string_view hash, DynamicBuilder& out)
{
    const auto cell = geohashCell(hash);
    return cell && writeRing(out, {{cell->west, cell->south}, {cell->east, cell->south}, {cell->east, cell->north}, {cell->west, cell->north}, {cell->west, cell->south}});
}

bool geohashAround(std::string_view hash, DynamicBuilder& out)
{
    return geohashCell(hash) && writeList(out, geohashNeighbours(hash), [&](const std::string& next) { out.string(next); });
}

std::optional<std::string> toS2Cell(double longitude, double latitude, Level level)
{
    const auto at = checked(longitude, latitude);
    const auto wanted = levelIn(level, kDefaultS2Level, 0, kMaxS2Level);
    return at && wanted ? std::optional(S2CellId(toS2(*at)).parent(*wanted).ToToken()) : std::nullopt;
}

/// The covering of lines or polygons, a buffer around them included.
template <typename Shape> bool toS2Cells(const Shape& shape, Level level, std::optional<double> radius, DynamicBuilder& out)
{
    const auto wanted = levelIn(level, kDefaultS2Level, 0, kMaxS2Level);
    const double metres = radius.value_or(0);
    if (!wanted || !(metres >= 0) || metres > kEarthRadius)
        return false;
    const auto cells = metres > 0 ? s2Covering(S2ShapeIndexBufferedRegion(&shape.index(), S1ChordAngle(angleOf(metres))), *wanted)
                                  : s2Covering(MakeS2ShapeIndexRegion(&shape.index()), *wanted);
    return cells && writeTokens(out, *cells);
}

std::optional<std::string> toH3Cell(double longitude, double latitude, Level resolution)
{
    const auto at = checked(longitude, latitude);
    const auto wanted = levelIn(resolution, kDefaultH3Resolution, 0, h3::kMaxResolution);
    return at && wanted ? std::optional(h3::toToken(h3::cellAt(*at, *wanted))) : std::nullopt;
}

/// A function of the cell that a token names; false for a text that names none.
template <typename F> auto withH3(F fn)
{
    return [fn](std::string_view token, auto&... more) {
        const auto cell = h3::fromToken(token);
        return cell && fn(*cell, more...);
    };
}

std::optional<std::string> h3Parent(std::string_view token, Level resolution)
{
    const auto cell = h3::fromToken(token);
    const auto wanted = cell ? levelIn(resolution, h3::resolutionOf(*cell) - 1, 0, h3::resolutionOf(*cell)) : std::nullopt;
    return wanted ? std::optional(h3::toToken(h3::parentOf(*cell, *wanted))) : std::nullopt;
}

bool h3Children(std::string_view token, Level resolution, DynamicBuilder& out)
{
    const auto cell = h3::fromToken(token);
    if (!cell)
        return false;
    const int own = h3::resolutionOf(*cell);
    const auto wanted = levelIn(resolution, own + 1, own, std::min<std::int64_t>(own + kMaxGenerations, h3::kMaxResolution));
    return wanted && writeTokens(out, h3::childrenOf(*cell, *wanted));
}

bool h3Rings(std::string_view token, std::int64_t distance, DynamicBuilder& out)
{
    const auto cell = h3::fromToken(token);
    if (!cell || distance < 0 || distance > kMaxH3Distance)
        return false;
    return writeList(out, h3::ringsOf(*cell, static_cast<int>(distance)), [&](const std::vector<h3::Index>& ring) { writeTokens(out, ring); });
}

bool toH3Cells(DynamicView shape, Level resolution, std::optional<double> radius, DynamicBuilder& out)
{
    const auto wanted = levelIn(resolution, kDefaultH3Resolution, 0, h3::kMaxResolution);
    const double metres = radius.value_or(0);
    const auto checkedShape = Polygons::read(shape);
    auto polygons = checkedShape ? readPolygons(shape) : std::nullopt;
    if (!wanted || !polygons || !(metres >= 0))
        return false;
    if (metres > 0) {
        const auto wider = buffer(checkedShape->index(), metres, std::min(kDefaultTolerance, metres));
        if (!wider)
            return false;
        polygons->clear();
        appendPolygons(*wider, *polygons);
    }
    const auto cells = h3CellsIn(*polygons, *wanted);
    return cells && writeTokens(out, *cells);
}

void addGeohash(FunctionRegistry& registry)
{
    addGeo(registry, "geo_point_to_geohash", "The geohash of a place, 1 to 18 characters long (5 if not given).", "print geo_point_to_geohash(-80.195829, 25.802215, 8) // dhwfz15h",
        {{"longitude", Real}, {"latitude", Real}, optional("accuracy", Long)}, String, geoKernel<String, double, double, Level>(toGeohash));
    addGeo(registry, "geo_geohash_to_central_point", "The centre of a geohash as a GeoJSON point.", "print geo_geohash_to_central_point('sunny').coordinates[0] // 42.47314453125",
        {{"geohash", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(geohashCentre));
    addGeo(registry, "geo_geohash_to_polygon", "The rectangle of a geohash as a GeoJSON polygon.", "print array_length(geo_geohash_to_polygon('sunny').coordinates[0]) // 5",
        {{"geohash", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(geohashPolygon));
    addGeo(registry, "geo_geohash_neighbors", "The geohashes around a geohash.", "print geo_geohash_neighbors('sunny')[0] // sunnt",
        {{"geohash", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(geohashAround));
}

void addS2(FunctionRegistry& registry)
{
    addGeo(registry, "geo_point_to_s2cell", "The S2 cell of a place, of level 0 to 30 (11 if not given).", "print geo_point_to_s2cell(-80.195829, 25.802215, 8) // 88d9b",
        {{"longitude", Real}, {"latitude", Real}, optional("level", Long)}, String, geoKernel<String, double, double, Level>(toS2Cell));
    addGeo(registry, "geo_s2cell_to_central_point", "The centre of an S2 cell as a GeoJSON point.", "print geo_s2cell_to_central_point('1234567').type // Point",
        {{"s2cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>([](std::string_view token, DynamicBuilder& out) {
            const auto cell = s2CellOf(token);
            if (cell)
                writePoint(out, fromS2(cell->ToPoint()));
            return cell.has_value();
        }));
    addGeo(registry, "geo_s2cell_to_polygon", "The area of an S2 cell as a GeoJSON polygon.", "print array_length(geo_s2cell_to_polygon('89c259').coordinates[0]) // 5",
        {{"s2cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>([](std::string_view token, DynamicBuilder& out) {
            const auto cell = s2CellOf(token);
            return cell && writeRing(out, s2Boundary(*cell));
        }));
    addGeo(registry, "geo_s2cell_neighbors", "The S2 cells around an S2 cell.", "print array_length(geo_s2cell_neighbors('89c259')) // 8",
        {{"s2cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>([](std::string_view token, DynamicBuilder& out) {
            const auto cell = s2CellOf(token);
            return cell && writeTokens(out, s2Neighbours(*cell));
        }));
    addGeo(registry, "geo_line_to_s2cells", "The S2 cells of one level that cover a line, or all within a radius of it.", "print array_length(geo_line_to_s2cells(dynamic({'type':'LineString','coordinates':[[1,1],[1.01,1]]}), 5)) // 1",
        {{"lineString", Dynamic}, optional("level", Long), optional("radius", Real)}, Dynamic, geoKernel<Dynamic, Lines, Level, std::optional<double>>(toS2Cells<Lines>));
    addGeo(registry, "geo_polygon_to_s2cells", "The S2 cells of one level that cover a polygon, or all within a radius of it.", "print array_length(geo_polygon_to_s2cells(dynamic({'type':'Polygon','coordinates':[[[0,0],[0,50],[100,50],[0,0]]]}), 5)) // 286",
        {{"polygon", Dynamic}, optional("level", Long), optional("radius", Real)}, Dynamic, geoKernel<Dynamic, Polygons, Level, std::optional<double>>(toS2Cells<Polygons>));
}

void addH3(FunctionRegistry& registry)
{
    addGeo(registry, "geo_point_to_h3cell", "The H3 cell of a place, of resolution 0 to 15 (6 if not given).", "print geo_point_to_h3cell(-74.04450446039874, 40.689250859314974) // 862a1072fffffff",
        {{"longitude", Real}, {"latitude", Real}, optional("resolution", Long)}, String, geoKernel<String, double, double, Level>(toH3Cell));
    addGeo(registry, "geo_h3cell_to_central_point", "The centre of an H3 cell as a GeoJSON point.", "print geo_h3cell_to_central_point('862a1072fffffff').type // Point",
        {{"h3cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(withH3([](h3::Index cell, DynamicBuilder& out) {
            writePoint(out, h3::centreOf(cell));
            return true;
        })));
    addGeo(registry, "geo_h3cell_to_polygon", "The area of an H3 cell as a GeoJSON polygon.", "print array_length(geo_h3cell_to_polygon('862a1072fffffff').coordinates[0]) // 7",
        {{"h3cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(withH3([](h3::Index cell, DynamicBuilder& out) {
            Path ring = h3::boundaryOf(cell);
            ring.push_back(ring.front());
            return writeRing(out, std::move(ring));
        })));
    addGeo(registry, "geo_h3cell_neighbors", "The H3 cells around an H3 cell.", "print array_length(geo_h3cell_neighbors('862a1072fffffff')) // 6",
        {{"h3cell", String}}, Dynamic, geoKernel<Dynamic, std::string_view>(withH3([](h3::Index cell, DynamicBuilder& out) { return writeTokens(out, h3::neighboursOf(cell)); })));
    addGeo(registry, "geo_h3cell_level", "The resolution of an H3 cell.", "print geo_h3cell_level('862a1072fffffff') // 6",
        {{"h3cell", String}}, Int, geoKernel<Int, std::string_view>([](std::string_view token) {
            const auto cell = h3::fromToken(token);
            return cell ? std::optional(h3::resolutionOf(*cell)) : std::nullopt;
        }));
    addGeo(registry, "geo_h3cell_parent", "The H3 cell that holds an H3 cell, of a coarser resolution (the next one if not given).", "print geo_h3cell_parent('862a1072fffffff') // 852a1073fffffff",
        {{"h3cell", String}, optional("resolution", Long)}, String, geoKernel<String, std::string_view, Level>(h3Parent));
    addGeo(registry, "geo_h3cell_children", "The H3 cells within an H3 cell, up to five resolutions finer (one if not given).", "print array_length(geo_h3cell_children('862a1072fffffff')) // 7",
        {{"h3cell", String}, optional("resolution", Long)}, Dynamic, geoKernel<Dynamic, std::string_view, Level>(h3Children));
    addGeo(registry, "geo_h3cell_rings", "The rings of H3 cells around an H3 cell, from 0 (the cell) up to the distance.", "print array_length(geo_h3cell_rings('861f8894fffffff', 2)[2]) // 12",
        {{"h3cell", String}, {"distance", Long}}, Dynamic, geoKernel<Dynamic, std::string_view, std::int64_t>(h3Rings));
    addGeo(registry, "geo_polygon_to_h3cells", "The H3 cells whose centres lie in a polygon, or in one wider by a radius.", "print array_length(geo_polygon_to_h3cells(dynamic({'type':'Polygon','coordinates':[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]}))) // 13",
        {{"polygon", Dynamic}, optional("resolution", Long), optional("radius", Real)}, Dynamic, geoKernel<Dynamic, DynamicView, Level, std::optional<double>>(toH3Cells));
}

} // namespace

void addGeoGridFunctions(FunctionRegistry& registry)
{
    addGeohash(registry);
    addS2(registry);
    addH3(registry);
}

} // namespace tocsin::kql
