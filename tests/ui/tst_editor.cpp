// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/OutlinePopup.h"
#include "editor/ProblemLine.h"
#include "editor/ProblemMarks.h"
#include "editor/QueryDocument.h"
#include "editor/QueryTools.h"
#include "editor/RenameBox.h"
#include "items/ResultTableModel.h"
#include "items/SchemaModel.h"
#include "kql/services/Statement.h"
#include "results/ResultPane.h"
#include "ui/FakeWindow.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTreeWidget>
#include <QTest>
#include <Qsci/qsciscintilla.h>

using namespace tocsin;
using namespace tocsin::widgets;

class TestEditor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void statementUnderTheCursor_data();
    void statementUnderTheCursor();
    void completesWhileTyping();
    void enterEndsTheLineUnlessTheListWasAskedFor();
    void f5RunsTheStatementAndShowsRows();
    void whatIsTypedOverASelectionRuns();
    void failureIsUnderlinedAndSaid();
    void problemsAreUnderlinedAfterAPause();
    void problemsAreWalkedAndSetRight();
    void escapeCancels();
    void timeRangeIsSent();
    void badTimeRangeIsSaid();
    void commentIsToggled();
    void stateSurvives();
    void formattingIsOneStepOfUndo();
    void definitionAndReferencesAreShown();
    void namesAreChangedInPlace();
    void extractedLetIsNamedInPlace();
    void letIsInlined();
    void outlineGoesToItsItem();
    void statementsFold();
};

void TestEditor::statementUnderTheCursor_data()
{
    QTest::addColumn<QString>("document");
    QTest::addColumn<int>("cursor");
    QTest::addColumn<QString>("sent");
    QTest::newRow("only one") << "A | take 1" << 3 << "A | take 1";
    QTest::newRow("first block") << "A\n| take 1\n\nB" << 4 << "A\n| take 1";
    QTest::newRow("second block") << "A\n| take 1\n\nB" << 12 << "B";
    QTest::newRow("end of the first block") << "A\n| take 1\n\nB" << 10 << "A\n| take 1";
    QTest::newRow("definitions come along") << "let x = 1; A | take x" << 15 << "let x = 1; A | take x";
    QTest::newRow("cursor in a definition") << "let x = 1; A | take x" << 2 << "let x = 1; A | take x";
    QTest::newRow("other query is left out") << "A; B" << 3 << "  B";
    QTest::newRow("first of two") << "A; B" << 0 << "A;";
    QTest::newRow("semicolon in a string") << "A | where x == \"a;b\"" << 1 << "A | where x == \"a;b\"";
    QTest::newRow("blank line in a string") << "A | where x == ```a\n\nb```" << 1 << "A | where x == ```a\n\nb```";
    QTest::newRow("comment line joins") << "// c\nA" << 1 << "// c\nA";
    QTest::newRow("nothing") << "  \n\n " << 1 << "";
}

void TestEditor::statementUnderTheCursor()
{
    QFETCH(QString, document);
    QFETCH(int, cursor);
    QFETCH(QString, sent);
    const Statement s = kql::services::statementAt(document.toStdString(), static_cast<std::size_t>(cursor));
    QCOMPARE(QString::fromStdString(s.text).trimmed(), sent.trimmed());
}

namespace {

struct Bench {
    test::FakeProgram program;
    items::SchemaModel schema{program.catalog, program.executor, program.time};
    QueryDocument document{{program.engine, program.executor, program.clock, program.time, program.tasks, schema, program.theme}};
};

/// The whole window with an empty query that has the keyboard and knows the tables of the workspace.
struct TypingWindow {
    test::FakeProgram program;
    app::MainWindow window{program.services()};
    QueryDocument* document = window.newQuery();
    QsciScintilla* sci = document->findChild<QsciScintilla*>();

    bool isReady()
    {
        window.resize(1000, 700);
        window.show();
        window.loadWorkspace();
        if (!QTest::qWaitForWindowExposed(&window))
            return false;
        window.activateWindow();
        sci->setFocus();
        return QTest::qWaitFor([this] { return sci->hasFocus() && document->editor()->knowsTables(); });
    }
};

} // namespace

