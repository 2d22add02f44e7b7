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
        QTest::newRow("windows line ends") << "T\r\n| where a\r\n| take 1\r\n\r\nU\r\n| take 2\r\n" << "0-2 4-5 ";
        QTest::newRow("tabs") << "T\n\t| join (\n\t\tU\n\t) on k" << "0-3 1-3 ";
        QTest::newRow("wide letters") << "// \u00e4\u6f22\nT\n| where s == '\U0001F600'\n| take 1" << "1-3 ";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("blanks") << "\r\n\t \n" << "";
        QTest::newRow("only comments") << "// a\r\n// b\r\n\r\n// c" << "0-1 ";
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
        QTest::newRow("windows line ends") << "T\r\n| take 1\r\n\r\nU\r\n| ta^ke 2\r\n" << "U\r\n| take 2";
        QTest::newRow("windows line ends, first block") << "T\r\n| take 1^\r\n\r\nU" << "T\r\n| take 1";
        QTest::newRow("line of blanks between") << "T | take 1\n \t \nU | ta^ke 2" << "U | take 2";
        QTest::newRow("tabs") << "T\n\t| ta^ke 1\n\n\tU" << "T\n\t| take 1";
        QTest::newRow("only comments") << "// a^\n// b" << "// a\n// b";
        QTest::newRow("only blanks") << " \r\n ^ \t" << "";
    }
    void statementsCountBytes()
    {
        // Offsets are bytes, whatever the letters.
        const std::string text = "// \u00e4\u6f22\nT | where s == '\U0001F600';\r\nU | take 2\n\nV";
        const std::size_t at = text.find("take");
        const Statement found = statementAt(text, at);
        QCOMPARE(QByteArray::fromStdString(text.substr(found.shownStart, found.shownEnd - found.shownStart)), QByteArray("U | take 2"));
        QCOMPARE(found.text.substr(found.text.size() - 10), std::string("U | take 2"));
        QCOMPARE(found.start + found.text.size(), found.shownEnd);
        for (std::size_t byte = 0; byte <= text.size() + 3; ++byte) {
            const Statement any = statementAt(text, byte);
            QVERIFY(any.start + any.text.size() <= text.size());
        }
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
