// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Evaluator.h"
#include "kql/exec/graph/Graph.h"

namespace tocsin::kql {

inline constexpr ErrorKind kGraphPattern{"query.graph_pattern", "The pattern falls into parts that no node joins", "Let the sequences share a node's name, or write a query for each."};
inline constexpr ErrorKind kGraphPath{"query.graph_path", "graph-shortest-paths needs one sequence with a path, such as (a)-[e*1..5]->(b)", "Give an edge a number of steps, and write one sequence."};

/// A set of nodes or edges; empty means all.
class Allowed {
public:
    bool operator[](std::uint32_t index) const { return m_flags.empty() || m_flags[index]; }
    /// Leaves only what was allowed and holds a true in `values`.
    void restrict(const Vector& values);
    std::size_t count(std::size_t all) const;

private:
    std::vector<std::uint8_t> m_flags;
};

/// What a place in a pattern is bound to.
struct GraphMatch {
    std::vector<std::uint32_t> nodes;              ///< per node variable
    std::vector<std::vector<std::uint32_t>> edges; ///< per pattern edge: its edges, from left to right
    std::vector<std::vector<std::uint32_t>> inner; ///< per pattern edge: the nodes between them
    std::size_t length() const;
};

/// A pattern prepared for one graph: the condition is taken apart, and what concerns one node or edge alone is computed for all of
/// them at once. The rest is left for rows().
class GraphPattern {
public:
    struct NodeVariable {
        std::string name;
        Allowed allowed;
    };
    struct Edge {
        std::size_t left, right;       ///< node variables
        Direction direction;           ///< seen from the left
        std::size_t least = 1, most = 1;
        bool path = false;
        Allowed allowed;
        Allowed innerAllowed;          ///< nodes that may stand between the edges
    };

    static Result<std::unique_ptr<GraphPattern>> make(const PlanNode& node, const Graph& graph, Run& run);

    const std::vector<NodeVariable>& nodes() const { return m_nodes; }
    const std::vector<Edge>& edges() const { return m_edges; }
    bool hasRest() const { return !m_rest.empty(); }
    /// Of the matches, the places of those that pass the rest of the condition.
    Result<std::vector<std::uint32_t>> passing(std::span<const GraphMatch> matches, Run& run);
    /// The results of the matches.
    Result<Batch> rows(std::span<const GraphMatch> matches, Run& run);

private:
    /// Where a column of the pattern comes from.
    struct Source {
        enum class Kind { Node, Edge, Path, Value } kind = Kind::Node;
        std::size_t variable = 0; ///< node variable, pattern edge or path value
        std::size_t column = 0;   ///< in the table of nodes or edges
        DataType type = DataType::String;
    };
    GraphPattern(const PlanNode& node, const Graph& graph) : m_node(node), m_graph(graph) {}

    Result<void> readElements(Run& run);
    std::size_t addNode(const PlanNode::GraphElement& element);
    Result<void> addEdge(std::size_t place, const std::vector<std::size_t>& variableOf, Run& run);
    Result<void> readValues(Run& run);
    Result<void> takeApart(Run& run);
    Result<bool> takeAlone(const ExpressionPtr& condition, Run& run);
    void need(const Expression& expression);
    Batch columnsOf(std::span<const GraphMatch> matches) const;
    Vector columnOf(const Source& source, DataType type, std::span<const GraphMatch> matches) const;
    Vector valueOf(std::size_t value, std::span<const GraphMatch> matches) const;

    const PlanNode& m_node;
    const Graph& m_graph;
    std::vector<NodeVariable> m_nodes;
    std::vector<Edge> m_edges;
    std::vector<std::optional<std::size_t>> m_edgeOf; ///< per element of the pattern
    std::map<ColumnId, Source> m_sources;
    std::vector<Vector> m_values;                     ///< per path value: over all edges or nodes
    std::vector<ExpressionPtr> m_rest;
    std::vector<PlanColumn> m_needed;                 ///< columns that the rest and the results read
};

} // namespace tocsin::kql
