// SPDX-License-Identifier: GPL-3.0-or-later
// Aggregate calls, and the operators that group rows.
#include "kql/bind/QueryBinder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tocsin::kql {

namespace {

bool isArgExtreme(std::string_view name) { return name == "arg_max" || name == "arg_min" || name == "argmax" || name == "argmin"; }
bool isTakeAny(std::string_view name) { return name == "take_any" || name == "any"; }
bool isPercentile(std::string_view name) { return name == "percentile" || name == "percentiles" || name == "percentilew" || name == "percentilesw"; }

/// 99.9 as it stands in a column name: `99_9`.
std::string percentileText(const Value& value)
{
    if (value.isNull())
        return {};
    std::string text = value.type() == DataType::Real && value.asReal() == std::floor(value.asReal()) ? std::to_string(std::llround(value.asReal())) : value.toString();
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return text;
}

} // namespace

std::optional<PlanNode::AggregateResult> QueryBinder::bindAggregate(const AggregateFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const RowContext inside{.rows = row.rows, .outer = row.outer};
    std::vector<ExpressionPtr> arguments;
    bool bad = false;
    for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
        const ExpressionSyntax& argument = *expression.arguments[i];
        if (argument.kind == Kind::Star) {
            if (expression.arguments[0]->name.text == "count" || !row.rows)
                continue;
            // All columns that are not named already and do not group.
            for (const PlanColumn& column : visible(*row.rows)) {
                const auto isColumn = [&](const ExpressionPtr& e) { return e->kind == Expression::Kind::Column && e->column == column.id; };
                const bool named = std::any_of(arguments.begin(), arguments.end(), isColumn);
                const bool groups = row.groupKeys && std::any_of(row.groupKeys->begin(), row.groupKeys->end(), [&](const Assignment& a) { return isColumn(a.value); });
                if (!named && !groups)
                    arguments.push_back(columnRef(column.id, column.type, argument.span));
            }
            continue;
        }
        arguments.push_back(bindScalar(argument, inside, scope));
        bad = bad || isBad(arguments.back());
    }
    if (bad)
        return std::nullopt;
    const Leniency leniency = isOpen(row) ? Leniency::Operator : Leniency::Function;
    const auto best = resolveOverload(function.signatures, std::span<const ExpressionPtr>(arguments), leniency);
    if (!best) {
        std::string takes;
        for (const AggregateSignature& signature : function.signatures)
            takes += (takes.empty() ? "" : " or ") + describeParameters(signature.parameters);
        const auto wrong = misfit(function.signatures, std::span<const ExpressionPtr>(arguments), leniency);
        error(kWrongArguments, wrong && arguments[*wrong]->span.length > 0 ? arguments[*wrong]->span : expression.span, expression.arguments[0]->name.text + "()", describeTypes(arguments), takes);
        return std::nullopt;
    }
    const auto& [signature, fit] = *best;
    const auto parameters = matchParameters(signature->parameters, arguments.size());
    PlanNode::AggregateResult result;
    result.call.function = &function;
    result.call.signature = signature;
    result.call.span = expression.span;
    result.call.arguments = convertArguments(arguments, fit.types);
    std::vector<const Value*> constants;
    for (std::size_t i = 0; i < result.call.arguments.size(); ++i) {
        if ((*parameters)[i]->constant) {
            result.call.arguments[i] = foldConstant(result.call.arguments[i]);
            if (!isConstant(*result.call.arguments[i])) {
                error(kConstantExpected, arguments[i]->span, "The argument '" + std::string((*parameters)[i]->name) + "'");
                return std::nullopt;
            }
        }
        constants.push_back(result.call.arguments[i]->kind == Expression::Kind::Literal ? &result.call.arguments[i]->value : nullptr);
    }
    result.call.resultTypes = signature->resultTypes(fit.types, constants);
    for (const DataType type : result.call.resultTypes)
        result.columns.push_back(newColumn({}, type));
    return result;
}

