// SPDX-License-Identifier: GPL-3.0-or-later
// Writes tokens by a plan: decides group by group, from the outside in, whether it fits on the line.
#include "kql/services/FormatPlan.h"

#include <algorithm>
#include <numeric>

namespace tocsin::kql::services {

namespace {

bool isCloser(std::string_view token) { return token == ")" || token == "]" || token == "}"; }

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Printer {
public:
    Printer(const SyntaxTree& tree, const FormatPlan& plan, const FormatOptions& options) : m_tree(tree), m_plan(plan), m_options(options), m_gaps(plan.gaps) {}

    std::string run()
    {
        const std::size_t count = m_plan.tokens.size();
        m_newline = m_tree.text().find("\r\n") != std::string::npos ? "\r\n" : "\n";
        measure();
        std::vector<std::size_t> order(m_plan.groups.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const auto &x = m_plan.groups[a], &y = m_plan.groups[b];
            return x.first != y.first ? x.first < y.first : x.last > y.last;
        });
        m_broken.assign(m_plan.groups.size(), false);
        m_fills.assign(m_plan.groups.size(), false);
        std::vector<std::vector<std::size_t>> nestsAt(count + 1);
        for (std::size_t i = 0; i < m_plan.nests.size(); ++i)
            nestsAt[m_plan.nests[i].first].push_back(i);
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            m_open.insert(m_open.end(), nestsAt[i].begin(), nestsAt[i].end());
            std::erase_if(m_open, [&](std::size_t n) { return m_plan.nests[n].last + 1 < i; });
            gap(i);
            for (; next < order.size() && m_plan.groups[order[next]].first == i; ++next)
                decide(order[next]);
            write(text(i));
        }
        m_open.clear();
        comments(count, true, 0);
        return std::move(m_out);
    }

private:
    std::string_view text(std::size_t i) const { return m_tree.tokens()[m_plan.tokens[i]].text(m_tree.text()); }

    std::size_t flatGap(std::size_t i) const
    {
        if (i == 0)
            return 0;
        const Spacing spacing = m_gaps[i].spacing;
        if (spacing != Spacing::ByTokens)
            return spacing == Spacing::Space ? 1 : 0;
        const std::string_view before = text(i - 1), here = text(i);
        if (before == "(" || before == "[" || before == "." || here == ")" || here == "]" || here == "," || here == ";" || here == "." || here == ":")
            return 0;
        // A star may belong to the name beside it, which must then stay together.
        if ((before == "*" || here == "*") && before != "," && before != "=")
            return m_plan.tokens[i] == m_plan.tokens[i - 1] + 1 ? 0 : 1;
        return 1;
    }

    bool hasComment(std::size_t i) const
    {
        const std::size_t from = i == 0 ? 0 : m_plan.tokens[i - 1] + 1, to = i < m_plan.tokens.size() ? m_plan.tokens[i] : m_tree.tokens().size();
        for (std::size_t t = from; t < to; ++t)
            if (m_tree.tokens()[t].kind == TokenKind::Comment)
                return true;
        return false;
    }

    void measure()
    {
        const std::size_t count = m_plan.tokens.size();
        m_widthTo.assign(count + 1, 0);
        m_breaksTo.assign(count + 1, 0);
        m_tail.assign(count + 1, 0);
        m_comment.resize(count + 1);
        for (std::size_t i = 0; i < count; ++i) {
            m_comment[i] = hasComment(i);
            const std::string_view token = text(i);
            m_widthTo[i + 1] = m_widthTo[i] + flatGap(i) + characters(token.substr(0, token.find('\n')));
            const bool forced = m_gaps[i].group != FormatPlan::kNone && m_plan.groups[m_gaps[i].group].forced;
            m_breaksTo[i + 1] = m_breaksTo[i] + (m_gaps[i].hard || m_comment[i] || forced ? 1 : 0);
        }
        for (std::size_t i = count; i-- > 0;) {
            // What stands behind token i before the next place where a line may end.
            const bool breakable = i + 1 >= count || m_gaps[i + 1].hard || m_gaps[i + 1].group != FormatPlan::kNone || m_comment[i + 1];
            m_tail[i] = breakable ? 0 : m_widthTo[i + 2] - m_widthTo[i + 1] + m_tail[i + 1];
        }
    }

    /// Width of tokens first to last on one line.
    std::size_t width(std::size_t first, std::size_t last) const { return m_widthTo[last + 1] - m_widthTo[first] - flatGap(first); }

    void decide(std::size_t index)
    {
        const FormatPlan::Group& group = m_plan.groups[index];
        const bool holdsBreak = m_breaksTo[group.last + 1] > m_breaksTo[group.first + 1];
        m_broken[index] = group.forced || holdsBreak || m_column + width(group.first, group.last) + m_tail[group.last] > m_options.width;
        m_fills[index] = group.fill;
        if (!group.fill || !m_broken[index])
            return;
        // The first two items decide, so that the written text is read the same way again.
        std::vector<std::size_t> starts;
        for (std::size_t i = group.first + 1; i <= group.last && starts.size() < 3; ++i)
            if (m_gaps[i].group == index)
                starts.push_back(i);
        if (starts.size() == 3 && m_gaps[starts[1]].fill && !m_gaps[starts[0]].fill)
            m_fills[index] = indent(group.first + 1) + m_options.indent + width(starts[0], starts[2] - 1) <= m_options.width;
    }

