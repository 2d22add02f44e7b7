// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/KqlBlock.h"

#include "kql/syntax/Lexer.h"
#include "report/ReportText.h"

#include <QPainter>

#include <algorithm>
#include <optional>

namespace tocsin::report {

namespace {

/// Colours by the tokens alone: the word behind a bar is an operator, a name before a parenthesis a function.
std::optional<QColor> colourOf(const std::vector<kql::Token>& tokens, std::size_t index, std::string_view text, const ReportStyle& style)
{
    using kql::TokenKind;
    const kql::Token& token = tokens[index];
    switch (token.kind) {
    case TokenKind::Comment: return style.kqlComment;
    case TokenKind::String: return style.kqlString;
    case TokenKind::Long:
    case TokenKind::Real:
    case TokenKind::TimeSpan:
    case TokenKind::TypedLiteral: return style.kqlNumber;
    case TokenKind::Identifier: break;
    default: return {};
    }
    std::size_t before = index;
    while (before > 0 && tokens[before - 1].isTrivia())
        --before;
    if (before > 0 && tokens[before - 1].text(text) == "|")
        return style.kqlOperator;
    const std::string_view word = token.text(text);
    for (const std::string_view keyword : {"let", "by", "on", "and", "or", "in", "has", "contains", "startswith", "endswith", "between", "kind", "asc", "desc", "has_any"})
        if (word == keyword)
            return style.kqlKeyword;
    if (index + 1 < tokens.size() && tokens[index + 1].text(text) == "(")
        return style.kqlFunction;
    return {};
}

constexpr qreal kPad = pt(7);
constexpr qreal kLeading = 1.12;

TextBlock blockOf(const PageCanvas& canvas, const std::string& kql)
{
    const ReportStyle& style = canvas.style();
    std::string text = kql;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    // The colours go by positions in UTF-16, the tokens by bytes.
    const std::vector<kql::Token> tokens = kql::tokenize(text);
    std::vector<TextBlock::Run> runs;
    QString shown;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::string piece(tokens[i].text(text));
        for (std::size_t at = piece.find('\t'); at != std::string::npos; at = piece.find('\t', at))
            piece.replace(at, 1, "    ");
        const QString part = printable(piece);
        if (const auto colour = colourOf(tokens, i, text, style))
            runs.push_back({static_cast<int>(shown.size()), static_cast<int>(part.size()), *colour});
        shown += part;
    }
    return TextBlock(shown, style.mono, style.text, canvas.width() - 2 * kPad, canvas.device(), Qt::AlignLeft, runs);
}

} // namespace

qreal kqlRoom(const PageCanvas& canvas, const std::string& kql)
{
    return std::min(blockOf(canvas, kql).height() * kLeading + 2 * kPad, canvas.pageBody() * 0.4);
}

void drawKql(PageCanvas& canvas, const std::string& kql)
{
    const ReportStyle& style = canvas.style();
    const TextBlock block = blockOf(canvas, kql);
    const auto ground = [&](qreal height) {
        canvas.paint([&](QPainter& painter) {
            painter.fillRect(QRectF(canvas.left(), canvas.y(), canvas.width(), height), style.window);
            painter.fillRect(QRectF(canvas.left(), canvas.y(), pt(2), height), style.accent);
        });
        canvas.advance(height);
    };
    canvas.need(kqlRoom(canvas, kql));
    ground(kPad * 0.7);
    for (int line = 0; line < block.lineCount(); ++line) {
        const qreal height = block.lineHeight(line) * kLeading;
        if (canvas.remaining() < height + kPad)
            canvas.newPage();
        const qreal top = canvas.y();
        ground(height);
        canvas.paint([&](QPainter& painter) { block.drawLine(painter, line, {canvas.left() + kPad, top}); });
    }
    ground(kPad * 0.7);
    canvas.advance(pt(6));
}

} // namespace tocsin::report
