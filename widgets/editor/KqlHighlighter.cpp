// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/KqlHighlighter.h"

#include <Qsci/qsciscintilla.h>

namespace tocsin::widgets {

namespace {

constexpr int kStyles = static_cast<int>(KqlTokenKind::Punctuation) + 1;
/// Documents beyond this are coloured from the last blank line before the change, not from their start.
constexpr int kWholeDocument = 200'000;

ThemeColor colorOf(int style)
{
    switch (static_cast<KqlTokenKind>(style)) {
    case KqlTokenKind::Keyword: return ThemeColor::KqlKeyword;
    case KqlTokenKind::Operator: return ThemeColor::KqlOperator;
    case KqlTokenKind::Table: return ThemeColor::KqlTable;
    case KqlTokenKind::Column: return ThemeColor::KqlColumn;
    case KqlTokenKind::Function: return ThemeColor::KqlFunction;
    case KqlTokenKind::String: return ThemeColor::KqlString;
    case KqlTokenKind::Number: return ThemeColor::KqlNumber;
    case KqlTokenKind::Comment: return ThemeColor::KqlComment;
    case KqlTokenKind::Plugin: return ThemeColor::KqlPlugin;
    default: return ThemeColor::Text;
    }
}

} // namespace

KqlHighlighter::KqlHighlighter(const Theme& theme, QObject* parent) : QsciLexerCustom(parent), m_theme(theme) { applyTheme(); }

void KqlHighlighter::setVocabulary(items::KqlVocabulary vocabulary)
{
    m_vocabulary = std::move(vocabulary);
    if (editor())
        editor()->recolor();
}

void KqlHighlighter::applyTheme()
{
    setDefaultColor(m_theme.color(ThemeColor::Text));
    setDefaultPaper(m_theme.color(ThemeColor::Surface));
    setDefaultFont(m_theme.monospaceFont());
    for (int style = 0; style < kStyles; ++style) {
        setColor(defaultColor(style), style);
        setPaper(defaultPaper(style), style);
        setFont(defaultFont(style), style);
    }
}

QString KqlHighlighter::description(int style) const
{
    switch (static_cast<KqlTokenKind>(style)) {
    case KqlTokenKind::Text: return tr("Text");
    case KqlTokenKind::Keyword: return tr("Keyword");
    case KqlTokenKind::Operator: return tr("Operator");
    case KqlTokenKind::Table: return tr("Table");
    case KqlTokenKind::Column: return tr("Column");
    case KqlTokenKind::Function: return tr("Function");
    case KqlTokenKind::String: return tr("String");
    case KqlTokenKind::Number: return tr("Number");
    case KqlTokenKind::Comment: return tr("Comment");
    case KqlTokenKind::Plugin: return tr("Plugin");
    case KqlTokenKind::Punctuation: return tr("Punctuation");
    }
    return {};
}

QColor KqlHighlighter::defaultColor(int style) const { return m_theme.color(colorOf(style)); }
QColor KqlHighlighter::defaultPaper(int) const { return m_theme.color(ThemeColor::Surface); }

QFont KqlHighlighter::defaultFont(int) const { return m_theme.monospaceFont(); }

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
    startStyling(static_cast<int>(from));
    std::size_t styled = from;
    for (const KqlToken& token : kqlTokens(part, m_vocabulary)) {
        if (styled >= static_cast<std::size_t>(end) && token.start + from >= static_cast<std::size_t>(end))
            break;
        setStyling(static_cast<int>(token.length), static_cast<int>(token.kind));
        styled = from + token.start + token.length;
    }
}

} // namespace tocsin::widgets
