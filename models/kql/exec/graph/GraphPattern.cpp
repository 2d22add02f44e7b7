// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/graph/GraphPattern.h"

#include "column/Dynamic.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

/// The part of `variable.column` behind the variable.
std::string_view memberName(const PlanNode::GraphElement& element, const PlanColumn& column) { return std::string_view(column.name).substr(element.name.size() + 1); }

std::set<ColumnId> columnsIn(const Expression& expression)
{
    std::set<ColumnId> ids;
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind == Expression::Kind::Column)
            ids.insert(e.column);
    });
    return ids;
}

Result<std::size_t> lengthOf(const ExpressionPtr& expression, Run& run)
{
    TOCSIN_TRY_ASSIGN(const Value value, evaluateConstant(*expression, run));
    return value.isNull() ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(0, value.asLong()));
}

} // namespace

void Allowed::restrict(const Vector& values)
{
    if (m_flags.empty())
        m_flags.assign(values.size(), 1);
    const VectorReader<std::uint8_t> reader(values);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (reader.isNull(i) || !reader[i])
            m_flags[i] = 0;
}

std::size_t Allowed::count(std::size_t all) const { return m_flags.empty() ? all : static_cast<std::size_t>(std::count(m_flags.begin(), m_flags.end(), 1)); }

std::size_t GraphMatch::length() const
{
    std::size_t sum = 0;
    for (const auto& path : edges)
        sum += path.size();
    return sum;
}

Result<std::unique_ptr<GraphPattern>> GraphPattern::make(const PlanNode& node, const Graph& graph, Run& run)
{
    std::unique_ptr<GraphPattern> pattern(new GraphPattern(node, graph));
    TOCSIN_TRY(pattern->readElements(run));
    TOCSIN_TRY(pattern->readValues(run));
    TOCSIN_TRY(pattern->takeApart(run));
    for (const ExpressionPtr& condition : pattern->m_rest)
        pattern->need(*condition);
    for (const Assignment& assignment : node.assignments)
        pattern->need(*assignment.value);
    return pattern;
}

Result<void> GraphPattern::readElements(Run& run)
{
    const auto& elements = m_node.graphPattern;
    m_edgeOf.resize(elements.size());
    std::vector<std::size_t> variableOf(elements.size(), 0);
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (!elements[i].edge)
            variableOf[i] = addNode(elements[i]);
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (elements[i].edge)
            TOCSIN_TRY(addEdge(i, variableOf, run));
    return {};
}

/// The variable of a node; a name that was there before is the same one.
std::size_t GraphPattern::addNode(const PlanNode::GraphElement& element)
{
    const auto known = std::find_if(m_nodes.begin(), m_nodes.end(), [&](const NodeVariable& v) { return !element.name.empty() && v.name == element.name; });
    if (known != m_nodes.end())
        return static_cast<std::size_t>(known - m_nodes.begin());
    m_nodes.push_back({element.name, {}});
    for (const PlanColumn& column : element.columns)
        if (const auto place = nodeColumnNamed(m_node, memberName(element, column)))
            m_sources[column.id] = {Source::Kind::Node, m_nodes.size() - 1, *place, column.type};
    return m_nodes.size() - 1;
}

Result<void> GraphPattern::addEdge(std::size_t place, const std::vector<std::size_t>& variableOf, Run& run)
{
    const PlanNode::GraphElement& element = m_node.graphPattern[place];
    Edge edge{variableOf[place - 1], variableOf[place + 1], Direction::Both, 1, 1, element.least != nullptr, {}, {}};
    if (element.toRight != element.toLeft)
        edge.direction = element.toRight ? Direction::Out : Direction::In;
    if (edge.path) {
        TOCSIN_TRY_ASSIGN(edge.least, lengthOf(element.least, run));
        TOCSIN_TRY_ASSIGN(edge.most, lengthOf(element.most, run));
    }
    for (const PlanColumn& column : element.columns)
        if (const auto index = edgeColumnNamed(m_node, memberName(element, column)))
            m_sources[column.id] = {edge.path ? Source::Kind::Path : Source::Kind::Edge, m_edges.size(), *index, column.type};
    m_edgeOf[place] = m_edges.size();
    m_edges.push_back(std::move(edge));
    return {};
}

