// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/graph/GraphMatcher.h"

#include <algorithm>

namespace tocsin::kql {

GraphMatcher::GraphMatcher(const GraphPattern& pattern, const Graph& graph, Cycles cycles, Run& run) : m_pattern(pattern), m_graph(graph), m_cycles(cycles), m_run(run)
{
    m_match.nodes.assign(pattern.nodes().size(), kNoNode);
    m_match.edges.resize(pattern.edges().size());
    m_match.inner.resize(pattern.edges().size());
    m_edgeUsed.assign(graph.edgeCount(), 0);
    m_nodeUsed.assign(graph.nodeCount(), 0);
}

Result<void> GraphMatcher::find(const Use& use)
{
    m_use = &use;
    TOCSIN_TRY(plan());
    for (std::uint32_t node = 0; node < m_graph.nodeCount(); ++node) {
        if (!m_pattern.nodes()[m_start].allowed[node])
            continue;
        TOCSIN_TRY(tick());
        m_match.nodes[m_start] = node;
        m_nodeUsed[node] = 1;
        TOCSIN_TRY(step(0));
        m_nodeUsed[node] = 0;
    }
    return {};
}

/// Begins where the fewest nodes are allowed, closes circles as soon as both ends are bound, and takes single edges before paths.
Result<void> GraphMatcher::plan()
{
    const auto& nodes = m_pattern.nodes();
    const auto& edges = m_pattern.edges();
    std::vector<std::size_t> counts;
    for (const auto& variable : nodes)
        counts.push_back(variable.allowed.count(m_graph.nodeCount()));
    m_start = static_cast<std::size_t>(std::min_element(counts.begin(), counts.end()) - counts.begin());
    std::vector<bool> bound(nodes.size(), false), taken(edges.size(), false);
    bound[m_start] = true;
    for (std::size_t round = 0; round < edges.size(); ++round) {
        std::optional<std::size_t> best;
        const auto rank = [&](std::size_t e) { return (bound[edges[e].left] && bound[edges[e].right] ? 0 : 2) + (edges[e].path ? 1 : 0); };
        for (std::size_t e = 0; e < edges.size(); ++e)
            if (!taken[e] && (bound[edges[e].left] || bound[edges[e].right]) && (!best || rank(e) < rank(*best)))
                best = e;
        if (!best)
            return fail(kGraphPattern);
        taken[*best] = true;
        m_steps.push_back({*best, bound[edges[*best].left]});
        bound[edges[*best].left] = bound[edges[*best].right] = true;
    }
    if (std::find(bound.begin(), bound.end(), false) != bound.end())
        return fail(kGraphPattern);
    return {};
}

Result<void> GraphMatcher::tick()
{
    constexpr std::uint64_t kCheckEvery = 4096;
    return ++m_ticks % kCheckEvery == 0 ? m_run.checkStop() : Result<void>();
}

Result<void> GraphMatcher::step(std::size_t index) { return index == m_steps.size() ? (*m_use)(m_match) : walk(index); }

/// Whether a path along the pattern's edge may end at a node, to which its far variable is then bound.
bool GraphMatcher::mayEnd(const GraphPattern::Edge& edge, std::size_t variable, std::uint32_t node, std::size_t length) const
{
    if (length < edge.least)
        return false;
    if (m_match.nodes[variable] != kNoNode)
        return m_match.nodes[variable] == node;
    return m_pattern.nodes()[variable].allowed[node] && (m_cycles != Cycles::None || !m_nodeUsed[node] || length == 0);
}

Result<void> GraphMatcher::arrive(std::size_t index, std::uint32_t node)
{
    const GraphPattern::Edge& edge = m_pattern.edges()[m_steps[index].edge];
    const std::size_t far = m_steps[index].fromLeft ? edge.right : edge.left;
    if (m_match.nodes[far] != kNoNode)
        return step(index + 1);
    const std::uint8_t before = m_nodeUsed[node];
    m_match.nodes[far] = node;
    m_nodeUsed[node] = 1;
    Result<void> result = step(index + 1);
    m_match.nodes[far] = kNoNode;
    m_nodeUsed[node] = before;
    return result;
}

/// All paths along one edge of the pattern, depth first, with a stack of its own: a path may be as long as the graph.
Result<void> GraphMatcher::walk(std::size_t index)
{
    const Step& at = m_steps[index];
    const GraphPattern::Edge& edge = m_pattern.edges()[at.edge];
    const std::size_t far = at.fromLeft ? edge.right : edge.left;
    const Direction direction = at.fromLeft ? edge.direction : reversed(edge.direction);
    struct Frame {
        std::uint32_t node;
        std::uint32_t hop = 0;
        std::uint32_t edge = kNoNode;  ///< by which it was reached
        bool entered = false;          ///< as an inner node, which cycles=none must not meet again
    };
    std::vector<Frame> frames{{m_match.nodes[at.fromLeft ? edge.left : edge.right]}};
    std::vector<std::uint32_t> path, inner; // from the near end
    const auto finish = [&](std::uint32_t node) -> Result<void> {
        m_match.edges[at.edge] = path;
        m_match.inner[at.edge] = inner;
        if (!at.fromLeft) {
            std::reverse(m_match.edges[at.edge].begin(), m_match.edges[at.edge].end());
            std::reverse(m_match.inner[at.edge].begin(), m_match.inner[at.edge].end());
        }
        return arrive(index, node);
    };
    if (mayEnd(edge, far, frames[0].node, 0))
        TOCSIN_TRY(finish(frames[0].node));
    while (!frames.empty()) {
        TOCSIN_TRY(tick());
        Frame& frame = frames.back();
        if (path.size() >= edge.most || frame.hop >= m_graph.hopCount(frame.node, direction)) {
            if (frame.entered)
                m_nodeUsed[frame.node] = 0;
            if (frame.edge != kNoNode) {
                m_edgeUsed[frame.edge] = 0;
                path.pop_back();
            }
            frames.pop_back();
            if (!inner.empty())
                inner.pop_back();
            continue;
        }
        const auto hop = m_graph.hop(frame.node, direction, frame.hop++);
        if (!hop || !edge.allowed[hop->edge] || (m_cycles != Cycles::All && m_edgeUsed[hop->edge]))
            continue;
        // The node behind becomes an inner one as soon as the path goes on from it.
        const bool innerAllowed = frames.size() == 1 || (edge.innerAllowed[frame.node] && (m_cycles != Cycles::None || frame.entered || !m_nodeUsed[frame.node]));
        if (!innerAllowed) {
            frame.hop = m_graph.hopCount(frame.node, direction);
            continue;
        }
        if (frames.size() > 1 && m_cycles == Cycles::None && !frame.entered) {
            frame.entered = true;
            m_nodeUsed[frame.node] = 1;
        }
        if (frames.size() > 1)
            inner.push_back(frame.node);
        if (m_cycles != Cycles::All)
            m_edgeUsed[hop->edge] = 1;
        path.push_back(hop->edge);
        if (mayEnd(edge, far, hop->node, path.size()))
            TOCSIN_TRY(finish(hop->node));
        frames.push_back({hop->node, 0, hop->edge, false});
    }
    return {};
}

} // namespace tocsin::kql
