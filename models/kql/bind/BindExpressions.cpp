// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include "base/Utf8.h"
#include "kql/syntax/Suggestion.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

ExpressionPtr QueryBinder::bindScalar(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    switch (expression.kind) {
    case Kind::Missing: return m_bad;
    case Kind::Literal: return row.search && expression.value.type() == DataType::String ? bindSearchText(expression, row) : bindLiteral(expression);
    case Kind::Name: return bindName(expression, row, scope);
    case Kind::Call: return bindCall(expression, row, scope);
    case Kind::Member: return bindMember(expression, row, scope);
    case Kind::Index: return bindIndex(expression, row, scope);
    case Kind::Parenthesis: return bindScalar(*expression.arguments[0], row, scope);
    case Kind::Binary: return bindBinary(expression, row, scope);
    case Kind::InList: return bindList(expression, row, scope);
    case Kind::Between: return bindBetween(expression, row, scope);
    case Kind::Assign:
        // `f(name = value)`: the value counts.
        return bindScalar(*expression.arguments[0], row, scope);
    case Kind::Unary: {
        const ExpressionPtr operand = bindScalar(*expression.arguments[0], row, scope);
        if (isBad(operand) || expression.op == "+")
            return operand;
        return foldConstant(callOperator("-", {operand}, expression.span));
    }
    case Kind::TypeOf: {
        const DataType type = expression.columns.empty() ? DataType::Dynamic : expression.columns.front().type;
        return literal(Value::string(std::string(typeName(type))), expression.span);
    }
    case Kind::Star:
        if (row.search)
            return literal(Value::boolean(true), expression.span);
        return error(kMisplaced, expression.span, "'*'");
    case Kind::Pipeline: case Kind::DataTable: case Kind::ExternalData: case Kind::Function: case Kind::SchemaCast:
        return error(kScalarExpected, expression.span, text(expression.span));
    }
    return m_bad;
}

ExpressionPtr QueryBinder::bindLiteral(Expr expression)
{
    if (expression.invalid)
        return error(kBadLiteral, expression.span, text(expression.span));
    return literal(expression.value, expression.span);
}

std::vector<PlanColumn> QueryBinder::visible(const Relation& relation) const
{
    std::vector<PlanColumn> columns;
    columns.reserve(relation.plan->columns.size());
    for (const PlanColumn& column : relation.plan->columns)
        if (column.name != kIngestionTimeColumn)
            columns.push_back(column);
    return columns;
}

bool QueryBinder::isExpectedlyBroken(const RowContext& row) const
{
    return (row.rows && row.rows->broken) || (row.right && row.right->broken) || (row.outer && row.outer->broken);
}

ExpressionPtr QueryBinder::columnNamed(const Relation& relation, std::string_view name, SourceSpan span)
{
    for (const PlanColumn& column : relation.plan->columns)
        if (column.name == name) {
            if (observer() && span.length > 0)
                observer()->columnAt(span, relation, column);
            return columnRef(column.id, column.type, span);
        }
    return nullptr;
}

ExpressionPtr QueryBinder::bindName(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const std::string& name = expression.name.text;
    if (expression.name.missing())
        return m_bad;
    if (row.aggregates && row.groupKeys) {
        for (const Assignment& key : *row.groupKeys)
            if (key.column.name == name)
                return columnRef(key.column.id, key.column.type, expression.span);
    }
    if (row.rows) {
        if (const ExpressionPtr column = columnNamed(*row.rows, name, expression.span)) {
            if (!row.aggregates)
                return column;
            for (const Assignment& key : *row.groupKeys)
                if (key.value->kind == Expression::Kind::Column && key.value->column == column->column)
                    return columnRef(key.column.id, key.column.type, expression.span);
            return error(kAggregateExpected, expression.span, name);
        }
    }
    if (const ExpressionPtr variable = bindGraphVariable(name, expression.span))
        return variable;
    if (row.outer)
        if (const ExpressionPtr column = columnNamed(*row.outer, name, expression.span))
            return column;
    if (const auto symbol = scope->find(name)) {
        if (observer())
            observer()->symbolAt(expression.span, name, *symbol);
        if (symbol->kind == Symbol::Kind::Scalar) {
            if (isBad(symbol->scalar))
                return m_bad;
            auto copy = std::make_shared<Expression>(*symbol->scalar);
            copy->span = expression.span;
            return copy;
        }
        if (symbol->kind == Symbol::Kind::Function) {
            ExpressionSyntax call;
            call.kind = Kind::Call;
            call.span = expression.span;
            call.arguments = {&expression};
            return bindScalarUserFunction(*symbol, call, row, scope);
        }
        return symbol->kind == Symbol::Kind::Unknown ? m_bad : error(kScalarExpected, expression.span, name);
    }
    return unknownName(name, expression.span, row, scope);
}

