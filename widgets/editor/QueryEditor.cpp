// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/QueryEditor.h"

#include "editor/EditorAssistant.h"
#include "editor/KqlHighlighter.h"
#include "editor/ProblemMarks.h"
#include "items/ValueText.h"
#include "kql/services/Outline.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <Qsci/qsciscintilla.h>

namespace tocsin::widgets {

namespace {

constexpr int kStatementIndicator = 9;
constexpr int kReferenceIndicator = 10;
constexpr int kFoldMargin = 2;
constexpr long kLargeDocument = 500'000; ///< beyond, nothing is read anew with each key

} // namespace

QueryEditor::QueryEditor(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_sci(new QsciScintilla(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_sci);
    setFocusProxy(m_sci);
    m_sci->setAccessibleName(tr("KQL editor"));
    m_sci->setFrameShape(QFrame::NoFrame);
    m_sci->setUtf8(true);
    m_sci->setEolMode(QsciScintilla::EolUnix);
    m_sci->setIndentationsUseTabs(false);
    m_sci->setTabWidth(4);
    m_sci->setAutoIndent(true);
    m_sci->setBraceMatching(QsciScintilla::SloppyBraceMatch);
    m_sci->setMarginType(0, QsciScintilla::NumberMargin);
    m_sci->setMarginWidth(1, 0);
    m_sci->setCaretLineVisible(false);
    m_sci->setScrollWidth(1);
    m_sci->setScrollWidthTracking(true);
    m_sci->setWrapMode(QsciScintilla::WrapNone);
    m_sci->indicatorDefine(QsciScintilla::FullBoxIndicator, kStatementIndicator);
    m_sci->setIndicatorDrawUnder(true, kStatementIndicator);
    m_sci->indicatorDefine(QsciScintilla::StraightBoxIndicator, kReferenceIndicator);
    m_sci->setIndicatorDrawUnder(true, kReferenceIndicator);
    m_sci->setFolding(QsciScintilla::PlainFoldStyle, kFoldMargin);
    // Keys that mean something to the window rather than to the text.
    for (const int key : {int('/'), int('D'), int('L'), int('T'), int('U')})
        m_sci->SendScintilla(QsciScintilla::SCI_CLEARCMDKEY, static_cast<unsigned long>(key + (QsciScintilla::SCMOD_CTRL << 16)));
    m_highlighter = new KqlHighlighter(theme, this);
    m_sci->setLexer(m_highlighter);
    m_assistant = new EditorAssistant(theme, m_sci, m_highlighter);
    m_problems = new ProblemMarks(theme, m_sci);
    m_sci->viewport()->installEventFilter(this);
    m_sci->installEventFilter(this);

    connect(m_sci, &QsciScintilla::textChanged, this, [this] {
        m_sci->setMarginWidth(0, QLatin1Char('0') + QString::number(std::max(10, m_sci->lines() * 10)));
        shadeStatement();
        updateFolds();
        markReferences({});
        Q_EMIT textChanged();
    });
    connect(m_sci, &QsciScintilla::cursorPositionChanged, this, [this](int line, int index) {
        shadeStatement();
        const std::size_t here = cursor();
        if (!m_references.empty() && std::none_of(m_references.begin(), m_references.end(), [&](SourceSpan place) { return here >= place.start && here <= place.end(); }))
            markReferences({});
        Q_EMIT cursorMoved(line + 1, index + 1);
    });
    connect(m_assistant, &EditorAssistant::checked, this, [this](const std::vector<kql::services::Diagnostic>& found) {
        m_checked = true;
        m_problems->setChecked(found);
        Q_EMIT checked();
    });
    connect(&theme, &Theme::changed, this, &QueryEditor::applyTheme);
    applyTheme();
    m_sci->setMarginWidth(0, QStringLiteral("0100"));
}

QueryEditor::~QueryEditor() = default;

void QueryEditor::applyTheme()
{
    m_highlighter->applyTheme();
    const QColor text = m_theme.color(ThemeColor::Text), surface = m_theme.color(ThemeColor::Surface), selection = m_theme.color(ThemeColor::Selection);
    m_sci->setLexer(m_highlighter);
    m_sci->setColor(text);
    m_sci->setPaper(surface);
    m_sci->setCaretForegroundColor(text);
    m_sci->setSelectionBackgroundColor(selection);
    m_sci->resetSelectionForegroundColor();
    m_sci->setMarginsBackgroundColor(m_theme.color(ThemeColor::Window));
    m_sci->setMarginsForegroundColor(m_theme.color(ThemeColor::TextQuiet));
    m_sci->setMarginsFont(m_theme.monospaceFont());
    m_sci->setMatchedBraceBackgroundColor(selection);
    m_sci->setMatchedBraceForegroundColor(m_theme.color(ThemeColor::Accent));
    m_sci->setUnmatchedBraceBackgroundColor(surface);
    m_sci->setUnmatchedBraceForegroundColor(m_theme.color(ThemeColor::Error));
    m_sci->setIndicatorForegroundColor(m_theme.color(ThemeColor::SurfaceAlternate), kStatementIndicator);
    m_sci->SendScintilla(QsciScintilla::SCI_INDICSETALPHA, static_cast<unsigned long>(kStatementIndicator), 255L);
    m_sci->SendScintilla(QsciScintilla::SCI_INDICSETOUTLINEALPHA, static_cast<unsigned long>(kStatementIndicator), 255L);
    m_sci->setIndicatorForegroundColor(m_theme.color(ThemeColor::Accent), kReferenceIndicator);
    m_sci->SendScintilla(QsciScintilla::SCI_INDICSETALPHA, static_cast<unsigned long>(kReferenceIndicator), 50L);
    m_sci->SendScintilla(QsciScintilla::SCI_INDICSETOUTLINEALPHA, static_cast<unsigned long>(kReferenceIndicator), 160L);
    m_sci->setFoldMarginColors(m_theme.color(ThemeColor::Window), m_theme.color(ThemeColor::Window));
    for (int marker = int(QsciScintilla::SC_MARKNUM_FOLDEREND); marker <= int(QsciScintilla::SC_MARKNUM_FOLDEROPEN); ++marker) {
        m_sci->setMarkerForegroundColor(m_theme.color(ThemeColor::Window), marker);
        m_sci->setMarkerBackgroundColor(m_theme.color(ThemeColor::TextQuiet), marker);
    }
    m_sci->setExtraAscent(2);
    m_sci->setExtraDescent(2);
    m_sci->recolor();
}

QString QueryEditor::text() const { return m_sci->text(); }

void QueryEditor::setText(const QString& text)
{
    m_sci->setText(text);
    m_sci->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
    shadeStatement();
    updateFolds();
}

void QueryEditor::insertText(const QString& text)
{
    int line = 0, index = 0;
    m_sci->removeSelectedText();
    m_sci->getCursorPosition(&line, &index);
    const QString before = m_sci->text(line).left(index);
    const bool blank = !before.isEmpty() && (before.back().isLetterOrNumber() || before.back() == QLatin1Char('_'));
    const QString inserted = (blank ? QStringLiteral(" ") : QString()) + text;
    m_sci->insert(inserted);
    m_sci->setCursorPosition(line, index + static_cast<int>(inserted.size()));
    m_sci->setFocus();
}

void QueryEditor::setLanguage(std::shared_ptr<const kql::services::LanguageServices> language, Executor& executor) { m_assistant->setLanguage(std::move(language), executor); }

Statement QueryEditor::statement() const
{
    const std::string document = m_sci->text().toStdString();
    // Not hasSelectedText(): it may still say so when something was typed over the selection.
    if (const SourceSpan selected = selection(); selected.length > 0)
        return {.start = selected.start, .shownStart = selected.start, .shownEnd = selected.end(), .text = document.substr(selected.start, selected.length)};
    return kql::services::statementAt(document, cursor());
}

std::size_t QueryEditor::cursor() const { return static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS)); }

