// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Measures.h"

#include <s2/s2closest_edge_query.h>
#include <s2/s2contains_point_query.h>

#include <cmath>
#include <numbers>

namespace tocsin::kql::geo {
namespace {

constexpr double kMajorAxis = 6378137.0;
constexpr double kFlattening = 1 / 298.257223563;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested equations", Survey Review
/// XXIII (1975). Nothing where it does not converge: for points nearly opposite.
std::optional<double> vincenty(Coordinate a, Coordinate b)
{
    constexpr double f = kFlattening;
    constexpr double minorAxis = kMajorAxis * (1 - f);
    const double l = radians(b.longitude - a.longitude);
    const double u1 = std::atan((1 - f) * std::tan(radians(a.latitude)));
    const double u2 = std::atan((1 - f) * std::tan(radians(b.latitude)));
    const double sin1 = std::sin(u1), cos1 = std::cos(u1), sin2 = std::sin(u2), cos2 = std::cos(u2);
    double lambda = l;
    for (int round = 0; round < 100; ++round) {
        const double x = cos2 * std::sin(lambda);
        const double y = cos1 * sin2 - sin1 * cos2 * std::cos(lambda);
        const double sinSigma = std::hypot(x, y);
        if (sinSigma == 0)
            return 0.0;
        const double cosSigma = sin1 * sin2 + cos1 * cos2 * std::cos(lambda);
        const double sigma = std::atan2(sinSigma, cosSigma);
        const double sinAlpha = cos1 * cos2 * std::sin(lambda) / sinSigma;
        const double cosSquaredAlpha = 1 - sinAlpha * sinAlpha;
        const double cosMiddle = cosSquaredAlpha > 0 ? cosSigma - 2 * sin1 * sin2 / cosSquaredAlpha : 0;
        const double c = f / 16 * cosSquaredAlpha * (4 + f * (4 - 3 * cosSquaredAlpha));
        const double before = lambda;
        lambda = l + (1 - c) * f * sinAlpha * (sigma + c * sinSigma * (cosMiddle + c * cosSigma * (2 * cosMiddle * cosMiddle - 1)));
        if (std::fabs(lambda) > std::numbers::pi)
            return std::nullopt;
        if (std::fabs(lambda - before) > 1e-12)
            continue;
        const double uSquared = cosSquaredAlpha * (kMajorAxis * kMajorAxis - minorAxis * minorAxis) / (minorAxis * minorAxis);
        const double bigA = 1 + uSquared / 16384 * (4096 + uSquared * (-768 + uSquared * (320 - 175 * uSquared)));
        const double bigB = uSquared / 1024 * (256 + uSquared * (-128 + uSquared * (74 - 47 * uSquared)));
        const double delta = bigB * sinSigma * (cosMiddle + bigB / 4 * (cosSigma * (2 * cosMiddle * cosMiddle - 1)
            - bigB / 6 * cosMiddle * (4 * sinSigma * sinSigma - 3) * (4 * cosMiddle * cosMiddle - 3)));
        return minorAxis * bigA * (sigma - delta);
    }
    return std::nullopt;
}

/// The point a quarter of the globe away in a direction.
Coordinate quarterAway(Coordinate from, double direction)
{
    const S2Point p = toS2(from);
    const S2Point east(-std::sin(radians(from.longitude)), std::cos(radians(from.longitude)), 0);
    return fromS2(std::sin(direction) * east + std::cos(direction) * p.CrossProd(east));
}

/// Points nearly opposite: every way between them crosses the circle a quarter of the globe from the first; the shortest counts.
double aroundTheGlobe(Coordinate a, Coordinate b)
{
    const auto through = [&](double direction) {
        const Coordinate middle = quarterAway(a, direction);
        const auto first = vincenty(a, middle);
        const auto second = vincenty(middle, b);
        return first && second ? *first + *second : std::numeric_limits<double>::infinity();
    };
    constexpr int kSteps = 72;
    constexpr double kWidth = 2 * std::numbers::pi / kSteps;
    double best = 0;
    for (int i = 1; i < kSteps; ++i)
        if (through(i * kWidth) < through(best))
            best = i * kWidth;
    double low = best - kWidth, high = best + kWidth;
    for (int i = 0; i < 60; ++i) {
        const double third = (high - low) / 3;
        if (through(low + third) < through(high - third))
            high -= third;
        else
            low += third;
    }
    return through((low + high) / 2);
}

double metresIn(const MutableS2ShapeIndex& index, Coordinate at)
{
    S2ClosestEdgeQuery query(&index);
    S2ClosestEdgeQuery::PointTarget target(toS2(at));
    const auto closest = query.FindClosestEdge(&target);
    // A chord angle loses precision: the distance is measured again to the edge that was found.
    if (closest.is_interior())
        return 0;
    return S1Angle(toS2(at), query.Project(toS2(at), closest)).radians() * kEarthRadius;
}

Coordinate closestIn(const MutableS2ShapeIndex& index, Coordinate to)
{
    S2ClosestEdgeQuery query(&index);
    S2ClosestEdgeQuery::PointTarget target(toS2(to));
    const auto closest = query.FindClosestEdge(&target);
    return closest.is_interior() ? to : fromS2(query.Project(toS2(to), closest));
}

} // namespace

double metresBetween(Coordinate a, Coordinate b) { return S1Angle(toS2(a), toS2(b)).radians() * kEarthRadius; }

double ellipsoidMetresBetween(Coordinate a, Coordinate b)
{
    const auto found = vincenty(a, b);
    return found ? *found : aroundTheGlobe(a, b);
}

std::optional<double> azimuth(Coordinate from, Coordinate to)
{
    const S2Point a = toS2(from), b = toS2(to);
    if (a == b || areOpposite(a, b))
        return std::nullopt;
    const double l = radians(to.longitude - from.longitude);
    const double lat1 = radians(from.latitude), lat2 = radians(to.latitude);
    const double angle = std::atan2(std::sin(l) * std::cos(lat2), std::cos(lat1) * std::sin(lat2) - std::sin(lat1) * std::cos(lat2) * std::cos(l));
    return angle < 0 ? angle + 2 * std::numbers::pi : angle;
}

double metresTo(const Lines& lines, Coordinate at) { return metresIn(lines.index(), at); }
double metresTo(const Polygons& polygons, Coordinate at) { return metresIn(polygons.index(), at); }

bool contains(const Polygons& polygons, Coordinate at)
{
    return MakeS2ContainsPointQuery(&polygons.index(), S2ContainsPointQueryOptions(S2VertexModel::CLOSED)).Contains(toS2(at));
}

Coordinate closestPoint(const Lines& lines, Coordinate to) { return closestIn(lines.index(), to); }
Coordinate closestPoint(const Polygons& polygons, Coordinate to) { return closestIn(polygons.index(), to); }

} // namespace tocsin::kql::geo
