// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that take values apart: mv-expand, mv-apply, parse, parse-kv.
#include "kql/bind/QueryBinder.h"

#include <algorithm>

namespace tocsin::kql {

Relation QueryBinder::bindMvExpand(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    const RowContext row{.rows = &input, .outer = outer.outer};
    Node node = newNode(PlanNode::Kind::MvExpand, op.span, {input.plan});
    std::vector<PlanColumn> columns = input.plan->columns;
    std::set<std::string> expanded;
    int unnamed = 0;
    for (const OperatorSyntax::ExpandSyntax& item : op.expansions) {
        const auto values = bindItem(*item.expression, row, scope);
        if (values.empty())
            continue;
        auto [name, value] = values[0];
        if (name.empty())
            name = "Column" + std::to_string(++unnamed);
        if (!isBad(value) && value->type != DataType::Dynamic) {
            if (value->type != DataType::String)
                error(kWrongArguments, item.expression->span, std::string(operatorName(op.kind)), std::string(typeName(value->type)), "dynamic arrays and bags");
            value = convertExpression(value, DataType::Dynamic);
        }
        const DataType type = item.type.value_or(DataType::Dynamic);
        const PlanColumn column = newColumn(name, type);
        const auto existing = std::find_if(columns.begin(), columns.end(), [&, n = name](const PlanColumn& c) { return c.name == n; });
        if (existing != columns.end())
            *existing = column;
        else
            columns.push_back(column);
        expanded.insert(name);
        node->expansions.push_back({value, column, item.type.has_value()});
    }
    if (const std::string index = parameterText(op, "with_itemindex"); !index.empty()) {
        const PlanColumn column = newColumn(index, DataType::Long);
        columns.push_back(column);
        node->itemIndexColumn = column.id;
        expanded.insert(index);
    }
    std::string kind = parameterText(op, "kind");
    if (kind.empty())
        kind = parameterText(op, "bagexpansion");
    node->expandBagsAsArrays = kind == "array";
    if (op.count) {
        const ExpressionPtr limit = bindCount(op.count, scope, "The limit");
        if (limit->kind == Expression::Kind::Literal && limit->type == DataType::Long && !limit->value.isNull())
            node->expandLimit = limit->value.asLong();
    } else if (text({op.keyword.start, op.keyword.length}) == "mvexpand") {
        node->expandLimit = 128; // what the old spelling stops at
    }
    node->columns = columns;
    if (op.kind == OperatorSyntax::Kind::MvExpand || !op.subquery) {
        Relation result = finish(node, input);
        return result;
    }
    return bindMvApplySubquery(input, node, op, scope, expanded);
}

/// The subquery sees the expanded rows with the row's other columns; what it gives stands beside the row's columns that were not expanded.
Relation QueryBinder::bindMvApplySubquery(const Relation& input, const Node& node, Op op, const ScopePtr& scope, const std::set<std::string>& expanded)
{
    Node leaf = newNode(PlanNode::Kind::Extension, op.span);
    leaf->name = "mv-apply-rows";
    leaf->columns = node->columns;
    leaf->serialized = true;
    numberSubquery(*node, *leaf);
    Relation rows{leaf};
    rows.broken = input.broken;
    rows.openAt = input.openAt;
    const Relation result = bindPipeline(*op.subquery, newScope(scope), {}, &rows); // names of `as` mean nothing outside
    node->inputs.push_back(result.plan);
    std::vector<PlanColumn> columns;
    std::vector<PlanColumn> produced = visible(result);
    for (const PlanColumn& column : input.plan->columns) {
        const auto same = std::find_if(produced.begin(), produced.end(), [&](const PlanColumn& c) { return c.name == column.name; });
        // A column that is expanded under its own name stands where the subquery has it, behind the others.
        const bool moves = std::any_of(op.expansions.begin(), op.expansions.end(), [&](const auto& item) {
            return item.expression->kind == Kind::Name && item.expression->name.text == column.name;
        });
        if (moves)
            continue;
        if (same == produced.end()) {
            if (!expanded.contains(column.name))
                columns.push_back(column);
        } else {
            columns.push_back(*same);
            produced.erase(same);
        }
    }
    columns.insert(columns.end(), produced.begin(), produced.end());
    node->columns = columns;
    Relation applied = finish(node, input);
    applied.broken = applied.broken || result.broken;
    return applied;
}

Relation QueryBinder::bindParse(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    using Piece = OperatorSyntax::PatternPiece;
    Node node = newNode(PlanNode::Kind::Parse, op.span, {input.plan});
    const ExpressionPtr subject = bindScalar(*op.expressions[0], {.rows = &input, .outer = outer.outer}, scope);
    node->expressions = {isBad(subject) ? subject : convertExpression(subject, DataType::String)};
    const std::string kind = parameterText(op, "kind");
    if (kind == "regex")
        node->parseMode = PlanNode::ParseMode::Regex;
    else if (kind == "relaxed")
        node->parseMode = PlanNode::ParseMode::Relaxed;
    else if (!kind.empty() && kind != "simple")
        report(makeError(kBadOption, "kind", "'" + kind + "'", "simple, regex or relaxed"), parameter(op, "kind")->span);
    node->parseFlags = parameterText(op, "flags");
    node->parseFilters = op.kind == OperatorSyntax::Kind::ParseWhere;
    std::vector<PlanColumn> columns = input.plan->columns;
    // One step per column or star: the text in front of it belongs to it.
    PlanNode::ParseStep step;
    bool pendingText = false;
    const auto flush = [&] {
        node->parseSteps.push_back(step);
        step = {};
        pendingText = false;
    };
    for (const Piece& piece : op.pattern) {
        switch (piece.kind) {
        case Piece::Kind::Text:
            if (pendingText && step.literal.empty())
                flush();
            step.literal += piece.text;
            pendingText = true;
            break;
        case Piece::Kind::Star:
            step.star = true;
            flush();
            break;
        case Piece::Kind::Column: {
            const PlanColumn column = newColumn(piece.column.name.text, piece.column.type);
            const auto isNamed = [&](const PlanColumn& c) { return c.name == column.name; };
            if (std::any_of(node->parseColumns.begin(), node->parseColumns.end(), isNamed))
                report(makeError(kDuplicateColumn, column.name), piece.column.name.span);
            step.column = node->parseColumns.size();
            node->parseColumns.push_back(column);
            const auto existing = std::find_if(columns.begin(), columns.end(), isNamed);
            if (existing != columns.end())
                *existing = column;
            else
                columns.push_back(column);
            flush();
            break;
        }
        }
    }
    if (pendingText)
        flush();
    node->columns = columns;
    node->serialized = input.plan->serialized;
    return finish(node, input);
}

Relation QueryBinder::bindParseKv(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer)
{
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "parse-kv";
    const ExpressionPtr subject = bindScalar(*op.expressions[0], {.rows = &input, .outer = outer.outer}, scope);
    node->expressions = {isBad(subject) ? subject : convertExpression(subject, DataType::String)};
    std::vector<PlanColumn> columns = input.plan->columns;
    for (const ColumnDeclaration& declaration : op.columns) {
        const PlanColumn column = newColumn(declaration.name.text, declaration.type);
        node->parseColumns.push_back(column);
        const auto existing = std::find_if(columns.begin(), columns.end(), [&](const PlanColumn& c) { return c.name == column.name; });
        if (existing != columns.end())
            *existing = column;
        else
            columns.push_back(column);
    }
    for (const ParameterSyntax& option : op.parameters) {
        const ExpressionPtr value = evaluated(bindScalar(*option.value, {}, scope));
        if (isBad(value))
            continue;
        if (value->kind != Expression::Kind::Literal)
            error(kConstantExpected, option.span, option.name.text);
        else
            node->options.emplace(option.name.text, value->value);
    }
    node->columns = columns;
    node->serialized = input.plan->serialized;
    return finish(node, input);
}

} // namespace tocsin::kql