SourceSpan QueryEditor::selection() const
{
    const auto start = static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETSELECTIONSTART));
    return {start, static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETSELECTIONEND)) - start};
}

void QueryEditor::select(SourceSpan bytes)
{
    m_sci->SendScintilla(QsciScintilla::SCI_SETSEL, static_cast<unsigned long>(bytes.start), static_cast<long>(bytes.end()));
    m_sci->ensureCursorVisible();
}

void QueryEditor::replace(const std::vector<kql::services::TextEdit>& edits, std::size_t cursorAfter)
{
    const long top = m_sci->SendScintilla(QsciScintilla::SCI_GETFIRSTVISIBLELINE);
    m_sci->beginUndoAction();
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
        m_sci->SendScintilla(QsciScintilla::SCI_SETTARGETRANGE, static_cast<unsigned long>(edit->span.start), static_cast<long>(edit->span.end()));
        m_sci->SendScintilla(QsciScintilla::SCI_REPLACETARGET, static_cast<unsigned long>(edit->text.size()), edit->text.c_str());
    }
    m_sci->endUndoAction();
    m_sci->SendScintilla(QsciScintilla::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(top));
    m_sci->SendScintilla(QsciScintilla::SCI_GOTOPOS, static_cast<unsigned long>(cursorAfter));
}

