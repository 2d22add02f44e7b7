// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/SyntaxWalk.h"

#include <variant>

namespace tocsin::kql {

namespace {

/// A stack of what is still to be visited: chains such as `a or b or …` may be many thousands deep.
class Walk {
public:
    explicit Walk(SyntaxVisitor& visitor) : m_visitor(visitor) {}

    template <typename Node> void push(const Node* node)
    {
        if (node)
            m_waiting.emplace_back(node);
    }
    template <typename Node> void push(const std::vector<const Node*>& nodes)
    {
        for (auto it = nodes.rbegin(); it != nodes.rend(); ++it)
            push(*it);
    }
    void run()
    {
        while (!m_waiting.empty()) {
            const auto next = m_waiting.back();
            m_waiting.pop_back();
            std::visit([this](const auto* node) { visit(*node); }, next);
        }
    }

private:
    void push(const std::vector<ParameterSyntax>& parameters)
    {
        for (auto it = parameters.rbegin(); it != parameters.rend(); ++it)
            push(it->value);
    }
    void push(const std::vector<ExpressionSyntax::FunctionParameter>& parameters)
    {
        for (const auto& parameter : parameters)
            push(parameter.defaultValue);
    }

    void visit(const StatementSyntax& statement)
    {
        m_visitor.onStatement(statement);
        for (const StatementSyntax::PatternMatch& match : statement.patternMatches) {
            push(match.body);
            push(match.arguments);
        }
        if (statement.command) {
            push(statement.command->query);
            push(statement.command->operators);
        }
        push(statement.expressions);
        push(statement.parameters);
        push(statement.expression);
    }
    void visit(const PipelineSyntax& pipeline)
    {
        m_visitor.onPipeline(pipeline);
        push(pipeline.operators);
        push(pipeline.source);
    }
    void visit(const ExpressionSyntax& expression)
    {
        m_visitor.onExpression(expression);
        push(expression.statements);
        push(expression.functionParameters);
        push(expression.parameters);
        push(expression.pipeline);
        push(expression.arguments);
    }
    void visit(const OperatorSyntax& op)
    {
        m_visitor.onOperator(op);
        for (const ExpressionSyntax* part : {op.count, op.axis, op.from, op.to, op.step, op.table, op.graph.source, op.graph.target, op.graph.where})
            push(part);
        push(op.subquery);
        for (const auto* list : {&op.expressions, &op.by, &op.on, &op.inTables, &op.project, &op.projectAway, &op.graph.project})
            push(*list);
        push(op.parameters);
        push(op.body);
        push(op.scanDeclares);
        for (const OrderSyntax& order : op.orders)
            push(order.expression);
        for (const auto& expansion : op.expansions)
            push(expansion.expression);
        for (const auto& series : op.series) {
            push(series.fill);
            push(series.aggregate);
        }
        visitParts(op);
    }
    void visitParts(const OperatorSyntax& op)
    {
        for (const auto& level : op.levels)
            for (const ExpressionSyntax* part : {level.count, level.of, level.others, level.by.expression})
                push(part);
        for (const auto& branch : op.branches)
            push(branch.query);
        for (const auto& step : op.steps) {
            push(step.assignments);
            push(step.condition);
        }
        for (const auto& table : op.graph.nodeTables) {
            push(table.key);
            push(table.table);
        }
    }

    SyntaxVisitor& m_visitor;
    std::vector<std::variant<const StatementSyntax*, const PipelineSyntax*, const OperatorSyntax*, const ExpressionSyntax*>> m_waiting;
};

} // namespace

void walkSyntax(const SyntaxTree& tree, SyntaxVisitor& visitor)
{
    Walk walk(visitor);
    walk.push(tree.statements());
    walk.run();
}

void walkSyntax(const ExpressionSyntax& expression, SyntaxVisitor& visitor)
{
    Walk walk(visitor);
    walk.push(&expression);
    walk.run();
}

} // namespace tocsin::kql
