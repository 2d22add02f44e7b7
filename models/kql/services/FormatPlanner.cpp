// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/FormatPlanner.h"

#include "kql/services/TokenLookup.h"

#include <algorithm>

namespace tocsin::kql::services {

FormatPlanner::FormatPlanner(const SyntaxTree& tree) : m_tree(tree)
{
    m_plan.tokens = significantTokens(tree.tokens());
    m_plan.gaps.resize(m_plan.tokens.size());
    m_match.assign(m_plan.tokens.size(), kNone);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < m_plan.tokens.size(); ++i) {
        const std::string_view word = text(i);
        if (word == "(" || word == "[" || word == "{") {
            open.push_back(i);
        } else if ((word == ")" || word == "]" || word == "}") && !open.empty()) {
            m_match[open.back()] = i;
            open.pop_back();
        }
    }
}

FormatPlan FormatPlanner::plan()
{
    statements(m_tree.statements(), kNone);
    return std::move(m_plan);
}

std::size_t FormatPlanner::tokenFrom(std::size_t byte) const
{
    const auto found = std::lower_bound(m_plan.tokens.begin(), m_plan.tokens.end(), byte, [this](std::size_t token, std::size_t at) { return m_tree.tokens()[token].span.start < at; });
    return static_cast<std::size_t>(found - m_plan.tokens.begin());
}

std::string_view FormatPlanner::text(std::size_t token) const { return token < m_plan.tokens.size() ? m_tree.tokens()[m_plan.tokens[token]].text(m_tree.text()) : std::string_view(); }

bool FormatPlanner::newLineBefore(std::size_t token) const
{
    if (token == 0 || token >= m_plan.tokens.size())
        return false;
    for (std::size_t t = m_plan.tokens[token - 1] + 1; t < m_plan.tokens[token]; ++t)
        if (m_tree.tokens()[t].text(m_tree.text()).find('\n') != std::string_view::npos)
            return true;
    return false;
}

// --- Marks.

void FormatPlanner::space(std::size_t gap, Spacing spacing)
{
    if (gap < m_plan.gaps.size())
        m_plan.gaps[gap].spacing = spacing;
}

std::size_t FormatPlanner::group(std::size_t first, std::size_t last, bool forced)
{
    last = std::min(last, m_plan.tokens.size() - 1);
    m_plan.groups.push_back({std::min(first, last), last, forced, false});
    return m_plan.groups.size() - 1;
}

void FormatPlanner::soft(std::size_t gap, std::size_t group, bool fill)
{
    if (gap >= m_plan.gaps.size() || gap <= m_plan.groups[group].first || gap > m_plan.groups[group].last)
        return;
    m_plan.gaps[gap].group = group;
    m_plan.gaps[gap].fill = fill;
}

void FormatPlanner::nest(std::size_t group, std::size_t firstGap, std::size_t lastGap)
{
    if (firstGap <= lastGap && lastGap < m_plan.tokens.size())
        m_plan.nests.push_back({group, firstGap, lastGap});
}

void FormatPlanner::hard(std::size_t gap)
{
    if (gap > 0 && gap < m_plan.gaps.size())
        m_plan.gaps[gap].hard = true;
}

bool FormatPlanner::writtenBroken(std::size_t firstItem, std::size_t secondItem) const { return newLineBefore(firstItem) || newLineBefore(secondItem) || newLineBefore(secondItem - 1); }

std::size_t FormatPlanner::bracketList(std::size_t open, const std::vector<std::size_t>& items, bool fill, std::size_t perLine)
{
    const std::size_t close = matching(open);
    if (close == kNone || items.empty())
        return kNone;
    // A lone item that begins on a new line was meant to; of several, a long list that fills its lines has a first line of its own too.
    const bool several = items.size() > perLine;
    const bool forced = several ? (fill ? writtenBroken(kNone, items[perLine]) : writtenBroken(items[0], items[perLine])) : newLineBefore(items[0]);
    const std::size_t id = group(open, close, forced);
    m_plan.groups[id].fill = fill && !forced;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (i % perLine == 0)
            soft(items[i], id, fill && i > 0);
    soft(close, id);
    nest(id, open + 1, close - 1);
    return id;
}

void FormatPlanner::wordList(std::size_t keyword, const std::vector<std::size_t>& items, std::size_t last)
{
    if (items.size() < 2)
        return;
    const std::size_t id = group(keyword, last, writtenBroken(items[0], items[1]));
    for (const std::size_t item : items)
        soft(item, id);
    nest(id, items[0], last);
}

std::vector<std::size_t> FormatPlanner::starts(const std::vector<Expr>& expressions) const
{
    std::vector<std::size_t> out;
    for (const Expr e : expressions)
        out.push_back(first(e->span));
    return out;
}

std::vector<std::size_t> FormatPlanner::starts(const std::vector<ColumnDeclaration>& columns) const
{
    std::vector<std::size_t> out;
    for (const ColumnDeclaration& column : columns)
        out.push_back(first(column.span));
    return out;
}

std::vector<std::size_t> FormatPlanner::starts(const std::vector<ExpressionSyntax::FunctionParameter>& parameters) const
{
    std::vector<std::size_t> out;
    for (const auto& parameter : parameters)
        out.push_back(first(parameter.span));
    return out;
}

FormatPlan planFormat(const SyntaxTree& tree) { return FormatPlanner(tree).plan(); }

} // namespace tocsin::kql::services
