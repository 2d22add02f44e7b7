// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "editor/KqlTokens.h"

#include <Qsci/qscilexercustom.h>

namespace tocsin::widgets {

/// Gives QScintilla the colours of our tokens.
class KqlHighlighter final : public QsciLexerCustom {
    Q_OBJECT
public:
    KqlHighlighter(const Theme& theme, QObject* parent);
    void setVocabulary(items::KqlVocabulary vocabulary);
    const items::KqlVocabulary& vocabulary() const { return m_vocabulary; }
    void applyTheme();

    const char* language() const override { return "KQL"; }
    QString description(int style) const override;
    void styleText(int start, int end) override;
    QColor defaultColor(int style) const override;
    QFont defaultFont(int style) const override;
    QColor defaultPaper(int style) const override;
    const char* wordCharacters() const override { return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"; }

private:
    const Theme& m_theme;
    items::KqlVocabulary m_vocabulary = items::languageVocabulary();
};

} // namespace tocsin::widgets
