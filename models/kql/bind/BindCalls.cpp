// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include "base/Utf8.h"
#include "column/Dynamic.h"
#include "kql/bind/ResultNames.h"
#include "kql/functions/AnyText.h"
#include "kql/functions/LackingData.h"
#include "kql/syntax/Suggestion.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

namespace {
/// Names put into one another can double an expression many times over.
constexpr std::size_t kMaxExpressionSize = 100'000;
} // namespace

ExpressionPtr QueryBinder::callResolved(const ScalarFunction& function, std::vector<ExpressionPtr> arguments, SourceSpan span, Leniency leniency)
{
    const auto best = resolveOverload(function.signatures, std::span<const ExpressionPtr>(arguments), leniency);
    if (!best)
        return nullptr;
    const auto& [signature, fit] = *best;
    const auto parameters = matchParameters(signature->parameters, arguments.size());
    std::vector<ExpressionPtr> converted = convertArguments(arguments, fit.types);
    std::vector<const Value*> constants;
    for (std::size_t i = 0; i < converted.size(); ++i) {
        if ((*parameters)[i]->constant || !(*parameters)[i]->values.empty())
            converted[i] = foldConstant(converted[i]);
        if ((*parameters)[i]->constant && !isConstant(*converted[i]))
            return error(kConstantExpected, arguments[i]->span, "The argument '" + std::string((*parameters)[i]->name) + "' of " + std::string(function.name));
        const auto& values = (*parameters)[i]->values;
        if (!values.empty() && converted[i]->kind == Expression::Kind::Literal && converted[i]->value.type() == DataType::String) {
            const std::string& given = converted[i]->value.asText();
            const auto known = std::find_if(values.begin(), values.end(), [&](std::string_view v) { return equalsIgnoringCase(v, given); });
            if (known != values.end()) {
                converted[i] = literal(Value::string(std::string(*known)), converted[i]->span);
            } else {
                std::string all;
                for (const std::string_view v : values)
                    all += (all.empty() ? "" : ", ") + std::string(v);
                return error(kBadOption, arguments[i]->span, std::string((*parameters)[i]->name), "'" + given + "'", all);
            }
        }
        constants.push_back(converted[i]->kind == Expression::Kind::Literal ? &converted[i]->value : nullptr);
    }
    const DataType type = signature->returnType(fit.types, constants);
    ExpressionPtr result = call(function, *signature, type, std::move(converted), span);
    return result->size > kMaxExpressionSize ? error(kTooLarge, span) : result;
}

ExpressionPtr QueryBinder::callOperator(std::string_view name, std::vector<ExpressionPtr> arguments, SourceSpan span, SourceSpan sign)
{
    if (std::any_of(arguments.begin(), arguments.end(), [this](const ExpressionPtr& a) { return isBad(a); }))
        return m_bad;
    const ScalarFunction* function = m_functions.findScalar(name);
    if (!function)
        return error(kUnknownFunction, span, std::string(name), "");
    if (arguments.size() == 2 && (name == "==" || name == "!="))
        alignOperands(arguments);
    if (arguments.size() == 1 && (name == "and" || name == "or"))
        return arguments[0];
    if (const ExpressionPtr result = callResolved(*function, arguments, span, Leniency::Operator))
        return result;
    if (arguments.size() == 2 && arguments[0]->type == DataType::DateTime && isNumeric(arguments[1]->type) && (name == "/" || name == "%" || name == "*")) {
        const ExpressionPtr ticks = callResolved(*function, {convertExpression(arguments[0], DataType::Long), arguments[1]}, span, Leniency::Operator);
        return convertExpression(convertExpression(ticks, DataType::Long), DataType::DateTime); // a datetime counts as its ticks
    }
    if (arguments.size() == 1)
        return error(kWrongArguments, span, "The operator '" + std::string(name) + "'", describeTypes(arguments), "a number or a timespan");
    return error(kWrongOperands, sign.length > 0 ? sign : span, std::string(name), std::string(typeName(arguments[0]->type)), std::string(typeName(arguments[1]->type)));
}