void TestEditor::completesWhileTyping()
{
    TypingWindow typing;
    QVERIFY(typing.isReady());
    QueryDocument* document = typing.document;
    QsciScintilla* sci = typing.sci;
    document->editor()->setText(QStringLiteral("SigninLogs | s"));
    document->editor()->goTo(14);
    QTest::keyClicks(sci, QStringLiteral("u"));
    QTRY_VERIFY(document->editor()->isCompleting());
    QTest::keyClick(sci, Qt::Key_Tab);
    QVERIFY(document->editor()->text().startsWith(QStringLiteral("SigninLogs | summarize ")));
}

void TestEditor::enterEndsTheLineUnlessTheListWasAskedFor()
{
    TypingWindow typing;
    QVERIFY(typing.isReady());
    QueryDocument* document = typing.document;
    QsciScintilla* sci = typing.sci;
    const auto write = [&](const char* text) {
        document->editor()->setText(QString::fromLatin1(text));
        document->editor()->goTo(qstrlen(text));
    };
    write("SigninLogs | su");
    document->editor()->complete();
    QTRY_VERIFY(document->editor()->isCompleting());
    QTest::keyClick(sci, Qt::Key_Return);
    QCOMPARE(document->editor()->text(), QStringLiteral("SigninLogs | summarize "));
    write("SigninLogs | s");
    QTest::keyClicks(sci, QStringLiteral("u"));
    QTRY_VERIFY(document->editor()->isCompleting());
    QTest::keyClick(sci, Qt::Key_Return);
    QVERIFY(!document->editor()->isCompleting());
    QCOMPARE(document->editor()->text(), QStringLiteral("SigninLogs | su\n"));
    write("SigninLogs | s");
    QTest::keyClicks(sci, QStringLiteral("u"));
    QTRY_VERIFY(document->editor()->isCompleting());
    QTest::keyClick(sci, Qt::Key_Escape);
    QVERIFY(!document->editor()->isCompleting());
}

void TestEditor::f5RunsTheStatementAndShowsRows()
{
    test::FakeProgram program;
    app::MainWindow window(program.services());
    window.resize(1000, 700);
    QueryDocument* document = window.newQuery();
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    auto* sci = document->findChild<QsciScintilla*>();
    sci->setFocus();
    QTest::keyClicks(sci, QStringLiteral("SigninLogs "));
    QTest::keyClick(sci, Qt::Key_F5);
    QTRY_COMPARE(document->results()->model()->rowCount(), 5200);
    QTRY_VERIFY(!document->isRunning());
    QCOMPARE(QString::fromStdString(program.engine.requests().back().text).trimmed(), QStringLiteral("SigninLogs"));
    QVERIFY(document->results()->statusText().contains(QStringLiteral("5,200")));
    QTest::keyClick(sci, Qt::Key_Return, Qt::ShiftModifier);
    QTRY_COMPARE(program.engine.requests().size(), std::size_t(2));
}

void TestEditor::whatIsTypedOverASelectionRuns()
{
    TypingWindow typing;
    QVERIFY(typing.isReady());
    typing.document->editor()->setText(QStringLiteral("SigninLogs | where x"));
    QTest::keyClick(typing.sci, Qt::Key_A, Qt::ControlModifier);
    QTRY_VERIFY(typing.sci->hasSelectedText()); // the editor's own state follows when it paints
    QCOMPARE(QString::fromStdString(typing.document->editor()->statement().text), QStringLiteral("SigninLogs | where x"));
    QTest::keyClicks(typing.sci, QStringLiteral("SigninLogs "));
    QCOMPARE(QString::fromStdString(typing.document->editor()->statement().text).trimmed(), QStringLiteral("SigninLogs"));
    typing.document->run();
    QVERIFY2(typing.document->problemText().isEmpty(), qPrintable(typing.document->problemText()));
}

