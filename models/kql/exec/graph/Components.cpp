// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/graph/Graph.h"

#include <algorithm>
#include <numeric>

namespace tocsin::kql {
namespace {

constexpr std::uint32_t kCheckEvery = 65'536; ///< steps between two looks at the stop token

/// Numbers components from 0 in the order of their first nodes.
std::vector<std::int64_t> numbered(const std::vector<std::uint32_t>& representative)
{
    std::vector<std::int64_t> numberOf(representative.size(), -1);
    std::vector<std::int64_t> numbers;
    std::int64_t next = 0;
    for (const std::uint32_t node : representative) {
        if (numberOf[node] < 0)
            numberOf[node] = next++;
        numbers.push_back(numberOf[node]);
    }
    return numbers;
}

Result<std::vector<std::uint32_t>> weakComponents(const Graph& graph, Run& run)
{
    std::vector<std::uint32_t> parent(graph.nodeCount());
    std::iota(parent.begin(), parent.end(), 0U);
    const auto find = [&parent](std::uint32_t node) {
        while (parent[node] != node)
            node = parent[node] = parent[parent[node]];
        return node;
    };
    for (std::uint32_t edge = 0; edge < graph.edgeCount(); ++edge) {
        if (edge % kCheckEvery == 0)
            TOCSIN_TRY(run.checkStop());
        const std::uint32_t a = find(graph.source[edge]);
        const std::uint32_t b = find(graph.target[edge]);
        parent[std::max(a, b)] = std::min(a, b);
    }
    std::vector<std::uint32_t> result;
    for (std::uint32_t node = 0; node < graph.nodeCount(); ++node)
        result.push_back(find(node));
    return result;
}

/// Tarjan's algorithm (1972), with a stack of its own instead of recursion.
class StrongComponents {
public:
    explicit StrongComponents(const Graph& graph) : m_graph(graph), m_index(graph.nodeCount(), kNoNode), m_low(graph.nodeCount()), m_component(graph.nodeCount(), kNoNode) {}

    Result<std::vector<std::uint32_t>> find(Run& run)
    {
        for (std::uint32_t node = 0; node < m_graph.nodeCount(); ++node)
            if (m_index[node] == kNoNode)
                TOCSIN_TRY(visit(node, run));
        return m_component;
    }

private:
    struct Frame {
        std::uint32_t node;
        std::uint32_t hop;
    };
    void enter(std::uint32_t node)
    {
        m_index[node] = m_low[node] = m_next++;
        m_open.push_back(node);
        m_frames.push_back({node, 0});
    }
    Result<void> visit(std::uint32_t start, Run& run)
    {
        enter(start);
        while (!m_frames.empty()) {
            Frame& frame = m_frames.back();
            const std::uint32_t node = frame.node;
            if (++m_steps % kCheckEvery == 0)
                TOCSIN_TRY(run.checkStop());
            if (frame.hop < m_graph.hopCount(node, Direction::Out)) {
                const std::uint32_t to = m_graph.hop(node, Direction::Out, frame.hop++)->node;
                if (m_index[to] == kNoNode)
                    enter(to);
                else if (m_component[to] == kNoNode)
                    m_low[node] = std::min(m_low[node], m_index[to]);
                continue;
            }
            m_frames.pop_back();
            if (!m_frames.empty())
                m_low[m_frames.back().node] = std::min(m_low[m_frames.back().node], m_low[node]);
            if (m_low[node] == m_index[node])
                close(node);
        }
        return {};
    }
    void close(std::uint32_t root)
    {
        std::uint32_t node = kNoNode;
        do {
            node = m_open.back();
            m_open.pop_back();
            m_component[node] = root;
        } while (node != root);
    }

    const Graph& m_graph;
    std::vector<std::uint32_t> m_index, m_low, m_component;
    std::vector<std::uint32_t> m_open;
    std::vector<Frame> m_frames;
    std::uint32_t m_next = 0;
    std::uint64_t m_steps = 0;
};

} // namespace

Result<std::vector<std::int64_t>> graphComponents(const Graph& graph, bool strong, Run& run)
{
    if (strong) {
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> components, StrongComponents(graph).find(run));
        return numbered(components);
    }
    TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> components, weakComponents(graph, run));
    return numbered(components);
}

} // namespace tocsin::kql
