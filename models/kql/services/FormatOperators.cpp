// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/FormatPlanner.h"
#include "kql/services/SyntaxPath.h"

#include <algorithm>

namespace tocsin::kql::services {

void FormatPlanner::contents(const OperatorSyntax& op)
{
    parameters(op.parameters);
    for (const auto& output : op.graph.outputs)
        parameters(output.parameters);
    name(op.asName);
    expressions(childExpressions(op));
}

void FormatPlanner::operation(const OperatorSyntax& op)
{
    if (op.span.length == 0)
        return;
    contents(op);
    const std::size_t keyword = first(op.span), end = last(op.span);
    std::vector<std::size_t> orders;
    for (const OrderSyntax& order : op.orders)
        orders.push_back(first(order.expression->span));
    switch (op.kind) {
    case Op::Kind::Extend: case Op::Kind::Project: case Op::Kind::ProjectAway: case Op::Kind::ProjectKeep: case Op::Kind::ProjectRename: case Op::Kind::ProjectSmart:
    case Op::Kind::ProjectByNames: case Op::Kind::Distinct: case Op::Kind::Print: case Op::Kind::Serialize: case Op::Kind::Union:
        return wordList(keyword, starts(op.expressions), end);
    case Op::Kind::ProjectReorder: case Op::Kind::Sort: case Op::Kind::Top: return wordList(keyword, orders, end);
    case Op::Kind::Summarize: return summarize(op);
    case Op::Kind::Join: case Op::Kind::Lookup: return join(op);
    case Op::Kind::MvExpand: case Op::Kind::MvApply: return expand(op);
    case Op::Kind::Parse: case Op::Kind::ParseWhere: return parse(op);
    case Op::Kind::ParseKv:
        if (!op.columns.empty())
            declarations(first(op.columns[0].span) - 1, op.columns);
        return;
    case Op::Kind::MakeSeries: return makeSeries(op);
    case Op::Kind::TopNested: return topNested(op);
    case Op::Kind::Fork: return fork(op);
    case Op::Kind::Scan: return scan(op);
    case Op::Kind::MacroExpand: return macroExpand(op);
    case Op::Kind::Partition: case Op::Kind::Facet: case Op::Kind::MakeGraph:
        if (op.subquery && op.subquery->span.length > 0)
            subquery(first(op.subquery->span) - 1, *op.subquery);
        for (std::size_t i = keyword + 1; i + 2 <= end && op.kind == Op::Kind::MakeGraph; ++i)
            if (is(i, "-") && is(i + 1, "-") && is(i + 2, ">")) {
                tight(i + 1);
                tight(i + 2);
            }
        return;
    case Op::Kind::GraphMatch: case Op::Kind::GraphShortestPaths: return graphMatch(op);
    case Op::Kind::Find: case Op::Kind::Search: {
        if (!op.inTables.empty())
            bracketList(first(op.inTables[0]->span) - 1, starts(op.inTables));
        std::vector<std::size_t> starting;
        if (!op.project.empty())
            starting.push_back(first(op.project[0]->span) - 1);
        if (!op.projectAway.empty())
            starting.push_back(first(op.projectAway[0]->span) - 1);
        return clauses(op, {}, starting);
    }
    case Op::Kind::Render: {
        if (op.parameters.empty() || !is(first(op.parameters[0].span) - 1, "("))
            return;
        std::vector<std::size_t> items;
        for (const ParameterSyntax& p : op.parameters)
            items.push_back(first(p.span));
        bracketList(items[0] - 1, items);
        return;
    }
    case Op::Kind::AssertSchema: return declarations(keyword + 1, op.columns);
    default: return;
    }
}

void FormatPlanner::clauses(const OperatorSyntax& op, const std::vector<std::size_t>& items, const std::vector<std::size_t>& clauseStarts)
{
    const std::size_t keyword = first(op.span), end = last(op.span);
    const bool several = items.size() > 1;
    if (!several && clauseStarts.empty())
        return;
    const std::size_t id = group(keyword, end, several && writtenBroken(items[0], items[1]));
    for (const std::size_t item : items)
        if (several)
            soft(item, id);
    for (const std::size_t clause : clauseStarts)
        soft(clause, id);
    nest(id, keyword + 1, end);
}

void FormatPlanner::summarize(const OperatorSyntax& op)
{
    const std::size_t keyword = first(op.span), end = last(op.span);
    if (op.by.empty())
        return wordList(keyword, starts(op.expressions), end);
    const std::vector<std::size_t> keys = starts(op.by);
    const std::size_t by = keys[0] - 1;
    if (op.expressions.empty())
        return wordList(keyword, keys, end);
    clauses(op, starts(op.expressions), {by});
    wordList(by, keys, end);
}

void FormatPlanner::join(const OperatorSyntax& op)
{
    if (!op.on.empty())
        wordList(first(op.on[0]->span) - 1, starts(op.on), last(op.span));
}

void FormatPlanner::expand(const OperatorSyntax& op)
{
    std::size_t end = last(op.span);
    if (op.subquery && op.subquery->span.length > 0) {
        const std::size_t open = first(op.subquery->span) - 1;
        subquery(open, *op.subquery);
        end = open - 2; // before `on`
    }
    std::vector<std::size_t> items;
    for (const auto& item : op.expansions) {
        items.push_back(first(item.expression->span));
        for (std::size_t i = last(item.expression->span) + 1; i <= end && !is(i, ","); ++i)
            if (is(i, "typeof"))
                tight(i + 1);
    }
    wordList(first(op.span), items, end);
}

void FormatPlanner::parse(const OperatorSyntax& op)
{
    if (op.pattern.empty())
        return;
    const std::size_t with = first(op.pattern[0].span) - 1, end = last(op.span);
    const std::size_t id = group(with, end);
    m_plan.groups[id].fill = true;
    nest(id, with + 1, end);
    for (const auto& piece : op.pattern) {
        const std::size_t start = first(piece.span);
        for (std::size_t i = start + 1; i <= last(piece.span); ++i)
            space(i, piece.kind == Op::PatternPiece::Kind::Text ? Spacing::Space : Spacing::Tight);
        spaced(start);
        if (start > with + 1)
            soft(start, id, true);
    }
}

void FormatPlanner::makeSeries(const OperatorSyntax& op)
{
    if (!op.axis)
        return;
    std::vector<std::size_t> items, starting{first(op.axis->span) - 1};
    for (const auto& item : op.series) {
        items.push_back(first(item.aggregate->span));
        if (!item.fill)
            continue;
        tight(first(item.fill->span) - 1);
        tight(first(item.fill->span));
    }
    if (op.by.empty())
        return clauses(op, items, starting);
    const std::vector<std::size_t> keys = starts(op.by);
    starting.push_back(keys[0] - 1);
    clauses(op, items, starting);
    wordList(keys[0] - 1, keys, last(op.span));
}

void FormatPlanner::topNested(const OperatorSyntax& op)
{
    std::vector<std::size_t> items;
    for (const auto& level : op.levels) {
        std::size_t start = level.count ? first(level.count->span) : first(level.of->span) - 1;
        if (const std::size_t word = wordBefore(start, "top-nested"); word != kNone)
            start = word;
        items.push_back(start);
        if (level.others) {
            tight(first(level.others->span) - 1);
            tight(first(level.others->span));
        }
    }
    if (items.size() < 2)
        return;
    const std::size_t end = last(op.span), id = group(items[0], end, newLineBefore(items[1]) || newLineBefore(items[1] - 1));
    nest(id, items[0] + 1, end);
    for (std::size_t i = 1; i < items.size(); ++i)
        soft(items[i], id);
}

void FormatPlanner::fork(const OperatorSyntax& op)
{
    std::vector<std::size_t> items;
    for (const auto& branch : op.branches) {
        name(branch.name);
        if (!branch.query || branch.query->span.length == 0)
            continue;
        const std::size_t open = first(branch.query->span) - 1;
        subquery(open, *branch.query);
        items.push_back(branch.name.missing() ? open : first(branch.name.span));
    }
    wordList(first(op.span), items, last(op.span));
}

void FormatPlanner::scan(const OperatorSyntax& op)
{
    const std::size_t keyword = first(op.span);
    for (std::size_t i = keyword; !op.scanDeclares.empty() && i < first(op.scanDeclares[0].span); ++i)
        if (is(i, "declare"))
            functionParameters(op.scanDeclares, i + 1);
    if (op.steps.empty())
        return;
    std::vector<std::size_t> items;
    for (const auto& step : op.steps) {
        name(step.name);
        items.push_back(first(step.name.span) - 1);
        for (std::size_t i = first(step.name.span); i < first(step.condition->span); ++i)
            if (is(i, "=")) {
                tight(i);
                tight(i + 1);
            }
    }
    const std::size_t open = items[0] - 1, close = matching(open);
    if (!is(open, "(") || close == kNone)
        return;
    const std::size_t id = group(open, close, items.size() > 1);
    nest(id, open + 1, close - 1);
    soft(close, id);
    for (const std::size_t item : items)
        soft(item, id);
}

void FormatPlanner::macroExpand(const OperatorSyntax& op)
{
    const std::size_t open = op.body.empty() ? kNone : first(op.body[0]->span) - 1, close = matching(open);
    if (!is(open, "(") || close == kNone)
        return;
    const std::size_t id = group(open, close, true);
    nest(id, open + 1, close - 1);
    soft(close, id);
    statements(op.body, id);
}

void FormatPlanner::graphMatch(const OperatorSyntax& op)
{
    std::size_t patternStart = kNone;
    for (const auto& path : op.graph.patterns)
        for (std::size_t k = 0; k < path.size(); ++k) {
            const std::size_t start = first(path[k].span);
            patternStart = std::min(patternStart, start);
            for (std::size_t i = k == 0 ? start + 1 : start; i <= last(path[k].span); ++i)
                tight(i);
        }
    std::vector<std::size_t> starting;
    if (op.graph.where)
        starting.push_back(first(op.graph.where->span) - 1);
    const std::vector<std::size_t> items = starts(op.graph.project);
    if (!items.empty())
        starting.push_back(items[0] - 1);
    clauses(op, {}, starting);
    if (!items.empty())
        wordList(items[0] - 1, items, last(op.span));
}

} // namespace tocsin::kql::services
