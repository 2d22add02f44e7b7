// SPDX-License-Identifier: GPL-3.0-or-later
#include "Marked.h"
#include "ServicesFixture.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::kql::services;

namespace {

QString nameOf(TextClass kind)
{
    static const char* const kNames[] = {"plain", "comment", "keyword", "queryoperator", "operator", "punctuation", "table", "column", "function", "aggregate",
                                         "plugin", "variable", "parameter", "type", "string", "escape", "number", "error"};
    return QString::fromLatin1(kNames[static_cast<int>(kind)]);
}

} // namespace

class TestKqlHover : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatStandsThere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("detail");
        const auto row = [](const char* text, const char* word, const char* title, const char* detail = "") {
            QTest::newRow(qPrintable(QString::fromUtf8(text) + QLatin1String(" @") + QString::fromUtf8(word))) << QString::fromUtf8(text) << QString::fromUtf8(word) << QString::fromUtf8(title) << QString::fromUtf8(detail);
        };
        row("SigninLogs | where ResultType == '0'", "ResultType", "ResultType: string", "column of SigninLogs");
        row("SigninLogs | extend n = Attempts * 2 | project n", "project n", "project column, name = expression, …");
        row("SigninLogs | join kind=inner (SecurityEvent) on TimeGenerated", "join", "join [kind=innerunique|inner|leftouter|rightouter|fullouter|leftanti|leftsemi|rightanti|rightsemi] (table) on column, $left.a == $right.b, …");
        row("range x from 1 to 3 step 1", "range", "range name from start to end step size");
        row("SigninLogs | extend n = Attempts * 2 | where n > 1", "n > 1", "n: long", "computed column");
        row("SecurityEvent | count", "SecurityEvent", "SecurityEvent (table)", "TimeGenerated: datetime, Account: string, EventID: int, Odd name: string");
        row("print strlen('x')", "strlen", "strlen(text: string): long");
        row("let a = 5; print a", "a = 5", "a: long");
        row("let t = SecurityEvent | project Account; t | count", "t | count", "t (table)");
        row("let f = (x:long, y:string='a') { x }; print f(1)", "f(1)", "f(x: long, [y: string])");
        row("FailedSignins | count", "FailedSignins", "FailedSignins(since:timespan=1d)");
        row("SigninLogs | where ResultType has 'x'", "has", "text has term");
        row("SigninLogs | join (SecurityEvent) on $left.ResultType == $right.Account", "Account", "Account: string", "column of SecurityEvent");
        row("SigninLogs | evaluate bag_unpack(LocationDetails)", "bag_unpack", "bag_unpack(Column, [OutputColumnPrefix], [columnsConflict], [ignoredProperties])");
    }
    void saysWhatStandsThere()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        QFETCH(QString, title);
        QFETCH(QString, detail);
        const auto hover = m_services.language.hover(text.toStdString(), static_cast<std::size_t>(text.lastIndexOf(word)));
        QVERIFY(hover);
        QCOMPARE(QString::fromStdString(hover->title), title);
        if (!detail.isEmpty())
            QCOMPARE(QString::fromStdString(hover->detail), detail);
    }

    void operatorsHaveExamples()
    {
        const auto hover = m_services.language.hover("SigninLogs | where true", 14);
        QVERIFY(hover);
        QVERIFY(QString::fromStdString(hover->example).contains(QStringLiteral("| where size > 3 and user == 'ann' // ann, 4")));
        QVERIFY(!m_services.language.hover("print strlen('x')", 8)->example.empty());
    }

    /// `^` marks the cursor; the option that is being written is told.
    void operatorsHaveSignatures_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("begin");
        QTest::addColumn<QString>("option");
        QTest::newRow("where") << "SigninLogs | where ^" << "where condition" << "";
        QTest::newRow("summarize") << "SigninLogs | summarize n = count() ^" << "summarize [name =] aggregate" << "";
        QTest::newRow("join") << "SigninLogs | join ^" << "join [kind=" << "";
        QTest::newRow("join kind") << "SigninLogs | join kind=^" << "join [kind=" << "kind";
        QTest::newRow("union") << "union withsource=^" << "union [kind=" << "withsource";
        QTest::newRow("a call inside") << "SigninLogs | where strlen(^" << "strlen(text: string)" << "";
        QTest::newRow("behind a call") << "SigninLogs | where strlen('a') > ^" << "where condition" << "";
        QTest::newRow("inside the other side") << "SigninLogs | join (SecurityEvent | project ^" << "project column" << "";
        QTest::newRow("no operator") << "SigninLogs ^" << "" << "";
        QTest::newRow("in the keyword") << "SigninLogs | where^" << "" << "";
    }
    void operatorsHaveSignatures()
    {
        QFETCH(QString, text);
        QFETCH(QString, begin);
        QFETCH(QString, option);
        std::string written = text.toStdString();
        const std::size_t at = test::takeMark(written);
        const auto help = m_services.language.signatureHelp(written, at);
        QCOMPARE(help.has_value(), !begin.isEmpty());
        if (!help)
            return;
        QVERIFY2(help->signatures[help->active].text.starts_with(begin.toStdString()), help->signatures[help->active].text.c_str());
        QCOMPARE(help->isOperator, !begin.contains(QLatin1Char('(')) || begin.startsWith(QStringLiteral("join")));
        QCOMPARE(help->activeParameter && help->isOperator ? QString::fromStdString(help->signatures[0].parameters[*help->activeParameter].name) : QString(), option);
    }

    void saysWhatIsWrong()
    {
        const std::string text = "SigninLogs | where ResultTyp == '0'";
        const auto hover = m_services.language.hover(text, text.find("ResultTyp"));
        QVERIFY(hover);
        QVERIFY(hover->problem.find("ResultType") != std::string::npos);
    }

    void signatureOfTheCall_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("signature");
        QTest::addColumn<int>("parameter");
        QTest::newRow("first") << "print strlen(" << "strlen(text: string): long" << 0;
        QTest::newRow("second") << "print datetime_add('day', " << "datetime_add(period: string, amount: int or long, datetime: datetime): datetime" << 1;
        QTest::newRow("after a nested call") << "print datetime_add('day', toint('1'), " << "datetime_add(period: string, amount: int or long, datetime: datetime): datetime" << 2;
        QTest::newRow("aggregate") << "SigninLogs | summarize sum(" << "" << 0;
        QTest::newRow("let function") << "let f = (x:long, y:string) { x }; print f(1, " << "f(x: long, y: string)" << 1;
        QTest::newRow("saved function") << "FailedSignins(" << "FailedSignins(since:timespan=1d)" << 0;
        QTest::newRow("plugin") << "SigninLogs | evaluate bag_unpack(LocationDetails, " << "bag_unpack(Column, [OutputColumnPrefix], [columnsConflict], [ignoredProperties])" << 1;
        QTest::newRow("language") << "print toscalar(" << "toscalar(query)" << 0;
    }
    void signatureOfTheCall()
    {
        QFETCH(QString, text);
        QFETCH(QString, signature);
        QFETCH(int, parameter);
        const std::string bytes = text.toStdString();
        const auto help = m_services.language.signatureHelp(bytes, bytes.size());
        QVERIFY(help);
        if (!signature.isEmpty() && !signature.startsWith(QLatin1String("datetime_add")))
            QCOMPARE(QString::fromStdString(help->signatures[help->active].text), signature);
        QVERIFY(help->activeParameter);
        QCOMPARE(static_cast<int>(*help->activeParameter), parameter);
    }

    void noSignatureOutsideOfCalls()
    {
        for (const std::string text : {"print (1 + ", "SigninLogs | where (", "print strlen('x') ", "SigninLogs | join (SecurityEvent | where ", "// strlen("})
            if (const auto help = m_services.language.signatureHelp(text, text.size())) // the operator around it is told of, but no call
                QVERIFY2(help->isOperator, text.c_str());
        QVERIFY(!m_services.language.signatureHelp("// strlen(", 10));
    }

    void piecesHaveTheirClass_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("lexical");
        QTest::addColumn<QString>("bound");
        const auto row = [](const char* text, const char* word, const char* lexical, const char* bound) { QTest::newRow(qPrintable(QString::fromUtf8(text) + QLatin1String(" @") + QString::fromUtf8(word))) << QString::fromUtf8(text) << QString::fromUtf8(word) << QString::fromLatin1(lexical) << QString::fromLatin1(bound); };
        row("SigninLogs | where ResultType == 0", "SigninLogs", "table", "table");
        row("SigninLogs | where ResultType == 0", "where", "queryoperator", "queryoperator");
        row("SigninLogs | where ResultType == 0", "ResultType", "column", "column");
        row("SigninLogs | where ResultType == 0", "==", "operator", "operator");
        row("SigninLogs | extend z = 1 | where z > 0", "z > 0", "plain", "column");
        row("let n5 = 5; print n5", "n5", "plain", "variable");
        row("print 1\n\nlet n5 = 5; print n5", "n5", "plain", "variable");
        row("print 1 |\n\nlet n5 = 5; print n5", "n5", "plain", "variable");
        row("T | summarize count() by x", "count", "aggregate", "aggregate");
        row("T | summarize dcount(x)", "dcount", "aggregate", "aggregate");
        row("T | evaluate bag_unpack(d)", "bag_unpack", "plugin", "plugin");
        row("T | join kind=inner (U) on x", "kind", "parameter", "parameter");
        row("T | join kind=inner (U) on x", "on", "keyword", "keyword");
        row("datatable(a:long)[1]", "long", "type", "type");
        row("print 'a\\nb'", "\\n", "escape", "escape");
        row("print 'a'", "'a'", "string", "string");
        row("print 'a", "'a", "error", "error");
        row("print 1d", "1d", "number", "number");
        row("print datetime(2024-01-01)", "datetime(2024-01-01)", "number", "number");
        row("print 1 // x", "// x", "comment", "comment");
        row("T | where a has 'x'", "has", "operator", "operator");
        row("T | project-away a", "project-away", "queryoperator", "queryoperator");
    }
    void piecesHaveTheirClass()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        QFETCH(QString, lexical);
        QFETCH(QString, bound);
        const std::string bytes = text.toStdString();
        const std::size_t at = static_cast<std::size_t>(text.lastIndexOf(word));
        const auto classAt = [&](const std::vector<ClassifiedSpan>& spans) {
            for (const ClassifiedSpan& span : spans)
                if (span.span.start <= at && at < span.span.end())
                    return nameOf(span.kind);
            return QStringLiteral("nothing");
        };
        QCOMPARE(classAt(m_services.language.classify(bytes)), lexical);
        QCOMPARE(classAt(m_services.language.classifyBound(bytes)), bound);
    }

    void piecesCoverTheText()
    {
        for (const std::string text : {"T | where x == \"open", "a 'x\\", "```\nab", "\xc3\xa4 | \x01 ~ 1..5", "@\"", "print 'a\\", "print '\\u12'"}) {
            std::size_t at = 0;
            for (const ClassifiedSpan& piece : m_services.language.classifyBound(text)) {
                QCOMPARE(piece.span.start, at);
                QVERIFY(piece.span.length > 0);
                at += piece.span.length;
            }
            QCOMPARE(at, text.size());
        }
    }

private:
    test::ServicesFixture m_services;
};

QTEST_GUILESS_MAIN(TestKqlHover)
#include "tst_kql_hover.moc"
