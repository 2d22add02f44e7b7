// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/H3Fill.h"

#include "kql/functions/geo/h3/Cell.h"

#include <cmath>
#include <unordered_set>

namespace tocsin::kql::geo {
namespace {

/// Longitudes of one polygon, made continuous where it crosses the antimeridian.
class FlatPolygon {
public:
    explicit FlatPolygon(const Rings& rings) : m_rings(rings)
    {
        for (Path& ring : m_rings)
            for (std::size_t i = 1; i < ring.size(); ++i)
                m_crosses = m_crosses || std::fabs(ring[i].longitude - ring[i - 1].longitude) > 180;
        for (Path& ring : m_rings)
            for (Coordinate& at : ring)
                at = shifted(at);
    }
    const Rings& rings() const { return m_rings; }
    bool contains(Coordinate at) const
    {
        at = shifted(at);
        bool inside = false;
        for (const Path& ring : m_rings)
            for (std::size_t i = 1; i < ring.size(); ++i) {
                const Coordinate a = ring[i - 1], b = ring[i];
                if ((a.latitude > at.latitude) != (b.latitude > at.latitude)
                    && at.longitude < a.longitude + (at.latitude - a.latitude) / (b.latitude - a.latitude) * (b.longitude - a.longitude))
                    inside = !inside;
            }
        return inside;
    }

private:
    Coordinate shifted(Coordinate at) const { return m_crosses && at.longitude < 0 ? Coordinate{at.longitude + 360, at.latitude} : at; }
    Rings m_rings;
    bool m_crosses = false;
};

/// How far apart the centres of neighbouring cells are at least, in degrees of a great circle: that of the specification's
/// smallest cells at resolution 0, √7 times finer with each step.
double spacingOf(int resolution) { return 14.0 / std::pow(7.0, resolution / 2.0); }

class Filler {
public:
    Filler(const FlatPolygon& polygon, int resolution, std::unordered_set<h3::Index>& seen, std::vector<h3::Index>& out)
        : m_polygon(polygon), m_resolution(resolution), m_seen(seen), m_out(out) {}

    /// False if there are too many cells.
    bool fill()
    {
        for (const Path& ring : m_polygon.rings())
            for (std::size_t i = 1; i < ring.size(); ++i)
                if (!follow(ring[i - 1], ring[i]))
                    return false;
        while (!m_open.empty()) {
            const h3::Index cell = m_open.back();
            m_open.pop_back();
            for (const h3::Index next : h3::neighboursOf(cell))
                add(next);
            if (m_out.size() > kMaxH3Cells)
                return false;
        }
        return true;
    }

private:
    void add(h3::Index cell)
    {
        if (!m_tried.insert(cell).second || !m_polygon.contains(h3::centreOf(cell)))
            return;
        m_open.push_back(cell);
        if (m_seen.insert(cell).second)
            m_out.push_back(cell);
    }
    /// Cells along an edge and those around them are where filling begins.
    bool follow(Coordinate from, Coordinate to)
    {
        const double length = std::hypot(to.longitude - from.longitude, to.latitude - from.latitude);
        const double steps = std::ceil(length / (spacingOf(m_resolution) / 2));
        if (steps > 8.0 * kMaxH3Cells)
            return false;
        for (double i = 0; i <= steps; ++i) {
            const double share = steps > 0 ? i / steps : 0;
            double longitude = from.longitude + share * (to.longitude - from.longitude);
            if (longitude > 180)
                longitude -= 360;
            const h3::Index cell = h3::cellAt({longitude, from.latitude + share * (to.latitude - from.latitude)}, m_resolution);
            if (cell == 0 || cell == m_last)
                continue;
            m_last = cell;
            add(cell);
            for (const h3::Index next : h3::neighboursOf(cell))
                add(next);
            if (m_out.size() > kMaxH3Cells)
                return false;
        }
        return true;
    }

    const FlatPolygon& m_polygon;
    int m_resolution;
    std::unordered_set<h3::Index>& m_seen;
    std::vector<h3::Index>& m_out;
    std::unordered_set<h3::Index> m_tried;
    std::vector<h3::Index> m_open;
    h3::Index m_last = 0;
};

} // namespace

std::optional<std::vector<h3::Index>> h3CellsIn(const std::vector<Rings>& polygons, int resolution)
{
    std::vector<h3::Index> out;
    std::unordered_set<h3::Index> seen;
    for (const Rings& rings : polygons) {
        const FlatPolygon polygon(rings);
        if (!Filler(polygon, resolution, seen, out).fill())
            return std::nullopt;
    }
    return out;
}

} // namespace tocsin::kql::geo
