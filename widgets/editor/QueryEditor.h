// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "base/Executor.h"
#include "common/Theme.h"
#include "kql/services/Statement.h"
#include "kql/services/TextEdit.h"

#include <QWidget>

#include <memory>

class QsciScintilla;

namespace tocsin::kql::services {
class LanguageServices;
}

namespace tocsin::widgets {

using kql::services::Statement;

class EditorAssistant;
class KqlHighlighter;
class ProblemMarks;

/// A KQL text with colours, line numbers, completion, the shaded statement under the cursor and underlined problems.
class QueryEditor final : public QWidget {
    Q_OBJECT
public:
    explicit QueryEditor(const Theme& theme, QWidget* parent = nullptr);
    ~QueryEditor() override;

    QString text() const;
    void setText(const QString& text);
    /// At the cursor, with a blank before it where needed.
    void insertText(const QString& text);
    /// What completes and explains; without it the words of the language are coloured and nothing else.
    void setLanguage(std::shared_ptr<const kql::services::LanguageServices> language, Executor& executor);
    /// What a run would send: the selection, or the statement under the cursor.
    Statement statement() const;
    /// Underlined errors, warnings and advice, with their texts: those of the last check, and those of a run.
    ProblemMarks* problems() const { return m_problems; }
    /// Whether texts are checked here at all: the tables are known.
    bool isChecked() const { return m_checked; }
    void goToProblem(bool backwards);
    /// Does what the problem at the cursor offers; false if there is nothing.
    bool fixProblem();
    /// Puts the cursor at a byte of the document.
    void goTo(std::size_t byte);
    std::size_t cursor() const;
    std::pair<int, int> lineAndColumn() const; ///< of the cursor, from 1
    /// The selected bytes; empty at the cursor without a selection.
    SourceSpan selection() const;
    void select(SourceSpan bytes);
    /// Makes edits (in order, apart from one another) as one step of undo, and puts the cursor where `cursorAfter` says.
    void replace(const std::vector<kql::services::TextEdit>& edits, std::size_t cursorAfter);
    /// Marks the places of a name until the text changes or the cursor leaves them.
    void markReferences(std::vector<SourceSpan> places);
    const std::vector<SourceSpan>& references() const { return m_references; }
    /// Where a byte is drawn, in this widget.
    QRect placeOf(std::size_t byte) const;
    void foldAll(bool fold);
    void toggleComment();
    bool knowsTables() const; ///< whether setLanguage() was called
    void complete();
    bool isCompleting() const;
    /// Help on what stands at the cursor.
    void explain();
    void undo();
    void redo();

Q_SIGNALS:
    void textChanged();
    void cursorMoved(int line, int column);
    /// A check of the text is done.
    void checked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void applyTheme();
    void shadeStatement();
    void updateFolds();

    const Theme& m_theme;
    QsciScintilla* m_sci;
    KqlHighlighter* m_highlighter;
    EditorAssistant* m_assistant;
    ProblemMarks* m_problems;
    bool m_checked = false;
    std::vector<SourceSpan> m_references;
};

} // namespace tocsin::widgets
