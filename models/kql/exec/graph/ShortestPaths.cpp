// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/graph/ShortestPaths.h"

#include <algorithm>
#include <limits>

namespace tocsin::kql {
namespace {

constexpr std::size_t kUnreached = std::numeric_limits<std::size_t>::max();

} // namespace

ShortestPaths::ShortestPaths(const GraphPattern& pattern, const Graph& graph, bool all, Run& run)
    : m_pattern(pattern), m_edge(pattern.edges()[0]), m_graph(graph), m_all(all), m_run(run)
{
    const auto count = [&](std::size_t variable) { return pattern.nodes()[variable].allowed.count(graph.nodeCount()); };
    m_reverse = count(m_edge.right) < count(m_edge.left);
    m_onceEach = m_edge.least <= 1;
    m_direction = m_reverse ? reversed(m_edge.direction) : m_edge.direction;
    if (m_onceEach)
        m_depth.assign(graph.nodeCount(), kUnreached);
    m_edgeUsed.assign(graph.edgeCount(), 0);
}

Result<void> ShortestPaths::find(const GraphMatcher::Use& use)
{
    m_use = &use;
    const Allowed& starts = m_pattern.nodes()[m_reverse ? m_edge.right : m_edge.left].allowed;
    for (std::uint32_t node = 0; node < m_graph.nodeCount(); ++node)
        if (starts[node])
            TOCSIN_TRY(from(node));
    return {};
}

Result<void> ShortestPaths::tick()
{
    constexpr std::uint64_t kCheckEvery = 4096;
    return ++m_ticks % kCheckEvery == 0 ? m_run.checkStop() : Result<void>();
}

Result<void> ShortestPaths::from(std::uint32_t start)
{
    TOCSIN_TRY(spread(start));
    const Allowed& ends = m_pattern.nodes()[m_reverse ? m_edge.left : m_edge.right].allowed;
    for (std::uint32_t end = 0; end < m_graph.nodeCount(); ++end) {
        TOCSIN_TRY(tick());
        if (!ends[end] || (end == start && m_edge.least > 0))
            continue;
        if (m_onceEach) {
            if (m_depth[end] != kUnreached && m_depth[end] >= m_edge.least)
                TOCSIN_TRY(trace(start, end, m_depth[end]));
            continue;
        }
        for (std::size_t depth = m_edge.least; depth < m_layers.size(); ++depth) {
            if (!m_layers[depth][end])
                continue;
            TOCSIN_TRY_ASSIGN(const bool found, trace(start, end, depth));
            if (found)
                break;
        }
    }
    clear();
    return {};
}

/// Fills the layers: the nodes that paths of each length reach.
Result<void> ShortestPaths::spread(std::uint32_t start)
{
    MemoryShare memory(m_run.memory());
    m_members.assign(1, {start});
    if (m_onceEach)
        m_depth[start] = 0;
    else
        m_layers.assign(1, std::vector<bool>(m_graph.nodeCount()));
    for (std::size_t depth = 0; depth < m_edge.most && !m_members[depth].empty(); ++depth) {
        std::vector<std::uint32_t> next;
        if (!m_onceEach) {
            TOCSIN_TRY(memory.grow(m_graph.nodeCount() / 8));
            m_layers.emplace_back(m_graph.nodeCount());
        }
        for (const std::uint32_t node : m_members[depth]) {
            if (depth > 0 && !m_edge.innerAllowed[node])
                continue;
            for (std::uint32_t i = 0; i < m_graph.hopCount(node, m_direction); ++i) {
                TOCSIN_TRY(tick());
                const auto hop = m_graph.hop(node, m_direction, i);
                if (!hop || !m_edge.allowed[hop->edge] || (m_onceEach ? m_depth[hop->node] != kUnreached : bool(m_layers[depth + 1][hop->node])))
                    continue;
                if (m_onceEach)
                    m_depth[hop->node] = depth + 1;
                else
                    m_layers[depth + 1][hop->node] = true;
                next.push_back(hop->node);
            }
        }
        m_members.push_back(std::move(next));
    }
    if (!m_onceEach)
        m_layers[0][start] = true;
    return {};
}

/// Goes back from an end through the layers and gives the paths of that length that use no edge twice. False: there is none.
Result<bool> ShortestPaths::trace(std::uint32_t start, std::uint32_t end, std::size_t length)
{
    struct Frame {
        std::uint32_t node;
        std::uint32_t hop;
    };
    bool found = false;
    std::vector<Frame> frames{{end, 0}};
    const Direction back = reversed(m_direction);
    while (!frames.empty()) {
        TOCSIN_TRY(tick());
        Frame& frame = frames.back();
        const std::size_t depth = length - m_path.size();
        const bool complete = depth == 0;
        if (complete) {
            TOCSIN_TRY(give(start, end));
            found = true;
        }
        if (complete || (found && !m_all) || frame.hop >= m_graph.hopCount(frame.node, back)) {
            frames.pop_back();
            if (!m_path.empty()) {
                m_edgeUsed[m_path.back()] = 0;
                m_path.pop_back();
            }
            if (!m_inner.empty())
                m_inner.pop_back();
            continue;
        }
        const auto hop = m_graph.hop(frame.node, back, frame.hop++);
        if (!hop || !m_edge.allowed[hop->edge] || m_edgeUsed[hop->edge] || !inLayer(hop->node, depth - 1))
            continue;
        if (depth > 1 && !m_edge.innerAllowed[hop->node])
            continue;
        m_edgeUsed[hop->edge] = 1;
        m_path.push_back(hop->edge);
        if (frames.size() > 1)
            m_inner.push_back(frame.node);
        frames.push_back({hop->node, 0});
    }
    return found;
}

Result<void> ShortestPaths::give(std::uint32_t start, std::uint32_t end)
{
    GraphMatch match;
    match.nodes.resize(m_pattern.nodes().size());
    match.nodes[m_reverse ? m_edge.right : m_edge.left] = start;
    match.nodes[m_reverse ? m_edge.left : m_edge.right] = end;
    match.edges = {m_path};
    match.inner = {m_inner};
    if (!m_reverse) { // traced from the end, which then is on the right
        std::reverse(match.edges[0].begin(), match.edges[0].end());
        std::reverse(match.inner[0].begin(), match.inner[0].end());
    }
    return (*m_use)(match);
}

void ShortestPaths::clear()
{
    if (m_onceEach)
        for (const auto& layer : m_members)
            for (const std::uint32_t node : layer)
                m_depth[node] = kUnreached;
    m_layers.clear();
    m_members.clear();
}

} // namespace tocsin::kql
