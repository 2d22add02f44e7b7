// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

void Parser::parseMakeGraph(OperatorSyntax& op)
{
    parameters(op, {});
    op.graph.source = parsePostfix();
    if (!at("-") || !at("-", 1) || !at(">", 2)) {
        expected("'-->'");
        return;
    }
    take();
    take();
    take();
    op.graph.target = parsePostfix();
    if (at("with_node_id") && at("=", 1)) {
        take();
        take();
        op.graph.nodeId = name("a column name");
    } else if (accept("with")) {
        if (at("node_id") || at("with_node_id")) {
            take();
            expect("=");
            op.graph.nodeId = name("a column name");
        } else {
            do {
                OperatorSyntax::GraphSyntax::NodeTable table;
                table.table = tableReference();
                if (!expect("on"))
                    return;
                table.key = scalar();
                op.graph.nodeTables.push_back(table);
            } while (accept(","));
        }
    }
    if (accept("partitioned-by") || accept("partition-by") || (at("partitioned") && at("-", 1))) {
        while (at("partitioned") || at("-") || at("by"))
            take();
        op.by = {scalar()};
        if (expect("(")) {
            op.subquery = subPipeline();
            expect(")");
        }
    }
}

void Parser::parseGraphMatch(OperatorSyntax& op)
{
    parameters(op, {"cycles", "output"});
    graphPattern(op);
    if (accept("where"))
        op.graph.where = scalar();
    if (accept("project"))
        op.graph.project = expressionList(&Parser::namedExpression);
}

void Parser::graphPattern(OperatorSyntax& op)
{
    do {
        std::vector<OperatorSyntax::GraphElement> path;
        do {
            OperatorSyntax::GraphElement node;
            const std::size_t start = here();
            if (!expect("("))
                return;
            if (!at(")"))
                node.name = name("a node name");
            if (!expect(")"))
                return;
            node.span = spanFrom(start);
            path.push_back(node);
            OperatorSyntax::GraphElement edge;
            if (!atAny({"-", "<"}))
                break;
            if (!graphEdge(edge))
                return;
            path.push_back(edge);
        } while (!atEnd());
        op.graph.patterns.push_back(std::move(path));
    } while (accept(","));
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
        if (!at("]") && !at("*"))
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
    return true;
}

void Parser::parseGraphToTable(OperatorSyntax& op)
{
    do {
        OperatorSyntax::GraphSyntax::Output output;
        if (!atAny({"nodes", "edges"})) {
            expected("'nodes' or 'edges'");
            return;
        }
        output.edges = take().text(m_text) == "edges";
        if (accept("as"))
            output.name = name("a name");
        while (atAny({"with_node_id", "with_source_id", "with_target_id"}) && at("=", 1))
            output.parameters.push_back(parameter());
        op.graph.outputs.push_back(std::move(output));
    } while (accept(","));
}

} // namespace tocsin::kql