/// Names the result columns: as the query says, or by the rules of each function.
void QueryBinder::nameAggregate(PlanNode::AggregateResult& result, Expr call, const std::vector<NameSyntax>& given, bool tuple, NameTable& table, const Relation& rows)
{
    const std::string_view function = call.arguments[0]->name.text;
    std::vector<std::string> names;
    if (isArgExtreme(function) || isTakeAny(function)) {
        // Each column keeps its own name; arguments behind the star do not repeat.
        std::size_t next = 0;
        std::string first;
        for (std::size_t i = 1; i < call.arguments.size() && next < result.columns.size(); ++i) {
            const ExpressionSyntax& argument = *call.arguments[i];
            if (argument.kind == Kind::Star) {
                for (; next < result.call.arguments.size(); ++next) {
                    const ExpressionPtr& value = result.call.arguments[next];
                    std::string name;
                    for (const PlanColumn& column : rows.plan->columns)
                        if (value->kind == Expression::Kind::Column && value->column == column.id)
                            name = column.name;
                    if (name.empty() || (i + 1 < call.arguments.size() && names.size() + (call.arguments.size() - i - 1) >= result.columns.size()))
                        break;
                    names.push_back(name);
                }
            } else {
                names.push_back(argument.kind == Kind::Assign ? argument.names[0].text : impliedName(argument));
                if (i == 1)
                    first = names.back();
                if (names.back().empty() && i == 1 && isArgExtreme(function))
                    names.back() = std::string(function.substr(3).starts_with('_') ? function.substr(4) : function.substr(3)) + "_";
                ++next;
            }
        }
        if (function == "argmax" || function == "argmin") // the old spellings say where a value comes from
            for (std::size_t i = 0; i < names.size(); ++i)
                names[i] = std::string(function.substr(3)) + "_" + (i == 0 ? first : first + "_" + names[i]);
        if (isTakeAny(function) && result.columns.size() == 1 && !names.empty() && function == "any" && call.arguments[1]->kind != Kind::Star)
            names[0] = "any_" + names[0];
    } else if (isPercentile(function)) {
        const std::size_t first = function.ends_with("w") || function.ends_with("sw") ? 2 : 1;
        for (std::size_t i = 0; i < result.columns.size() && first + i < result.call.arguments.size(); ++i) {
            const ExpressionPtr& which = result.call.arguments[first + i];
            names.push_back("percentile_" + impliedName(*call.arguments[1]) + "_" + (which->kind == Expression::Kind::Literal ? percentileText(which->value) : ""));
        }
    } else {
        const ExpressionSyntax* argument = call.arguments.size() > 1 && call.arguments[1]->kind != Kind::Star ? call.arguments[1] : nullptr;
        static constexpr std::array kLikeArgument = {"take_anyif", "binary_all_or", "binary_all_and", "binary_all_xor"};
        std::string_view prefix = result.call.function->prefix.empty() ? result.call.function->name : result.call.function->prefix;
        if (function == "percentiles_array" || function == "percentilesw_array")
            prefix = "percentiles";
        const bool like = std::find(kLikeArgument.begin(), kLikeArgument.end(), function) != kLikeArgument.end();
        names.push_back(like && argument ? impliedName(*argument) : aggregateName(prefix, argument));
    }
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
        const bool isGiven = i < given.size() && (tuple || i == 0);
        const std::string wanted = isGiven ? given[i].text : i < names.size() ? names[i] : std::string();
        // Two names given by the query clash; a name that came from a star makes the later one count on.
        if (isGiven && table.has(wanted) && !table.isMade(wanted))
            report(makeError(kDuplicateColumn, wanted), given[i].span);
        result.columns[i].name = wanted.empty() ? table.nextColumn() : table.unique(wanted, !isGiven);
    }
}

ExpressionPtr QueryBinder::bindAggregateCall(const AggregateFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope)
{
    auto result = bindAggregate(function, expression, row, scope);
    if (!result || result->columns.empty())
        return m_bad;
    result->columns[0].name = "$aggregate" + std::to_string(row.aggregates->size());
    for (std::size_t i = 1; i < result->columns.size(); ++i)
        result->columns[i].name = result->columns[0].name + "_" + std::to_string(i);
    row.aggregates->push_back(*result);
    return columnRef(result->columns[0].id, result->columns[0].type, expression.span);
}

std::vector<Assignment> QueryBinder::bindGroupKeys(const std::vector<const ExpressionSyntax*>& by, const RowContext& row, const ScopePtr& scope, NameTable& names, std::string_view what)
{
    std::vector<Assignment> keys;
    for (const ExpressionSyntax* item : by)
        if (item->kind == Kind::Assign)
            for (const NameSyntax& name : item->names)
                names.reserve(name.text);
    for (const ExpressionSyntax* item : by) {
        std::vector<bool> explicitNames;
        for (auto& [wanted, value] : bindItem(*item, row, scope, &explicitNames)) {
            if (!isBad(value) && value->type == DataType::Dynamic) {
                if (row.rows && row.rows->openAt)
                    value = convertExpression(value, DataType::String);
                else
                    error(kDynamicKey, item->span, std::string(what));
            }
            if (item->kind == Kind::Name && names.has(wanted))
                report(makeError(kDuplicateColumn, wanted), item->span);
            const std::string name = explicitNames[0] ? wanted : wanted.empty() ? names.nextColumn() : names.unique(wanted);
            keys.push_back({newColumn(name, value->type), value});
            if (!explicitNames[0] && wanted.empty())
                m_numberedColumns.insert(keys.back().column.id);
        }
    }
    return keys;
}

