// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/Folding.h"

#include "column/Vector.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

bool dependsOnSurroundings(const ScalarFunction& function)
{
    static constexpr std::array kNames = {"current_database", "current_principal", "current_cluster_endpoint", "current_principal_details",
                                          "current_principal_is_member_of", "cursor_current", "extent_id", "extent_tags", "row_id", "assert"};
    for (const std::string_view name : kNames)
        if (function.name == name)
            return true;
    return function.has(FunctionTrait::NonDeterministic) || function.has(FunctionTrait::Window);
}

/// A short call with a huge result is left for the run, which counts its memory.
bool mayGrow(const ScalarFunction& function)
{
    return function.name == "repeat" || function.name == "strrep" || function.name == "range" || function.name == "unicode_codepoints_to_string";
}

bool isLong(const ExpressionPtr& argument)
{
    static constexpr std::size_t kLongText = 64 * 1024;
    return isTextual(argument->type) && !argument->value.isNull() && argument->value.asText().size() > kLongText;
}

bool dependsOnClock(const ScalarFunction& function)
{
    return function.name == "now" || function.name == "ago" || function.name == "datetime_utc_to_local" || function.name == "datetime_local_to_utc";
}

} // namespace

ExpressionPtr convertExpression(const ExpressionPtr& expression, DataType type)
{
    if (expression->type == type)
        return expression;
    if (expression->kind == Expression::Kind::Literal && expression->value.isNull())
        return literal(Value::null(type), expression->span);
    return foldConstant(convert(expression, type));
}

ExpressionPtr foldConstant(const ExpressionPtr& expression, const FoldContext& context)
{
    const bool isCall = expression->kind == Expression::Kind::Call;
    if (!isCall && expression->kind != Expression::Kind::Convert)
        return expression;
    std::vector<ExpressionPtr> arguments;
    bool constant = true, changed = false;
    for (const ExpressionPtr& argument : expression->arguments) {
        arguments.push_back(foldConstant(argument, context));
        changed = changed || arguments.back() != argument;
        constant = constant && arguments.back()->kind == Expression::Kind::Literal;
    }
    ExpressionPtr result = expression;
    if (changed) {
        auto copy = std::make_shared<Expression>(*expression);
        copy->arguments = arguments;
        result = copy;
    }
    if (!constant || (isCall && (!expression->signature->kernel || dependsOnSurroundings(*expression->function))))
        return result;
    if (isCall && (mayGrow(*expression->function) || std::any_of(arguments.begin(), arguments.end(), isLong)))
        return result;
    if (isCall && dependsOnClock(*expression->function) && !context.now)
        return result;
    std::vector<Vector> vectors;
    for (const ExpressionPtr& argument : arguments)
        vectors.push_back(Vector::constant(argument->value, 1));
    Result<Vector> computed = fail(kInternal, "not computed");
    if (isCall) {
        KernelContext kernel;
        kernel.now = context.now.value_or(0);
        kernel.returnType = expression->type;
        kernel.databaseName = context.databaseName;
        computed = expression->signature->kernel(kernel, vectors, 1);
    } else {
        computed = convertVector(vectors[0], expression->type);
    }
    if (!computed || computed->size() == 0)
        return result; // the error comes again, with its place, when the query runs
    return literal(computed->valueAt(0), expression->span);
}

} // namespace tocsin::kql
