// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Visits the expressions over a node's inputs, wherever they stand; some may be absent. The node may be const.
template <typename Node, typename Visit> void forEachExpression(Node& node, Visit&& visit)
{
    for (auto& e : node.expressions) visit(e);
    for (auto& e : node.leftKeys) visit(e);
    for (auto& e : node.rightKeys) visit(e);
    for (auto& a : node.assignments) visit(a.value);
    for (auto& a : node.aggregates)
        for (auto& e : a.call.arguments) visit(e);
    for (auto& k : node.sortKeys) visit(k.value);
    for (auto& x : node.expansions) visit(x.value);
    visit(node.count);
    visit(node.graphCondition);
    for (auto& x : node.graphPattern) { visit(x.least); visit(x.most); }
    for (auto& x : node.graphPathValues) visit(x.value);
    for (auto& x : node.graphSteps) visit(x.condition);
    for (auto& e : node.graphPartition) visit(e);
}

/// Those, and what stands over rows of the node's own (steps of scan) or over none (bounds of make-series).
template <typename Node, typename Visit> void forEveryExpression(Node& node, Visit&& visit)
{
    forEachExpression(node, visit);
    for (auto& s : node.scanSteps) {
        visit(s.condition);
        for (auto& a : s.assignments) visit(a.value);
    }
    if (node.series) {
        visit(node.series->from);
        visit(node.series->to);
        visit(node.series->step);
        visit(node.series->axis);
    }
}

} // namespace tocsin::kql