ExpressionPtr QueryBinder::unknownName(std::string_view name, SourceSpan span, const RowContext& row, const ScopePtr& scope)
{
    if (isExpectedlyBroken(row))
        return m_bad;
    if (row.rows && row.rows->openAt) {
        auto& known = openColumns[*row.rows->openAt];
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            known.emplace_back(name);
            m_sawNewOpenColumn = true;
        }
        return m_bad;
    }
    if (row.rows) {
        // A table that grows: the ending says the type, and no row has a value yet.
        const PlanNode* node = row.rows->plan.get();
        while (node->kind != PlanNode::Kind::Scan && node->inputs.size() == 1)
            node = node->inputs[0].get();
        if (node->kind == PlanNode::Kind::Scan) {
            if (node->source->schema().open && name.size() > 2 && name[name.size() - 2] == '_')
                switch (name.back()) {
                case 's': return literal(Value::null(DataType::String), span);
                case 'd': return literal(Value::null(DataType::Real), span);
                case 'b': return literal(Value::null(DataType::Bool), span);
                case 'g': return literal(Value::null(DataType::Guid), span);
                case 't': return literal(Value::null(DataType::DateTime), span);
                default: break;
                }
        }
    }
    if (!row.rows && findTable(name, scope))
        return error(kScalarExpected, span, std::string(name));
    if (m_functions.findAggregate(name) || m_functions.findScalar(name))
        return error(kUnknownName, span, std::string(name), ": it is a function and needs parentheses");
    std::vector<std::string> candidates;
    if (!m_options.endOnly)
        candidates = scope->names();
    if (row.rows && !m_options.endOnly)
        for (const PlanColumn& column : visible(*row.rows))
            candidates.push_back(column.name);
    const std::string hint = didYouMean(name, candidates);
    return row.rows ? error(kUnknownColumn, span, std::string(name), hint) : error(kUnknownName, span, std::string(name), hint);
}

ExpressionPtr QueryBinder::access(ExpressionPtr base, ExpressionPtr key, SourceSpan span)
{
    if (isBad(base) || isBad(key))
        return m_bad;
    if (key->type == DataType::Int)
        key = convertExpression(key, DataType::Long);
    return callOperator("[]", {std::move(base), std::move(key)}, span);
}

/// A column of text whose members are asked for is read as JSON: the tables of logs keep bags as text.
ExpressionPtr QueryBinder::asBag(ExpressionPtr value, SourceSpan span)
{
    if (isBad(value) || value->type != DataType::String || value->kind != Expression::Kind::Column)
        return value;
    warn(makeError(kTextAsJson, text(span)), span);
    return callOperator("parse_json", {std::move(value)}, span);
}

ExpressionPtr QueryBinder::bindMember(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const ExpressionSyntax& base = *expression.arguments[0];
    if (base.kind == Kind::Name && !base.name.bracketed && (base.name.text == "$left" || base.name.text == "$right")) {
        const Relation* side = base.name.text == "$left" ? row.rows : row.right;
        if (!side || !row.right)
            return error(kUnknownName, base.span, base.name.text, "");
        if (const ExpressionPtr column = columnNamed(*side, expression.name.text, expression.span))
            return column;
        return unknownName(expression.name.text, expression.name.span, {.rows = side}, scope);
    }
    if (const ExpressionPtr member = bindGraphMember(expression))
        return member;
    if (base.kind == Kind::Name && m_scanSteps)
        for (std::size_t i = 0; i < m_scanSteps->size(); ++i)
            if ((*m_scanSteps)[i].name.text == base.name.text) {
                for (const PlanColumn& column : (*m_scanStates)[i])
                    if (column.name == base.name.text + "." + expression.name.text)
                        return columnRef(column.id, column.type, expression.span);
                return unknownName(expression.name.text, expression.name.span, row, scope);
            }
    if (const ExpressionPtr place = bindPlaceMember(expression, scope))
        return place;
    const ExpressionPtr value = asBag(bindScalar(base, row, scope), base.span);
    if (!isBad(value) && value->type != DataType::Dynamic) {
        if (value->kind == Expression::Kind::Literal && value->value.isNull())
            return access(literal(Value::null(DataType::Dynamic), value->span), literal(Value::string(expression.name.text)), expression.span);
        return error(kWrongOperands, expression.name.span, ".", std::string(typeName(value->type)), "'" + expression.name.text + "'");
    }
    return access(value, literal(Value::string(expression.name.text), expression.name.span), expression.span);
}

