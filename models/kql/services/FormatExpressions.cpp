// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/FormatPlanner.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

bool isLogic(const ExpressionSyntax& e) { return e.kind == ExpressionSyntax::Kind::Binary && (e.op == "and" || e.op == "or"); }

/// Operators that are read from left to right together.
int rank(const std::string& op) { return op == "or" ? 1 : op == "and" ? 2 : op == "+" || op == "-" ? 3 : op == "*" || op == "/" || op == "%" ? 4 : 0; }

} // namespace

void FormatPlanner::expressions(const std::vector<Expr>& list)
{
    for (const Expr e : list)
        expression(e);
}

void FormatPlanner::name(const NameSyntax& name)
{
    if (name.missing())
        return;
    for (std::size_t i = first(name.span) + 1; i <= last(name.span); ++i)
        tight(i);
}

void FormatPlanner::expression(Expr e)
{
    if (!e)
        return;
    switch (e->kind) {
    case Kind::Missing: case Kind::Star: return;
    case Kind::Literal:
        if (is(first(e->span), "-") || is(first(e->span), "+"))
            tight(first(e->span) + 1);
        if (is(first(e->span), "dynamic"))
            dynamicLiteral(first(e->span), last(e->span));
        return;
    case Kind::Name:
        for (const ColumnDeclaration& typed : e->columns)
            name(typed.name);
        return name(e->name);
    case Kind::Call: return call(*e);
    case Kind::Member:
        expression(e->arguments[0]);
        return name(e->name);
    case Kind::Index:
        tight(first(e->arguments[1]->span) - 1);
        return expressions(e->arguments);
    case Kind::Unary:
        tight(first(e->span) + 1);
        return expression(e->arguments[0]);
    case Kind::Binary: return binary(*e, true);
    case Kind::Between: {
        const std::size_t open = first(e->opSpan) + 1;
        spaced(open);
        return expressions(e->arguments);
    }
    case Kind::InList: return inList(*e);
    case Kind::Parenthesis: return parenthesis(*e);
    case Kind::Assign:
        for (const NameSyntax& n : e->names)
            name(n);
        return expression(e->arguments[0]);
    case Kind::Pipeline: return pipeline(*e->pipeline);
    case Kind::TypeOf:
        tight(first(e->span) + 1);
        return declarations(first(e->span) + 1, e->columns);
    case Kind::DataTable: return dataTable(*e);
    case Kind::ExternalData: return externalData(*e);
    case Kind::Function: {
        const std::size_t open = first(e->span) + (e->view ? 1 : 0);
        functionParameters(e->functionParameters, open);
        return functionBody(e->statements, matching(open) == kNone ? kNone : matching(open) + 1);
    }
    case Kind::SchemaCast: {
        expression(e->arguments[0]);
        const std::size_t colon = last(e->arguments[0]->span) + 1;
        spaced(colon);
        return declarations(colon + 1, e->columns);
    }
    }
}

void FormatPlanner::call(const ExpressionSyntax& e)
{
    const Expr callee = e.arguments[0];
    const std::size_t open = last(callee->span) + 1;
    if (!is(open, "(") || open > last(e.span))
        return; // `datetime(now)` is one token
    expression(callee);
    tight(open);
    const std::vector<Expr> arguments(e.arguments.begin() + 1, e.arguments.end());
    if (arguments.empty())
        return;
    if (arguments.size() == 1 && arguments[0]->kind == Kind::Pipeline)
        return subquery(open, *arguments[0]->pipeline);
    // Conditions and their values, keys and theirs stand in pairs.
    const bool pairs = callee->kind == Kind::Name && arguments.size() > 2 && (callee->name.text == "case" || callee->name.text == "bag_pack" || callee->name.text == "pack");
    const std::vector<std::size_t> items = starts(arguments);
    const std::size_t id = bracketList(open, items, !pairs && isSimple(arguments, 0), pairs ? 2 : 1);
    if (pairs && id != kNone)
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            const std::size_t pair = group(items[i], last(arguments[i + 1]->span));
            soft(items[i + 1], pair);
            nest(pair, items[i + 1], last(arguments[i + 1]->span));
        }
    expressions(arguments);
}

void FormatPlanner::binary(const ExpressionSyntax& e, bool nested)
{
    if (e.op == ":") { // of search
        const std::size_t colon = first(e.opSpan);
        tight(colon);
        tight(colon + 1);
        return expressions(e.arguments);
    }
    const int level = rank(e.op);
    for (std::size_t i = first(e.opSpan); i <= last(e.opSpan) + 1; ++i)
        spaced(i);
    if (level == 0)
        return expressions(e.arguments);
    // The chain of equal operators, from its last to its first.
    std::vector<std::size_t> operators;
    std::vector<Expr> operands;
    const ExpressionSyntax* at = &e;
    for (; at->kind == Kind::Binary && rank(at->op) == level; at = at->arguments[0]) {
        operators.push_back(first(at->opSpan));
        operands.push_back(at->arguments[1]);
    }
    operands.push_back(at);
    std::reverse(operators.begin(), operators.end());
    const bool broken = level <= 2 && (newLineBefore(operators[0]) || newLineBefore(operators[0] + 1));
    const std::size_t id = group(first(e.span), last(e.span), broken);
    if (nested)
        nest(id, first(e.span) + 1, last(e.span));
    for (const std::size_t op : operators) {
        spaced(op);
        spaced(op + 1);
        soft(op, id);
    }
    expressions(operands);
}