void QueryEditor::markReferences(std::vector<SourceSpan> places)
{
    if (places.empty() && m_references.empty())
        return;
    m_references = std::move(places);
    m_sci->SendScintilla(QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kReferenceIndicator));
    m_sci->SendScintilla(QsciScintilla::SCI_INDICATORCLEARRANGE, 0UL, m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH));
    for (const SourceSpan& place : m_references)
        m_sci->SendScintilla(QsciScintilla::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(place.start), static_cast<long>(place.length));
}

QRect QueryEditor::placeOf(std::size_t byte) const
{
    const long x = m_sci->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, static_cast<long>(byte));
    const long y = m_sci->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, static_cast<long>(byte));
    const long line = m_sci->SendScintilla(QsciScintilla::SCI_LINEFROMPOSITION, static_cast<unsigned long>(byte));
    const QPoint corner = m_sci->viewport()->mapTo(this, QPoint(static_cast<int>(x), static_cast<int>(y)));
    return {corner, QSize(1, m_sci->textHeight(static_cast<int>(line)))};
}

void QueryEditor::foldAll(bool fold)
{
    m_sci->SendScintilla(QsciScintilla::SCI_FOLDALL, static_cast<unsigned long>(fold ? QsciScintilla::SC_FOLDACTION_CONTRACT : QsciScintilla::SC_FOLDACTION_EXPAND));
    m_sci->ensureCursorVisible();
}

void QueryEditor::updateFolds()
{
    if (m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH) > kLargeDocument)
        return;
    const auto lines = static_cast<std::size_t>(m_sci->lines());
    std::vector<long> levels(lines + 1, 0);
    std::vector<char> heads(lines + 1, 0);
    for (const kql::services::FoldRange& range : kql::services::foldRanges(m_sci->text().toStdString())) {
        if (range.lastLine >= lines)
            continue;
        heads[range.firstLine] = 1;
        ++levels[range.firstLine + 1];
        if (range.lastLine + 1 < lines)
            --levels[range.lastLine + 1];
    }
    long level = QsciScintilla::SC_FOLDLEVELBASE;
    for (std::size_t line = 0; line < lines; ++line) {
        level += levels[line];
        const long wanted = level | (heads[line] ? static_cast<long>(QsciScintilla::SC_FOLDLEVELHEADERFLAG) : 0L);
        if (m_sci->SendScintilla(QsciScintilla::SCI_GETFOLDLEVEL, static_cast<unsigned long>(line)) != wanted)
            m_sci->SendScintilla(QsciScintilla::SCI_SETFOLDLEVEL, static_cast<unsigned long>(line), wanted);
    }
}

void QueryEditor::shadeStatement()
{
    const auto length = m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH);
    m_sci->SendScintilla(QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kStatementIndicator));
    m_sci->SendScintilla(QsciScintilla::SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(length));
    if (selection().length > 0 || length > kLargeDocument)
        return;
    const Statement here = statement();
    // Shading the only statement of a document would say nothing.
    if (here.shownEnd > here.shownStart && (here.shownStart > 0 || m_sci->text().trimmed().toUtf8().size() > static_cast<qsizetype>(here.shownEnd + 1)))
        m_sci->SendScintilla(QsciScintilla::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(here.shownStart), static_cast<long>(here.shownEnd - here.shownStart));
}

void QueryEditor::goToProblem(bool backwards)
{
    const ProblemMarks::Problem* problem = m_problems->next(cursor(), backwards);
    if (!problem)
        return;
    goTo(problem->start);
    const auto [line, column] = lineAndColumn();
    Q_EMIT cursorMoved(line, column); // at once, not only when the editor is drawn next
}

