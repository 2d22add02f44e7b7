// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/KqlHighlighter.h"

#include "editor/TextColors.h"

#include <Qsci/qsciscintilla.h>

namespace tocsin::widgets {

using kql::services::ClassifiedSpan;
using kql::services::TextClass;

namespace {

/// Documents beyond this are coloured from the last blank line before the change, not from their start.
constexpr int kWholeDocument = 200'000;

} // namespace

KqlHighlighter::KqlHighlighter(const Theme& theme, QObject* parent) : QsciLexerCustom(parent), m_theme(theme) { applyTheme(); }

void KqlHighlighter::setLanguage(std::shared_ptr<const kql::services::LanguageServices> language)
{
    m_language = std::move(language);
    m_boundText.clear();
    m_bound.clear();
    if (editor())
        editor()->recolor();
}

void KqlHighlighter::setBound(std::string text, std::vector<ClassifiedSpan> pieces)
{
    if (text == m_boundText && pieces == m_bound)
        return;
    m_names.clear();
    for (const ClassifiedSpan& piece : pieces)
        if (piece.kind == TextClass::Column || piece.kind == TextClass::Variable || piece.kind == TextClass::Function)
            m_names.emplace(text.substr(piece.span.start, piece.span.length), piece.kind);
    m_boundText = std::move(text);
    m_bound = std::move(pieces);
    if (editor())
        editor()->recolor();
}

void KqlHighlighter::applyTheme()
{
    setDefaultColor(m_theme.color(ThemeColor::Text));
    setDefaultPaper(m_theme.color(ThemeColor::Surface));
    setDefaultFont(m_theme.monospaceFont());
    for (int style = 0; style < kql::services::kTextClassCount; ++style) {
        setColor(defaultColor(style), style);
        setPaper(defaultPaper(style), style);
        setFont(defaultFont(style), style);
    }
}

QString KqlHighlighter::description(int style) const
{
    switch (static_cast<TextClass>(style)) {
    case TextClass::Plain: return tr("Text");
    case TextClass::Comment: return tr("Comment");
    case TextClass::Keyword: return tr("Keyword");
    case TextClass::QueryOperator: return tr("Query operator");
    case TextClass::Operator: return tr("Operator");
    case TextClass::Punctuation: return tr("Punctuation");
    case TextClass::Table: return tr("Table");
    case TextClass::Column: return tr("Column");
    case TextClass::Function: return tr("Function");
    case TextClass::Aggregate: return tr("Aggregate");
    case TextClass::Plugin: return tr("Plugin");
    case TextClass::Variable: return tr("Name of let");
    case TextClass::Parameter: return tr("Option");
    case TextClass::Type: return tr("Type");
    case TextClass::String: return tr("String");
    case TextClass::StringEscape: return tr("Escape in a string");
    case TextClass::Number: return tr("Number");
    case TextClass::Error: return tr("Error");
    }
    return {};
}

QColor KqlHighlighter::defaultColor(int style) const { return m_theme.color(colorOf(static_cast<TextClass>(style))); }
QColor KqlHighlighter::defaultPaper(int) const { return m_theme.color(ThemeColor::Surface); }

QFont KqlHighlighter::defaultFont(int style) const
{
    QFont font = m_theme.monospaceFont();
    // Names of let have the colour of columns; the slant tells them apart.
    font.setItalic(static_cast<TextClass>(style) == TextClass::Variable);
    return font;
}

void KqlHighlighter::classify(std::string_view text, std::vector<ClassifiedSpan>& pieces) const
{
    pieces = m_language ? m_language->classify(text) : kql::services::classifyWords(text);
    for (ClassifiedSpan& piece : pieces)
        if (piece.kind == TextClass::Plain)
            if (const auto known = m_names.find(text.substr(piece.span.start, piece.span.length)); known != m_names.end())
                piece.kind = known->second;
}

void KqlHighlighter::styleText(int start, int end)
{
    if (!editor())
        return;
    const QByteArray bytes = editor()->text().toUtf8();
    const std::string_view text(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    std::size_t from = 0;
    if (bytes.size() > kWholeDocument) {
        const auto gap = text.rfind("\n\n", static_cast<std::size_t>(std::min<qsizetype>(start, bytes.size())));
        from = gap == std::string_view::npos ? 0 : gap + 2;
    }
    const std::string_view part = text.substr(from, std::max<std::size_t>(static_cast<std::size_t>(end), from) - from + 4096);
    std::vector<ClassifiedSpan> pieces;
    if (from == 0 && text == m_boundText && !m_bound.empty())
        pieces = m_bound;
    else
        classify(part, pieces);
    startStyling(static_cast<int>(from));
    for (const ClassifiedSpan& piece : pieces) {
        if (from + piece.span.start >= static_cast<std::size_t>(end))
            break;
        setStyling(static_cast<int>(piece.span.length), static_cast<int>(piece.kind));
    }
}

} // namespace tocsin::widgets