void TestEditor::failureIsUnderlinedAndSaid()
{
    Bench b;
    b.document.editor()->setText(QStringLiteral("// x\n\nSigninLogs | where Nmae == 1"));
    b.document.editor()->goTo(10);
    b.document.run();
    QTRY_VERIFY(!b.document.problemText().isEmpty());
    QVERIFY2(b.document.problemText().contains(QStringLiteral("Line 3, column 20")), qPrintable(b.document.problemText()));
    QVERIFY(b.document.problemText().contains(QStringLiteral("Did you mean Name?")));
    auto* sci = b.document.findChild<QsciScintilla*>();
    QVERIFY(sci->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, 25L) != 0);
    QVERIFY(sci->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, 8L) == 0);
}

void TestEditor::problemsAreUnderlinedAfterAPause()
{
    Bench b;
    b.schema.reload();
    QueryEditor* editor = b.document.editor();
    QTRY_VERIFY(editor->knowsTables());
    editor->setText(QStringLiteral("SigninLogs | where Nmae == 1\n| take 5"));
    QCOMPARE(editor->problems()->all().size(), std::size_t{0}); // not before the pause
    QTRY_COMPARE(editor->problems()->count(ProblemMarks::Severity::Error), 1);
    auto* sci = b.document.findChild<QsciScintilla*>();
    QVERIFY(sci->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, 20L) != 0);
    const auto* line = b.document.findChild<ProblemLine*>();
    QCOMPARE(line->countText(), QStringLiteral("1 error(s)"));
    // Elsewhere the mark moves with the text; a change inside takes it away at once.
    editor->replace({{{0, 0}, "  "}}, 0);
    QCOMPARE(editor->problems()->all().at(0).start, std::size_t{21});
    editor->replace({{{23, 1}, "x"}}, 24);
    QVERIFY(editor->problems()->all().empty());
    QVERIFY(sci->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, 22L) == 0);
}

void TestEditor::problemsAreWalkedAndSetRight()
{
    Bench b;
    b.schema.reload();
    QueryEditor* editor = b.document.editor();
    QTRY_VERIFY(editor->knowsTables());
    editor->setText(QStringLiteral("SigninLogs | take 1\n\nSigninLog | take 2\n\nSigninLogs | wher 3"));
    QTRY_COMPARE(editor->problems()->count(ProblemMarks::Severity::Error), 2);
    editor->goTo(0);
    editor->goToProblem(false);
    QCOMPARE(editor->cursor(), std::size_t{21});
    const auto* line = b.document.findChild<ProblemLine*>();
    QVERIFY2(line->messageText().contains(QStringLiteral("SigninLog")), qPrintable(line->messageText()));
    editor->goToProblem(true);
    QCOMPARE(editor->cursor(), editor->problems()->all().at(1).start);
    editor->goToProblem(false);
    QVERIFY(editor->fixProblem());
    QVERIFY(editor->text().contains(QStringLiteral("SigninLogs | take 2")));
    QTRY_COMPARE(editor->problems()->count(ProblemMarks::Severity::Error), 1);
    QVERIFY(!editor->fixProblem());
}

