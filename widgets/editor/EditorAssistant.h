// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "common/Theme.h"
#include "items/Async.h"
#include "kql/services/Diagnostics.h"

#include <QObject>
#include <QTimer>

class QKeyEvent;
class QLabel;
class QsciScintilla;

namespace tocsin::widgets {

class CompletionPopup;
class KqlHighlighter;

/// Completion, call tips, help under the mouse and colours by meaning for one editor. The work is done on the executor; what comes back too late
/// is dropped.
class EditorAssistant final : public QObject {
    Q_OBJECT
public:
    EditorAssistant(const Theme& theme, QsciScintilla* editor, KqlHighlighter* highlighter);
    ~EditorAssistant() override;

    /// Until this is called there is nothing to offer. The executor must outlive the assistant.
    void setLanguage(std::shared_ptr<const kql::services::LanguageServices> language, Executor& executor);

    bool hasLanguage() const { return m_language != nullptr; }

    /// Opens the list because the user asked for it.
    void complete();
    bool isCompleting() const;
    /// Puts the chosen item into the text.
    void accept();
    /// Help for what stands at a byte, at a global place.
    void explain(std::size_t byte, const QPoint& place);
    /// Whether the key belongs to the list of completions or closes something.
    bool handleKey(const QKeyEvent& event);
    /// Whether Esc would close something here.
    bool wantsEscape() const;
    void close();

Q_SIGNALS:
    /// What is wrong with the text as it is now, after each pause in writing.
    void checked(const std::vector<tocsin::kql::services::Diagnostic>& found);

private:
    struct Place {
        std::string text;          ///< the statement around the cursor with the definitions before it
        std::size_t start = 0;     ///< of `text` in the document
        std::size_t position = 0;  ///< of the cursor in `text`
    };
    Place place() const;
    void charAdded(int character);
    void textChanged();
    void request(bool asked);
    void present(const Place& at, kql::services::Completions found, bool asked);
    void updateCallTip();
    void showCallTip(const Place& at, const kql::services::SignatureHelp& help);
    /// Colours and errors of the text as it is.
    void check();
    QRect placeOf(std::size_t byte) const;

    const Theme& m_theme;
    QsciScintilla* m_sci;
    KqlHighlighter* m_highlighter;
    std::shared_ptr<const kql::services::LanguageServices> m_language;
    Executor* m_executor = nullptr;
    items::Mailbox m_mailbox;
    CompletionPopup* m_popup;
    QLabel* m_callTip;
    QTimer m_pause;
    std::size_t m_listStart = 0;   ///< byte of the document where the listed word begins
    bool m_asked = false;          ///< the list was asked for, so Enter chooses from it
    bool m_accepting = false;
    int m_completionRun = 0, m_tipRun = 0, m_bindRun = 0, m_hoverRun = 0;
};

} // namespace tocsin::widgets
