// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Overlay.h"

#include <s2/s2boolean_operation.h>
#include <s2/s2builder.h>
#include <s2/s2builderutil_closed_set_normalizer.h>
#include <s2/s2builderutil_s2point_vector_layer.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>

namespace tocsin::kql::geo {
namespace {

S2BooleanOperation::Options closedOptions()
{
    S2BooleanOperation::Options options;
    options.set_polygon_model(S2BooleanOperation::PolygonModel::CLOSED);
    options.set_polyline_model(S2BooleanOperation::PolylineModel::CLOSED);
    return options;
}

/// Lines without direction or repetition, as long as they go.
s2builderutil::S2PolylineVectorLayer::Options lineOptions()
{
    s2builderutil::S2PolylineVectorLayer::Options options;
    options.set_edge_type(S2Builder::EdgeType::UNDIRECTED);
    options.set_polyline_type(s2builderutil::S2PolylineVectorLayer::Options::PolylineType::WALK);
    options.set_duplicate_edges(s2builderutil::S2PolylineVectorLayer::Options::DuplicateEdges::MERGE);
    options.set_s2debug_override(S2Debug::DISABLE);
    return options;
}

} // namespace

bool intersects(const S2ShapeIndex& a, const S2ShapeIndex& b) { return S2BooleanOperation::Intersects(a, b, closedOptions()); }

std::optional<Shapes> intersection(const S2ShapeIndex& a, const S2ShapeIndex& b)
{
    std::vector<S2Point> points;
    std::vector<std::unique_ptr<S2Polyline>> lines;
    S2Polygon polygon;
    polygon.set_s2debug_override(S2Debug::DISABLE);
    s2builderutil::S2PointVectorLayer::Options pointOptions;
    pointOptions.set_duplicate_edges(s2builderutil::S2PointVectorLayer::Options::DuplicateEdges::MERGE);
    s2builderutil::LayerVector layers;
    layers.push_back(std::make_unique<s2builderutil::S2PointVectorLayer>(&points, pointOptions));
    layers.push_back(std::make_unique<s2builderutil::S2PolylineVectorLayer>(&lines, lineOptions()));
    layers.push_back(std::make_unique<s2builderutil::S2PolygonLayer>(&polygon));
    S2BooleanOperation operation(S2BooleanOperation::OpType::INTERSECTION, s2builderutil::NormalizeClosedSet(std::move(layers)), closedOptions());
    S2Error error;
    if (!operation.Build(a, b, &error))
        return std::nullopt;
    Shapes out;
    for (const S2Point& point : points)
        out.points.push_back(fromS2(point));
    for (const auto& line : lines)
        out.lines.push_back(pathOf(*line));
    if (!polygon.is_empty())
        appendPolygons(polygon, out.polygons);
    return out;
}

std::optional<std::vector<std::unique_ptr<S2Polyline>>> unionOf(const std::vector<const S2Polyline*>& lines)
{
    S2Builder::Options options;
    options.set_split_crossing_edges(true);
    S2Builder builder(options);
    std::vector<std::unique_ptr<S2Polyline>> out;
    builder.StartLayer(std::make_unique<s2builderutil::S2PolylineVectorLayer>(&out, lineOptions()));
    for (const S2Polyline* line : lines)
        builder.AddPolyline(*line);
    S2Error error;
    if (!builder.Build(&error))
        return std::nullopt;
    return out;
}

std::unique_ptr<S2Polygon> unionOf(const std::vector<const S2Polygon*>& polygons)
{
    std::vector<std::unique_ptr<S2Polygon>> copies;
    for (const S2Polygon* polygon : polygons)
        copies.push_back(std::unique_ptr<S2Polygon>(polygon->Clone()));
    return S2Polygon::DestructiveUnion(std::move(copies));
}

} // namespace tocsin::kql::geo
