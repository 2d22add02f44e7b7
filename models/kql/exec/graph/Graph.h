// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Subquery.h"

namespace tocsin::kql {

inline constexpr std::uint32_t kNoNode = 0xFFFF'FFFF;

/// Which edges of a node lead on: those that begin there, those that end there, or both.
enum class Direction { Out, In, Both };
inline Direction reversed(Direction direction)
{
    return direction == Direction::Both ? direction : direction == Direction::Out ? Direction::In : Direction::Out;
}

/// A graph as make-graph describes it: nodes and edges are numbered rows of two tables.
struct Graph {
    Batch edges;                        ///< the columns of the edges' input
    Batch nodes;                        ///< the columns of a node (PlanNode::parseColumns), then graphNodeExtras()
    std::vector<std::uint32_t> source, target; ///< nodes of each edge
    /// Edges by the node where they begin (end): those of node n stand from first[n] to first[n + 1].
    struct Adjacency {
        std::vector<std::uint32_t> first;
        std::vector<std::uint32_t> edges;
    };
    Adjacency out, in;

    /// Makes `out` and `in` of source and target, and the degrees among the columns of `nodes`.
    void connect(std::size_t degreesAt);

    std::uint32_t nodeCount() const { return static_cast<std::uint32_t>(nodes.storedRows); }
    std::uint32_t edgeCount() const { return static_cast<std::uint32_t>(source.size()); }

    struct Hop {
        std::uint32_t edge;
        std::uint32_t node; ///< where it leads
    };
    /// The hops from a node: those along its edges first, then those against. A loop is one hop.
    std::uint32_t hopCount(std::uint32_t node, Direction direction) const
    {
        return (direction != Direction::In ? out.first[node + 1] - out.first[node] : 0) + (direction != Direction::Out ? in.first[node + 1] - in.first[node] : 0);
    }
    /// Nothing for the second hop of a loop.
    std::optional<Hop> hop(std::uint32_t node, Direction direction, std::uint32_t index) const
    {
        const std::uint32_t outgoing = direction != Direction::In ? out.first[node + 1] - out.first[node] : 0;
        if (index < outgoing) {
            const std::uint32_t edge = out.edges[out.first[node] + index];
            return Hop{edge, target[edge]};
        }
        const std::uint32_t edge = in.edges[in.first[node] + index - outgoing];
        if (direction == Direction::Both && source[edge] == target[edge])
            return std::nullopt;
        return Hop{edge, source[edge]};
    }
};

/// Where the columns that expressions use stand in the table of nodes or edges: by the names after the pattern's variable.
std::optional<std::size_t> nodeColumnNamed(const PlanNode& node, std::string_view name);
std::optional<std::size_t> edgeColumnNamed(const PlanNode& node, std::string_view name);

/// The text of an option of a graph operator, or "".
std::string graphOption(const PlanNode& node, const std::string& name);

/// Makes rows of one graph; with a partitioned graph it is called for each part.
using GraphFunction = std::function<Result<void>(const Graph& graph, Run& run, BatchCollector& out)>;
/// An operator over the graph of the node's inputs.
Result<OperatorPtr> makeGraphOperator(const PlanNode& node, Run& run, GraphFunction compute);

/// The number of each node's component, by first node: of nodes that edges join in any direction, or (strong) that reach each other.
Result<std::vector<std::int64_t>> graphComponents(const Graph& graph, bool strong, Run& run);

} // namespace tocsin::kql
