// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/graph/Graph.h"

#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/KeyTable.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {
namespace {

/// A table with the value of one expression a row.
struct KeyedTable {
    Batch rows;
    Vector key;
};

Result<Vector> evaluateOver(const Expression& expression, const Batch& rows, const Layout& layout, Run& run)
{
    TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(expression, layout, run));
    RowSet set(rows);
    return evaluator.evaluate(set);
}

Graph::Adjacency adjacency(const std::vector<std::uint32_t>& ends, std::size_t nodes)
{
    Graph::Adjacency result;
    result.first.assign(nodes + 1, 0);
    for (const std::uint32_t end : ends)
        ++result.first[end + 1];
    for (std::size_t i = 0; i < nodes; ++i)
        result.first[i + 1] += result.first[i];
    result.edges.resize(ends.size());
    std::vector<std::uint32_t> next(result.first.begin(), result.first.end() - 1);
    for (std::uint32_t edge = 0; edge < ends.size(); ++edge)
        result.edges[next[ends[edge]]++] = edge;
    return result;
}

Vector degrees(const Graph::Adjacency& adjacency)
{
    TypedBuilder<DataType::Long> builder;
    for (std::size_t node = 0; node + 1 < adjacency.first.size(); ++node)
        builder.append(std::int64_t{adjacency.first[node + 1]} - adjacency.first[node]);
    return builder.finish();
}

/// Builds the graph of one part of the tables.
class Builder {
public:
    Builder(const PlanNode& node, const std::vector<Layout>& layouts) : m_node(node), m_layouts(layouts) {}

    Result<Graph> build(const std::vector<Batch>& tables, Run& run)
    {
        Graph graph;
        graph.edges = tables[0];
        TOCSIN_TRY_ASSIGN(const Vector sources, evaluateOver(*m_node.leftKeys[0], tables[0], m_layouts[0], run));
        TOCSIN_TRY_ASSIGN(const Vector target, evaluateOver(*m_node.rightKeys[0], tables[0], m_layouts[0], run));
        TOCSIN_TRY_ASSIGN(const Vector targets, convertVector(target, sources.type()));
        KeyTable ids({sources.type()});
        std::vector<std::vector<std::uint32_t>> tableNodes(tables.size()); // the node of each row
        for (std::size_t t = 1; t < tables.size(); ++t) {
            TOCSIN_TRY_ASSIGN(const Vector key, evaluateOver(*m_node.expressions[t - 1], tables[t], m_layouts[t], run));
            TOCSIN_TRY_ASSIGN(const Vector keys, convertVector(key, sources.type()));
            ids.assign(std::span(&keys, 1), tables[t].storedRows, tableNodes[t]);
        }
        TOCSIN_TRY(numberEnds(ids, sources, targets, graph, run));
        graph.nodes.storedRows = ids.size();
        TOCSIN_TRY(addNodeColumns(ids, tables, tableNodes, graph));
        graph.nodes.columns.resize(m_node.parseColumns.size() + 2);
        TOCSIN_TRY_ASSIGN(Vector texts, textsOf(ids, run));
        graph.nodes.columns.push_back(std::move(texts));
        graph.connect(m_node.parseColumns.size());
        for (const PlanNode::GraphStep& step : m_node.graphSteps) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY(apply(step, graph, run));
        }
        return graph;
    }

