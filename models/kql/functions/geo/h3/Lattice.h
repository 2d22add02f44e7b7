// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

/// The hexagonal lattice of one face: public facts from the H3 documentation (h3geo.org, "Coordinate systems" and "Aperture 7").
namespace tocsin::kql::h3 {

/// A point of the lattice as a·i + b·j, the axes i and j at 120°. The third axis is k = -(i + j).
struct Hex {
    std::int64_t a = 0;
    std::int64_t b = 0;
    bool operator==(const Hex&) const = default;
};

constexpr Hex operator+(Hex x, Hex y) { return {x.a + y.a, x.b + y.b}; }
constexpr Hex operator-(Hex x, Hex y) { return {x.a - y.a, x.b - y.b}; }
constexpr Hex operator*(Hex x, std::int64_t by) { return {x.a * by, x.b * by}; }

/// Sixths of a turn, counterclockwise; any number of them.
constexpr Hex rotated(Hex x, int sixths)
{
    for (int i = ((sixths % 6) + 6) % 6; i > 0; --i)
        x = {x.a - x.b, x.a};
    return x;
}

/// The multiples of i, j and k, none negative and one of them zero.
struct Axes {
    std::int64_t i, j, k;
    constexpr std::int64_t sum() const { return i + j + k; }
};
constexpr Axes axesOf(Hex x)
{
    const std::int64_t least = std::min({x.a, x.b, std::int64_t{0}});
    return {x.a - least, x.b - least, -least};
}

/// A digit of an index is a direction: bit 4 for i, 2 for j, 1 for k; 0 is the centre.
constexpr Hex unitOf(int digit)
{
    const int k = digit & 1;
    return {((digit >> 2) & 1) - k, ((digit >> 1) & 1) - k};
}
constexpr int digitOf(Hex unit)
{
    const Axes axes = axesOf(unit);
    return static_cast<int>(axes.i * 4 + axes.j * 2 + axes.k);
}
constexpr int rotatedDigit(int digit, int sixths) { return digit == 0 ? 0 : digitOf(rotated(unitOf(digit), sixths)); }

/// Odd resolutions ("class III") are turned against the even ones by arctan(√3/5).
constexpr bool isTurned(int resolution) { return resolution & 1; }

/// The centre of a cell in the lattice seven times as fine; `resolution` is that of the result.
constexpr Hex finer(Hex x, int resolution)
{
    return isTurned(resolution) ? Hex{2 * x.a + x.b, 3 * x.b - x.a} : Hex{3 * x.a - x.b, x.a + 2 * x.b};
}

struct PlanePoint {
    double x = 0;
    double y = 0;
};
inline PlanePoint toPlane(Hex x) { return {static_cast<double>(x.a) - 0.5 * static_cast<double>(x.b), static_cast<double>(x.b) * 0.5 * std::sqrt(3.0)}; }

/// The lattice point nearest to a·i + b·j.
inline Hex nearest(double a, double b)
{
    // Three coordinates that sum to zero; the one with the largest rounding error follows from the others.
    const double q = std::round(a - b);
    const double r = std::round(b);
    const double s = std::round(-a);
    const double dq = std::fabs(q - (a - b));
    const double dr = std::fabs(r - b);
    const double ds = std::fabs(s + a);
    if (dq > dr && dq > ds)
        return {static_cast<std::int64_t>(-s), static_cast<std::int64_t>(r)};
    if (dr > ds)
        return {static_cast<std::int64_t>(-s), static_cast<std::int64_t>(-q - s)};
    return {static_cast<std::int64_t>(q + r), static_cast<std::int64_t>(r)};
}

/// The cell of the next coarser resolution whose centre is nearest; `resolution` is that of the argument.
inline Hex coarser(Hex x, int resolution)
{
    const double a = static_cast<double>(x.a);
    const double b = static_cast<double>(x.b);
    const auto rounded = [](double v) { return static_cast<std::int64_t>(std::lround(v / 7)); };
    return isTurned(resolution) ? Hex{rounded(3 * a - b), rounded(a + 2 * b)} : Hex{rounded(2 * a + b), rounded(3 * b - a)};
}

} // namespace tocsin::kql::h3