ExpressionPtr QueryBinder::bindIndex(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    const ExpressionPtr base = asBag(bindScalar(*expression.arguments[0], row, scope), expression.arguments[0]->span);
    const ExpressionPtr key = bindScalar(*expression.arguments[1], row, scope);
    if (isBad(base) || isBad(key))
        return m_bad;
    if (base->type != DataType::Dynamic)
        return error(kWrongOperands, {expression.arguments[0]->span.end(), expression.span.end() - expression.arguments[0]->span.end()}, "[]", std::string(typeName(base->type)), std::string(typeName(key->type)));
    return access(base, key->type == DataType::Dynamic ? convertExpression(key, DataType::String) : key, expression.span);
}

ExpressionPtr QueryBinder::bindBinary(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    if (expression.op == "and" || expression.op == "or")
        return bindLogic(expression, row, scope);
    if (expression.arguments[0]->kind == Kind::Star)
        return bindStarPredicate(expression, row, scope);
    RowContext plain = row;
    plain.search = false;
    const ExpressionPtr left = bindScalar(*expression.arguments[0], plain, scope);
    const ExpressionPtr right = bindScalar(*expression.arguments[1], plain, scope);
    if (isBad(left) || isBad(right))
        return m_bad;
    static constexpr std::pair<std::string_view, std::string_view> kOldNames[] = {
        {":", "has"}, {"<>", "!="}, {"notcontains", "!contains"}, {"containscs", "contains_cs"}, {"notcontainscs", "!contains_cs"}};
    std::string_view op = expression.op;
    for (const auto& [old, now] : kOldNames)
        if (op == old)
            op = now;
    if (expression.op == ":" && right->type != DataType::String)
        op = "==";
    if (!checkOrder(op, left, right, row, expression.opSpan.length > 0 ? expression.opSpan : expression.span))
        return m_bad;
    return callOperator(op, {left, right}, expression.span, expression.opSpan);
}

/// A dynamic value is smaller or larger only than a number or a text; a guid than nothing.
bool QueryBinder::checkOrder(std::string_view op, const ExpressionPtr& left, const ExpressionPtr& right, const RowContext& row, SourceSpan span)
{
    if (isOpen(row) || (op != "<" && op != ">" && op != "<=" && op != ">="))
        return true;
    const auto unordered = [](DataType a, DataType b) {
        if (a == DataType::Guid && b == DataType::Guid)
            return true;
        return a == DataType::Dynamic && (b == DataType::DateTime || b == DataType::TimeSpan || b == DataType::Guid || b == DataType::Bool);
    };
    if (!unordered(left->type, right->type) && !unordered(right->type, left->type))
        return true;
    error(kWrongOperands, span, std::string(op), std::string(typeName(left->type)), std::string(typeName(right->type)));
    return false;
}

ExpressionPtr QueryBinder::bindLogic(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    // `a or b or c …` may be thousands long: the chain is walked, not recursed into.
    std::vector<const ExpressionSyntax*> operands;
    const ExpressionSyntax* at = &expression;
    while (at->kind == Kind::Binary && at->op == expression.op) {
        operands.push_back(at->arguments[1]);
        at = at->arguments[0];
    }
    operands.push_back(at);
    std::vector<ExpressionPtr> bound;
    bool bad = false;
    for (auto it = operands.rbegin(); it != operands.rend(); ++it) {
        ExpressionPtr operand = bindScalar(**it, row, scope);
        if (isBad(operand)) {
            bad = true;
        } else if (operand->type != DataType::Bool && operand->type != DataType::Dynamic) {
            error(kNotBoolean, (*it)->span, std::string(typeName(operand->type)));
            bad = true;
        } else {
            bound.push_back(convertExpression(operand, DataType::Bool));
        }
    }
    return bad ? m_bad : callOperator(expression.op, std::move(bound), expression.span);
}

