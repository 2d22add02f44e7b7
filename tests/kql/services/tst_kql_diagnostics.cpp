// SPDX-License-Identifier: GPL-3.0-or-later
#include "ServicesFixture.h"

#include "kql/services/Diagnostics.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::kql::services;

class TestKqlDiagnostics : public QObject {
    Q_OBJECT
    test::ServicesFixture m_services;

    /// `severity code@text` of each, with ` -> text` behind where there is a fix.
    QStringList found(const std::string& document) const
    {
        QStringList list;
        for (const Diagnostic& d : diagnose(m_services.language, document)) {
            const char* severity = d.severity == Diagnostic::Severity::Error ? "error" : d.severity == Diagnostic::Severity::Warning ? "warning" : "advice";
            QString line = QStringLiteral("%1 %2@%3").arg(QLatin1String(severity), QString::fromStdString(std::string(d.error.code())),
                                                          QString::fromStdString(document.substr(d.error.span->start, d.error.span->length)));
            if (d.fix)
                line += QStringLiteral(" -> ") + QString::fromStdString(applyEdits(document, {*d.fix}));
            list << line;
        }
        return list;
    }

private Q_SLOTS:
    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* name, const char* text, const QStringList& expected) { QTest::newRow(name) << QString::fromUtf8(text) << expected; };
        row("nothing", "SigninLogs | take 1", {});
        row("empty", "", {});
        row("only comments", "// a\n\n// b", {});
        row("definitions alone", "let a = 1;", {});
        row("unknown column", "SigninLogs | where ResultTyp == ''", {"error kql.unknown_column@ResultTyp -> SigninLogs | where ResultType == ''"});
        row("unknown table", "SigninLog | take 1", {"error kql.unknown_table@SigninLog -> SigninLogs | take 1"});
        row("unknown function", "print strlenn('')", {"error kql.unknown_function@strlenn -> print strlen('')"});
        row("odd name", "SecurityEvent | where Oddname == ''", {"error kql.unknown_column@Oddname -> SecurityEvent | where ['Odd name'] == ''"});
        row("nothing alike", "SigninLogs | where Zzzzzz == 1", {"error kql.unknown_column@Zzzzzz"});
        row("two blocks, wide letters before", "// ä\nSigninLogs | take 1\n\nSigninLogs | where Attemps > 1", {"error kql.unknown_column@Attemps -> // ä\nSigninLogs | take 1\n\nSigninLogs | where Attempts > 1"});
        row("both blocks", "SigninLogs | where A == 1\n\nSecurityEvent | where B == 1", {"error kql.unknown_column@A", "error kql.unknown_column@B"});
        row("old name", "SigninLogs | summarize makeset(ResultType)", {"advice kql.old_name@makeset -> SigninLogs | summarize make_set(ResultType)"});
        row("contains a word", "SigninLogs | where UserPrincipalName contains 'admin'", {"advice kql.has_would_do@contains -> SigninLogs | where UserPrincipalName has 'admin'"});
        row("advice waits for errors", "SigninLogs | where UserPrincipalName contains 'admin' and X == 1", {"error kql.unknown_column@X"});
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, expected);
        QCOMPARE(found(text.toStdString()), expected);
    }

    void placesAreInTheText()
    {
        // Cut anywhere, the places stay inside.
        const std::string text = "let a = dynamic(['x', 'y']);\r\nSigninLogs\r\n| where ResultType in (a) // ö\r\n| summarize n = count(), makeset(Attempts) by bin(TimeGenerated, 1h)\r\n\r\nSecurityEvent | join (SigninLogs) on TimeGenerated";
        for (std::size_t length = 0; length <= text.size(); ++length)
            for (const Diagnostic& d : diagnose(m_services.language, text.substr(0, length)))
                QVERIFY(d.error.span->end() <= length && (!d.fix || d.fix->span.end() <= length));
    }
};

QTEST_GUILESS_MAIN(TestKqlDiagnostics)
#include "tst_kql_diagnostics.moc"
