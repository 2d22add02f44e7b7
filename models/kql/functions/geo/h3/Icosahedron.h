// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/geo/h3/Index.h"
#include "kql/functions/geo/h3/Lattice.h"

#include <array>
#include <vector>

/// The icosahedron of H3 and its 122 base cells. Only the orientation of the twenty faces is given (h3geo.org, "Tables of cell
/// statistics" and the face centres of the specification); neighbours, base cells and their turns follow from geometry.
namespace tocsin::kql::h3 {

inline constexpr int kFaces = 20;

/// A point of the unit sphere, or a direction.
struct Vector3 {
    double x = 0;
    double y = 0;
    double z = 0;
};
inline double dot(const Vector3& a, const Vector3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

/// How a point of a face's plane beyond one of its edges is written in the plane of the face behind that edge.
struct Side {
    int face = 0;
    int turn = 0;  ///< sixths, counterclockwise
    Hex shift;     ///< at resolution 0, after the turn
};

enum SideName { kSideIJ, kSideKI, kSideJK };

struct Face {
    Vector3 centre;
    Vector3 east;  ///< the x axis of the plane: from the centre to corner i
    Vector3 north; ///< the y axis, a quarter turn counterclockwise
    std::array<Side, 3> sides; ///< by SideName
};

/// A cell on the plane of a face, and how the face's lattice is turned against the directions of the cell's index.
struct Position {
    int face = 0;
    int resolution = 0;
    Hex at;
    int turn = 0;
};

/// The scale of an even resolution: 1 at resolution 0, seven times finer every second one.
std::int64_t scaleOf(int evenResolution);
/// The side of the triangle beyond which a point lies. `reach` is the sum of i, j and k on its edges.
SideName sideOf(const Axes& axes);

class Icosahedron {
public:
    Icosahedron();

    const Face& face(int i) const { return m_faces[static_cast<std::size_t>(i)]; }
    /// A point of a face's plane, in units of resolution 0, on the sphere; and back.
    Vector3 toSphere(int face, PlanePoint point) const;
    PlanePoint toPlane(int face, const Vector3& point) const;
    int nearestFace(const Vector3& point) const;

    /// Moves a position that lies beyond the edges of its face to the face on which it is.
    void settle(Position& position) const;
    Position positionOf(Index index) const;
    /// The position must be settled. Zero if it is not.
    Index indexOf(const Position& position) const;

private:
    struct Home {
        int face;
        Hex at;
        double height; ///< z of the centre: base cells are numbered from north to south
    };
    /// What stands at one point of a face at resolution 0.
    struct Entry {
        int baseCell = -1;
        int turn = 0;           ///< from the face's directions to those of the base cell
        bool clockwise = false; ///< pentagon: which way digits leave the missing direction
    };
    void makeSides();
    void makeBaseCells();
    void makeEntries();
    void fitPentagon(int face, Hex corner);
    static std::size_t slotOf(Hex at) { return static_cast<std::size_t>((at.a + 2) * 5 + at.b + 2); }
    Entry& entry(int face, Hex at) { return m_entries[static_cast<std::size_t>(face)][slotOf(at)]; }
    const Entry& entry(int face, Hex at) const { return m_entries[static_cast<std::size_t>(face)][slotOf(at)]; }
    int baseCellAt(int face, Hex at) const;
    static Index oriented(Index index, const Entry& entry);
    Index digitsOf(const Position& position, Hex& base) const;
    bool agrees(const Entry& candidate, int face, Hex corner) const;

    std::array<Face, kFaces> m_faces;
    std::vector<Home> m_homes;
    std::array<std::array<Entry, 25>, kFaces> m_entries;
};

/// Made on first use; never changes.
const Icosahedron& icosahedron();

} // namespace tocsin::kql::h3
