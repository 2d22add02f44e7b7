// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Outline.h"

#include "kql/services/Statement.h"
#include "kql/services/SyntaxPath.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

using Kind = ExpressionSyntax::Kind;
constexpr std::size_t kDetail = 80;

/// A piece of a text on one line, without comments, shortened at a character.
std::string oneLine(std::string_view text)
{
    std::string out;
    for (const Token& token : tokenize(text)) {
        if (token.kind == TokenKind::End || token.kind == TokenKind::Comment)
            continue;
        if (token.kind == TokenKind::Whitespace) {
            if (!out.empty() && out.back() != ' ')
                out += ' ';
            continue;
        }
        out += token.text(text).substr(0, kDetail + 4);
        if (out.size() > kDetail)
            break;
    }
    std::replace(out.begin(), out.end(), '\n', ' ');
    if (out.size() > kDetail) {
        std::size_t end = kDetail - 3;
        while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80)
            --end;
        out.resize(end);
        out += "…";
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

class OutlineReader {
public:
    OutlineReader(const SyntaxTree& tree, std::size_t offset, std::vector<OutlineItem>& out) : m_tree(tree), m_offset(offset), m_out(out) {}

    void statement(const StatementSyntax& s, int level)
    {
        using StatementKind = StatementSyntax::Kind;
        if (s.span.length == 0)
            return;
        const ExpressionSyntax* e = s.expression;
        if (s.kind == StatementKind::Query) {
            if (e && e->kind == Kind::Pipeline)
                add(OutlineItem::Kind::Query, sourceOf(*e->pipeline), "", s.span, {s.span.start, 0}, level);
            else
                add(OutlineItem::Kind::Query, oneLine(m_tree.textOf(s.span)), "", s.span, {s.span.start, 0}, level);
        } else if (s.kind == StatementKind::Let && e) {
            const bool table = e->kind == Kind::Pipeline || e->kind == Kind::DataTable || e->kind == Kind::ExternalData;
            const bool function = e->kind == Kind::Function;
            std::string detail = function ? parametersOf(*e) : table && e->kind == Kind::Pipeline ? sourceOf(*e->pipeline) : oneLine(m_tree.textOf(e->span));
            add(function ? OutlineItem::Kind::Function : table ? OutlineItem::Kind::Table : OutlineItem::Kind::Value, s.name.text, std::move(detail), s.span, s.name.span, level);
        } else {
            add(OutlineItem::Kind::Declaration, s.name.missing() ? oneLine(m_tree.textOf(s.span)) : s.name.text, "", s.span, {s.span.start, 0}, level);
        }
        if (e)
            expression(*e, level + 1);
    }

private:
    void add(OutlineItem::Kind kind, std::string title, std::string detail, SourceSpan span, SourceSpan focus, int level)
    {
        m_out.push_back({kind, std::move(title), std::move(detail), {span.start + m_offset, span.length}, {focus.start + m_offset, focus.length}, level});
    }

    std::string sourceOf(const PipelineSyntax& p) const
    {
        if (p.source)
            return oneLine(m_tree.textOf(p.source->span));
        return p.operators.empty() ? std::string() : oneLine(m_tree.textOf(p.operators[0]->span));
    }

    std::string parametersOf(const ExpressionSyntax& function) const
    {
        std::string out;
        for (const auto& parameter : function.functionParameters)
            out += (out.empty() ? "" : ", ") + std::string(m_tree.textOf(parameter.span));
        return "(" + oneLine(out) + ")";
    }

    void expression(const ExpressionSyntax& e, int level)
    {
        const ExpressionSyntax* at = &e;
        for (; at->kind == Kind::Binary; at = at->arguments[0]) // long conditions without recursion
            expression(*at->arguments[1], level);
        if (at->pipeline)
            pipeline(*at->pipeline, level);
        for (const ExpressionSyntax* argument : at->arguments)
            expression(*argument, level);
        for (const StatementSyntax* s : at->statements)
            statement(*s, level);
    }

    void pipeline(const PipelineSyntax& p, int level)
    {
        if (p.source)
            expression(*p.source, level);
        for (const OperatorSyntax* op : p.operators) {
            if (op->span.length == 0)
                continue;
            const std::string_view text = m_tree.textOf(op->span);
            const std::size_t word = std::min(op->keyword.length, text.size());
            add(OutlineItem::Kind::Operator, std::string(text.substr(0, word)), oneLine(text.substr(std::min(text.size(), word + 1))), op->span, op->keyword, level);
            for (const ExpressionSyntax* e : childExpressions(*op))
                expression(*e, level + 1);
            for (const PipelineSyntax* inner : childPipelines(*op))
                pipeline(*inner, level + 1);
            for (const StatementSyntax* s : op->body)
                statement(*s, level + 1);
        }
    }

    const SyntaxTree& m_tree;
    std::size_t m_offset;
    std::vector<OutlineItem>& m_out;
};

class FoldReader {
public:
    explicit FoldReader(std::string_view text) : m_text(text)
    {
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n')
                m_lineEnds.push_back(i);
    }

    std::vector<FoldRange> run()
    {
        for (const QueryBlock& block : queryBlocks(m_text))
            for (const StatementPiece& piece : block.pieces)
                add(statementStart(piece.span), piece.span.end(), FoldRange::Kind::Statement);
        tokens();
        std::stable_sort(m_out.begin(), m_out.end(), [](const FoldRange& a, const FoldRange& b) { return a.firstLine != b.firstLine ? a.firstLine < b.firstLine : a.lastLine > b.lastLine; });
        m_out.erase(std::unique(m_out.begin(), m_out.end(), [](const FoldRange& a, const FoldRange& b) { return a.firstLine == b.firstLine; }), m_out.end());
        return std::move(m_out);
    }

private:
    std::size_t lineOf(std::size_t byte) const { return static_cast<std::size_t>(std::lower_bound(m_lineEnds.begin(), m_lineEnds.end(), byte) - m_lineEnds.begin()); }

    void add(std::size_t start, std::size_t end, FoldRange::Kind kind)
    {
        const std::size_t first = lineOf(start), last = lineOf(end > start ? end - 1 : start);
        if (last > first)
            m_out.push_back({first, last, kind});
    }

    /// Behind the comments in front of a statement: they fold by themselves.
    std::size_t statementStart(SourceSpan span) const
    {
        const std::string_view text = m_text.substr(span.start, span.length);
        for (const Token& token : tokenize(text))
            if (!token.isTrivia())
                return span.start + token.span.start;
        return span.end();
    }

    void tokens()
    {
        std::vector<std::size_t> open;
        const std::vector<Token> all = tokenize(m_text);
        std::size_t commentStart = 0, commentEnd = 0;
        for (const Token& token : all) {
            if (token.kind == TokenKind::Comment) {
                const std::size_t before = token.span.start == 0 ? std::string_view::npos : m_text.find_last_not_of(" \t", token.span.start - 1);
                const bool ownLine = before == std::string_view::npos || m_text[before] == '\n' || m_text[before] == '\r';
                if (ownLine && commentEnd > commentStart && lineOf(token.span.start) == lineOf(commentEnd - 1) + 1) {
                    commentEnd = token.span.end();
                    continue;
                }
                add(commentStart, commentEnd, FoldRange::Kind::Comments);
                commentStart = ownLine ? token.span.start : 0;
                commentEnd = ownLine ? token.span.end() : 0;
                continue;
            }
            if (token.kind == TokenKind::String)
                add(token.span.start, token.span.end(), FoldRange::Kind::Text);
            if (token.kind != TokenKind::Operator || token.span.length != 1)
                continue;
            const char c = m_text[token.span.start];
            if (c == '(' || c == '[' || c == '{') {
                open.push_back(token.span.start);
            } else if ((c == ')' || c == ']' || c == '}') && !open.empty()) {
                add(open.back(), token.span.end(), FoldRange::Kind::Brackets);
                open.pop_back();
            }
        }
        add(commentStart, commentEnd, FoldRange::Kind::Comments);
    }

    std::string_view m_text;
    std::vector<std::size_t> m_lineEnds;
    std::vector<FoldRange> m_out;
};

} // namespace

std::vector<OutlineItem> outline(std::string_view document)
{
    std::vector<OutlineItem> out;
    for (const QueryBlock& block : queryBlocks(document)) {
        const auto tree = parseQuery(std::string(document.substr(block.span.start, block.span.length)));
        OutlineReader reader(*tree, block.span.start, out);
        for (const StatementSyntax* s : tree->statements())
            reader.statement(*s, 0);
    }
    return out;
}

std::vector<FoldRange> foldRanges(std::string_view document) { return FoldReader(document).run(); }

} // namespace tocsin::kql::services