private:
    /// Source and target of each edge by turns, so that nodes are numbered as they are first named.
    static Result<void> numberEnds(KeyTable& ids, const Vector& sources, const Vector& targets, Graph& graph, const Run& run)
    {
        const std::size_t edges = sources.size();
        std::vector<std::uint32_t> turns(2 * edges);
        for (std::uint32_t i = 0; i < edges; ++i) {
            turns[2 * i] = i;
            turns[2 * i + 1] = static_cast<std::uint32_t>(edges + i);
        }
        const std::array both{sources, targets};
        const Vector ends = concatenate(both).gather(turns);
        std::vector<std::uint32_t> nodes;
        for (std::size_t start = 0; start < ends.size(); start += 2 * kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            const Vector some = ends.slice(start, std::min(2 * kBatchRows, ends.size() - start));
            ids.assign(std::span(&some, 1), some.size(), nodes);
            for (std::size_t i = 0; i < nodes.size(); i += 2) {
                graph.source.push_back(nodes[i]);
                graph.target.push_back(nodes[i + 1]);
            }
        }
        return {};
    }
    /// The names of the nodes as text.
    static Result<Vector> textsOf(const KeyTable& ids, const Run& run)
    {
        std::vector<Vector> parts;
        for (std::size_t start = 0; start < ids.size(); start += kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY_ASSIGN(Vector some, convertVector(ids.keys(start, std::min(kBatchRows, ids.size() - start))[0], DataType::String));
            parts.push_back(std::move(some));
        }
        return concatenate(parts);
    }

    /// The column of a table's key, if the key is a plain column: it names the nodes that are in no table.
    const PlanColumn* keyColumn(std::size_t table) const
    {
        const Expression* key = m_node.expressions[table - 1].get();
        while (key->kind == Expression::Kind::Convert)
            key = key->arguments[0].get();
        for (const PlanColumn& column : m_node.inputs[table]->columns)
            if (key->kind == Expression::Kind::Column && key->column == column.id)
                return &column;
        return nullptr;
    }

    Result<void> addNodeColumns(const KeyTable& ids, const std::vector<Batch>& tables, const std::vector<std::vector<std::uint32_t>>& tableNodes, Graph& graph)
    {
        const Vector names = ids.keys(0, ids.size())[0];
        for (const PlanColumn& column : m_node.parseColumns) {
            if (isComponent(column)) {
                graph.nodes.columns.push_back(Vector::nulls(DataType::Long, ids.size()));
                continue;
            }
            if (tables.size() == 1) { // no tables of nodes: the id is all there is
                graph.nodes.columns.push_back(names);
                continue;
            }
            TOCSIN_TRY_ASSIGN(Vector values, nodeColumn(column, names, tables, tableNodes));
            graph.nodes.columns.push_back(std::move(values));
        }
        return {};
    }

    /// The first value that a table has for each node; for nodes in no table null, or in a key column the id.
    Result<Vector> nodeColumn(const PlanColumn& column, const Vector& names, const std::vector<Batch>& tables, const std::vector<std::vector<std::uint32_t>>& tableNodes)
    {
        std::vector<Value> values(names.size(), Value::null(column.type));
        std::vector<std::uint8_t> inTable(names.size(), 0);
        bool hasKeyColumn = false;
        for (std::size_t t = 1; t < tables.size(); ++t) {
            for (const std::uint32_t node : tableNodes[t])
                inTable[node] = 1;
            const auto& inputColumns = m_node.inputs[t]->columns;
            const auto place = std::find_if(inputColumns.begin(), inputColumns.end(), [&](const PlanColumn& c) { return c.name == column.name; });
            if (place == inputColumns.end())
                continue;
            hasKeyColumn = hasKeyColumn || keyColumn(t) == &*place;
            TOCSIN_TRY_ASSIGN(const Vector converted, convertVector(tables[t].columns[m_layouts[t].indexOf(place->id)], column.type));
            for (std::size_t row = 0; row < tableNodes[t].size(); ++row)
                if (Value& value = values[tableNodes[t][row]]; value == Value::null(column.type))
                    value = converted.valueAt(row);
        }
        if (hasKeyColumn) {
            TOCSIN_TRY_ASSIGN(const Vector converted, convertVector(names, column.type));
            for (std::size_t node = 0; node < values.size(); ++node)
                if (!inTable[node])
                    values[node] = converted.valueAt(node);
        }
        VectorBuilder builder(column.type);
        for (const Value& value : values)
            builder.append(value);
        return builder.finish();
    }

    bool isComponent(const PlanColumn& column) const
    {
        return std::any_of(m_node.graphSteps.begin(), m_node.graphSteps.end(), [&](const PlanNode::GraphStep& step) { return !step.condition && step.column == column.id; });
    }

    Result<void> apply(const PlanNode::GraphStep& step, Graph& graph, Run& run) const
    {
        using Kind = PlanNode::GraphStep::Kind;
        switch (step.kind) {
        case Kind::Components: case Kind::StrongComponents: return markComponents(step, graph, run);
        case Kind::WhereNodes: return keepNodes(step, graph, run);
        case Kind::WhereEdges: return keepEdges(step, graph, run);
        }
        return {};
    }

    Result<void> markComponents(const PlanNode::GraphStep& step, Graph& graph, Run& run) const
    {
        TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> numbers, graphComponents(graph, step.kind == PlanNode::GraphStep::Kind::StrongComponents, run));
        TypedBuilder<DataType::Long> builder(numbers.size());
        for (const std::int64_t number : numbers)
            builder.append(number);
        for (std::size_t c = 0; c < m_node.parseColumns.size(); ++c)
            if (m_node.parseColumns[c].id == step.column)
                graph.nodes.columns[c] = builder.finish();
        return {};
    }

    /// The rows of a table of nodes or edges that meet the step's condition.
    Result<std::vector<std::uint32_t>> meeting(const PlanNode::GraphStep& step, const Batch& table, Run& run) const
    {
        const bool ofNodes = step.kind == PlanNode::GraphStep::Kind::WhereNodes;
        Batch rows;
        rows.storedRows = table.storedRows;
        for (const PlanColumn& column : step.columns) {
            const auto place = ofNodes ? nodeColumnNamed(m_node, column.name) : edgeColumnNamed(m_node, column.name);
            rows.columns.push_back(place ? table.columns[*place] : Vector::nulls(column.type, table.storedRows));
        }
        TOCSIN_TRY_ASSIGN(const Vector values, evaluateOver(*step.condition, rows, Layout(step.columns), run));
        const VectorReader<bool> reader(values);
        std::vector<std::uint32_t> kept;
        for (std::uint32_t row = 0; row < table.storedRows; ++row)
            if (!reader.isNull(row) && reader[row])
                kept.push_back(row);
        return kept;
    }

    /// With a node go its edges.
    Result<void> keepNodes(const PlanNode::GraphStep& step, Graph& graph, Run& run) const
    {
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> kept, meeting(step, graph.nodes, run));
        std::vector<std::uint32_t> numbers(graph.nodeCount(), kNoNode);
        for (std::uint32_t i = 0; i < kept.size(); ++i)
            numbers[kept[i]] = i;
        graph.nodes = gatherRows(graph.nodes, kept);
        std::vector<std::uint32_t> edges;
        for (std::uint32_t edge = 0; edge < graph.edgeCount(); ++edge) {
            graph.source[edge] = numbers[graph.source[edge]];
            graph.target[edge] = numbers[graph.target[edge]];
            if (graph.source[edge] != kNoNode && graph.target[edge] != kNoNode)
                edges.push_back(edge);
        }
        takeEdges(edges, graph);
        return {};
    }

    /// The nodes stay, also those that no edge reaches any more.
    Result<void> keepEdges(const PlanNode::GraphStep& step, Graph& graph, Run& run) const
    {
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> kept, meeting(step, graph.edges, run));
        takeEdges(kept, graph);
        return {};
    }

    void takeEdges(const std::vector<std::uint32_t>& kept, Graph& graph) const
    {
        graph.edges = gatherRows(graph.edges, kept);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            graph.source[i] = graph.source[kept[i]];
            graph.target[i] = graph.target[kept[i]];
        }
        graph.source.resize(kept.size());
        graph.target.resize(kept.size());
        graph.connect(m_node.parseColumns.size());
    }

    const PlanNode& m_node;
    const std::vector<Layout>& m_layouts;
};

