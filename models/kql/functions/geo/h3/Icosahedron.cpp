// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/h3/Icosahedron.h"

#include <cmath>

namespace tocsin::kql::h3 {
namespace {

/// Latitude and longitude of a face's centre and the azimuth of its i axis, in radians. Face 19 - n … are opposite to others, but
/// the specification prints each.
struct Orientation {
    double latitude, longitude, azimuth;
};
constexpr Orientation kOrientations[kFaces] = {
    {0.803582649718989942, 1.248397419617396099, 5.619958268523939882},   {1.307747883455638156, 2.536945009877921159, 5.760339081714187279},
    {1.054751253523952054, -1.347517358900396623, 0.780213654393430055},  {0.600191595538186799, -0.450603909469755746, 0.430469363979999913},
    {0.491715428198773866, 0.401988202911306943, 6.130269123335111400},   {0.172745327415618701, 1.678146885280433686, 2.692877706530642877},
    {0.605929321571350690, 2.953923329812411617, 2.982963003477243874},   {0.427370518328979641, -1.888876200336285401, 3.532912002790141181},
    {-0.079066118549212831, -0.733429513380867741, 3.494305004259568154}, {-0.230961644455383637, 0.506495587332349035, 3.003214169499538391},
    {0.079066118549212831, 2.408163140208925497, 5.930472956509811562},   {0.230961644455383637, -2.635097066257444203, 0.138378484090254847},
    {-0.172745327415618701, -1.463445768309359553, 0.448714947059150361}, {-0.605929321571350690, -0.187669323777381622, 0.158629650112549365},
    {-0.427370518328979641, 1.252716453253507838, 5.891865957979238535},  {-0.600191595538186799, 2.690988744120037492, 2.711123289609793325},
    {-0.491715428198773866, -2.739604450678486295, 3.294508837434268316}, {-0.803582649718989942, -1.893195233972397139, 3.804819692245439833},
    {-1.307747883455638156, -0.604647643711872080, 3.664438879055192436}, {-1.054751253523952054, 1.794075294689396615, 2.361378999196363184},
};

/// The length of one unit of resolution 0 on the tangent plane: half the distance from a face's centre to its corner.
constexpr double kUnit = 0.38196601125010500003;

constexpr Hex kCorners[3] = {{2, 0}, {0, 2}, {-2, -2}}; ///< i, j, k at resolution 0
/// The corners at both ends of each side, by SideName.
constexpr int kEnds[3][2] = {{0, 1}, {2, 0}, {1, 2}};

Face faceOf(const Orientation& o)
{
    const double sinLat = std::sin(o.latitude), cosLat = std::cos(o.latitude), sinLng = std::sin(o.longitude), cosLng = std::cos(o.longitude);
    const Vector3 north{-sinLat * cosLng, -sinLat * sinLng, cosLat};
    const Vector3 east{-sinLng, cosLng, 0};
    const double c = std::cos(o.azimuth), s = std::sin(o.azimuth);
    Face face;
    face.centre = {cosLat * cosLng, cosLat * sinLng, sinLat};
    face.east = {north.x * c + east.x * s, north.y * c + east.y * s, north.z * c + east.z * s};
    face.north = {north.x * s - east.x * c, north.y * s - east.y * c, north.z * s - east.z * c};
    return face;
}

/// Where base cells are at home on a face: all cells inside, and of those that faces share, the specification's choice.
bool isHome(int face, Hex at)
{
    const Axes axes = axesOf(at);
    if (axes.sum() < 2)
        return true;
    if (axes.i == 2)
        return face == 0 || face == 19 || (face >= 5 && face < 15);
    if (axes.sum() > 2 || axes.j == 2 || axes.k == 2)
        return false;
    const int band = face / 5; // a cap, two belts and a cap of five faces
    if (axes.k == 0)
        return band == 0 || band == 2;
    return axes.i == 0 ? band == 0 || band == 3 : band == 1 || band == 3;
}

template <typename Visit> void forEachBasePoint(Visit&& visit)
{
    for (int a = -2; a <= 2; ++a)
        for (int b = -2; b <= 2; ++b)
            if (axesOf({a, b}).sum() <= 2)
                visit(Hex{a, b});
}

} // namespace

std::int64_t scaleOf(int evenResolution)
{
    std::int64_t scale = 1;
    for (int r = 0; r < evenResolution; r += 2)
        scale *= 7;
    return scale;
}

SideName sideOf(const Axes& axes)
{
    if (axes.k == 0)
        return kSideIJ;
    return axes.j > 0 ? kSideJK : kSideKI;
}

const Icosahedron& icosahedron()
{
    static const Icosahedron solid;
    return solid;
}

Icosahedron::Icosahedron()
{
    for (std::size_t i = 0; i < kFaces; ++i)
        m_faces[i] = faceOf(kOrientations[i]);
    makeSides();
    makeBaseCells();
    makeEntries();
}

Vector3 Icosahedron::toSphere(int face, PlanePoint point) const
{
    const Face& f = m_faces[static_cast<std::size_t>(face)];
    const double u = point.x * kUnit;
    const double v = point.y * kUnit;
    const double length = std::sqrt(1 + u * u + v * v);
    return {(f.centre.x + u * f.east.x + v * f.north.x) / length, (f.centre.y + u * f.east.y + v * f.north.y) / length,
            (f.centre.z + u * f.east.z + v * f.north.z) / length};
}

PlanePoint Icosahedron::toPlane(int face, const Vector3& point) const
{
    const Face& f = m_faces[static_cast<std::size_t>(face)];
    const double depth = dot(point, f.centre) * kUnit;
    return {dot(point, f.east) / depth, dot(point, f.north) / depth};
}

int Icosahedron::nearestFace(const Vector3& point) const
{
    int best = 0;
    for (int i = 1; i < kFaces; ++i)
        if (dot(point, face(i).centre) > dot(point, face(best).centre))
            best = i;
    return best;
}

void Icosahedron::makeSides()
{
    const auto corner = [&](int face, int i) { return toSphere(face, h3::toPlane(kCorners[i])); };
    const auto same = [](const Vector3& a, const Vector3& b) { return dot(a, b) > 0.999; };
    for (int from = 0; from < kFaces; ++from)
        for (std::size_t side = 0; side < 3; ++side)
            for (int to = 0; to < kFaces; ++to)
                for (int first = 0; first < 3; ++first)
                    for (int second = 0; second < 3; ++second) {
                        if (to == from || !same(corner(from, kEnds[side][0]), corner(to, first)) || !same(corner(from, kEnds[side][1]), corner(to, second)))
                            continue;
                        for (int turn = 0; turn < 6; ++turn) {
                            const Hex shift = kCorners[first] - rotated(kCorners[kEnds[side][0]], turn);
                            if (rotated(kCorners[kEnds[side][1]], turn) + shift == kCorners[second])
                                m_faces[static_cast<std::size_t>(from)].sides[side] = {to, turn, shift};
                        }
                    }
}

void Icosahedron::makeBaseCells()
{
    for (int face = 0; face < kFaces; ++face)
        forEachBasePoint([&](Hex at) {
            if (isHome(face, at))
                m_homes.push_back({face, at, toSphere(face, h3::toPlane(at)).z});
        });
    std::sort(m_homes.begin(), m_homes.end(), [](const Home& a, const Home& b) { return a.height > b.height; });
}

int Icosahedron::baseCellAt(int face, Hex at) const
{
    const Vector3 centre = toSphere(face, h3::toPlane(at));
    for (std::size_t i = 0; i < m_homes.size(); ++i)
        if (dot(centre, toSphere(m_homes[i].face, h3::toPlane(m_homes[i].at))) > 0.9999)
            return static_cast<int>(i);
    return -1;
}

void Icosahedron::makeEntries()
{
    for (int face = 0; face < kFaces; ++face)
        forEachBasePoint([&](Hex at) {
            Entry& made = entry(face, at);
            made.baseCell = baseCellAt(face, at);
            const Home& home = m_homes[static_cast<std::size_t>(made.baseCell)];
            if (isPentagonBase(made.baseCell))
                fitPentagon(face, at);
            else if (home.face != face)
                made.turn = m_faces[static_cast<std::size_t>(face)].sides[sideOf(axesOf(at))].turn;
        });
}

/// Tries how digits counted from a corner of this face turn into those of the base cell, until its cells come out as themselves.
void Icosahedron::fitPentagon(int face, Hex corner)
{
    for (int turn = 0; turn < 6; ++turn)
        for (const bool clockwise : {false, true}) {
            Entry candidate = entry(face, corner);
            candidate.turn = turn;
            candidate.clockwise = clockwise;
            if (agrees(candidate, face, corner)) {
                entry(face, corner) = candidate;
                return;
            }
        }
}

bool Icosahedron::agrees(const Entry& candidate, int face, Hex corner) const
{
    for (const int resolution : {1, 2, 3})
        for (const Index cell : childrenOf(h3::indexOf(candidate.baseCell, 0), resolution)) {
            const Position position = positionOf(cell);
            Hex base;
            if (position.face != face)
                continue;
            const Index digits = digitsOf(position, base);
            if (base == corner && oriented((digits & ~(Index{127} << 45)) | (static_cast<Index>(candidate.baseCell) << 45), candidate) != cell)
                return false;
        }
    return true;
}

void Icosahedron::settle(Position& position) const
{
    const bool turned = isTurned(position.resolution);
    const int even = position.resolution + (turned ? 1 : 0);
    const std::int64_t scale = scaleOf(even);
    const Hex before = position.at;
    Hex at = turned ? finer(before, even) : before;
    bool moved = false;
    for (Axes axes = axesOf(at); axes.sum() > 2 * scale; axes = axesOf(at)) {
        const Side& side = face(position.face).sides[sideOf(axes)];
        at = rotated(at, side.turn) + side.shift * scale;
        position.face = side.face;
        position.turn += side.turn;
        moved = true;
    }
    if (moved)
        position.at = turned ? coarser(at, even) : at;
}

Position Icosahedron::positionOf(Index index) const
{
    const int baseCell = baseCellOf(index);
    const Home& home = m_homes[static_cast<std::size_t>(baseCell)];
    Position position{home.face, resolutionOf(index), home.at, 0};
    const int leading = isPentagonBase(baseCell) ? leadingDigit(index) : 0;
    // Around a corner one sixth is missing: the cells in direction ik move into the place of direction k.
    if (leading == 5) {
        index = rotatedIndex(index, -1);
        position.turn = -1;
    }
    for (int r = 1; r <= position.resolution; ++r)
        position.at = finer(position.at, r) + unitOf(digitAt(index, r));
    if (leading == 4) {
        // … and those in direction i that lie behind the edge ki follow by one sixth, around the corner.
        const bool turned = isTurned(position.resolution);
        const int even = position.resolution + (turned ? 1 : 0);
        const std::int64_t scale = scaleOf(even);
        const Hex at = turned ? finer(position.at, even) : position.at;
        if (axesOf(at).sum() > 2 * scale && sideOf(axesOf(at)) == kSideKI) {
            const Hex corner{2 * scale, 0};
            const Hex moved = rotated(at - corner, -1) + corner;
            position.at = turned ? coarser(moved, even) : moved;
            position.turn = -1;
        }
    }
    settle(position);
    return position;
}

/// The digits in the directions of the face, and the point of resolution 0 at which they begin.
Index Icosahedron::digitsOf(const Position& position, Hex& base) const
{
    Index index = h3::indexOf(0, position.resolution);
    base = position.at;
    for (int r = position.resolution; r > 0; --r) {
        const Hex parent = coarser(base, r);
        index = withDigit(index, r, digitOf(base - finer(parent, r)));
        base = parent;
    }
    return index;
}

Index Icosahedron::oriented(Index index, const Entry& entry)
{
    if (!isPentagonBase(entry.baseCell))
        return rotatedIndex(index, entry.turn);
    if (leadingDigit(index) == 1)
        index = rotatedIndex(index, entry.clockwise ? -1 : 1);
    for (int i = 0; i < entry.turn; ++i) {
        index = rotatedIndex(index, 1);
        if (leadingDigit(index) == 1)
            index = rotatedIndex(index, 1);
    }
    return index;
}

Index Icosahedron::indexOf(const Position& position) const
{
    Hex base;
    Index index = digitsOf(position, base);
    int at = position.face;
    // Cells reach a little beyond the cell they descend from, so the base cell may lie behind an edge.
    for (int crossed = 0; crossed < 2 && axesOf(base).sum() > 2; ++crossed) {
        const Side& side = face(at).sides[sideOf(axesOf(base))];
        base = rotated(base, side.turn) + side.shift;
        index = rotatedIndex(index, side.turn);
        at = side.face;
    }
    if (axesOf(base).sum() > 2)
        return 0;
    const Entry& found = entry(at, base);
    return oriented((index & ~(Index{127} << 45)) | (static_cast<Index>(found.baseCell) << 45), found);
}

} // namespace tocsin::kql::h3
