// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "kql/services/LanguageServices.h"

#include <Qsci/qscilexercustom.h>

#include <map>

namespace tocsin::widgets {

/// Gives QScintilla the colours of a query: by its words at once, by what its names mean when that is known.
class KqlHighlighter final : public QsciLexerCustom {
    Q_OBJECT
public:
    KqlHighlighter(const Theme& theme, QObject* parent);
    void setLanguage(std::shared_ptr<const kql::services::LanguageServices> language);
    /// What the binder made of a text. Counts while the document is that text; its names stay known until the next one.
    void setBound(std::string text, std::vector<kql::services::ClassifiedSpan> pieces);
    void applyTheme();

    const char* language() const override { return "KQL"; }
    QString description(int style) const override;
    void styleText(int start, int end) override;
    QColor defaultColor(int style) const override;
    QFont defaultFont(int style) const override;
    QColor defaultPaper(int style) const override;
    const char* wordCharacters() const override { return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"; }

private:
    void classify(std::string_view text, std::vector<kql::services::ClassifiedSpan>& pieces) const;

    const Theme& m_theme;
    std::shared_ptr<const kql::services::LanguageServices> m_language;
    std::string m_boundText;
    std::vector<kql::services::ClassifiedSpan> m_bound;
    std::map<std::string, kql::services::TextClass, std::less<>> m_names; ///< that only the binder tells
};

} // namespace tocsin::widgets