ExpressionPtr QueryBinder::callFunction(std::string_view name, std::vector<ExpressionPtr> arguments, SourceSpan span, Leniency leniency)
{
    const ScalarFunction* function = m_functions.findScalar(name);
    if (!function)
        return error(kUnknownFunction, span, std::string(name), "");
    if (function->traits & kLacksData)
        warn(makeError(kLackingData, std::string(name)), span);
    if (const ExpressionPtr result = callResolved(*function, arguments, span, leniency))
        return result;
    std::string takes;
    bool countFits = false;
    for (const Signature& signature : function->signatures) {
        takes += (takes.empty() ? "" : " or ") + describeParameters(signature.parameters);
        countFits = countFits || matchParameters(signature.parameters, arguments.size()).has_value();
    }
    if (!countFits)
        return error(kWrongArgumentCount, span, std::string(name) + "()", takes, std::to_string(arguments.size()) + (arguments.size() == 1 ? " argument" : " arguments"));
    const auto wrong = misfit(function->signatures, std::span<const ExpressionPtr>(arguments), leniency);
    return error(kWrongArguments, wrong && arguments[*wrong]->span.length > 0 ? arguments[*wrong]->span : span, std::string(name) + "()", describeTypes(arguments), takes);
}

ExpressionPtr QueryBinder::bindCall(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const ExpressionSyntax& callee = *expression.arguments[0];
    if (callee.kind != Kind::Name) {
        if (isTabular(expression, scope))
            return error(kScalarExpected, expression.span, text(expression.span));
        if (callee.kind == Kind::Member && callee.arguments[0]->kind == Kind::Call) { // database("x").f(…)
            ExpressionSyntax name;
            name.kind = Kind::Name;
            name.name = callee.name;
            name.span = callee.span;
            ExpressionSyntax plain = expression;
            plain.arguments[0] = &name;
            return bindCall(plain, row, scope);
        }
        return error(kUnknownFunction, callee.span, text(callee.span), "");
    }
    const std::string& name = callee.name.text;
    const auto symbol = findFunction(name, scope);
    if (symbol && observer())
        observer()->symbolAt(callee.span, name, *symbol);
    if (symbol && symbol->kind == Symbol::Kind::Function)
        return bindScalarUserFunction(*symbol, expression, row, scope);
    if (symbol && (symbol->kind == Symbol::Kind::Unknown || (symbol->kind == Symbol::Kind::Scalar && isBad(symbol->scalar))))
        return m_bad;
    bool handled = false;
    const ExpressionPtr special = bindSpecialCall(name, expression, row, scope, handled);
    if (handled)
        return special;
    const AggregateFunction* aggregate = m_functions.findAggregate(name);
    const ScalarFunction* scalar = m_functions.findScalar(name);
    if (aggregate && (row.aggregates || !scalar)) {
        if (!row.aggregates)
            return error(kAggregateNotAllowed, expression.span, name);
        return bindAggregateCall(*aggregate, expression, row, scope);
    }
    if (scalar)
        return bindScalarFunction(*scalar, expression, row, scope);
    if (isTabular(expression, scope))
        return error(kScalarExpected, expression.span, text(expression.span));
    for (std::size_t i = 1; i < expression.arguments.size(); ++i)
        if (expression.arguments[i]->kind != Kind::Star)
            bindScalar(*expression.arguments[i], row, scope);
    if (m_options.endOnly)
        return error(kUnknownFunction, callee.span, name, std::string());
    std::vector<std::string> candidates = scope->names();
    for (const ScalarFunction* function : m_functions.scalars())
        candidates.emplace_back(function->name);
    for (const AggregateFunction* function : m_functions.aggregates())
        candidates.emplace_back(function->name);
    for (const std::string_view alias : m_functions.aliases())
        candidates.emplace_back(alias);
    return error(kUnknownFunction, callee.span, name, didYouMean(name, candidates));
}

ExpressionPtr QueryBinder::bindScalarFunction(const ScalarFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope)
{
    RowContext inside = row;
    inside.search = false;
    std::vector<ExpressionPtr> arguments;
    bool bad = false;
    for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
        if (expression.arguments[i]->kind == Kind::Star && row.rows && (function.name == "estimate_data_size" || function.name == "pack_array")) {
            for (const PlanColumn& column : visible(*row.rows))
                arguments.push_back(columnRef(column.id, column.type, expression.arguments[i]->span));
            continue;
        }
        arguments.push_back(bindScalar(*expression.arguments[i], inside, scope));
        bad = bad || isBad(arguments.back());
    }
    if (bad)
        return m_bad;
    if (function.has(FunctionTrait::Window) && !row.aggregates && !(row.rows && (row.rows->plan->serialized || row.rows->broken)))
        return error(kNotSerialized, expression.span, std::string(function.name));
    if (!checkCommonType(function, arguments, row))
        return m_bad;
    const Leniency leniency = isOpen(row) ? Leniency::Any : function.traits & kAnyText ? Leniency::Text : Leniency::Function;
    ExpressionPtr result = callFunction(expression.arguments[0]->name.text, std::move(arguments), expression.span, leniency);
    if (!function.has(FunctionTrait::NonDeterministic) || result->kind != Expression::Kind::Call)
        return result;
    // A number of its own for each place where a random function is called, also when a let is used twice; the evaluator mixes it in.
    auto own = std::make_shared<Expression>(*result);
    own->column = newColumn({}, own->type).id;
    return own;
}