ExpressionPtr QueryBinder::bindCondition(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    ExpressionPtr condition = bindScalar(expression, row, scope);
    if (expression.kind == Kind::Assign && !isBad(condition)) { // `where x = true` names the value and compares nothing
        if (condition->type != DataType::Bool)
            return error(kAssignmentInCondition, expression.span);
        warn(makeError(kAssignmentInCondition), expression.span);
    }
    if (isBad(condition) || condition->type == DataType::Bool)
        return condition;
    // What a plugin's data will give may turn out to be bool.
    if (condition->type == DataType::Dynamic && row.rows && row.rows->openAt)
        return convertExpression(condition, DataType::Bool);
    return error(kNotBoolean, expression.span, std::string(typeName(condition->type)));
}

void QueryBinder::alignOperands(std::vector<ExpressionPtr>& arguments)
{
    // Text against another type: a literal text is read as that type; otherwise the other side is compared as text.
    const DataType first = arguments[0]->type;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const DataType other = arguments[i]->type;
        if (first == other || first == DataType::Dynamic || other == DataType::Dynamic)
            continue;
        if (other == DataType::String && arguments[i]->kind == Expression::Kind::Literal) {
            arguments[i] = convertExpression(arguments[i], first);
        } else if (first == DataType::String) {
            if (arguments.size() == 2 && arguments[0]->kind == Expression::Kind::Literal)
                arguments[0] = convertExpression(arguments[0], other);
            else
                arguments[i] = convertExpression(arguments[i], DataType::String);
        } else if (other == DataType::String && arguments.size() == 2) {
            arguments[0] = convertExpression(arguments[0], DataType::String);
            return;
        } else if (first == DataType::Bool && isNumeric(other)) {
            arguments[i] = convertExpression(arguments[i], DataType::Bool);
        } else if (other == DataType::Bool && isNumeric(first)) {
            arguments[i] = convertExpression(arguments[i], first);
        }
    }
}

ExpressionPtr QueryBinder::bindList(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    RowContext plain = row;
    plain.search = false;
    if (expression.arguments[0]->kind == Kind::Star)
        return bindStarPredicate(expression, row, scope);
    std::vector<ExpressionPtr> arguments{bindScalar(*expression.arguments[0], plain, scope)};
    bool bad = isBad(arguments[0]);
    for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
        const ExpressionSyntax& item = *expression.arguments[i];
        const bool column = item.kind == Kind::Name && row.rows && columnNamed(*row.rows, item.name.text, item.span);
        if (!column && isTabular(item, scope)) {
            if (expression.arguments.size() > 2) {
                error(kScalarExpected, item.span, text(item.span));
                bad = true;
                continue;
            }
            const Relation table = bindTable(item, scope);
            const auto columns = visible(table);
            if (columns.empty()) {
                bad = true;
                continue;
            }
            auto set = std::make_shared<Expression>();
            set->kind = Expression::Kind::ValueSet;
            set->type = DataType::Dynamic;
            set->span = item.span;
            set->subplan = project(table, {keep(columns[0])}, item.span).plan;
            arguments.push_back(set);
        } else {
            arguments.push_back(bindScalar(item, plain, scope));
            bad = bad || isBad(arguments.back());
        }
    }
    if (bad)
        return m_bad;
    std::string_view op = expression.op;
    const bool negatedHas = op == "!has_any" || op == "!has_all";
    if (negatedHas)
        op.remove_prefix(1);
    if (arguments.size() == 1)
        arguments.push_back(literal(Value::dynamic(std::string("\x0A\0\0\0\0", 5)), expression.span)); // an empty array
    if (op == "has_any" || op == "has_all")
        for (std::size_t i = 1; i < arguments.size(); ++i)
            if (arguments[i]->type != DataType::Dynamic)
                arguments[i] = convertExpression(arguments[i], DataType::String);
    if (op == "in" || op == "!in")
        alignOperands(arguments);
    else if (op == "in~" || op == "!in~")
        for (ExpressionPtr& argument : arguments)
            if (argument->type != DataType::Dynamic)
                argument = convertExpression(argument, DataType::String);
    const ExpressionPtr result = callOperator(op, std::move(arguments), expression.span);
    return negatedHas && !isBad(result) ? callOperator("not", {result}, expression.span) : result;
}

