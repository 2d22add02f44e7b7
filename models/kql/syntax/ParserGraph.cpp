// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

void Parser::parseMakeGraph(OperatorSyntax& op)
{
    parameters(op, {});
    op.graph.source = nameExpression();
    if (!at("-") || !at("-", 1))
        return expected("'-->'");
    take();
    take();
    accept(">");
    op.graph.target = nameExpression();
    if (accept("with_node_id")) {
        if (expect("="))
            op.graph.nodeId = name("a column name");
    } else if (accept("with")) {
        do {
            OperatorSyntax::GraphSyntax::NodeTable table;
            table.table = parseUnary();
            if (!expect("on"))
                return;
            table.key = nameExpression();
            op.graph.nodeTables.push_back(table);
        } while (accept(",") && !m_panic);
    }
    if (!accept("partitioned-by"))
        return;
    op.by = {atName() ? nameExpression() : missing()};
    parenthesizedQuery(op);
}

void Parser::parseGraphMatch(OperatorSyntax& op)
{
    parameters(op, {"cycles", "output"});
    graphPattern(op);
    if (m_panic)
        return;
    if (accept("where"))
        op.graph.where = scalar();
    if (accept("project"))
        op.graph.project = expressionList(&Parser::namedExpression);
}

/// Nodes and edges by turns, several paths with commas between.
void Parser::graphPattern(OperatorSyntax& op)
{
    do {
        std::vector<OperatorSyntax::GraphElement> path;
        do {
            if (!at("("))
                return expected("a node such as (n)");
            graphNode(path);
            if (m_panic || !atAny({"-", "<"}))
                break;
            OperatorSyntax::GraphElement edge;
            if (!graphEdge(edge))
                return;
            path.push_back(std::move(edge));
        } while (!m_panic);
        op.graph.patterns.push_back(std::move(path));
    } while (!m_panic && accept(","));
}

void Parser::graphNode(std::vector<OperatorSyntax::GraphElement>& path)
{
    OperatorSyntax::GraphElement node;
    const std::size_t start = here();
    take();
    if (!at(")"))
        node.name = name("a node name");
    expect(")");
    node.span = spanFrom(start);
    path.push_back(std::move(node));
}

/// `-[e]->`, `<-[e]-`, `-[e]-`, `-->`, `<--`, `--`, with `*1..5` behind the name.
bool Parser::graphEdge(OperatorSyntax::GraphElement& edge)
{
    const std::size_t start = here();
    edge.edge = true;
    edge.toLeft = accept("<");
    if (!expect("-"))
        return false;
    if (accept("[")) {
        if (atName() && !at("["))
            edge.name = name("an edge name");
        if (accept("*")) {
            edge.least = parseUnary();
            if (!expect(".."))
                return false;
            edge.most = parseUnary();
        }
        if (!expect("]"))
            return false;
    }
    if (!expect("-"))
        return false;
    edge.toRight = accept(">");
    edge.span = spanFrom(start);
    return !m_panic;
}

void Parser::parseGraphToTable(OperatorSyntax& op)
{
    do {
        OperatorSyntax::GraphSyntax::Output output;
        if (!atAny({"nodes", "edges"}))
            return expected("'nodes' or 'edges'");
        output.edges = take().text(m_text) == "edges";
        if (accept("as"))
            output.name = name("a name");
        while (atAny({"with_node_id", "with_source_id", "with_target_id"}) && at("=", 1))
            output.parameters.push_back(parameter());
        op.graph.outputs.push_back(std::move(output));
    } while (accept(",") && !m_panic);
}

} // namespace tocsin::kql
