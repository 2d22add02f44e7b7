// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "items/TopologyGraph.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <memory>

namespace tocsin::items {

inline constexpr ErrorKind kLayoutFailed{"items.layout_failed", "The topology could not be laid out: {0}", "Use the list instead, or reduce the number of resources."};

/// Where everything stands, in pixels at scale 1, y downwards.
struct TopologyPlaces {
    std::shared_ptr<const TopologyGraph> graph; ///< cleaned; what the indexes below mean
    std::vector<QRectF> nodes;                  ///< boxes, containers around what they contain
    struct Line {
        std::vector<QPointF> points; ///< start point, then triples of a cubic Bézier
        QPointF label;
    };
    std::vector<Line> edges;
    QRectF bounds;
};

/// Sizes that the drawing uses, measured by the window.
struct TopologyMeasures {
    double characterWidth = 7.2;
    double rowHeight = 18;
    double iconSpace = 24;
    double padding = 8;
    QSizeF place;            ///< where the drawing is to be seen; connections run downwards or to the right, whichever shows it larger
};

/// Lays a graph out with Graphviz (dot, containers as clusters). Any thread; one layout runs at a time.
Result<std::shared_ptr<const TopologyPlaces>> layoutTopology(const TopologyGraph& graph, const TopologyMeasures& measures);

} // namespace tocsin::items
