// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/GeoJson.h"

#include "kql/functions/support/Convert.h"

#include <cmath>

namespace tocsin::kql::geo {
namespace {

std::optional<double> readNumber(DynamicView value)
{
    if (value.tag() == DynamicTag::Long)
        return static_cast<double>(value.asLong());
    if (value.tag() == DynamicTag::Real)
        return value.asReal();
    return std::nullopt;
}

std::optional<Coordinate> readCoordinate(DynamicView value)
{
    if (!value.isArray() || value.size() < 2)
        return std::nullopt;
    const auto longitude = readNumber(value.item(0));
    const auto latitude = readNumber(value.item(1));
    return longitude && latitude ? checked(*longitude, *latitude) : std::nullopt;
}

std::optional<Path> readPath(DynamicView value, std::size_t least)
{
    if (!value.isArray() || value.size() < least)
        return std::nullopt;
    Path path;
    path.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto at = readCoordinate(value.item(i));
        if (!at)
            return std::nullopt;
        path.push_back(*at);
    }
    return path;
}

std::optional<Rings> readRings(DynamicView value)
{
    if (!value.isArray() || value.size() == 0)
        return std::nullopt;
    Rings rings;
    for (std::size_t i = 0; i < value.size(); ++i) {
        auto ring = readPath(value.item(i), 4);
        if (!ring || ring->front() != ring->back())
            return std::nullopt;
        rings.push_back(std::move(*ring));
    }
    return rings;
}

/// How many arrays stand around the first number.
int depthOf(DynamicView value)
{
    int depth = 0;
    for (; value.isArray() && value.size() > 0; value = value.item(0))
        ++depth;
    return depth;
}

/// Parts that were collected with pack_array() stand in one array more than GeoJSON has, which is passed over.
DynamicView unwrapped(DynamicView part, int depth) { return part.isArray() && part.size() == 1 && depthOf(part) == depth + 1 ? part.item(0) : part; }

/// The parts of a shape that is either one part or an array of parts.
template <typename Part, typename Read>
std::optional<std::vector<Part>> readParts(DynamicView shape, std::string_view one, std::string_view several, int depth, Read read)
{
    // A shape may come as text.
    std::string parsed;
    if (shape.isString()) {
        parsed = parseJsonLenient(shape.asString());
        shape = DynamicView(parsed);
    }
    const DynamicView type = shape.member("type");
    const DynamicView coordinates = shape.member("coordinates");
    if (!type.isString())
        return std::nullopt;
    std::vector<Part> parts;
    const auto add = [&](DynamicView value) {
        auto part = read(value);
        if (part)
            parts.push_back(std::move(*part));
        return part.has_value();
    };
    if (type.asString() == one)
        return add(coordinates) ? std::optional(std::move(parts)) : std::nullopt;
    if (type.asString() != several || !coordinates.isArray() || coordinates.size() == 0)
        return std::nullopt;
    for (std::size_t i = 0; i < coordinates.size(); ++i)
        if (!add(unwrapped(coordinates.item(i), depth)))
            return std::nullopt;
    return parts;
}

void beginShape(DynamicBuilder& out, std::string_view type, std::string_view content = "coordinates")
{
    out.beginObject();
    out.key("type");
    out.string(type);
    out.key(content);
}

/// One part as a shape of its own, several as one shape of parts.
template <typename Part, typename Write>
void writeParts(DynamicBuilder& out, const std::vector<Part>& parts, std::string_view one, std::string_view several, Write write)
{
    if (parts.empty())
        return;
    beginShape(out, parts.size() == 1 ? one : several);
    if (parts.size() > 1)
        out.beginArray();
    for (const Part& part : parts)
        write(out, part);
    if (parts.size() > 1)
        out.endArray();
    out.endObject();
}

} // namespace

std::optional<std::vector<Path>> readLines(DynamicView shape)
{
    return readParts<Path>(shape, "LineString", "MultiLineString", 2, [](DynamicView value) { return readPath(value, 2); });
}

std::optional<std::vector<Rings>> readPolygons(DynamicView shape) { return readParts<Rings>(shape, "Polygon", "MultiPolygon", 3, readRings); }

void writeNumber(DynamicBuilder& out, double value)
{
    if (value == std::trunc(value) && std::fabs(value) < 1e15)
        out.number(static_cast<std::int64_t>(value));
    else
        out.real(value);
}

void writeCoordinate(DynamicBuilder& out, Coordinate at)
{
    out.beginArray();
    writeNumber(out, at.longitude);
    writeNumber(out, at.latitude);
    out.endArray();
}

void writePoint(DynamicBuilder& out, Coordinate at)
{
    beginShape(out, "Point");
    writeCoordinate(out, at);
    out.endObject();
}

void writePath(DynamicBuilder& out, const Path& path)
{
    out.beginArray();
    for (const Coordinate at : path)
        writeCoordinate(out, at);
    out.endArray();
}

void writeRings(DynamicBuilder& out, const Rings& rings)
{
    out.beginArray();
    for (const Path& ring : rings)
        writePath(out, ring);
    out.endArray();
}

void writeShapes(DynamicBuilder& out, const Shapes& shapes)
{
    const int kinds = int{!shapes.points.empty()} + int{!shapes.lines.empty()} + int{!shapes.polygons.empty()};
    if (kinds != 1) {
        beginShape(out, "GeometryCollection", "geometries");
        out.beginArray();
    }
    writeParts(out, shapes.points, "Point", "MultiPoint", writeCoordinate);
    writeParts(out, shapes.lines, "LineString", "MultiLineString", writePath);
    writeParts(out, shapes.polygons, "Polygon", "MultiPolygon", writeRings);
    if (kinds != 1) {
        out.endArray();
        out.endObject();
    }
}

} // namespace tocsin::kql::geo
