// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/EditorAssistant.h"

#include "editor/CompletionPopup.h"
#include "editor/KqlHighlighter.h"
#include "kql/services/Statement.h"
#include "items/ValueText.h"

#include <QKeyEvent>
#include <QLabel>
#include <QToolTip>

#include <Qsci/qsciscintilla.h>

namespace tocsin::widgets {

using kql::services::CompletionItem;
using kql::services::CompletionKind;

namespace {

constexpr int kPause = 250;                    ///< ms without typing before the text is checked
constexpr int kWidestTip = 720;                ///< pixels
constexpr std::size_t kMostBound = 200'000;    ///< bytes; larger documents are coloured by their words alone and not checked

bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80; }

QString escaped(std::string_view text) { return items::toQString(text).toHtmlEscaped(); }

/// A query and what it gives, on two lines.
QString exampleText(std::string_view example)
{
    const auto split = example.rfind(" // ");
    if (split == std::string_view::npos)
        return {};
    return QLatin1String("<br/><code>") + escaped(example.substr(0, split)) + QLatin1String("<br/>→ ") + escaped(example.substr(split + 4)) + QLatin1String("</code>");
}

} // namespace

EditorAssistant::EditorAssistant(const Theme& theme, QsciScintilla* editor, KqlHighlighter* highlighter)
    : QObject(editor), m_theme(theme), m_sci(editor), m_highlighter(highlighter), m_popup(new CompletionPopup(theme, editor)),
      m_callTip(new QLabel(editor, Qt::ToolTip | Qt::FramelessWindowHint))
{
    m_callTip->setTextFormat(Qt::RichText);
    m_callTip->setFrameShape(QFrame::StyledPanel);
    m_callTip->setFocusPolicy(Qt::NoFocus);
    m_callTip->setAttribute(Qt::WA_ShowWithoutActivating);
    m_callTip->setContentsMargins(theme.space(), theme.space() / 2, theme.space(), theme.space() / 2);
    m_callTip->setAccessibleName(tr("Signature"));
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &EditorAssistant::check);
    connect(editor, &QsciScintilla::SCN_CHARADDED, this, &EditorAssistant::charAdded);
    connect(editor, &QsciScintilla::textChanged, this, &EditorAssistant::textChanged);
    connect(editor, &QsciScintilla::cursorPositionChanged, this, [this] {
        if (m_callTip->isVisible())
            updateCallTip();
    });
    connect(m_popup, &CompletionPopup::chosen, this, &EditorAssistant::accept);
}

EditorAssistant::~EditorAssistant() = default;

void EditorAssistant::setLanguage(std::shared_ptr<const kql::services::LanguageServices> language, Executor& executor)
{
    m_language = std::move(language);
    m_executor = &executor;
    m_highlighter->setLanguage(m_language);
    m_pause.start();
}

EditorAssistant::Place EditorAssistant::place() const
{
    const std::string document = m_sci->text().toStdString();
    const auto cursor = std::min(document.size(), static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS)));
    const kql::services::Statement here = kql::services::statementAt(document, cursor);
    Place at;
    at.start = here.isEmpty() || cursor < here.start ? cursor : here.start;
    at.text = at.start == here.start ? here.text : std::string();
    // The cursor may stand behind the statement, where it is to go on.
    if (at.start + at.text.size() < cursor)
        at.text += document.substr(at.start + at.text.size(), cursor - at.start - at.text.size());
    at.position = cursor - at.start;
    return at;
}

bool EditorAssistant::isCompleting() const { return m_popup->isVisible(); }
bool EditorAssistant::wantsEscape() const { return m_popup->isVisible() || m_callTip->isVisible(); }

void EditorAssistant::close()
{
    ++m_completionRun;
    ++m_tipRun;
    m_popup->hide();
    m_callTip->hide();
}

void EditorAssistant::complete() { request(true); }

void EditorAssistant::charAdded(int character)
{
    if (m_accepting || m_sci->isListActive())
        return;
    const auto c = static_cast<char>(character < 128 ? character : 'x');
    if (c == '(' || c == ',' || c == ' ')
        updateCallTip();
    const Place at = place();
    const std::string_view before = std::string_view(at.text).substr(0, at.position);
    const auto trimmed = before.find_last_not_of(' ');
    const char last = trimmed == std::string_view::npos ? '\0' : before[trimmed];
    // A name begins, or a place is reached where little but a list of names makes sense.
    const bool word = isWordByte(c) && !(c >= '0' && c <= '9' && !m_popup->isVisible());
    if (word || c == '.' || (c == ' ' && last == '|') || (c == '=' && last == '=' && !before.ends_with("==")) || c == '-' || c == '!')
        request(false);
    else
        m_popup->hide();
}