Relation QueryBinder::bindSummarize(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const RowContext row{.rows = &input, .outer = outer.outer};
    NameTable names;
    for (const PlanColumn& column : input.plan->columns) // numbers go on where those of the input ended
        if (m_numberedColumns.contains(column.id))
            names.avoid(column.name);
    for (const ExpressionSyntax* item : op.expressions)
        if (item->kind == Kind::Assign && !item->tuple)
            for (const ExpressionSyntax* by : op.by)
                if (by->kind == Kind::Name && by->name.text == item->names[0].text)
                    report(makeError(kDuplicateColumn, item->names[0].text), item->names[0].span);
    Node node = newNode(PlanNode::Kind::Aggregate, op.span, {input.plan});
    node->assignments = bindGroupKeys(op.by, row, scope, names, "summarize by");
    if (op.step && !node->assignments.empty()) { // `by x bin=1h`
        const ExpressionPtr size = bindScalar(*op.step, {}, scope);
        Assignment& last = node->assignments.back();
        if (!isBad(size) && !isBad(last.value))
            last.value = callFunction("bin", {last.value, size}, op.step->span, Leniency::Function);
    }
    for (const Assignment& key : node->assignments)
        node->columns.push_back(key.column);
    RowContext inside = row;
    inside.groupKeys = &node->assignments;
    inside.aggregates = &node->aggregates;
    for (const ExpressionSyntax* item : op.expressions) // names of the query before names made up
        if (item->kind == Kind::Assign && !item->tuple && item->arguments[0]->kind != Kind::Call)
            names.reserve(item->names[0].text);
    std::vector<Assignment> results; // what stands behind the keys, in order
    bool computed = false;
    for (const ExpressionSyntax* item : op.expressions) {
        const ExpressionSyntax& value = item->kind == Kind::Assign ? *item->arguments[0] : *item;
        const AggregateFunction* function =
            value.kind == Kind::Call && value.arguments[0]->kind == Kind::Name && !findFunction(value.arguments[0]->name.text, scope) ? m_functions.findAggregate(value.arguments[0]->name.text) : nullptr;
        if (function) {
            auto result = bindAggregate(*function, value, inside, scope);
            if (!result) { // a column of the name all the same, so that what follows makes sense
                const std::string name = item->kind == Kind::Assign ? item->names[0].text : names.unique(aggregateName(function->prefix, value.arguments.size() > 1 ? value.arguments[1] : nullptr));
                results.push_back({newColumn(name, DataType::Dynamic), m_bad});
                computed = true;
                continue;
            }
            nameAggregate(*result, value, item->kind == Kind::Assign ? item->names : std::vector<NameSyntax>(), item->kind == Kind::Assign && item->tuple, names, input);
            for (const PlanColumn& column : result->columns)
                results.push_back(keep(column));
            node->aggregates.push_back(std::move(*result));
            continue;
        }
        const ExpressionPtr bound = bindScalar(value, inside, scope);
        computed = true;
        std::string name = item->kind == Kind::Assign ? item->names[0].text : impliedAggregateName(value, m_functions);
        if (item->kind != Kind::Assign)
            name = name.empty() ? names.nextColumn() : names.unique(name);
        results.push_back({newColumn(name, bound->type), bound});
    }
    for (const PlanNode::AggregateResult& aggregate : node->aggregates)
        node->columns.insert(node->columns.end(), aggregate.columns.begin(), aggregate.columns.end());
    std::vector<Assignment> all;
    for (const Assignment& key : node->assignments)
        all.push_back(keep(key.column));
    all.insert(all.end(), results.begin(), results.end());
    const bool bare = node->columns.empty();
    Relation result = finish(node, input);
    if (bare) {
        auto empty = std::make_shared<PlanNode>(*result.plan);
        empty->columns.clear();
        result.plan = empty;
    }
    if (op.by.empty() || !computed)
        result.openAt = std::nullopt;
    result.openAt = std::nullopt;
    result.broken = false;
    return computed ? project(result, std::move(all), op.span) : result;
}

Relation QueryBinder::bindDistinct(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    Node node = newNode(PlanNode::Kind::Aggregate, op.span, {input.plan});
    NameTable names;
    if (op.expressions.size() == 1 && op.expressions[0]->kind == Kind::Star) {
        for (const PlanColumn& column : visible(input)) {
            if (column.type == DataType::Dynamic && !input.openAt)
                error(kDynamicKey, op.expressions[0]->span, "distinct");
            node->assignments.push_back({newColumn(column.name, column.type), columnRef(column.id, column.type)});
        }
    } else {
        node->assignments = bindGroupKeys(op.expressions, {.rows = &input, .outer = outer.outer}, scope, names, "distinct");
    }
    for (const Assignment& key : node->assignments)
        node->columns.push_back(key.column);
    Relation result = finish(node, input);
    result.openAt = std::nullopt;
    return result;
}