bool QueryEditor::fixProblem()
{
    const ProblemMarks::Problem* problem = m_problems->at(cursor());
    if (!problem || !problem->fix)
        return false;
    const kql::services::TextEdit fix = *problem->fix;
    replace({fix}, fix.span.start + fix.text.size());
    return true;
}

std::pair<int, int> QueryEditor::lineAndColumn() const
{
    int line = 0, index = 0;
    m_sci->getCursorPosition(&line, &index);
    return {line + 1, index + 1};
}

void QueryEditor::goTo(std::size_t byte)
{
    m_sci->SendScintilla(QsciScintilla::SCI_GOTOPOS, static_cast<unsigned long>(byte));
    m_sci->ensureCursorVisible();
    m_sci->setFocus();
}

void QueryEditor::toggleComment()
{
    int fromLine = 0, fromIndex = 0, toLine = 0, toIndex = 0;
    m_sci->getSelection(&fromLine, &fromIndex, &toLine, &toIndex);
    if (fromLine < 0) {
        m_sci->getCursorPosition(&fromLine, &fromIndex);
        toLine = fromLine;
    } else if (toIndex == 0 && toLine > fromLine) {
        --toLine;
    }
    bool all = true;
    for (int line = fromLine; line <= toLine; ++line)
        all = all && (m_sci->text(line).trimmed().isEmpty() || m_sci->text(line).trimmed().startsWith(QLatin1String("//")));
    m_sci->beginUndoAction();
    for (int line = fromLine; line <= toLine; ++line) {
        const QString text = m_sci->text(line);
        const auto first = static_cast<int>(std::find_if(text.begin(), text.end(), [](QChar c) { return !c.isSpace(); }) - text.begin());
        if (text.trimmed().isEmpty())
            continue;
        if (all) {
            const int width = text.mid(first).startsWith(QLatin1String("// ")) ? 3 : 2;
            m_sci->setSelection(line, first, line, first + width);
            m_sci->removeSelectedText();
        } else {
            m_sci->insertAt(QStringLiteral("// "), line, first);
        }
    }
    m_sci->endUndoAction();
}

bool QueryEditor::knowsTables() const { return m_assistant->hasLanguage(); }

void QueryEditor::complete() { m_assistant->complete(); }

bool QueryEditor::isCompleting() const { return m_assistant->isCompleting(); }

void QueryEditor::explain()
{
    const auto cursor = m_sci->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS);
    const auto x = m_sci->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, cursor);
    const auto y = m_sci->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, cursor);
    m_assistant->explain(static_cast<std::size_t>(cursor), m_sci->viewport()->mapToGlobal(QPoint(static_cast<int>(x), static_cast<int>(y))));
}

void QueryEditor::undo() { m_sci->undo(); }
void QueryEditor::redo() { m_sci->redo(); }

void QueryEditor::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_sci->setFocus();
}

bool QueryEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const long byte = m_sci->SendScintilla(QsciScintilla::SCI_POSITIONFROMPOINTCLOSE, static_cast<unsigned long>(help->pos().x()), static_cast<long>(help->pos().y()));
        if (const ProblemMarks::Problem* problem = byte >= 0 ? m_problems->at(static_cast<std::size_t>(byte)) : nullptr) {
            QToolTip::showText(help->globalPos(), ProblemMarks::tipText(*problem), m_sci);
            return true;
        }
        QToolTip::hideText();
        if (byte >= 0)
            m_assistant->explain(static_cast<std::size_t>(byte), help->globalPos());
        return true;
    }
    if (event->type() == QEvent::KeyPress && watched == m_sci && m_assistant->handleKey(*static_cast<QKeyEvent*>(event)))
        return true;
    if ((event->type() == QEvent::FocusOut && watched == m_sci) || (event->type() == QEvent::Wheel && m_assistant->wantsEscape()) || event->type() == QEvent::MouseButtonPress)
        m_assistant->close();
    if (event->type() == QEvent::ShortcutOverride) {
        // The editor would keep these; they belong to the window. Esc closes an open list of completions first.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool run = key->key() == Qt::Key_F5 || ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && key->modifiers() == Qt::ShiftModifier);
        if (key->key() == Qt::Key_Escape && m_assistant->wantsEscape()) {
            event->accept();
            return true;
        }
        const bool escape = key->key() == Qt::Key_Escape;
        const bool comment = key->key() == Qt::Key_Slash && key->modifiers() == Qt::ControlModifier;
        if (run || escape || comment) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace tocsin::widgets