void EditorAssistant::textChanged()
{
    ++m_bindRun;
    m_pause.start();
    if (m_accepting || !m_popup->isVisible())
        return;
    const auto cursor = static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS));
    if (cursor < m_listStart || (cursor == m_listStart && !m_asked))
        m_popup->hide();
    else
        request(m_asked);
}

void EditorAssistant::request(bool asked)
{
    if (!m_language)
        return;
    const Place at = place();
    items::runAsync(
        *m_executor, m_mailbox, [language = m_language, at] { return language->complete(at.text, at.position); },
        [this, at, asked, run = ++m_completionRun](kql::services::Completions found) {
            if (run == m_completionRun)
                present(at, std::move(found), asked);
        });
}

void EditorAssistant::present(const Place& at, kql::services::Completions found, bool asked)
{
    const auto cursor = static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS));
    if (cursor != at.start + at.position || !m_sci->hasFocus())
        return;
    const std::string typed = at.text.substr(found.word.start, at.position - found.word.start);
    if (!asked) {
        // What only could follow, and a word that is whole already, are no reason to open a list.
        std::erase_if(found.items, [](const CompletionItem& item) { return item.follows; });
        const auto choices = std::count_if(found.items.begin(), found.items.end(), kql::services::isChoice);
        const bool whole = choices == 1 && std::any_of(found.items.begin(), found.items.end(), [&](const CompletionItem& item) { return item.label == typed; });
        if (whole || (!typed.empty() && typed.find_first_not_of("0123456789") == std::string::npos))
            found.items.clear();
    }
    m_listStart = at.start + found.word.start;
    m_asked = asked;
    for (CompletionItem& item : found.items)
        item.replaced.start += at.start;
    m_popup->present(std::move(found.items), placeOf(m_listStart));
}

QRect EditorAssistant::placeOf(std::size_t byte) const
{
    const auto position = static_cast<long>(byte);
    const auto x = m_sci->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, position);
    const auto y = m_sci->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, position);
    const auto height = m_sci->SendScintilla(QsciScintilla::SCI_TEXTHEIGHT, 0UL);
    return QRect(m_sci->viewport()->mapToGlobal(QPoint(static_cast<int>(x), static_cast<int>(y))), QSize(1, static_cast<int>(height)));
}

void EditorAssistant::accept()
{
    const CompletionItem* chosen = m_popup->current();
    if (!chosen)
        return;
    CompletionItem item = *chosen;
    m_popup->hide();
    const auto end = static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH));
    const auto to = std::min(end, item.replaced.end());
    const int next = to < end ? static_cast<int>(m_sci->SendScintilla(QsciScintilla::SCI_GETCHARAT, static_cast<unsigned long>(to))) : 0;
    const bool goesOn = item.kind == CompletionKind::Operator && item.insert != "count";
    if (goesOn && next != ' ') {
        item.insert += ' ';
        item.caret = item.insert.size();
    }
    m_accepting = true;
    m_sci->beginUndoAction();
    m_sci->SendScintilla(QsciScintilla::SCI_SETTARGETSTART, static_cast<unsigned long>(item.replaced.start));
    m_sci->SendScintilla(QsciScintilla::SCI_SETTARGETEND, static_cast<unsigned long>(to));
    m_sci->SendScintilla(QsciScintilla::SCI_REPLACETARGET, static_cast<unsigned long>(item.insert.size()), item.insert.c_str());
    m_sci->SendScintilla(QsciScintilla::SCI_GOTOPOS, static_cast<unsigned long>(item.replaced.start + item.caret));
    m_sci->endUndoAction();
    m_accepting = false;
    if (item.insert.ends_with("()") && item.caret < item.insert.size())
        updateCallTip();
    else if (goesOn || item.insert.ends_with('=')) {
        updateCallTip();
        request(false);
    }
}

