// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Reshape.h"

#include "kql/functions/geo/Overlay.h"

#include <s2/s2buffer_operation.h>
#include <s2/s2builder.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2edge_tessellator.h>
#include <s2/s2projections.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tocsin::kql::geo {
namespace {

/// Half the globe: a wider buffer covers everything.
constexpr double kMaxRadius = kEarthRadius * std::numbers::pi;
constexpr std::size_t kMaxPoints = 10485760;

template <typename Add> std::unique_ptr<S2Polygon> buffered(double radius, double tolerance, Add add)
{
    if (!(radius > 0 && radius < kMaxRadius) || !(tolerance > 0) || tolerance / radius < S2BufferOperation::Options::kMinErrorFraction * 0.999)
        return nullptr;
    S2BufferOperation::Options options(angleOf(radius));
    options.set_error_fraction(std::clamp(tolerance / radius, S2BufferOperation::Options::kMinErrorFraction, 1.0));
    auto polygon = std::make_unique<S2Polygon>();
    polygon->set_s2debug_override(S2Debug::DISABLE);
    S2BufferOperation operation(std::make_unique<s2builderutil::S2PolygonLayer>(polygon.get()), options);
    add(operation);
    S2Error error;
    return operation.Build(&error) ? std::move(polygon) : nullptr;
}

std::optional<S2Builder::Options> simplifyingOptions(double tolerance)
{
    if (!(tolerance >= 0) || angleOf(tolerance) > S2Builder::SnapFunction::kMaxSnapRadius())
        return std::nullopt;
    S2Builder::Options options{s2builderutil::IdentitySnapFunction(angleOf(tolerance))};
    options.set_simplify_edge_chains(true);
    return options;
}

} // namespace

std::unique_ptr<S2Polygon> buffer(Coordinate at, double radius, double tolerance)
{
    return buffered(radius, tolerance, [&](S2BufferOperation& operation) { operation.AddPoint(toS2(at)); });
}

std::unique_ptr<S2Polygon> buffer(const S2ShapeIndex& shapes, double radius, double tolerance)
{
    return buffered(radius, tolerance, [&](S2BufferOperation& operation) { operation.AddShapeIndex(shapes); });
}

std::optional<std::vector<std::unique_ptr<S2Polyline>>> simplified(const Lines& lines, double tolerance)
{
    const auto options = simplifyingOptions(tolerance);
    if (!options)
        return std::nullopt;
    std::vector<std::unique_ptr<S2Polyline>> out;
    s2builderutil::S2PolylineVectorLayer::Options layer;
    layer.set_polyline_type(s2builderutil::S2PolylineVectorLayer::Options::PolylineType::WALK);
    layer.set_duplicate_edges(s2builderutil::S2PolylineVectorLayer::Options::DuplicateEdges::MERGE);
    layer.set_s2debug_override(S2Debug::DISABLE);
    S2Builder builder(*options);
    builder.StartLayer(std::make_unique<s2builderutil::S2PolylineVectorLayer>(&out, layer));
    for (const auto& line : lines.parts())
        builder.AddPolyline(*line);
    S2Error error;
    if (!builder.Build(&error))
        return std::nullopt;
    return out;
}

std::unique_ptr<S2Polygon> simplified(const std::vector<const S2Polygon*>& polygons, double tolerance)
{
    const auto options = simplifyingOptions(tolerance);
    if (!options)
        return nullptr;
    // One builder for all, so that what they share is simplified alike.
    std::vector<std::unique_ptr<S2Polygon>> parts;
    S2Builder builder(*options);
    for (const S2Polygon* polygon : polygons) {
        parts.push_back(std::make_unique<S2Polygon>());
        parts.back()->set_s2debug_override(S2Debug::DISABLE);
        builder.StartLayer(std::make_unique<s2builderutil::S2PolygonLayer>(parts.back().get()));
        builder.AddPolygon(*polygon);
    }
    S2Error error;
    if (!builder.Build(&error))
        return nullptr;
    if (parts.size() == 1)
        return std::move(parts[0]);
    std::vector<const S2Polygon*> made;
    for (const auto& part : parts)
        made.push_back(part.get());
    return unionOf(made);
}

std::optional<Path> densified(const Path& path, double tolerance, bool acrossAntimeridian)
{
    if (!(tolerance >= 0.1 && tolerance <= 10000))
        return std::nullopt;
    const S2::PlateCarreeProjection projection(180);
    const S2EdgeTessellator tessellator(&projection, angleOf(tolerance));
    Path out{path.front()};
    for (std::size_t i = 1; i < path.size(); ++i) {
        // The library takes the short way around the globe; a long edge on the map is cut into pieces that leave no choice.
        const bool isLong = !acrossAntimeridian && std::fabs(path[i].longitude - path[i - 1].longitude) >= 180;
        const int pieces = isLong ? 4 : 1;
        for (int piece = 0; piece < pieces; ++piece) {
            const auto at = [&](int step) {
                const double share = static_cast<double>(step) / pieces;
                return R2Point(path[i - 1].longitude + share * (path[i].longitude - path[i - 1].longitude), path[i - 1].latitude + share * (path[i].latitude - path[i - 1].latitude));
            };
            std::vector<S2Point> vertices;
            tessellator.AppendUnprojected(at(piece), at(piece + 1), &vertices);
            for (std::size_t v = 1; v < vertices.size(); ++v)
                out.push_back(fromS2(vertices[v]));
            if (out.size() > kMaxPoints)
                return std::nullopt;
        }
        out.back() = path[i]; // as written, without rounding
    }
    return out;
}

} // namespace tocsin::kql::geo
