// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/graph/GraphPattern.h"

namespace tocsin::kql {

/// Whether a match may go in circles: through the same edge again, through a node but not an edge, or not at all.
enum class Cycles { All, UniqueEdges, None };

/// Finds all matches of a pattern by going from the variable with the fewest nodes along the pattern's edges. Matches come in a fixed
/// order: by the nodes' numbers where the search begins, then by the numbers of the edges.
class GraphMatcher {
public:
    using Use = std::function<Result<void>(const GraphMatch& match)>;
    GraphMatcher(const GraphPattern& pattern, const Graph& graph, Cycles cycles, Run& run);
    Result<void> find(const Use& use);

private:
    /// An edge of the pattern to go along next, from an end that is bound then.
    struct Step {
        std::size_t edge;
        bool fromLeft;
    };
    Result<void> plan();
    Result<void> step(std::size_t index);
    Result<void> walk(std::size_t index);
    Result<void> arrive(std::size_t index, std::uint32_t node);
    bool mayEnd(const GraphPattern::Edge& edge, std::size_t variable, std::uint32_t node, std::size_t length) const;
    Result<void> tick();

    const GraphPattern& m_pattern;
    const Graph& m_graph;
    Cycles m_cycles;
    Run& m_run;
    const Use* m_use = nullptr;
    std::size_t m_start = 0;
    std::vector<Step> m_steps;
    GraphMatch m_match;
    std::vector<std::uint8_t> m_edgeUsed;
    std::vector<std::uint8_t> m_nodeUsed; ///< bound to a variable, or inside a path
    std::uint64_t m_ticks = 0;
};

} // namespace tocsin::kql
