// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Format.h"

#include "kql/services/FormatPlan.h"
#include "kql/services/Statement.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Whether both texts hold the same tokens and comments in the same order.
bool sameTokens(std::string_view a, std::string_view b)
{
    const std::vector<Token> left = tokenize(a), right = tokenize(b);
    std::size_t r = 0;
    for (const Token& token : left) {
        if (token.kind == TokenKind::Whitespace)
            continue;
        while (r < right.size() && right[r].kind == TokenKind::Whitespace)
            ++r;
        if (r == right.size() || right[r].kind != token.kind || right[r].text(b) != token.text(a))
            return false;
        ++r;
    }
    return true;
}

/// A text laid out anew, without blanks at its ends; nothing if it does not parse.
std::optional<std::string> layOut(std::string_view text, const FormatOptions& options)
{
    const auto tree = parseQuery(std::string(text));
    const bool command = std::any_of(tree->statements().begin(), tree->statements().end(), [](const StatementSyntax* s) { return s->kind == StatementSyntax::Kind::Command; });
    if (!tree->errors().empty() || command)
        return std::nullopt;
    std::string out = printPlan(*tree, planFormat(*tree), options);
    // Where a blank has a meaning of its own, the text is better left as it is.
    if (!sameTokens(text, out) || !parseQuery(out)->errors().empty())
        return std::nullopt;
    return out;
}

class DocumentFormatter {
public:
    DocumentFormatter(std::string_view document, const FormatOptions& options) : m_document(document), m_options(options), m_blocks(queryBlocks(document)) {}

    /// One edit for each piece that changes.
    std::vector<TextEdit> run(std::optional<SourceSpan> selection)
    {
        if (m_blocks.empty())
            return {};
        if (!selection)
            return whole();
        for (const QueryBlock& block : m_blocks)
            if (touches(block.span, *selection))
                addBlock(block, selection);
        return std::move(m_edits);
    }

private:
    static bool touches(SourceSpan span, SourceSpan selection) { return selection.start <= span.end() && selection.end() >= span.start; }

    std::vector<TextEdit> whole()
    {
        std::vector<std::optional<std::string>> texts;
        for (const QueryBlock& block : m_blocks)
            texts.push_back(layOut(part(block.span), m_options));
        const std::size_t start = m_blocks.front().span.start, end = m_blocks.back().span.end();
        // Blank lines inside a query make blocks that are no statements, though the whole is right.
        if (std::find(texts.begin(), texts.end(), std::nullopt) != texts.end())
            if (const auto text = layOut(part({start, end - start}), m_options)) {
                trim(0, start, "");
                add({start, end - start}, *text);
                trim(end, m_document.size(), endOfText());
                return std::move(m_edits);
            }
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            const std::size_t before = i > 0 ? m_blocks[i - 1].span.end() : 0;
            if (texts[i] && (i == 0 || texts[i - 1]))
                trim(before, m_blocks[i].span.start, i == 0 ? "" : eol() + eol());
            if (texts[i])
                add(m_blocks[i].span, *texts[i]);
            else
                addBlock(m_blocks[i], std::nullopt);
        }
        if (texts.back())
            trim(end, m_document.size(), endOfText());
        return std::move(m_edits);
    }

    /// The block as one if it parses, else each of its statements that does.
    void addBlock(const QueryBlock& block, std::optional<SourceSpan> selection)
    {
        if (!selection)
            if (const auto text = layOut(part(block.span), m_options))
                return add(block.span, *text);
        for (const StatementPiece& piece : block.pieces)
            if (!selection || touches(piece.span, *selection))
                if (const auto text = layOut(part(piece.span), m_options))
                    add(piece.span, *text);
    }

    std::string eol() const { return m_document.find("\r\n") == std::string_view::npos ? "\n" : "\r\n"; }
    std::string endOfText() const { return part({m_blocks.back().span.end(), m_document.size() - m_blocks.back().span.end()}).find('\n') == std::string_view::npos ? "" : eol(); }
    /// Blanks between blocks and at the ends; other white space (a byte order mark) stays.
    void trim(std::size_t start, std::size_t end, const std::string& wanted)
    {
        const std::string_view gap = part({start, end - start});
        if (std::all_of(gap.begin(), gap.end(), isBlank))
            add({start, end - start}, wanted);
    }

    std::string_view part(SourceSpan span) const { return m_document.substr(span.start, span.length); }
    void add(SourceSpan span, std::string text)
    {
        if (part(span) != text)
            m_edits.push_back({span, std::move(text)});
    }

    std::string_view m_document;
    const FormatOptions& m_options;
    std::vector<QueryBlock> m_blocks;
    std::vector<TextEdit> m_edits;
};

} // namespace

std::string formatQuery(std::string_view document, const FormatOptions& options)
{
    const std::vector<TextEdit> edits = DocumentFormatter(document, options).run(std::nullopt);
    return applyEdits(document, edits);
}

std::optional<TextEdit> formatSelection(std::string_view document, SourceSpan selection, const FormatOptions& options)
{
    selection.start = std::min(selection.start, document.size());
    selection.length = std::min(selection.length, document.size() - selection.start);
    // Blanks at the ends of a selection touch nothing.
    while (selection.length > 0 && isBlank(document[selection.start])) {
        ++selection.start;
        --selection.length;
    }
    while (selection.length > 0 && isBlank(document[selection.end() - 1]))
        --selection.length;
    const std::vector<TextEdit> edits = DocumentFormatter(document, options).run(selection);
    if (edits.empty())
        return std::nullopt;
    const std::size_t start = edits.front().span.start, end = edits.back().span.end();
    std::vector<TextEdit> moved = edits;
    for (TextEdit& edit : moved)
        edit.span.start -= start;
    return TextEdit{{start, end - start}, applyEdits(document.substr(start, end - start), moved)};
}

std::size_t placeAfterFormat(std::string_view before, std::size_t place, std::string_view after)
{
    const auto head = before.substr(0, std::min(place, before.size()));
    auto left = std::count_if(head.begin(), head.end(), [](char c) { return !isBlank(c); });
    std::size_t at = 0;
    for (; at < after.size() && left > 0; ++at)
        left -= isBlank(after[at]) ? 0 : 1;
    // In front of a token it stays in front of it.
    if (place < before.size() && !isBlank(before[place]))
        while (at < after.size() && isBlank(after[at]))
            ++at;
    return at;
}

} // namespace tocsin::kql::services