void TestEditor::escapeCancels()
{
    test::FakeProgram program;
    app::MainWindow window(program.services());
    QueryDocument* document = window.newQuery(QString(), QStringLiteral("hang"));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    document->run();
    QTRY_COMPARE(document->results()->model()->rowCount(), 5200);
    QTest::keyClick(document->findChild<QsciScintilla*>(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!document->isRunning(), 200);
    QVERIFY(document->results()->statusText().contains(QStringLiteral("cancelled")));
    QTRY_COMPARE(program.engine.finishedRuns(), 1);
}

void TestEditor::timeRangeIsSent()
{
    Bench b;
    b.document.editor()->setText(QStringLiteral("SigninLogs"));
    QVariantMap state = b.document.saveState();
    state[QStringLiteral("range")] = QStringLiteral("24h");
    b.document.restoreState(state);
    b.document.run();
    QTRY_COMPARE(b.program.engine.requests().size(), std::size_t(1));
    const auto range = b.program.engine.requests()[0].timespan;
    QVERIFY(range.has_value());
    QCOMPARE(range->to, b.program.clock.now());
    QCOMPARE(range->to - range->from, kTicksPerDay);
}

void TestEditor::badTimeRangeIsSaid()
{
    Bench b;
    b.document.editor()->setText(QStringLiteral("SigninLogs"));
    b.document.restoreState({{QStringLiteral("text"), QStringLiteral("SigninLogs")}, {QStringLiteral("range"), QStringLiteral("next tuesday")}});
    b.document.run();
    QVERIFY(b.document.problemText().contains(QStringLiteral("not a time range")));
    QVERIFY(b.program.engine.requests().empty());
}

void TestEditor::commentIsToggled()
{
    Bench b;
    b.document.editor()->setText(QStringLiteral("  A\n| take 1"));
    b.document.editor()->toggleComment();
    QCOMPARE(b.document.editor()->text(), QStringLiteral("  // A\n| take 1"));
    b.document.editor()->toggleComment();
    QCOMPARE(b.document.editor()->text(), QStringLiteral("  A\n| take 1"));
}

void TestEditor::stateSurvives()
{
    Bench b;
    b.document.setTitle(QStringLiteral("Mine"));
    b.document.editor()->setText(QStringLiteral("A\n| take 1"));
    Bench other;
    other.document.restoreState(b.document.saveState());
    QCOMPARE(other.document.title(), QStringLiteral("Mine"));
    QCOMPARE(other.document.editor()->text(), QStringLiteral("A\n| take 1"));
}

void TestEditor::formattingIsOneStepOfUndo()
{
    Bench bench;
    QueryEditor& editor = *bench.document.editor();
    const QString before = QStringLiteral("let a=1;SigninLogs|where x==a|take 10");
    editor.setText(before);
    editor.goTo(static_cast<std::size_t>(before.indexOf(QLatin1String("take"))));
    bench.document.tools()->format();
    QCOMPARE(editor.text(), QStringLiteral("let a = 1;\nSigninLogs\n| where x == a\n| take 10"));
    QCOMPARE(editor.cursor(), static_cast<std::size_t>(editor.text().indexOf(QLatin1String("take"))));
    editor.undo();
    QCOMPARE(editor.text(), before);
    editor.goTo(1);
    bench.document.tools()->formatSelection();
    QCOMPARE(editor.text(), QStringLiteral("let a = 1;SigninLogs|where x==a|take 10"));
    editor.undo();
    QCOMPARE(editor.text(), before);
}

void TestEditor::definitionAndReferencesAreShown()
{
    Bench bench;
    bench.document.resize(800, 600);
    bench.document.show(); // the cursor is told of when it is drawn
    QueryEditor& editor = *bench.document.editor();
    editor.setText(QStringLiteral("let lim = 1;\nSigninLogs | where x == lim or y == lim"));
    editor.goTo(static_cast<std::size_t>(editor.text().lastIndexOf(QLatin1String("lim"))));
    bench.document.tools()->showReferences();
    QCOMPARE(editor.references().size(), std::size_t(3));
    bench.document.tools()->goToDefinition();
    QCOMPARE(editor.selection(), (SourceSpan{4, 3}));
    QVERIFY(!editor.references().empty()); // still on one of them
    editor.goTo(20);
    QTRY_VERIFY(editor.references().empty());
    editor.goTo(0);
    bench.document.tools()->showReferences();
    QVERIFY(!bench.document.problemText().isEmpty());
}

void TestEditor::namesAreChangedInPlace()
{
    Bench bench;
    bench.document.resize(800, 600);
    bench.document.show();
    QueryEditor& editor = *bench.document.editor();
    const QString before = QStringLiteral("let lim = 1; let other = 2;\nSigninLogs | where x == lim + other");
    editor.setText(before);
    editor.goTo(5);
    bench.document.tools()->rename();
    QPointer<RenameBox> box = editor.findChild<RenameBox*>();
    QVERIFY(box);
    QCOMPARE(box->line()->text(), QStringLiteral("lim"));
    box->line()->setText(QStringLiteral("other"));
    QTest::keyClick(box->line(), Qt::Key_Return);
    QVERIFY(!box->problem().isEmpty());
    QCOMPARE(editor.text(), before);
    box->line()->setText(QStringLiteral("most wanted"));
    QTest::keyClick(box->line(), Qt::Key_Return);
    QCOMPARE(editor.text(), QStringLiteral("let ['most wanted'] = 1; let other = 2;\nSigninLogs | where x == ['most wanted'] + other"));
    QTRY_VERIFY(!box);
    editor.undo();
    QCOMPARE(editor.text(), before);
    editor.goTo(static_cast<std::size_t>(before.indexOf(QLatin1String("SigninLogs"))));
    bench.document.tools()->rename();
    QVERIFY(!editor.findChild<RenameBox*>());
    QVERIFY(!bench.document.problemText().isEmpty());
}

void TestEditor::extractedLetIsNamedInPlace()
{
    Bench bench;
    bench.document.resize(800, 600);
    bench.document.show();
    QueryEditor& editor = *bench.document.editor();
    const QString before = QStringLiteral("SigninLogs | where x == 5");
    editor.setText(before);
    editor.select({static_cast<std::size_t>(before.size() - 1), 1});
    bench.document.tools()->extractLet();
    QCOMPARE(editor.text(), QStringLiteral("let value = 5;\nSigninLogs | where x == value"));
    RenameBox* box = editor.findChild<RenameBox*>();
    QVERIFY(box);
    QTest::keyClick(box->line(), Qt::Key_Escape);
    editor.undo();
    QCOMPARE(editor.text(), before);
}

void TestEditor::letIsInlined()
{
    Bench bench;
    QueryEditor& editor = *bench.document.editor();
    const QString before = QStringLiteral("let a = 1 + 2;\nprint x = a * 3");
    editor.setText(before);
    editor.goTo(4);
    bench.document.tools()->inlineLet();
    QCOMPARE(editor.text(), QStringLiteral("print x = (1 + 2) * 3"));
    editor.undo();
    QCOMPARE(editor.text(), before);
}

void TestEditor::outlineGoesToItsItem()
{
    Bench bench;
    bench.document.resize(800, 600);
    bench.document.show();
    QueryEditor& editor = *bench.document.editor();
    editor.setText(QStringLiteral("let a = 1;\nSigninLogs\n| where x == a\n| take 10"));
    bench.document.tools()->showOutline();
    QPointer<OutlinePopup> popup = editor.findChild<OutlinePopup*>();
    QVERIFY(popup);
    QCOMPARE(popup->tree()->topLevelItemCount(), 2);
    popup->search()->setText(QStringLiteral("take"));
    QTest::keyClick(popup->search(), Qt::Key_Return);
    QCOMPARE(editor.cursor(), static_cast<std::size_t>(editor.text().indexOf(QLatin1String("take"))));
    QTRY_VERIFY(!popup);
}

void TestEditor::statementsFold()
{
    Bench bench;
    bench.document.resize(800, 600);
    bench.document.show();
    QueryEditor& editor = *bench.document.editor();
    editor.setText(QStringLiteral("SigninLogs\n| where x\n| take 10\n\nSecurityAlert"));
    auto* sci = editor.findChild<QsciScintilla*>();
    const auto isShown = [&](unsigned long line) { return sci->SendScintilla(QsciScintilla::SCI_GETLINEVISIBLE, line) != 0; };
    QVERIFY(isShown(1));
    editor.foldAll(true);
    QVERIFY(isShown(0) && !isShown(1) && !isShown(2) && isShown(3) && isShown(4));
    editor.foldAll(false);
    QVERIFY(isShown(1) && isShown(2));
}

QTEST_MAIN(TestEditor)
#include "tst_editor.moc"