bool EditorAssistant::handleKey(const QKeyEvent& event)
{
    const int key = event.key();
    const bool plain = (event.modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (key == Qt::Key_Escape && wantsEscape()) {
        close();
        return true;
    }
    if (!m_popup->isVisible() || !plain)
        return false;
    switch (key) {
    case Qt::Key_Down: m_popup->move(1); return true;
    case Qt::Key_Up: m_popup->move(-1); return true;
    case Qt::Key_PageDown: m_popup->move(9); return true;
    case Qt::Key_PageUp: m_popup->move(-9); return true;
    case Qt::Key_Tab: accept(); return true;
    case Qt::Key_Return: case Qt::Key_Enter:
        // A list that opened by itself must not take the key that ends the line.
        if (m_asked || m_popup->wasMoved()) {
            accept();
            return true;
        }
        m_popup->hide();
        return false;
    case Qt::Key_Left: case Qt::Key_Right: case Qt::Key_Home: case Qt::Key_End:
        m_popup->hide();
        return false;
    default: return false;
    }
}

void EditorAssistant::updateCallTip()
{
    if (!m_language)
        return;
    const Place at = place();
    items::runAsync(
        *m_executor, m_mailbox, [language = m_language, at] { return language->signatureHelp(at.text, at.position); },
        [this, at, run = ++m_tipRun](std::optional<kql::services::SignatureHelp> help) {
            if (run != m_tipRun)
                return;
            // The form of an operator is of use where it begins and in its options; further on it would only be in the way.
            const bool late = help && help->isOperator && !help->activeParameter &&
                              std::string_view(at.text).substr(help->name.end(), at.position - std::min(at.position, help->name.end())).find_first_not_of(" \t\r\n") != std::string_view::npos;
            if (help && !late && m_sci->hasFocus())
                showCallTip(at, *help);
            else
                m_callTip->hide();
        });
}

void EditorAssistant::showCallTip(const Place& at, const kql::services::SignatureHelp& help)
{
    const kql::services::SignatureText& signature = help.signatures[help.active];
    QString text;
    if (help.activeParameter) {
        const SourceSpan part = signature.parameters[*help.activeParameter].place;
        text = escaped(signature.text.substr(0, part.start)) + QLatin1String("<b>") + escaped(signature.text.substr(part.start, part.length)) + QLatin1String("</b>") +
               escaped(signature.text.substr(part.end()));
    } else {
        text = escaped(signature.text);
    }
    if (help.signatures.size() > 1)
        text += QLatin1String("  ") + tr("(form %1 of %2)").arg(help.active + 1).arg(help.signatures.size());
    if (!help.help.empty())
        text += QLatin1String("<br/>") + escaped(help.help);
    m_callTip->setFont(m_theme.smallFont());
    m_callTip->setText(text);
    m_callTip->setWordWrap(false);
    m_callTip->setMinimumWidth(0);
    if (const int most = std::min(kWidestTip, m_sci->width()); m_callTip->sizeHint().width() > most) {
        m_callTip->setWordWrap(true);
        m_callTip->setMinimumWidth(most);
    }
    m_callTip->adjustSize();
    const QRect name = placeOf(at.start + help.name.start);
    m_callTip->move(name.left(), name.top() - m_callTip->height() - 2);
    m_callTip->show();
}

void EditorAssistant::explain(std::size_t byte, const QPoint& place)
{
    if (!m_language)
        return;
    const std::string document = m_sci->text().toStdString();
    const kql::services::Statement here = kql::services::statementAt(document, byte);
    if (here.isEmpty() || byte < here.start)
        return;
    items::runAsync(
        *m_executor, m_mailbox, [language = m_language, text = here.text, at = byte - here.start] { return language->hover(text, at); },
        [this, place, run = ++m_hoverRun](const std::optional<kql::services::Hover>& hover) {
            if (run != m_hoverRun || !hover || hover->title.empty())
                return;
            QString text = QLatin1String("<b>") + escaped(hover->title) + QLatin1String("</b>");
            for (const std::string* line : {&hover->detail, &hover->help, &hover->problem})
                if (!line->empty())
                    text += QLatin1String("<br/>") + escaped(*line);
            text += exampleText(hover->example);
            QToolTip::showText(place, text, m_sci);
        });
}

void EditorAssistant::check()
{
    if (!m_language)
        return;
    std::string document = m_sci->text().toStdString();
    if (document.size() > kMostBound)
        return;
    struct Found {
        std::vector<kql::services::ClassifiedSpan> pieces;
        std::vector<kql::services::Diagnostic> problems;
    };
    items::runAsync(
        *m_executor, m_mailbox,
        [language = m_language, document] { return Found{language->classifyBound(document), kql::services::diagnose(*language, document)}; },
        [this, document, run = ++m_bindRun](Found found) {
            if (run != m_bindRun)
                return;
            m_highlighter->setBound(document, std::move(found.pieces));
            Q_EMIT checked(found.problems);
        },
        TaskPriority::Background);
}

} // namespace tocsin::widgets