ExpressionPtr QueryBinder::bindBetween(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    std::vector<ExpressionPtr> arguments;
    for (const ExpressionSyntax* argument : expression.arguments) {
        arguments.push_back(bindScalar(*argument, row, scope));
        if (isBad(arguments.back()))
            return m_bad;
    }
    return callOperator(expression.op, std::move(arguments), expression.span);
}

/// `* has "x"`: whether it holds for one of the columns it makes sense for.
ExpressionPtr QueryBinder::bindStarPredicate(Expr expression, const RowContext& row, const ScopePtr& scope)
{
    if (!row.rows)
        return error(kMisplaced, expression.arguments[0]->span, "'*'");
    RowContext plain = row;
    plain.search = false;
    std::vector<ExpressionPtr> operands;
    for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
        operands.push_back(bindScalar(*expression.arguments[i], plain, scope));
        if (isBad(operands.back()))
            return m_bad;
    }
    const std::string op = expression.op == ":" ? "has" : expression.op;
    const bool textual = operands[0]->type == DataType::String;
    std::vector<ExpressionPtr> each;
    for (const PlanColumn& column : visible(*row.rows)) {
        ExpressionPtr value = columnRef(column.id, column.type, expression.arguments[0]->span);
        if (textual && !isTextual(column.type)) {
            if (op == "==" || op == "!=" || op == "in" || op == "!in")
                continue;
            value = convertExpression(value, DataType::String);
        } else if (!textual && column.type != operands[0]->type && !(isNumeric(column.type) && isNumeric(operands[0]->type))) {
            continue;
        }
        std::vector<ExpressionPtr> arguments{value};
        arguments.insert(arguments.end(), operands.begin(), operands.end());
        each.push_back(callOperator(op, std::move(arguments), expression.span));
    }
    if (each.empty())
        return literal(Value::boolean(false), expression.span);
    return each.size() == 1 ? each[0] : callOperator("or", std::move(each), expression.span);
}

/// A bare string in search: a term anywhere in the row, with `*` at its ends or inside as wildcards.
ExpressionPtr QueryBinder::bindSearchText(Expr expression, const RowContext& row)
{
    std::string wanted = expression.value.asText();
    std::string_view op = "has";
    const bool starts = wanted.starts_with('*'), ends = wanted.size() > 1 && wanted.ends_with('*');
    std::string_view inside = wanted;
    if (starts)
        inside.remove_prefix(1);
    if (ends)
        inside.remove_suffix(1);
    if (inside.find('*') != std::string_view::npos) {
        op = "matches regex";
    } else if (wanted == "*" || inside.empty()) {
        return literal(Value::boolean(true), expression.span);
    } else if (starts || ends) {
        op = starts && ends ? "contains" : starts ? "hassuffix" : "hasprefix";
    }
    std::string pattern(inside);
    if (m_caseSensitiveSearch)
        op = op == "has" ? "has_cs" : op == "contains" ? "contains_cs" : op == "hassuffix" ? "hassuffix_cs" : op == "hasprefix" ? "hasprefix_cs" : op;
    if (op == "matches regex") {
        pattern = m_caseSensitiveSearch ? "(?s)" : "(?is)";
        for (const char c : inside) {
            if (c == '*')
                pattern += ".*";
            else if (isTermChar(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80)
                pattern += c;
            else
                (pattern += '\\') += c;
        }
    }
    std::vector<ExpressionPtr> each;
    for (const PlanColumn& column : visible(*row.rows))
        each.push_back(callOperator(op, {convertExpression(columnRef(column.id, column.type, expression.span), DataType::String), literal(Value::string(pattern))}, expression.span));
    if (each.empty())
        return literal(Value::boolean(false), expression.span);
    return each.size() == 1 ? each[0] : callOperator("or", std::move(each), expression.span);
}

} // namespace tocsin::kql