std::uint64_t graphBytes(const Graph& graph)
{
    return ownBytes(graph.edges) + ownBytes(graph.nodes) + std::uint64_t{graph.edgeCount()} * 4 * sizeof(std::uint32_t) + std::uint64_t{graph.nodeCount()} * 2 * sizeof(std::uint32_t);
}

class GraphOperator final : public Operator {
public:
    GraphOperator(const PlanNode& node, std::vector<OperatorPtr> inputs, GraphFunction compute) : Operator(node), m_node(node), m_inputs(std::move(inputs)), m_compute(std::move(compute))
    {
        for (const OperatorPtr& input : m_inputs)
            m_layouts.push_back(input->layout());
    }

    Result<void> prepare(Run& run) override
    {
        MemoryShare memory(run.memory());
        std::vector<Batch> tables;
        for (const OperatorPtr& input : m_inputs) {
            TOCSIN_TRY(input->prepare(run));
            TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*input, run, memory));
            tables.push_back(joinBatches(batches, input->columns()));
        }
        m_output = std::make_unique<BatchCollector>(columns().size(), run);
        if (m_node.graphPartition.empty())
            TOCSIN_TRY(computeOne(tables, run));
        else
            TOCSIN_TRY(computeParts(tables, run));
        m_queue.set(m_output->finish());
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    Result<void> computeOne(const std::vector<Batch>& tables, Run& run)
    {
        TOCSIN_TRY_ASSIGN(const Graph graph, Builder(m_node, m_layouts).build(tables, run));
        MemoryShare memory(run.memory());
        TOCSIN_TRY(memory.resize(graphBytes(graph)));
        return m_compute(graph, run, *m_output);
    }
    /// One graph for each value of the edges' partition column, with the nodes that have it too.
    Result<void> computeParts(const std::vector<Batch>& tables, Run& run)
    {
        KeyTable parts({m_node.graphPartition[0]->type});
        std::vector<std::vector<std::vector<std::uint32_t>>> members(tables.size()); // table, part, rows
        for (std::size_t t = 0; t < tables.size(); ++t) {
            TOCSIN_TRY_ASSIGN(const Vector key, evaluateOver(*m_node.graphPartition[t], tables[t], m_layouts[t], run));
            TOCSIN_TRY_ASSIGN(const Vector keys, convertVector(key, m_node.graphPartition[0]->type));
            std::vector<std::uint32_t> groups;
            if (t == 0)
                parts.assign(std::span(&keys, 1), tables[t].storedRows, groups);
            KeyScratch scratch;
            if (t > 0)
                parts.find(std::span(&keys, 1), tables[t].storedRows, scratch, groups);
            members[t].resize(parts.size());
            for (std::uint32_t row = 0; row < groups.size(); ++row)
                if (groups[row] != kNoGroup)
                    members[t][groups[row]].push_back(row);
        }
        for (std::size_t part = 0; part < parts.size(); ++part) {
            TOCSIN_TRY(run.checkStop());
            std::vector<Batch> own;
            for (std::size_t t = 0; t < tables.size(); ++t)
                own.push_back(gatherRows(tables[t], members[t][part]));
            TOCSIN_TRY(computeOne(own, run));
        }
        return {};
    }

    PlanNode m_node;
    std::vector<OperatorPtr> m_inputs;
    std::vector<Layout> m_layouts;
    GraphFunction m_compute;
    std::unique_ptr<BatchCollector> m_output;
    BatchQueue m_queue;
};

} // namespace

