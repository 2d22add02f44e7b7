// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Lexer.h"
#include "kql/syntax/Literals.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;

class TestKqlLexer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tokens_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("pipe") << "T | where a == 1" << "T | where a == 1";
        QTest::newRow("hyphenated") << "T|mv-expand a-b" << "T | mv-expand a - b";
        QTest::newRow("longest word") << "project-away x" << "project-away x";
        QTest::newRow("range dots") << "1..3" << "1 .. 3";
        QTest::newRow("units") << "1d 1.5h 100ms 1tick" << "1d 1.5h 100ms 1tick";
        QTest::newRow("negated") << "a !has b !in~ (c)" << "a !has b !in~ ( c )";
        QTest::newRow("in caseless") << "a in~(b)" << "a in~ ( b )";
        QTest::newRow("strings") << "'a' \"b\\\"c\" @'x''y' h\"s\"" << "'a' \"b\\\"c\" @'x''y' h\"s\"";
        QTest::newRow("typed") << "datetime(2024-01-01 10:00) x" << "datetime(2024-01-01 10:00) x";
        QTest::newRow("comment") << "a // b | c\n| d" << "a | d";
        QTest::newRow("digits first") << "7zip 4x" << "7zip 4x";
        QTest::newRow("no-break space") << QString(QChar(0xA0)) + "a" << "a";
        QTest::newRow("less minus") << "x<-1" << "x < - 1";
    }
    void tokens()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const std::string source = text.toStdString();
        QStringList words;
        std::size_t at = 0;
        for (const Token& token : tokenize(source)) {
            QCOMPARE(token.span.start, at);
            at = token.span.end();
            if (!token.isTrivia() && token.kind != TokenKind::End)
                words << QString::fromStdString(std::string(token.text(source)));
        }
        QCOMPARE(at, source.size());
        QCOMPARE(words.join(' '), expected);
    }
    void multiLineStrings()
    {
        const std::string text = "```a\n'b'``` ~~~x~~~";
        const auto tokens = tokenize(text);
        QCOMPARE(tokens[0].kind, TokenKind::String);
        QCOMPARE(decodeString(tokens[0].text(text)).value(), std::string("a\n'b'"));
        QCOMPARE(decodeString(tokens[2].text(text)).value(), std::string("x"));
    }
    void decodesStrings()
    {
        QCOMPARE(decodeString("\"a\\tb\\\\\\u0041\\\"\"").value(), std::string("a\tb\\A\""));
        QCOMPARE(decodeString("@\"a\\d\"\"b\"").value(), std::string("a\\d\"b"));
        QCOMPARE(decodeString("h'x'").value(), std::string("x"));
        QVERIFY(!decodeString("\"\\d\""));
        QCOMPARE(decodeString(encodeString("a\"b\\\n")).value(), std::string("a\"b\\\n"));
    }
    void decodesNumbers()
    {
        QCOMPARE(decodeNumber("12")->asLong(), std::int64_t{12});
        QCOMPARE(decodeNumber("0xff")->asLong(), std::int64_t{255});
        QCOMPARE(decodeNumber("1e3")->asReal(), 1000.0);
        QCOMPARE(decodeNumber("1.5h")->asLong(), 90 * kTicksPerMinute);
        QCOMPARE(decodeNumber("2ticks")->asLong(), std::int64_t{2});
        QVERIFY(!decodeNumber("99999999999999999999999d"));
        QCOMPARE(decodeTypedLiteral("int(5)")->type(), DataType::Int);
        QVERIFY(decodeTypedLiteral("guid(null)")->isNull());
        QVERIFY(!decodeTypedLiteral("datetime(soon)"));
        QCOMPARE(decodeTypedLiteral("timespan(2)")->asLong(), 2 * kTicksPerDay);
        QCOMPARE(decodeTypedLiteral("real(nan)")->type(), DataType::Real);
        QCOMPARE(decodeTypedLiteral("long(-0x10)")->asLong(), std::int64_t{-16});
    }
    void namesAreWrittenAsNeeded()
    {
        QCOMPARE(encodeName("abc_1"), std::string("abc_1"));
        QCOMPARE(encodeName("a b"), std::string("['a b']"));
    }
};

QTEST_GUILESS_MAIN(TestKqlLexer)
#include "tst_kql_lexer.moc"