/// What coalesce(), max_of() and min_of() choose from must be of one kind.
bool QueryBinder::checkCommonType(const ScalarFunction& function, std::span<const ExpressionPtr> arguments, const RowContext& row)
{
    if (isOpen(row) || arguments.empty() || (function.name != "coalesce" && function.name != "max_of" && function.name != "min_of"))
        return true;
    for (const ExpressionPtr& argument : arguments)
        if (argument->type != arguments[0]->type && !(isNumeric(argument->type) && isNumeric(arguments[0]->type))) {
            error(kNoCommonType, argument->span, std::string(function.name), std::string(typeName(arguments[0]->type)), std::string(typeName(argument->type)));
            return false;
        }
    return true;
}

ExpressionPtr QueryBinder::bindSpecialCall(std::string_view name, Expr expression, const RowContext& row, const ScopePtr& scope, bool& handled)
{
    handled = true;
    if (const ExpressionPtr path = bindGraphCall(name, expression, scope))
        return path;
    const std::size_t count = expression.arguments.size() - 1;
    if (name == "toscalar" && count == 1)
        return bindToScalar(expression, scope);
    if ((name == "column_ifexists" || name == "columnifexists") && count == 2)
        return bindColumnIfExists(expression, row, scope);
    if (name == "iscolumnexists" && count == 1)
        return bindIsColumn(expression, row, scope);
    if (name == "bin_auto" && count == 1)
        return bindBinAuto(expression, row, scope);
    if ((name == "now" && count <= 1) || (name == "ago" && count == 1))
        if (const ExpressionPtr time = bindNow(name, expression, row, scope))
            return time;
    if (name == "pack_all" && count <= 1)
        return bindPackAll(expression, row, scope);
    if (name == "ingestion_time" && count == 0) {
        if (row.rows)
            if (const ExpressionPtr column = columnNamed(*row.rows, kIngestionTimeColumn, expression.span))
                return column;
        return literal(Value::null(DataType::DateTime), expression.span);
    }
    if (name == "column_names_of" && count == 1) {
        DynamicBuilder names;
        names.beginArray();
        for (const PlanColumn& column : visible(bindTable(*expression.arguments[1], scope)))
            names.string(column.name);
        names.endArray();
        return literal(Value::dynamic(names.take()), expression.span);
    }
    if (name == "materialize" && count == 1)
        return bindScalar(*expression.arguments[1], row, scope);
    if (name == "current_database" && count == 0)
        return literal(Value::string(m_snapshot.databaseName()), expression.span);
    // `pack("k", v, *)` and the like take the row's columns for a star.
    if ((name == "pack" || name == "bag_pack" || name == "pack_dictionary") && count == 1 && expression.arguments[1]->kind == Kind::Star)
        return bindPackAll(expression, row, scope);
    if (name == "bag_pack_columns" && count > 0)
        return bindPackColumns(expression, row, scope);
    handled = false;
    return nullptr;
}

/// bag_pack_columns(a, b) is bag_pack('a', a, 'b', b).
ExpressionPtr QueryBinder::bindPackColumns(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    std::vector<ExpressionPtr> arguments;
    for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
        const ExpressionSyntax& column = *expression.arguments[i];
        const std::string name = impliedName(column);
        arguments.push_back(literal(Value::string(name.empty() ? text(column.span) : name), column.span));
        arguments.push_back(bindScalar(column, row, scope));
        if (isBad(arguments.back()))
            return m_bad;
    }
    return callFunction("bag_pack", std::move(arguments), expression.span, Leniency::Function);
}

ExpressionPtr QueryBinder::bindToScalar(Expr expression, const ScopePtr& scope)
{
    const ExpressionSyntax& argument = *expression.arguments[1];
    if (!isTabular(argument, scope))
        return bindScalar(argument, {}, scope);
    const Relation table = bindTable(argument, scope);
    const auto columns = visible(table);
    if (table.broken || columns.empty())
        return m_bad;
    auto result = std::make_shared<Expression>();
    result->kind = Expression::Kind::Scalar;
    result->type = columns[0].type;
    result->span = expression.span;
    result->subplan = columns.size() == 1 && table.plan->columns.size() == 1 ? table.plan : project(table, {keep(columns[0])}, expression.span).plan;
    return result;
}