Relation QueryBinder::bindCount(const Relation& input, Op op)
{
    ExpressionSyntax callee, count, assign;
    callee.kind = Kind::Name;
    callee.name.text = "count";
    count.kind = Kind::Call;
    count.arguments = {&callee};
    assign.kind = Kind::Assign;
    assign.arguments = {&count};
    assign.names = {{op.asName.missing() ? std::string("Count") : op.asName.text, op.keyword}};
    callee.span = count.span = assign.span = op.keyword;
    OperatorSyntax summarize;
    summarize.kind = OperatorSyntax::Kind::Summarize;
    summarize.span = op.span;
    summarize.expressions = {&assign};
    return bindSummarize(input, summarize, m_global, {});
}

Relation QueryBinder::bindMakeSeries(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const RowContext row{.rows = &input, .outer = outer.outer};
    NameTable names;
    Node node = newNode(PlanNode::Kind::MakeSeries, op.span, {input.plan});
    node->assignments = bindGroupKeys(op.by, row, scope, names, "make-series by");
    for (const Assignment& key : node->assignments)
        node->columns.push_back(key.column);
    const auto axisItem = bindItem(*op.axis, row, scope);
    const ExpressionPtr axis = axisItem.empty() ? m_bad : axisItem[0].second;
    std::string axisName = axisItem.empty() || axisItem[0].first.empty() ? std::string("Column1") : axisItem[0].first;
    PlanNode::Series series;
    series.axis = axis;
    const auto bound = [&](const ExpressionSyntax* expression, DataType type) -> ExpressionPtr {
        if (!expression)
            return nullptr;
        const ExpressionPtr value = foldConstant(bindScalar(*expression, {}, scope));
        return isBad(value) ? value : convertExpression(value, type);
    };
    const DataType axisType = isBad(axis) ? DataType::DateTime : axis->type == DataType::Int ? DataType::Long : axis->type;
    series.axis = isBad(axis) ? axis : convertExpression(axis, axisType);
    series.from = bound(op.from, axisType);
    series.to = bound(op.to, axisType);
    series.step = op.step ? bound(op.step, axisType == DataType::DateTime ? DataType::TimeSpan : axisType) : nullptr;
    const bool inRange = std::any_of(op.parameters.begin(), op.parameters.end(), [](const ParameterSyntax& p) { return p.name.text == "in range"; });
    if (inRange && !isBad(series.from) && !isBad(series.to) && !isBad(series.step)) { // up to the bin of the upper bound, and not aligned at the lower one
        series.from = foldConstant(callFunction("bin", {series.from, series.step}, op.span, Leniency::Function));
        series.to = foldConstant(callOperator("+", {callFunction("bin", {series.to, series.step}, op.span, Leniency::Function), series.step}, op.span));
    }
    series.nonEmpty = parameterText(op, "kind") == "nonempty";
    std::vector<PlanNode::AggregateResult> unused;
    for (const OperatorSyntax::SeriesSyntax& item : op.series) {
        const ExpressionSyntax& value = item.aggregate->kind == Kind::Assign ? *item.aggregate->arguments[0] : *item.aggregate;
        const AggregateFunction* function = value.kind == Kind::Call && value.arguments[0]->kind == Kind::Name ? m_functions.findAggregate(value.arguments[0]->name.text) : nullptr;
        if (!function) {
            error(kUnknownFunction, value.span, text(value.span), ": make-series needs an aggregate");
            continue;
        }
        RowContext inside = row;
        inside.groupKeys = &node->assignments;
        auto result = bindAggregate(*function, value, inside, scope);
        if (!result)
            continue;
        nameAggregate(*result, value, item.aggregate->kind == Kind::Assign ? item.aggregate->names : std::vector<NameSyntax>(), false, names, input);
        const DataType type = result->columns[0].type;
        ExpressionPtr fill = item.fill ? evaluated(bindScalar(*item.fill, {}, scope)) : nullptr;
        if (fill && !isBad(fill))
            fill = foldConstant(convertExpression(fill, isNumeric(fill->type) && fill->type == DataType::Real ? DataType::Real : type));
        if (fill && !isBad(fill) && fill->kind != Expression::Kind::Literal)
            error(kConstantExpected, item.fill->span, "The default");
        const bool numeric = isNumeric(type);
        series.defaults.push_back(fill && fill->kind == Expression::Kind::Literal ? fill->value : type == DataType::Real ? Value::real(0) : numeric ? Value::int64(0) : Value::null(type));
        for (PlanColumn& column : result->columns) {
            column.type = DataType::Dynamic;
            node->columns.push_back(column);
        }
        node->aggregates.push_back(std::move(*result));
    }
    node->columns.push_back(newColumn(names.unique(axisName), DataType::Dynamic));
    node->series = std::move(series);
    Relation result = finish(node, input);
    result.openAt = std::nullopt;
    return result;
}

} // namespace tocsin::kql
