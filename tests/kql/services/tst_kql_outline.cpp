// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Outline.h"
#include "kql/services/Statement.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql::services;

class TestKqlOutline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void outlineOf_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // one item a line: level blanks, title, detail
        QTest::newRow("query") << "T | where a == 1 | take 5" << "T\n where a == 1\n take 5\n";
        QTest::newRow("lets") << "let a = 5; let t = U | take 1; let f = (x: int, y: string) { x };\nprint a" << "a 5\nt U\n take 1\nf (x: int, y: string)\n x\nprint a\n print a\n";
        QTest::newRow("subquery") << "T | join (U | where b) on k" << "T\n join (U | where b) on k\n  where b\n";
        QTest::newRow("comments left out") << "T\n| where a // why\n    and b" << "T\n where a and b\n";
        QTest::newRow("two queries") << "T | take 1\n\nU | take 2" << "T\n take 1\nU\n take 2\n";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("broken") << "T | where ( | take" << "T\n where (\n take\n";
    }
    void outlineOf()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string out;
        for (const OutlineItem& item : outline(text.toStdString()))
            out += std::string(static_cast<std::size_t>(item.level), ' ') + item.title + (item.detail.empty() ? "" : " " + item.detail) + "\n";
        QCOMPARE(QString::fromStdString(out), expected);
    }

    void folds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("one line") << "T | take 1" << "";
        QTest::newRow("statement") << "T\n| where a\n| take 1" << "0-2 ";
        QTest::newRow("two statements") << "let a =\n    5;\nT\n| take 1" << "0-1 2-3 ";
        QTest::newRow("brackets") << "T\n| join (\n    U\n) on k\n| take 1" << "0-4 1-3 ";
        QTest::newRow("comments") << "// one\n// two\nT\n| take 1" << "0-1 2-3 ";
        QTest::newRow("function") << "let f = () {\n    T\n    | take 1\n};\nf()" << "0-3 ";
        QTest::newRow("text") << "print ```a\nb```,\n 5" << "0-2 ";
    }
    void folds()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QString out;
        for (const FoldRange& range : foldRanges(text.toStdString()))
            out += QStringLiteral("%1-%2 ").arg(range.firstLine).arg(range.lastLine);
        QCOMPARE(out, expected);
    }

    void statements_data()
    {
        QTest::addColumn<QString>("document"); // ^ is the cursor
        QTest::addColumn<QString>("sent");
        QTest::newRow("only one") << "T | ta^ke 1" << "T | take 1";
        QTest::newRow("second block") << "T | take 1\n\nU | ta^ke 2" << "U | take 2";
        QTest::newRow("end of a block") << "T | take 1^\n\nU | take 2" << "T | take 1";
        QTest::newRow("line behind a block") << "T | take 1\n^\nU | take 2" << "T | take 1";
        QTest::newRow("blank line in brackets") << "T | join (\nU\n\n| take 1\n) o^n k\n\nV" << "T | join (\nU\n\n| take 1\n) on k";
        QTest::newRow("bracket never closed") << "T | where (\n\nU | ta^ke 2" << "U | take 2";
        QTest::newRow("blank line before a pipe") << "T\n\n| ta^ke 1\n\nU" << "T\n\n| take 1";
        QTest::newRow("blank line in a string") << "print ```a\n\nb```, ^1" << "print ```a\n\nb```, 1";
        QTest::newRow("definitions are sent too") << "let a = 1;\nprint ^a" << "let a = 1;\nprint a";
        QTest::newRow("definitions behind a blank line") << "let a = 1;\n\nprint ^a" << "let a = 1;\n\nprint a";
        QTest::newRow("cursor in a definition") << "let a^ = 1;\nprint a" << "let a = 1;\nprint a";
        QTest::newRow("heading comment") << "// he^ad\n\nT" << "T";
        QTest::newRow("other queries are blanked out") << "T;\nU^" << "  \nU";
        QTest::newRow("nothing") << "^" << "";
    }
    void statements()
    {
        QFETCH(QString, document);
        QFETCH(QString, sent);
        const auto at = document.indexOf(QLatin1Char('^'));
        document.remove(at, 1);
        QCOMPARE(QString::fromStdString(statementAt(document.toStdString(), static_cast<std::size_t>(at)).text), sent);
    }
};

QTEST_GUILESS_MAIN(TestKqlOutline)
#include "tst_kql_outline.moc"