/// The column has the type of the value that stands in for it, where that loses nothing.
ExpressionPtr QueryBinder::bindColumnIfExists(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const ExpressionPtr name = evaluated(bindScalar(*expression.arguments[1], {}, scope));
    if (isBad(name) || name->kind != Expression::Kind::Literal || name->type != DataType::String)
        return isBad(name) ? m_bad : error(kConstantExpected, expression.arguments[1]->span, "The name of the column");
    if (row.rows) {
        ExpressionSyntax column;
        column.kind = Kind::Name;
        column.span = expression.span;
        column.name = {name->value.asText(), expression.arguments[1]->span};
        if (columnNamed(*row.rows, name->value.asText(), expression.span)) {
            const ExpressionPtr value = bindName(column, row, scope);
            const ExpressionPtr otherwise = bindScalar(*expression.arguments[2], row, scope);
            const auto isWhole = [](DataType type) { return type == DataType::Int || type == DataType::Long; };
            const bool bothWhole = isWhole(value->type) && isWhole(otherwise->type);
            return isBad(value) || isBad(otherwise) || !(keepsValues(value->type, otherwise->type) || bothWhole) ? value : convertExpression(value, otherwise->type);
        }
    }
    return bindScalar(*expression.arguments[2], row, scope);
}

ExpressionPtr QueryBinder::bindIsColumn(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const ExpressionPtr name = evaluated(bindScalar(*expression.arguments[1], {}, scope));
    if (isBad(name) || name->kind != Expression::Kind::Literal || name->type != DataType::String)
        return isBad(name) ? m_bad : error(kConstantExpected, expression.arguments[1]->span, "The name of the column");
    return literal(Value::boolean(row.rows && columnNamed(*row.rows, name->value.asText(), expression.span)), expression.span);
}

/// bin_auto(x) is bin_at() with the size, and the fixed point if there is one, that the query sets.
ExpressionPtr QueryBinder::bindBinAuto(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    std::vector<ExpressionPtr> arguments = {bindScalar(*expression.arguments[1], row, scope)};
    for (const char* setting : {"query_bin_auto_size", "query_bin_auto_at"})
        if (const auto given = m_settings.find(setting); given != m_settings.end() && given->second)
            arguments.push_back(evaluated(bindScalar(*given->second, {}, scope)));
        else if (arguments.size() == 1)
            return error(kBinAutoSize, expression.span);
    if (std::any_of(arguments.begin(), arguments.end(), [this](const ExpressionPtr& argument) { return isBad(argument); }))
        return m_bad;
    const std::string_view function = arguments.size() == 3 ? "bin_at" : "bin";
    return callFunction(function, std::move(arguments), expression.span, Leniency::Function);
}

/// now() and ago() by the time that the query sets; null if it sets none.
ExpressionPtr QueryBinder::bindNow(std::string_view name, Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const auto given = m_settings.find("query_now");
    if (given == m_settings.end() || !given->second)
        return nullptr;
    const ExpressionPtr bound = bindScalar(*given->second, {}, m_global);
    if (isBad(bound))
        return m_bad;
    const ExpressionPtr now = foldConstant(convertExpression(bound, DataType::DateTime));
    if (expression.arguments.size() == 1)
        return now;
    const ExpressionPtr offset = bindScalar(*expression.arguments[1], row, scope);
    return isBad(offset) ? m_bad : callOperator(name == "ago" ? "-" : "+", {now, offset}, expression.span);
}

ExpressionPtr QueryBinder::bindPackAll(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    std::vector<ExpressionPtr> arguments;
    if (row.rows) // a print has no columns to pack: an empty bag
        for (const PlanColumn& column : visible(*row.rows)) {
            arguments.push_back(literal(Value::string(column.name), expression.span));
            arguments.push_back(columnRef(column.id, column.type, expression.span));
        }
    if (arguments.empty())
        return literal(Value::dynamic(*dynamicFromJson("{}")), expression.span);
    if (expression.arguments.size() == 2 && expression.arguments[1]->kind != Kind::Star) {
        const ExpressionPtr flag = bindScalar(*expression.arguments[1], {}, scope);
        if (isBad(flag))
            return m_bad;
        arguments.insert(arguments.begin(), flag); // the function of this name leaves out what is null or empty
        return callFunction("pack_all", std::move(arguments), expression.span, Leniency::Function);
    }
    return callFunction("bag_pack", std::move(arguments), expression.span, Leniency::Function);
}

} // namespace tocsin::kql
