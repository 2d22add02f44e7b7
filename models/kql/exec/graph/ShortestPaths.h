// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/graph/GraphMatcher.h"

namespace tocsin::kql {

/// Shortest paths along the only edge of a pattern, from each allowed node at one end to each at the other: breadth first, layer by
/// layer, so that the cost of a start is at most that of one look at each edge per step.
class ShortestPaths {
public:
    /// `all`: every path of the least length, else the first by the numbers of its edges.
    ShortestPaths(const GraphPattern& pattern, const Graph& graph, bool all, Run& run);
    Result<void> find(const GraphMatcher::Use& use);

private:
    Result<void> from(std::uint32_t start);
    Result<void> spread(std::uint32_t start);
    Result<bool> trace(std::uint32_t start, std::uint32_t end, std::size_t length);
    Result<void> give(std::uint32_t start, std::uint32_t end);
    bool inLayer(std::uint32_t node, std::size_t depth) const { return m_onceEach ? m_depth[node] == depth : m_layers[depth][node]; }
    void clear();
    Result<void> tick();

    const GraphPattern& m_pattern;
    const GraphPattern::Edge& m_edge;
    const Graph& m_graph;
    bool m_all;
    Run& m_run;
    const GraphMatcher::Use* m_use = nullptr;
    bool m_reverse;    ///< begins at the right end, where fewer nodes are allowed
    bool m_onceEach;   ///< a node counts where it is first reached; not if a path must be longer than that
    Direction m_direction;
    std::vector<std::size_t> m_depth;
    std::vector<std::vector<bool>> m_layers;
    std::vector<std::vector<std::uint32_t>> m_members; ///< nodes of each layer, ascending
    std::vector<std::uint32_t> m_path;                 ///< edges of the path at hand, from its end to its start
    std::vector<std::uint32_t> m_inner;
    std::vector<std::uint8_t> m_edgeUsed;
    std::uint64_t m_ticks = 0;
};

} // namespace tocsin::kql
