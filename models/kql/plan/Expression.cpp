// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/Expression.h"

#include <algorithm>

namespace tocsin::kql {

namespace {
constexpr std::size_t kMaxCountedSize = 1'000'000'000;
}

ExpressionPtr literal(Value value, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Literal;
    expression->type = value.type();
    expression->span = span;
    expression->value = std::move(value);
    return expression;
}

ExpressionPtr columnRef(ColumnId column, DataType type, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Column;
    expression->type = type;
    expression->span = span;
    expression->column = column;
    return expression;
}

ExpressionPtr convert(ExpressionPtr inner, DataType type)
{
    if (inner->type == type)
        return inner;
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Convert;
    expression->type = type;
    expression->span = inner->span;
    expression->size = inner->size + 1;
    expression->arguments.push_back(std::move(inner));
    return expression;
}

ExpressionPtr call(const ScalarFunction& function, const Signature& signature, DataType type, std::vector<ExpressionPtr> arguments, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Call;
    expression->type = type;
    expression->span = span;
    expression->function = &function;
    expression->signature = &signature;
    for (const ExpressionPtr& argument : arguments)
        expression->size = std::min(expression->size + argument->size, kMaxCountedSize);
    expression->arguments = std::move(arguments);
    return expression;
}

void visitExpression(const Expression& expression, const std::function<void(const Expression&)>& visit)
{
    visit(expression);
    for (const ExpressionPtr& argument : expression.arguments)
        visitExpression(*argument, visit);
}

void splitAnd(const ExpressionPtr& condition, std::vector<ExpressionPtr>& out)
{
    if (condition->kind == Expression::Kind::Call && condition->function->name == "and")
        for (const ExpressionPtr& part : condition->arguments)
            splitAnd(part, out);
    else
        out.push_back(condition);
}

bool isConstant(const Expression& expression)
{
    bool constant = true;
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind == Expression::Kind::Column || (e.kind == Expression::Kind::Call && e.function->has(FunctionTrait::Window)))
            constant = false;
    });
    return constant;
}

bool isDeterministic(const Expression& expression)
{
    bool deterministic = true;
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind == Expression::Kind::Call && e.function->has(FunctionTrait::NonDeterministic))
            deterministic = false;
    });
    return deterministic;
}

} // namespace tocsin::kql