/// Computes what map(), all() and any() ask of the elements of a path for all edges or nodes, once.
Result<void> GraphPattern::readValues(Run& run)
{
    for (std::size_t i = 0; i < m_node.graphPathValues.size(); ++i) {
        const PlanNode::GraphPathValue& value = m_node.graphPathValues[i];
        const Batch& table = value.innerNodes ? m_graph.nodes : m_graph.edges;
        Batch batch;
        batch.storedRows = table.storedRows;
        for (const PlanColumn& column : value.columns) {
            const auto place = value.innerNodes ? nodeColumnNamed(m_node, column.name) : edgeColumnNamed(m_node, column.name);
            batch.columns.push_back(place ? table.columns[*place] : Vector::nulls(column.type, table.storedRows));
        }
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*value.value, Layout(value.columns), run));
        RowSet rows(batch);
        TOCSIN_TRY_ASSIGN(Vector computed, evaluator.evaluate(rows));
        m_values.push_back(std::move(computed));
        m_sources[value.column.id] = {Source::Kind::Value, i, 0, value.column.type};
    }
    return {};
}

Result<void> GraphPattern::takeApart(Run& run)
{
    if (!m_node.graphCondition)
        return {};
    std::vector<ExpressionPtr> parts;
    splitAnd(m_node.graphCondition, parts);
    for (const ExpressionPtr& part : parts) {
        TOCSIN_TRY_ASSIGN(const bool taken, takeAlone(part, run));
        if (!taken)
            m_rest.push_back(part);
    }
    return {};
}

/// Whether the condition concerns one node, one edge or each element of a path alone; it is then applied.
Result<bool> GraphPattern::takeAlone(const ExpressionPtr& condition, Run& run)
{
    const std::set<ColumnId> ids = columnsIn(*condition);
    if (ids.empty() || !isDeterministic(*condition))
        return false;
    const Source& first = m_sources.at(*ids.begin());
    if (first.kind == Source::Kind::Value) {
        const PlanNode::GraphPathValue& value = m_node.graphPathValues[first.variable];
        if (condition->kind != Expression::Kind::Column || value.kind != PlanNode::GraphPathValue::Kind::All)
            return false;
        Edge& edge = m_edges[*m_edgeOf[value.element]];
        (value.innerNodes ? edge.innerAllowed : edge.allowed).restrict(m_values[first.variable]);
        return true;
    }
    const bool alone = std::all_of(ids.begin(), ids.end(), [&](ColumnId id) { return m_sources.at(id).kind == first.kind && m_sources.at(id).variable == first.variable; });
    if (!alone || first.kind == Source::Kind::Path)
        return false;
    const Batch& table = first.kind == Source::Kind::Node ? m_graph.nodes : m_graph.edges;
    std::vector<PlanColumn> columns;
    Batch batch;
    batch.storedRows = table.storedRows;
    for (const ColumnId id : ids) {
        const Source& source = m_sources.at(id);
        columns.push_back({id, {}, source.type});
        batch.columns.push_back(table.columns[source.column]);
    }
    TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*condition, Layout(columns), run));
    RowSet rows(batch);
    TOCSIN_TRY_ASSIGN(const Vector values, evaluator.evaluate(rows));
    (first.kind == Source::Kind::Node ? m_nodes[first.variable].allowed : m_edges[first.variable].allowed).restrict(values);
    return true;
}

void GraphPattern::need(const Expression& expression)
{
    for (const ColumnId id : columnsIn(expression))
        if (std::none_of(m_needed.begin(), m_needed.end(), [id](const PlanColumn& c) { return c.id == id; }))
            m_needed.push_back({id, {}, m_sources.at(id).type});
}

