// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Extensions.h"
#include "kql/exec/graph/Graph.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

/// Numbers of nodes as a column, for the ids that a query asks for.
Vector idsOf(const std::vector<std::uint32_t>& nodes)
{
    TypedBuilder<DataType::Long> builder(nodes.size());
    for (const std::uint32_t node : nodes)
        builder.append(node);
    return builder.finish();
}

/// Columns of `table` by name, then the ids.
Result<void> emit(const PlanNode& node, const Batch& table, const std::function<std::optional<std::size_t>(std::string_view)>& place, const std::map<std::string, Vector>& ids, BatchCollector& out)
{
    Batch batch;
    batch.storedRows = table.storedRows;
    for (const PlanColumn& column : node.columns) {
        const auto id = ids.find(column.name);
        if (const auto index = place(column.name); index && id == ids.end())
            batch.columns.push_back(table.columns[*index]);
        else if (id != ids.end())
            batch.columns.push_back(id->second);
        else
            batch.columns.push_back(Vector::nulls(column.type, table.storedRows));
    }
    return out.add(std::move(batch));
}

} // namespace

/// graph-to-table nodes.
Result<OperatorPtr> makeGraphNodes(const PlanNode& node, Run& run)
{
    return makeGraphOperator(node, run, [node](const Graph& graph, Run&, BatchCollector& out) -> Result<void> {
        std::map<std::string, Vector> ids;
        if (const std::string name = graphOption(node, "with_node_id"); !name.empty()) {
            std::vector<std::uint32_t> all(graph.nodeCount());
            for (std::uint32_t i = 0; i < all.size(); ++i)
                all[i] = i;
            ids.emplace(name, idsOf(all));
        }
        return emit(node, graph.nodes, [&](std::string_view name) { return nodeColumnNamed(node, name); }, ids, out);
    });
}

/// graph-to-table edges.
Result<OperatorPtr> makeGraphEdges(const PlanNode& node, Run& run)
{
    return makeGraphOperator(node, run, [node](const Graph& graph, Run&, BatchCollector& out) -> Result<void> {
        std::map<std::string, Vector> ids;
        if (const std::string name = graphOption(node, "with_source_id"); !name.empty())
            ids.emplace(name, idsOf(graph.source));
        if (const std::string name = graphOption(node, "with_target_id"); !name.empty())
            ids.emplace(name, idsOf(graph.target));
        return emit(node, graph.edges, [&](std::string_view name) { return edgeColumnNamed(node, name); }, ids, out);
    });
}

} // namespace tocsin::kql
