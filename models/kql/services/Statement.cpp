// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Statement.h"

#include "kql/syntax/Lexer.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

class BlockReader {
public:
    explicit BlockReader(std::string_view text) : m_text(text), m_tokens(tokenize(text)) { matchBrackets(); }

    std::vector<QueryBlock> run()
    {
        std::size_t first = 0; // token at which the block begins
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            const bool end = m_tokens[i].kind == TokenKind::End;
            if (!end && !separates(i))
                continue;
            addBlock(first, i);
            first = i + 1;
        }
        return std::move(m_blocks);
    }

private:
    char letter(std::size_t i) const { return m_tokens[i].kind == TokenKind::Operator && m_tokens[i].span.length == 1 ? m_text[m_tokens[i].span.start] : '\0'; }

    /// Depth of brackets that are closed again; one that is never closed holds nothing.
    void matchBrackets()
    {
        std::vector<std::size_t> open;
        std::vector<int> change(m_tokens.size() + 1, 0);
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            const char c = letter(i);
            if (c == '(' || c == '[' || c == '{') {
                open.push_back(i);
            } else if (c == ')' || c == ']' || c == '}') {
                const char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
                const auto partner = std::find_if(open.rbegin(), open.rend(), [&](std::size_t o) { return letter(o) == wanted; });
                if (partner == open.rend())
                    continue;
                ++change[*partner + 1];
                --change[i];
                open.erase(partner.base() - 1, open.end());
            }
        }
        m_depth.resize(m_tokens.size());
        int depth = 0;
        for (std::size_t i = 0; i < m_tokens.size(); ++i)
            m_depth[i] = depth += change[i];
    }

    bool separates(std::size_t i) const
    {
        if (m_tokens[i].kind != TokenKind::Whitespace || m_depth[i] > 0)
            return false;
        const std::string_view gap = m_tokens[i].text(m_text);
        return std::count(gap.begin(), gap.end(), '\n') >= 2 && !goesOn(i);
    }

    /// Whether what follows can only be the rest of what stands before: nothing begins with `|` or a closing bracket.
    bool goesOn(std::size_t i) const
    {
        while (m_tokens[i].isTrivia())
            ++i;
        return letter(i) != '\0' && std::string_view("|)]},;").find(letter(i)) != std::string_view::npos;
    }

    void addBlock(std::size_t first, std::size_t end)
    {
        QueryBlock block;
        std::size_t from = first;
        for (std::size_t i = first; i < end; ++i) {
            if (letter(i) != ';' || m_depth[i] > 0)
                continue;
            addPiece(block, from, i + 1);
            from = i + 1;
        }
        addPiece(block, from, end);
        if (block.pieces.empty())
            return;
        const std::size_t start = block.pieces.front().span.start;
        block.span = {start, block.pieces.back().span.end() - start};
        m_blocks.push_back(std::move(block));
    }

    void addPiece(QueryBlock& block, std::size_t first, std::size_t end)
    {
        while (first < end && m_tokens[first].kind == TokenKind::Whitespace)
            ++first;
        while (end > first && m_tokens[end - 1].kind == TokenKind::Whitespace)
            --end;
        if (first == end)
            return;
        const std::size_t start = m_tokens[first].span.start;
        const bool comments = std::all_of(m_tokens.begin() + static_cast<std::ptrdiff_t>(first), m_tokens.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& token) { return token.isTrivia(); });
        block.pieces.push_back({{start, m_tokens[end - 1].span.end() - start}, comments || isDefinition(first, end), comments});
    }

    bool isDefinition(std::size_t first, std::size_t end) const
    {
        while (first + 1 < end && m_tokens[first].isTrivia())
            ++first;
        const std::string_view word = m_tokens[first].text(m_text);
        return word == "let" || word == "set" || word == "declare" || word == "alias" || word == "restrict";
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    std::vector<int> m_depth;
    std::vector<QueryBlock> m_blocks;
};

} // namespace

std::vector<QueryBlock> runnableBlocks(std::string_view document)
{
    std::vector<QueryBlock> out;
    bool open = false;
    for (QueryBlock& block : queryBlocks(document)) {
        const bool definitions = std::all_of(block.pieces.begin(), block.pieces.end(), [&](const StatementPiece& piece) { return piece.definition; });
        const char last = document[block.span.end() - 1];
        const bool comment = block.pieces.back().comments;
        if (open) {
            QueryBlock& before = out.back();
            before.pieces.insert(before.pieces.end(), block.pieces.begin(), block.pieces.end());
            before.span.length = block.span.end() - before.span.start;
        } else {
            out.push_back(std::move(block));
        }
        open = definitions && (last == ';' || comment);
    }
    return out;
}

namespace {

/// Whether the place is in the block or in the gap behind it, up to its first empty line.
bool holds(const QueryBlock& block, std::string_view document, std::size_t position)
{
    const std::size_t end = block.span.end();
    if (position <= end)
        return true;
    const std::size_t next = document.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos)
        return true;
    const std::string_view gap = document.substr(end, position - end);
    return position < next && std::count(gap.begin(), gap.end(), '\n') <= 1;
}

} // namespace

std::vector<QueryBlock> queryBlocks(std::string_view document) { return BlockReader(document).run(); }

Statement statementAt(std::string_view document, std::size_t position)
{
    position = std::min(position, document.size());
    for (const QueryBlock& block : runnableBlocks(document)) {
        if (!holds(block, document, position))
            continue;
        const auto& all = block.pieces;
        const auto here = std::find_if(all.begin(), all.end(), [&](const StatementPiece& piece) { return position <= piece.span.end(); });
        StatementPiece chosen = here == all.end() ? all.back() : *here;
        // Definitions alone give nothing: run the query that follows them.
        if (chosen.definition)
            if (const auto query = std::find_if(here == all.end() ? all.begin() : here, all.end(), [](const StatementPiece& p) { return !p.definition; }); query != all.end())
                chosen = *query;
        Statement out;
        // A heading apart from the query is not part of it.
        const auto first = std::find_if(all.begin(), all.end(), [](const StatementPiece& piece) { return !piece.comments; });
        out.start = first == all.end() || first->span.start > chosen.span.start ? chosen.span.start : first->span.start;
        out.shownStart = chosen.span.start;
        out.shownEnd = chosen.span.end();
        out.text = std::string(document.substr(out.start, out.shownEnd - out.start));
        for (const StatementPiece& piece : all)
            if (!piece.definition && piece.span.start < chosen.span.start)
                for (std::size_t i = piece.span.start; i < piece.span.end(); ++i)
                    if (char& c = out.text[i - out.start]; c != '\n')
                        c = ' ';
        return out;
    }
    return {};
}

} // namespace tocsin::kql::services
