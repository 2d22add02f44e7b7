// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/Statement.h"

#include "editor/KqlTokens.h"

#include <algorithm>
#include <vector>

namespace tocsin::widgets {

namespace {

struct Piece {
    std::size_t start = 0, end = 0; ///< without surrounding blanks
    bool definition = false;
    bool empty() const { return start >= end; }
};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Blocks between blank lines; a blank line inside a string or a comment's text does not count.
std::vector<std::pair<std::size_t, std::size_t>> blocks(std::string_view text, const std::vector<KqlToken>& tokens)
{
    std::vector<std::pair<std::size_t, std::size_t>> out;
    std::size_t start = 0;
    for (const KqlToken& token : tokens) {
        if (token.kind != KqlTokenKind::Text || !isBlank(text[token.start]))
            continue;
        const std::string_view gap = text.substr(token.start, token.length);
        if (std::count(gap.begin(), gap.end(), '\n') < 2)
            continue;
        out.emplace_back(start, token.start);
        start = token.start + token.length;
    }
    out.emplace_back(start, text.size());
    return out;
}

bool isDefinition(std::string_view text, const std::vector<KqlToken>& tokens, std::size_t start, std::size_t end)
{
    for (const KqlToken& token : tokens) {
        if (token.start < start || token.start >= end || token.kind == KqlTokenKind::Comment || isBlank(text[token.start]))
            continue;
        const std::string_view word = text.substr(token.start, token.length);
        return word == "let" || word == "set" || word == "declare" || word == "alias" || word == "restrict";
    }
    return true;
}

std::vector<Piece> pieces(std::string_view text, const std::vector<KqlToken>& tokens, std::size_t start, std::size_t end)
{
    std::vector<Piece> out;
    int depth = 0;
    std::size_t from = start;
    const auto close = [&](std::size_t to) {
        Piece piece{from, to, false};
        while (piece.start < piece.end && isBlank(text[piece.start]))
            ++piece.start;
        while (piece.end > piece.start && isBlank(text[piece.end - 1]))
            --piece.end;
        piece.definition = isDefinition(text, tokens, piece.start, piece.end);
        if (!piece.empty())
            out.push_back(piece);
    };
    for (const KqlToken& token : tokens) {
        if (token.start < start || token.start >= end || token.kind != KqlTokenKind::Punctuation)
            continue;
        const char c = text[token.start];
        depth += c == '(' || c == '{' || c == '[' ? 1 : c == ')' || c == '}' || c == ']' ? -1 : 0;
        if (c == ';' && depth <= 0) {
            close(token.start + 1);
            from = token.start + 1;
        }
    }
    close(end);
    return out;
}

} // namespace

Statement statementAt(std::string_view document, std::size_t position)
{
    const items::KqlVocabulary none;
    const std::vector<KqlToken> tokens = kqlTokens(document, none);
    for (const auto& [start, end] : blocks(document, tokens)) {
        // The gap after a block belongs to it, so a cursor at its end still runs it.
        if (position > end && end != document.size()) {
            const auto next = document.find_first_not_of(" \t\r\n", end);
            if (next == std::string_view::npos || position >= next || std::count(document.begin() + static_cast<std::ptrdiff_t>(end), document.begin() + static_cast<std::ptrdiff_t>(position), '\n') > 1)
                continue;
        }
        const std::vector<Piece> all = pieces(document, tokens, start, end);
        if (all.empty())
            continue;
        const auto here = std::find_if(all.begin(), all.end(), [&](const Piece& piece) { return position <= piece.end; });
        Piece chosen = here == all.end() ? all.back() : *here;
        // Definitions alone give nothing: run the query that follows them.
        if (chosen.definition)
            if (const auto query = std::find_if(here == all.end() ? all.begin() : here, all.end(), [](const Piece& p) { return !p.definition; }); query != all.end())
                chosen = *query;
        Statement out;
        out.start = all.front().start;
        out.shownStart = chosen.start;
        out.shownEnd = chosen.end;
        out.text = std::string(document.substr(out.start, chosen.end - out.start));
        for (const Piece& piece : all)
            if (!piece.definition && piece.start < chosen.start)
                for (std::size_t i = piece.start; i < piece.end; ++i)
                    if (char& c = out.text[i - out.start]; c != '\n')
                        c = ' ';
        return out;
    }
    return {};
}

} // namespace tocsin::widgets
