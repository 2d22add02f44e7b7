// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "kql/services/Diagnostics.h"

#include <QObject>

class QsciScintilla;

namespace tocsin::widgets {

/// The underlined places of one editor: what checking the text found, and what the last run said. A place moves with the text around it and goes away
/// when the text in it is changed; what a run said goes away with any change.
class ProblemMarks final : public QObject {
    Q_OBJECT
public:
    using Severity = kql::services::Diagnostic::Severity;
    struct Problem {
        Severity severity = Severity::Error;
        std::size_t start = 0, end = 0; ///< bytes of the document; never empty unless the document is
        QString text;                   ///< what is wrong
        QString advice;                 ///< what to do; may be empty
        std::optional<kql::services::TextEdit> fix;
        bool ofRun = false;
    };

    ProblemMarks(const Theme& theme, QsciScintilla* editor);

    /// In place of what was found before.
    void setChecked(const std::vector<kql::services::Diagnostic>& found);
    /// In place of what an earlier run said; offsets count from a byte of the document.
    void setRun(const std::vector<Error>& errors, std::size_t documentOffset, Severity severity);
    void clearRun() { setRun({}, 0, Severity::Error); }

    const std::vector<Problem>& all() const { return m_problems; } ///< in order of place
    int count(Severity severity) const;
    /// The gravest at a byte; null if there is none.
    const Problem* at(std::size_t byte) const;
    /// The next one behind a byte, or before it, round the ends; null if there is none at all. Errors first: others only if there are none.
    const Problem* next(std::size_t byte, bool backwards) const;
    /// Text for a tip: severity, what, what to do.
    static QString tipText(const Problem& problem);
    static QString severityText(Severity severity);

Q_SIGNALS:
    void changed();

private:
    void modified(std::size_t at, int type, std::size_t length);
    void add(const Error& error, std::size_t documentOffset, Severity severity, std::optional<kql::services::TextEdit> fix, bool ofRun);
    void finish();
    void draw();
    void applyTheme();

    const Theme& m_theme;
    QsciScintilla* m_sci;
    std::vector<Problem> m_problems;
    bool m_touched = false; ///< a place went away with an edit and is still drawn
};

} // namespace tocsin::widgets
