// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/h3/Cell.h"

#include <numbers>
#include <unordered_set>

namespace tocsin::kql::h3 {
namespace {

constexpr double kRadian = std::numbers::pi / 180;

/// A walk around a ring begins in direction i and takes these directions in turn.
constexpr int kWalk[6] = {2, 3, 1, 5, 4, 6};
constexpr int kFirstStep = 4;

/// One step in a direction of the index where the walk began.
void step(Position& position, int digit)
{
    position.at = position.at + rotated(unitOf(digit), position.turn);
    icosahedron().settle(position);
}

/// The rings by walking; nothing if a pentagon is met, around which walks do not close.
std::optional<std::vector<std::vector<Index>>> walkedRings(Index cell, int distance)
{
    if (isPentagon(cell))
        return std::nullopt;
    const Icosahedron& solid = icosahedron();
    std::vector<std::vector<Index>> rings{{cell}};
    Position position = solid.positionOf(cell);
    for (int ring = 1; ring <= distance; ++ring) {
        step(position, kFirstStep);
        std::vector<Index>& cells = rings.emplace_back();
        for (const int direction : kWalk)
            for (int i = 0; i < ring; ++i) {
                step(position, direction);
                const Index at = solid.indexOf(position);
                if (at == 0 || isPentagon(at))
                    return std::nullopt;
                cells.push_back(at);
            }
    }
    return rings;
}

std::vector<std::vector<Index>> searchedRings(Index cell, int distance)
{
    std::vector<std::vector<Index>> rings{{cell}};
    std::unordered_set<Index> seen{cell};
    for (int ring = 1; ring <= distance; ++ring) {
        std::vector<Index> cells;
        for (const Index from : rings.back())
            for (const Index to : neighboursOf(from))
                if (seen.insert(to).second)
                    cells.push_back(to);
        rings.push_back(std::move(cells));
    }
    return rings;
}

/// A corner of a cell on the lattice three times as fine, on the face where it lies.
struct Corner {
    int face = 0;
    Hex at;
    bool onEdge = false;
};

/// The finer lattice on which corners are points.
struct CornerLattice {
    explicit CornerLattice(int resolution) : even(resolution + (isTurned(resolution) ? 1 : 0)), scale(scaleOf(even) * 3) {}
    int even;
    std::int64_t scale;

    PlanePoint plane(Hex at) const
    {
        const PlanePoint point = toPlane(at);
        return {point.x / static_cast<double>(scale), point.y / static_cast<double>(scale)};
    }
    Corner settled(Corner corner) const
    {
        for (Axes axes = axesOf(corner.at); axes.sum() > 2 * scale; axes = axesOf(corner.at)) {
            const Side& side = icosahedron().face(corner.face).sides[sideOf(axes)];
            corner = {side.face, rotated(corner.at, side.turn) + side.shift * scale, false};
        }
        corner.onEdge = axesOf(corner.at).sum() == 2 * scale;
        return corner;
    }
};

/// Where the line between two corners on neighbouring faces crosses their common edge; nothing if it does so at a corner.
std::optional<Vector3> crossing(const CornerLattice& lattice, const Corner& from, const Corner& to)
{
    const Icosahedron& solid = icosahedron();
    constexpr Hex kEnds[3][2] = {{{2, 0}, {0, 2}}, {{-2, -2}, {2, 0}}, {{0, 2}, {-2, -2}}};
    for (int name = 0; name < 3; ++name) {
        if (solid.face(from.face).sides[static_cast<std::size_t>(name)].face != to.face)
            continue;
        for (const Side& back : solid.face(to.face).sides) {
            if (back.face != from.face)
                continue;
            const PlanePoint a = lattice.plane(from.at);
            const PlanePoint b = lattice.plane(rotated(to.at, back.turn) + back.shift * lattice.scale);
            const PlanePoint c = toPlane(kEnds[name][0]);
            const PlanePoint d = toPlane(kEnds[name][1]);
            const double along = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / ((b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x));
            if (!(along > 1e-9 && along < 1 - 1e-9))
                return std::nullopt;
            return solid.toSphere(from.face, {a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)});
        }
    }
    return std::nullopt;
}

} // namespace

Vector3 toVector(Coordinate point)
{
    const double lat = point.latitude * kRadian;
    const double lng = point.longitude * kRadian;
    return {std::cos(lat) * std::cos(lng), std::cos(lat) * std::sin(lng), std::sin(lat)};
}

Coordinate toCoordinate(const Vector3& point) { return {std::atan2(point.y, point.x) / kRadian, std::atan2(point.z, std::hypot(point.x, point.y)) / kRadian}; }

Index cellAt(Coordinate point, int resolution)
{
    const Icosahedron& solid = icosahedron();
    const Vector3 vector = toVector(point);
    Position position{solid.nearestFace(vector), resolution, {}, 0};
    const PlanePoint plane = solid.toPlane(position.face, vector);
    const int even = resolution + (isTurned(resolution) ? 1 : 0);
    const double scale = static_cast<double>(scaleOf(even));
    double b = plane.y * 2 / std::sqrt(3.0) * scale;
    double a = plane.x * scale + b / 2;
    if (isTurned(resolution)) {
        const double fine = a;
        a = (2 * fine + b) / 7;
        b = (3 * b - fine) / 7;
    }
    position.at = nearest(a, b);
    return solid.indexOf(position);
}

Coordinate centreOf(Index cell)
{
    const Position position = icosahedron().positionOf(cell);
    const CornerLattice lattice(position.resolution);
    const Hex at = isTurned(position.resolution) ? finer(position.at, lattice.even) : position.at;
    return toCoordinate(icosahedron().toSphere(position.face, lattice.plane(at * 3)));
}

std::vector<Coordinate> boundaryOf(Index cell)
{
    const Position position = icosahedron().positionOf(cell);
    const CornerLattice lattice(position.resolution);
    const bool turned = isTurned(position.resolution);
    const Hex centre = (turned ? finer(position.at, lattice.even) : position.at) * 3;
    const Hex first = turned ? Hex{5, 4} : Hex{2, 1};
    const int sides = isPentagon(cell) ? 5 : 6;
    std::vector<Corner> corners;
    for (int i = 0; i < sides; ++i)
        corners.push_back(lattice.settled({position.face, centre + rotated(first, i), false}));
    std::vector<Coordinate> out;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Corner& from = corners[i];
        const Corner& to = corners[(i + 1) % corners.size()];
        out.push_back(toCoordinate(icosahedron().toSphere(from.face, lattice.plane(from.at))));
        if (!turned || from.face == to.face || from.onEdge)
            continue;
        if (const auto between = crossing(lattice, from, to))
            out.push_back(toCoordinate(*between));
    }
    return out;
}

std::vector<Index> neighboursOf(Index cell)
{
    if (!isPentagon(cell))
        if (auto rings = walkedRings(cell, 1))
            return std::move((*rings)[1]);
    std::vector<Index> out;
    for (const int direction : {6, 2, 3, 1, 5, 4}) {
        Position position = icosahedron().positionOf(cell);
        step(position, direction);
        const Index at = icosahedron().indexOf(position);
        // Of the six directions around a pentagon two meet.
        if (at != 0 && std::find(out.begin(), out.end(), at) == out.end())
            out.push_back(at);
    }
    return out;
}

std::vector<std::vector<Index>> ringsOf(Index cell, int distance)
{
    if (auto rings = walkedRings(cell, distance))
        return std::move(*rings);
    return searchedRings(cell, distance);
}

} // namespace tocsin::kql::h3