    std::size_t indent(std::size_t i, bool insideCloser = false) const
    {
        std::size_t steps = 0;
        for (const std::size_t n : m_open) {
            const FormatPlan::Nest& nest = m_plan.nests[n];
            steps += m_broken[nest.group] && nest.first <= i && i <= nest.last + (insideCloser ? 1 : 0) ? 1 : 0;
        }
        return steps * m_options.indent;
    }

    bool breaksAt(std::size_t i) const
    {
        const FormatPlan::Gap& gap = m_gaps[i];
        if (gap.hard)
            return true;
        if (gap.group == FormatPlan::kNone || !m_broken[gap.group])
            return false;
        if (!gap.fill || !m_fills[gap.group])
            return true;
        std::size_t end = i + 1;
        while (end < m_plan.tokens.size() && end <= m_plan.groups[gap.group].last && m_gaps[end].group != gap.group)
            ++end;
        return m_column + flatGap(i) + width(i, end - 1) > m_options.width;
    }

    void gap(std::size_t i)
    {
        const bool between = m_gaps[i].hard || i == 0;
        const std::string_view token = text(i);
        if (m_comment[i]) {
            const bool outside = isCloser(token) || token == ";" || token == ",";
            const bool planned = m_gaps[i].hard || m_gaps[i].group != FormatPlan::kNone || outside || i == 0;
            const std::size_t here = indent(i) + (planned ? 0 : m_options.indent);
            comments(i, between, isCloser(token) ? indent(i, true) : here);
            newline(here, between && emptyLineBefore(m_plan.tokens[i]));
        } else if (i == 0) {
            return;
        } else if (breaksAt(i)) {
            newline(indent(i), between && emptyLineBefore(m_plan.tokens[i]));
        } else if (flatGap(i)) {
            write(" ");
        }
    }

    /// Whether an empty line stands in front of the token in the text.
    bool emptyLineBefore(std::size_t token) const
    {
        std::size_t lines = 0;
        for (; token > 0 && m_tree.tokens()[token - 1].kind == TokenKind::Whitespace; --token) {
            const std::string_view blanks = m_tree.tokens()[token - 1].text(m_tree.text());
            lines += static_cast<std::size_t>(std::count(blanks.begin(), blanks.end(), '\n'));
        }
        return lines >= 2;
    }

    bool startsLine(std::size_t token) const
    {
        for (; token > 0 && m_tree.tokens()[token - 1].kind == TokenKind::Whitespace; --token)
            if (m_tree.tokens()[token - 1].text(m_tree.text()).find_first_of("\r\n") != std::string_view::npos)
                return true;
        return token == 0 || m_tree.tokens()[token - 1].kind == TokenKind::Comment;
    }

    void comments(std::size_t i, bool emptyLines, std::size_t indentation)
    {
        const std::size_t from = i == 0 ? 0 : m_plan.tokens[i - 1] + 1, to = i < m_plan.tokens.size() ? m_plan.tokens[i] : m_tree.tokens().size();
        for (std::size_t t = from; t < to; ++t) {
            if (m_tree.tokens()[t].kind != TokenKind::Comment)
                continue;
            if (!m_out.empty() && startsLine(t))
                newline(indentation, emptyLines && emptyLineBefore(t));
            else if (!m_out.empty())
                write(" ");
            write(m_tree.tokens()[t].text(m_tree.text()));
        }
    }

    void newline(std::size_t indentation, bool emptyLine)
    {
        m_out += m_newline;
        if (emptyLine)
            m_out += m_newline;
        m_out.append(indentation, ' ');
        m_column = indentation;
    }

    void write(std::string_view text)
    {
        m_out += text;
        const std::size_t line = text.rfind('\n');
        m_column = line == std::string_view::npos ? m_column + characters(text) : characters(text.substr(line + 1));
    }

    const SyntaxTree& m_tree;
    const FormatPlan& m_plan;
    const FormatOptions& m_options;
    const std::vector<FormatPlan::Gap>& m_gaps;
    std::string m_newline;
    std::vector<std::size_t> m_widthTo; ///< of all tokens before one, on one line
    std::vector<std::size_t> m_breaksTo; ///< lines that must end before one
    std::vector<std::size_t> m_tail;
    std::vector<char> m_comment;
    std::vector<char> m_broken, m_fills;
    std::vector<std::size_t> m_open; ///< nests around the token at hand
    std::string m_out;
    std::size_t m_column = 0;
};

} // namespace

std::string printPlan(const SyntaxTree& tree, const FormatPlan& plan, const FormatOptions& options) { return Printer(tree, plan, options).run(); }

} // namespace tocsin::kql::services