Vector GraphPattern::valueOf(std::size_t index, std::span<const GraphMatch> matches) const
{
    const PlanNode::GraphPathValue& value = m_node.graphPathValues[index];
    const std::size_t edge = *m_edgeOf[value.element];
    const auto elements = [&](const GraphMatch& match) -> const std::vector<std::uint32_t>& { return value.innerNodes ? match.inner[edge] : match.edges[edge]; };
    if (value.kind == PlanNode::GraphPathValue::Kind::Map) {
        TypedBuilder<DataType::Dynamic> arrays;
        DynamicBuilder builder;
        for (const GraphMatch& match : matches) {
            builder.beginArray();
            for (const std::uint32_t element : elements(match))
                builder.value(m_values[index].valueAt(element));
            builder.endArray();
            arrays.append(builder.take());
        }
        return arrays.finish();
    }
    const VectorReader<std::uint8_t> truths(m_values[index]);
    const auto holds = [&](std::uint32_t element) { return !truths.isNull(element) && truths[element]; };
    TypedBuilder<DataType::Bool> results;
    for (const GraphMatch& match : matches) {
        const auto& all = elements(match);
        results.append(value.kind == PlanNode::GraphPathValue::Kind::All ? std::all_of(all.begin(), all.end(), holds) : std::any_of(all.begin(), all.end(), holds));
    }
    return results.finish();
}

Vector GraphPattern::columnOf(const Source& source, DataType type, std::span<const GraphMatch> matches) const
{
    if (source.kind == Source::Kind::Value)
        return valueOf(source.variable, matches);
    if (source.kind == Source::Kind::Path) {
        TypedBuilder<DataType::Dynamic> arrays;
        DynamicBuilder builder;
        for (const GraphMatch& match : matches) {
            builder.beginArray();
            for (const std::uint32_t edge : match.edges[source.variable])
                builder.value(m_graph.edges.columns[source.column].valueAt(edge));
            builder.endArray();
            arrays.append(builder.take());
        }
        return arrays.finish();
    }
    const bool ofNode = source.kind == Source::Kind::Node;
    const Vector& values = (ofNode ? m_graph.nodes : m_graph.edges).columns[source.column];
    if (values.size() == 0)
        return Vector::nulls(type, matches.size());
    std::vector<std::uint32_t> rows;
    for (const GraphMatch& match : matches)
        rows.push_back(ofNode ? match.nodes[source.variable] : match.edges[source.variable][0]);
    return values.gather(rows);
}

Batch GraphPattern::columnsOf(std::span<const GraphMatch> matches) const
{
    Batch batch;
    batch.storedRows = matches.size();
    for (const PlanColumn& column : m_needed)
        batch.columns.push_back(columnOf(m_sources.at(column.id), column.type, matches));
    return batch;
}

Result<std::vector<std::uint32_t>> GraphPattern::passing(std::span<const GraphMatch> matches, Run& run)
{
    std::vector<std::uint32_t> places(matches.size());
    for (std::uint32_t i = 0; i < places.size(); ++i)
        places[i] = i;
    if (m_rest.empty())
        return places;
    const Batch batch = columnsOf(matches);
    for (const ExpressionPtr& condition : m_rest) {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*condition, Layout(m_needed), run));
        RowSet rows(batch);
        TOCSIN_TRY_ASSIGN(const Vector values, evaluator.evaluate(rows));
        const VectorReader<std::uint8_t> truths(values);
        std::erase_if(places, [&](std::uint32_t place) { return truths.isNull(place) || !truths[place]; });
    }
    return places;
}

Result<Batch> GraphPattern::rows(std::span<const GraphMatch> matches, Run& run)
{
    const Batch batch = columnsOf(matches);
    Batch result;
    result.storedRows = matches.size();
    for (const Assignment& assignment : m_node.assignments) {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*assignment.value, Layout(m_needed), run));
        RowSet rows(batch);
        TOCSIN_TRY_ASSIGN(Vector values, evaluator.evaluate(rows));
        result.columns.push_back(std::move(values));
    }
    return result;
}

} // namespace tocsin::kql