void Graph::connect(std::size_t degreesAt)
{
    out = adjacency(source, nodes.storedRows);
    in = adjacency(target, nodes.storedRows);
    nodes.columns[degreesAt] = degrees(in);
    nodes.columns[degreesAt + 1] = degrees(out);
}

std::optional<std::size_t> nodeColumnNamed(const PlanNode& node, std::string_view name)
{
    for (std::size_t i = 0; i < node.parseColumns.size(); ++i)
        if (node.parseColumns[i].name == name)
            return i;
    const auto extras = graphNodeExtras();
    for (std::size_t i = 0; i < extras.size(); ++i)
        if (extras[i].first == name)
            return node.parseColumns.size() + i;
    return std::nullopt;
}

std::optional<std::size_t> edgeColumnNamed(const PlanNode& node, std::string_view name)
{
    const auto& columns = node.inputs[0]->columns;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name)
            return i;
    return std::nullopt;
}

std::string graphOption(const PlanNode& node, const std::string& name)
{
    const auto found = node.options.find(name);
    return found == node.options.end() ? std::string() : found->second.asText();
}

Result<OperatorPtr> makeGraphOperator(const PlanNode& node, Run& run, GraphFunction compute)
{
    std::vector<OperatorPtr> inputs;
    for (const PlanPtr& input : node.inputs) {
        TOCSIN_TRY_ASSIGN(OperatorPtr op, compile(input, run));
        inputs.push_back(std::move(op));
    }
    return std::make_unique<GraphOperator>(node, std::move(inputs), std::move(compute));
}

} // namespace tocsin::kql
