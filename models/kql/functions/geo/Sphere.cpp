// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Sphere.h"

#include "kql/functions/geo/Overlay.h"

#include <s2/s2error.h>
#include <s2/s2loop.h>

#include <cmath>

namespace tocsin::kql::geo {
namespace {

/// Degrees computed from a unit vector are off by a few units of the last place: a number of at most fifteen digits that lies
/// within them is what was meant.
double tidied(double degrees)
{
    const double scaled = degrees * 1e12;
    const double rounded = std::nearbyint(scaled) / 1e12;
    return std::fabs(rounded - degrees) < 3e-14 ? rounded : degrees;
}

std::vector<S2Point> pointsOf(const Path& path, std::size_t count)
{
    std::vector<S2Point> points;
    points.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        points.push_back(toS2(path[i]));
    return points;
}

std::unique_ptr<S2Polyline> makeLine(const Path& path)
{
    std::vector<S2Point> points = pointsOf(path, path.size());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    if (points.size() < 2 || std::adjacent_find(points.begin(), points.end(), areOpposite) != points.end())
        return nullptr;
    auto line = std::make_unique<S2Polyline>(points, S2Debug::DISABLE);
    S2Error error;
    return line->FindValidationError(&error) ? nullptr : std::move(line);
}

std::unique_ptr<S2Polygon> makePolygon(const Rings& rings)
{
    std::vector<std::unique_ptr<S2Loop>> loops;
    for (const Path& ring : rings) {
        auto loop = std::make_unique<S2Loop>(pointsOf(ring, ring.size() - 1), S2Debug::DISABLE);
        S2Error error;
        if (loop->FindValidationError(&error))
            return nullptr;
        // The smaller side is meant, however the ring turns; which rings are holes follows from what contains them.
        loop->Normalize();
        loops.push_back(std::move(loop));
    }
    auto polygon = std::make_unique<S2Polygon>();
    polygon->set_s2debug_override(S2Debug::DISABLE);
    polygon->InitNested(std::move(loops));
    S2Error error;
    return polygon->FindValidationError(&error) ? nullptr : std::move(polygon);
}

} // namespace

Coordinate fromS2(const S2Point& point)
{
    const S2LatLng at(point);
    return {tidied(at.lng().degrees()), tidied(at.lat().degrees())};
}

std::optional<Lines> Lines::read(DynamicView shape)
{
    const auto paths = readLines(shape);
    if (!paths)
        return std::nullopt;
    std::vector<std::unique_ptr<S2Polyline>> parts;
    for (const Path& path : *paths) {
        parts.push_back(makeLine(path));
        if (!parts.back())
            return std::nullopt;
    }
    return Lines(std::move(parts));
}

const MutableS2ShapeIndex& Lines::index() const
{
    if (!m_index) {
        m_index = std::make_unique<MutableS2ShapeIndex>();
        for (const auto& part : m_parts)
            m_index->Add(std::make_unique<S2Polyline::Shape>(part.get()));
        m_index->ForceBuild();
    }
    return *m_index;
}

std::optional<Polygons> Polygons::read(DynamicView shape)
{
    const auto polygons = readPolygons(shape);
    if (!polygons)
        return std::nullopt;
    Polygons out;
    for (const Rings& rings : *polygons) {
        out.m_parts.push_back(makePolygon(rings));
        if (!out.m_parts.back())
            return std::nullopt;
    }
    return out;
}

std::shared_ptr<const S2Polygon> Polygons::united() const
{
    if (!m_united) {
        std::vector<const S2Polygon*> all;
        for (const auto& part : m_parts)
            all.push_back(part.get());
        m_united = all.size() == 1 ? std::unique_ptr<S2Polygon>(all[0]->Clone()) : unionOf(all);
    }
    return m_united;
}

const MutableS2ShapeIndex& Polygons::index() const
{
    if (!m_index) {
        m_index = std::make_unique<MutableS2ShapeIndex>();
        for (const auto& part : m_parts)
            m_index->Add(std::make_unique<S2Polygon::Shape>(part.get()));
        m_index->ForceBuild();
    }
    return *m_index;
}

Path pathOf(const S2Polyline& line)
{
    Path path;
    for (int i = 0; i < line.num_vertices(); ++i)
        path.push_back(fromS2(line.vertex(i)));
    return path;
}

void appendPolygons(const S2Polygon& polygon, std::vector<Rings>& out)
{
    for (int i = 0; i < polygon.num_loops(); ++i) {
        const S2Loop& loop = *polygon.loop(i);
        if (!loop.is_hole() || out.empty())
            out.emplace_back();
        // oriented_vertex() turns holes clockwise, as GeoJSON has them.
        Path& ring = out.back().emplace_back();
        for (int v = 0; v < loop.num_vertices(); ++v)
            ring.push_back(fromS2(loop.oriented_vertex(v)));
        ring.push_back(ring.front());
    }
}

} // namespace tocsin::kql::geo
