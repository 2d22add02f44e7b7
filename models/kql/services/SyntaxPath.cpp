// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/SyntaxPath.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

bool holds(SourceSpan outer, SourceSpan inner) { return outer.start <= inner.start && inner.end() <= outer.end() && outer.length > 0; }

template <typename T> void push(std::vector<SyntaxStep>& out, const std::vector<const T*>& nodes, const T* SyntaxStep::*member)
{
    for (const T* node : nodes)
        if (node) {
            SyntaxStep step;
            step.*member = node;
            out.push_back(step);
        }
}

std::vector<SyntaxStep> children(const SyntaxStep& step)
{
    std::vector<SyntaxStep> out;
    if (step.statement) {
        push(out, {step.statement->expression}, &SyntaxStep::expression);
        push(out, step.statement->expressions, &SyntaxStep::expression);
        for (const auto& match : step.statement->patternMatches)
            push(out, match.body, &SyntaxStep::statement);
    } else if (step.pipeline) {
        push(out, {step.pipeline->source}, &SyntaxStep::expression);
        push(out, step.pipeline->operators, &SyntaxStep::op);
    } else if (step.op) {
        push(out, childExpressions(*step.op), &SyntaxStep::expression);
        push(out, childPipelines(*step.op), &SyntaxStep::pipeline);
        push(out, step.op->body, &SyntaxStep::statement);
    } else if (step.expression) {
        push(out, {step.expression->pipeline}, &SyntaxStep::pipeline);
        push(out, step.expression->arguments, &SyntaxStep::expression);
        push(out, step.expression->statements, &SyntaxStep::statement);
    }
    return out;
}

} // namespace

std::vector<const ExpressionSyntax*> childExpressions(const OperatorSyntax& op)
{
    std::vector<const ExpressionSyntax*> out;
    for (const auto* list : {&op.expressions, &op.by, &op.on, &op.inTables, &op.project, &op.projectAway, &op.graph.project})
        out.insert(out.end(), list->begin(), list->end());
    for (const OrderSyntax& order : op.orders)
        out.push_back(order.expression);
    for (const ExpressionSyntax* e : {op.count, op.axis, op.from, op.to, op.step, op.table, op.graph.source, op.graph.target, op.graph.where})
        out.push_back(e);
    for (const auto& item : op.series) {
        out.push_back(item.aggregate);
        out.push_back(item.fill);
    }
    for (const auto& item : op.expansions)
        out.push_back(item.expression);
    for (const auto& level : op.levels)
        for (const ExpressionSyntax* e : {level.count, level.of, level.others, level.by.expression})
            out.push_back(e);
    for (const auto& nodes : op.graph.nodeTables) {
        out.push_back(nodes.table);
        out.push_back(nodes.key);
    }
    for (const auto& step : op.steps) {
        out.push_back(step.condition);
        out.insert(out.end(), step.assignments.begin(), step.assignments.end());
    }
    std::erase(out, nullptr);
    return out;
}

std::vector<const PipelineSyntax*> childPipelines(const OperatorSyntax& op)
{
    std::vector<const PipelineSyntax*> out{op.subquery};
    for (const auto& branch : op.branches)
        out.push_back(branch.query);
    std::erase(out, nullptr);
    return out;
}

std::vector<SyntaxStep> pathTo(const SyntaxTree& tree, SourceSpan span)
{
    std::vector<SyntaxStep> path, next;
    push(next, tree.statements(), &SyntaxStep::statement);
    while (true) {
        const auto inner = std::find_if(next.begin(), next.end(), [&](const SyntaxStep& step) { return holds(step.span(), span); });
        if (inner == next.end())
            return path;
        path.push_back(*inner);
        next = children(path.back());
    }
}

} // namespace tocsin::kql::services