bool FormatPlanner::isSimple(const std::vector<Expr>& list, std::size_t from) const
{
    if (list.size() < from + 4)
        return false;
    return std::all_of(list.begin() + static_cast<std::ptrdiff_t>(from), list.end(), [this](Expr e) {
        const ExpressionSyntax& inner = e->kind == Kind::Unary ? *e->arguments[0] : *e;
        return inner.kind == Kind::Literal && !is(first(inner.span), "dynamic");
    });
}

void FormatPlanner::inList(const ExpressionSyntax& e)
{
    expression(e.arguments[0]);
    const std::size_t open = last(e.opSpan) + 1;
    const std::vector<Expr> items(e.arguments.begin() + 1, e.arguments.end());
    if (items.empty())
        return;
    if (!is(open, "(") || matching(open) == kNone || items.back()->span.end() > m_tree.tokens()[m_plan.tokens[matching(open)]].span.start)
        return expressions(items); // without parentheses, or with those of the value itself
    spaced(open);
    if (first(items[0]->span) <= open)
        return expressions(items);
    if (items.size() == 1 && items[0]->kind == Kind::Pipeline)
        return subquery(open, *items[0]->pipeline);
    bracketList(open, starts(items), isSimple(items, 0));
    expressions(items);
}

void FormatPlanner::parenthesis(const ExpressionSyntax& e)
{
    const std::size_t open = first(e.span), close = matching(open);
    if (!is(open, "(") || close == kNone || e.arguments.empty())
        return expressions(e.arguments);
    const ExpressionSyntax& inside = *e.arguments[0];
    if (inside.kind == Kind::Pipeline)
        return subquery(open, *inside.pipeline);
    // The parentheses of a condition open up with it, not for it.
    const bool logic = isLogic(inside);
    const std::size_t id = group(open, close, false);
    soft(open + 1, id);
    soft(close, id);
    nest(id, open + 1, close - 1);
    if (logic)
        binary(inside, false);
    else
        expression(&inside);
}

void FormatPlanner::dynamicLiteral(std::size_t from, std::size_t to)
{
    tight(from + 1);
    for (std::size_t i = from + 2; i < to; ++i) {
        const std::string_view word = text(i);
        if ((word == "-" || word == "+"))
            tight(i + 1);
        if (word != "[" && word != "{")
            continue;
        const std::size_t close = matching(i);
        if (close == kNone || close > to)
            return;
        tight(i + 1);
        tight(close);
        std::vector<std::size_t> items;
        bool simple = word == "[";
        for (std::size_t k = i + 1, start = k; k < close; ++k) {
            if (k == start)
                items.push_back(k);
            if (is(k, "[") || is(k, "{")) {
                simple = false;
                k = matching(k);
            } else if (is(k, ",")) {
                start = k + 1;
            }
        }
        bracketList(i, items, simple && items.size() > 3);
    }
}

void FormatPlanner::declarations(std::size_t open, const std::vector<ColumnDeclaration>& columns)
{
    if (columns.empty() || columns.front().name.missing())
        return;
    bracketList(open, starts(columns));
    for (const ColumnDeclaration& column : columns)
        name(column.name);
}

void FormatPlanner::functionParameters(const std::vector<ExpressionSyntax::FunctionParameter>& list, std::size_t open)
{
    bracketList(open, starts(list));
    for (const auto& parameter : list) {
        name(parameter.name);
        const std::size_t inner = last(parameter.name.span) + 2; // behind the colon
        if (!parameter.type && is(inner, "("))
            declarations(inner, parameter.columns);
        expression(parameter.defaultValue);
    }
}

void FormatPlanner::parameter(const ParameterSyntax& p)
{
    if (!p.value)
        return;
    const std::size_t equals = last(p.name.span) + 1;
    if (is(equals, "=")) {
        tight(equals);
        tight(equals + 1);
    }
    if (p.value->kind == Kind::Parenthesis && !is(first(p.value->span), "("))
        expressions(p.value->arguments); // a list of render
    else
        expression(p.value);
}

void FormatPlanner::parameters(const std::vector<ParameterSyntax>& list)
{
    for (const ParameterSyntax& p : list)
        parameter(p);
}

void FormatPlanner::dataTable(const ExpressionSyntax& e)
{
    const std::size_t open = first(e.span) + 1;
    tight(open);
    declarations(open, e.columns);
    const std::size_t rows = matching(open) == kNone ? kNone : matching(open) + 1;
    if (!is(rows, "["))
        return;
    const std::size_t columns = std::max<std::size_t>(1, e.columns.size());
    bracketList(rows, starts(e.arguments), columns == 1 && isSimple(e.arguments, 0), columns);
    expressions(e.arguments);
}

void FormatPlanner::externalData(const ExpressionSyntax& e)
{
    const std::size_t open = first(e.span) + 1;
    tight(open);
    declarations(open, e.columns);
    const std::size_t sources = matching(open) == kNone ? kNone : matching(open) + 1;
    if (!is(sources, "["))
        return;
    bracketList(sources, starts(e.arguments));
    expressions(e.arguments);
    parameters(e.parameters);
    if (e.parameters.empty() || matching(sources) == kNone || !is(matching(sources) + 2, "("))
        return;
    std::vector<std::size_t> items;
    for (const ParameterSyntax& p : e.parameters)
        items.push_back(first(p.span));
    bracketList(matching(sources) + 2, items);
}

} // namespace tocsin::kql::services
