// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Terms.h"
#include "base/Utf8.h"

#include <QTest>

#include <random>

using namespace tocsin;

class TestUtf8 final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void decodes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<uint>("code");
        QTest::addColumn<int>("length");
        const auto good = [](const char* name, QByteArray bytes, uint code) { QTest::newRow(name) << bytes << true << code << int(bytes.size()); };
        const auto bad = [](const char* name, QByteArray bytes) { QTest::newRow(name) << bytes << false << 0xFFFDU << 1; };
        good("ascii", "A", 'A');
        good("nul", QByteArray(1, '\0'), 0);
        good("two bytes", "\xC3\xA9", 0xE9);
        good("first of two", "\xC2\x80", 0x80);
        good("three bytes", "\xE2\x82\xAC", 0x20AC);
        good("four bytes", "\xF0\x9F\x94\x94", 0x1F514);
        good("last of all", "\xF4\x8F\xBF\xBF", 0x10FFFF);
        bad("continuation alone", "\x80");
        bad("overlong slash", "\xC0\xAF");
        bad("overlong in three", "\xE0\x80\xAF");
        bad("overlong in four", "\xF0\x80\x80\xAF");
        bad("surrogate", "\xED\xA0\x80");
        bad("behind the last", "\xF4\x90\x80\x80");
        bad("five bytes", "\xF8\x88\x80\x80\x80");
        bad("cut short", "\xE2\x82");
        bad("wrong continuation", "\xE2\x28\xA1");
        bad("FF", "\xFF");
    }
    void decodes()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        const std::string text = bytes.toStdString();
        const DecodedChar decoded = decodeUtf8(text, 0);
        QCOMPARE(decoded.valid, valid);
        QTEST(uint(decoded.code), "code");
        QTEST(int(decoded.length), "length");
        QCOMPARE(isValidUtf8(text), valid);
        if (valid) {
            std::string back;
            appendUtf8(back, decoded.code);
            QCOMPARE(back, text);
            QCOMPARE(countCodePoints(text), std::size_t{1});
        }
    }

    void replacesWhatIsInvalid()
    {
        QCOMPARE(toValidUtf8("a\xFF" "b"), "a\xEF\xBF\xBD" "b");
        QCOMPARE(toValidUtf8("caf\xC3\xA9"), "caf\xC3\xA9");
        QCOMPARE(countCodePoints("a\xFF" "b"), std::size_t{3});
        std::string out;
        appendUtf8(out, 0xD800);
        appendUtf8(out, 0x110000);
        QCOMPARE(out, "\xEF\xBF\xBD\xEF\xBF\xBD");
    }

    void agreesWithQtOnRandomBytes()
    {
        std::mt19937 random(3);
        const unsigned char likely[] = {'a', 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xFF};
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (unsigned n = random() % 12; n > 0; --n)
                text += static_cast<char>(random() % 3 ? likely[random() % std::size(likely)] : random() % 256);
            QCOMPARE(isValidUtf8(text), QByteArray::fromStdString(text).isValidUtf8());
            QVERIFY(isValidUtf8(toValidUtf8(text)));
            QVERIFY(isValidUtf8(utf8FromLatin1(text)));
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
            QVERIFY(isValidUtf8(utf8FromUtf16Le(bytes, text.size())));
        }
    }

    void readsUtf16()
    {
        const auto read = [](std::u16string_view text) { return utf8FromUtf16Le(reinterpret_cast<const std::uint8_t*>(text.data()), text.size() * 2); };
        QCOMPARE(read(u"K\u00E9y"), "K\xC3\xA9y");
        QCOMPARE(read(u"\U0001F514"), "\xF0\x9F\x94\x94");
        const char16_t high[] = {0xD83D, u'x'};
        QCOMPARE(read({high, 2}), "\xEF\xBF\xBDx");
        const char16_t low[] = {0xDD14};
        QCOMPARE(read({low, 1}), "\xEF\xBF\xBD");
        const std::uint8_t odd[] = {'a', 0, 'b'};
        QCOMPARE(utf8FromUtf16Le(odd, 3), "a");
        QCOMPARE(utf8FromLatin1("\xE9"), "\xC3\xA9");
    }

    void mapsCase_data()
    {
        QTest::addColumn<QString>("upper");
        QTest::addColumn<QString>("lower");
        QTest::newRow("ascii") << "AZ-09[" << "az-09[";
        QTest::newRow("latin") << QString::fromUtf8("ÀÉÖ") << QString::fromUtf8("àéö");
        QTest::newRow("greek") << QString::fromUtf8("ΑΣΩ") << QString::fromUtf8("ασω");
        QTest::newRow("cyrillic") << QString::fromUtf8("ЖЯ") << QString::fromUtf8("жя");
        QTest::newRow("full width") << QString::fromUtf8("ＡＺ") << QString::fromUtf8("ａｚ");
    }
    void mapsCase()
    {
        QFETCH(QString, upper);
        QFETCH(QString, lower);
        QCOMPARE(foldCase(std::string_view(upper.toStdString())), lower.toStdString());
        QCOMPARE(toUpper(std::string_view(lower.toStdString())), upper.toStdString());
        QCOMPARE(foldCase(std::string_view("A\xFF")), "a\xFF");
    }

    void comparesAndTrimsAscii()
    {
        QVERIFY(equalsIgnoringCase("TimeGenerated", "timegenerated"));
        QVERIFY(!equalsIgnoringCase("a", "ab"));
        QVERIFY(!equalsIgnoringCase("@", "`"));
        QVERIFY(!equalsIgnoringCase("[", "{"));
        QCOMPARE(trimSpaces(" \t\r\nx y\f\v "), std::string_view("x y"));
        QCOMPARE(trimSpaces("  "), std::string_view());
        QCOMPARE(trimSpaces(""), std::string_view());
    }

    void findsTerms_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("terms");
        QTest::newRow("empty") << "" << QStringList{};
        QTest::newRow("marks only") << "--/.." << QStringList{};
        QTest::newRow("path") << "C:\\Windows\\cmd.exe /c" << QStringList{"C", "Windows", "cmd", "exe", "c"};
        QTest::newRow("underscore") << "a_b-c" << QStringList{"a", "b", "c"};
        QTest::newRow("other scripts") << QString::fromUtf8("naïve Тест, 日本") << QStringList{QString::fromUtf8("naïve"), QString::fromUtf8("Тест"), QString::fromUtf8("日本")};
    }
    void findsTerms()
    {
        QFETCH(QString, text);
        QStringList found;
        forEachTerm(text.toStdString(), [&](std::string_view term) { found << QString::fromUtf8(term.data(), qsizetype(term.size())); });
        QTEST(found, "terms");
    }

    void knowsTermBorders()
    {
        const std::string text = "x\xC3\xA9-1";
        QVERIFY(termCharAt(text, 0) && termCharAt(text, 1) && !termCharAt(text, 3) && termCharAt(text, 4));
        QVERIFY(!termCharAt(text, text.size()));
        QVERIFY(!termCharBefore(text, 0));
        QVERIFY(termCharBefore(text, 3));
        QVERIFY(!termCharBefore(text, 4));
    }
};

QTEST_GUILESS_MAIN(TestUtf8)
#include "tst_utf8.moc"
