// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/FormatPlanner.h"

namespace tocsin::kql::services {

void FormatPlanner::statements(const std::vector<const StatementSyntax*>& list, std::size_t group)
{
    bool behindFirst = false;
    for (const StatementSyntax* s : list) {
        if (s->span.length > 0 && behindFirst)
            hard(first(s->span));
        else if (group != kNone)
            soft(first(s->span), group);
        behindFirst = true;
        statement(*s);
    }
}

void FormatPlanner::statement(const StatementSyntax& s)
{
    switch (s.kind) {
    case StatementSyntax::Kind::Query: break;
    case StatementSyntax::Kind::Command: return;
    case StatementSyntax::Kind::Let: return let(s);
    case StatementSyntax::Kind::Pattern: return pattern(s);
    case StatementSyntax::Kind::QueryParameters: {
        const std::size_t open = first(s.span) + 2;
        tight(open);
        return functionParameters(s.parameters, open);
    }
    case StatementSyntax::Kind::Restrict:
        for (const Expr e : s.expressions)
            expression(e);
        if (!s.expressions.empty())
            bracketList(first(s.expressions[0]->span) - 1, starts(s.expressions));
        return;
    case StatementSyntax::Kind::Set: case StatementSyntax::Kind::Alias:
        name(s.name);
        return expression(s.expression);
    }
    if (!s.expression)
        return;
    if (s.expression->kind != Kind::Pipeline || !hasPipes(*s.expression->pipeline))
        return expression(s.expression);
    pipes(*s.expression->pipeline, group(first(s.span), last(s.span), true));
}

void FormatPlanner::let(const StatementSyntax& s)
{
    name(s.name);
    if (!s.expression)
        return;
    if (s.expression->kind != Kind::Pipeline || !hasPipes(*s.expression->pipeline))
        return expression(s.expression);
    const std::size_t start = first(s.expression->span);
    const std::size_t id = group(first(s.span), last(s.span), true);
    soft(start, id);
    nest(id, start, last(s.span));
    pipes(*s.expression->pipeline, id);
}

void FormatPlanner::pattern(const StatementSyntax& s)
{
    std::size_t open = last(s.name.span) + 2;
    if (!is(open, "("))
        return;
    functionParameters(s.parameters, open);
    std::size_t body = matching(open) + 1;
    if (is(body, "[")) {
        tight(body);
        body = matching(body) + 1;
    }
    const std::size_t close = matching(body);
    if (!is(body, "{") || close == kNone)
        return;
    const std::size_t id = group(body, close, true);
    nest(id, body + 1, close - 1);
    soft(close, id);
    for (const StatementSyntax::PatternMatch& match : s.patternMatches) {
        if (match.arguments.empty())
            continue;
        open = first(match.arguments[0]->span) - 1;
        soft(open, id);
        expressions(match.arguments);
        if (match.body.empty())
            continue;
        functionBody(match.body, first(match.body[0]->span) - 1);
    }
}

void FormatPlanner::functionBody(const std::vector<const StatementSyntax*>& body, std::size_t open)
{
    const std::size_t close = matching(open);
    if (!is(open, "{") || close == kNone)
        return;
    if (close == open + 1)
        return tight(close);
    const bool piped = !body.empty() && body[0]->expression && body[0]->expression->kind == Kind::Pipeline && hasPipes(*body[0]->expression->pipeline);
    const std::size_t id = group(open, close, body.size() > 1 || piped || newLineBefore(open + 1));
    soft(open + 1, id);
    soft(close, id);
    nest(id, open + 1, close - 1);
    statements(body, id);
}

bool FormatPlanner::pipesWrittenBroken(const PipelineSyntax& p) const
{
    for (const OperatorSyntax* op : p.operators) {
        const std::size_t keyword = first(op->span);
        if (keyword > 0 && is(keyword - 1, "|") && (op != p.operators.front() || p.source))
            return newLineBefore(keyword - 1) || newLineBefore(keyword);
    }
    return false;
}

void FormatPlanner::subquery(std::size_t open, const PipelineSyntax& p)
{
    const std::size_t close = matching(open);
    if (close == kNone || close == open + 1)
        return pipeline(p);
    const std::size_t id = group(open, close, pipesWrittenBroken(p) || (hasPipes(p) && newLineBefore(open + 1)));
    soft(open + 1, id);
    soft(close, id);
    nest(id, open + 1, close - 1);
    pipes(p, id);
}

void FormatPlanner::pipeline(const PipelineSyntax& p)
{
    if (p.span.length == 0)
        return;
    pipes(p, hasPipes(p) ? group(first(p.span), last(p.span), pipesWrittenBroken(p)) : kNone);
}

void FormatPlanner::pipes(const PipelineSyntax& p, std::size_t group)
{
    expression(p.source);
    for (const OperatorSyntax* op : p.operators) {
        const std::size_t keyword = first(op->span);
        if (group != kNone && keyword > 0 && is(keyword - 1, "|")) {
            soft(keyword - 1, group);
            spaced(keyword);
        }
        operation(*op);
    }
}

} // namespace tocsin::kql::services
