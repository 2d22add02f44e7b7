// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Terms.h"
#include "kql/functions/support/TextSearch.h"

#include <QTest>

#include <random>

using namespace tocsin;
using namespace tocsin::kql;

class TestTextSearch : public QObject {
    Q_OBJECT
private slots:
    void findsAtEveryPosition();
    void agreesWithASimpleSearch();
    void foldsUnicode();
    void termRule_data();
    void termRule();
    void splitsTerms();
};

void TestTextSearch::findsAtEveryPosition()
{
    const TextFinder finder("NeeDle", false);
    for (std::size_t before = 0; before < 50; ++before) {
        for (std::size_t after = 0; after < 40; after += 7) {
            const std::string text = std::string(before, 'n') + "nEEdLE" + std::string(after, 'e');
            QCOMPARE(finder.find(text), before);
        }
    }
    QCOMPARE(finder.find("needl"), std::string_view::npos);
    QCOMPARE(TextFinder("", false).find("abc"), std::size_t{0});
}

void TestTextSearch::agreesWithASimpleSearch()
{
    std::mt19937 random(7);
    const std::string letters = "aAbB.@`[ ";
    const auto word = [&](std::size_t length) {
        std::string out;
        for (std::size_t i = 0; i < length; ++i)
            out += letters[random() % letters.size()];
        return out;
    };
    for (int round = 0; round < 3000; ++round) {
        const std::string text = word(random() % 70);
        const std::string wanted = word(1 + random() % 4);
        QCOMPARE(TextFinder(wanted, false).find(text), foldCase(text).find(foldCase(wanted)));
        QCOMPARE(TextFinder(wanted, true).find(text), text.find(wanted));
    }
}

void TestTextSearch::foldsUnicode()
{
    std::string scratch;
    const TextFinder finder("STRÄ", false);
    QVERIFY(finder.find(finder.prepared("die straße, die strä", scratch)) != std::string_view::npos);
    QVERIFY(TextFinder("ΑΒΓ", false).equals("αβγ"));
    QVERIFY(!TextFinder("ΑΒΓ", true).equals("αβγ"));
}

void TestTextSearch::termRule_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<int>("rule");
    QTest::addColumn<bool>("expected");
    const int whole = 0, prefix = 1, suffix = 2;
    QTest::newRow("inside a word") << QByteArray("KustoExplorerQueryRun") << QByteArray("Explorer") << whole << false;
    QTest::newRow("underscore separates") << QByteArray("foo_bar") << QByteArray("FOO") << whole << true;
    QTest::newRow("later occurrence") << QByteArray("foobar bar") << QByteArray("bar") << whole << true;
    QTest::newRow("digits are part of a term") << QByteArray("abc1") << QByteArray("abc") << whole << false;
    QTest::newRow("punctuation inside") << QByteArray("C:\\powershell.exe -x") << QByteArray("powershell.exe") << whole << true;
    QTest::newRow("punctuation first") << QByteArray("cmd -encode") << QByteArray("-enc") << whole << false;
    QTest::newRow("punctuation first, whole") << QByteArray("cmd x-enc ") << QByteArray("-enc") << whole << true;
    QTest::newRow("umlaut is a letter") << QByteArray("größe") << QByteArray("gr") << whole << false;
    QTest::newRow("umlaut before") << QByteArray("öab") << QByteArray("ab") << whole << false;
    QTest::newRow("empty") << QByteArray("abc") << QByteArray("") << whole << true;
    QTest::newRow("prefix") << QByteArray("North America") << QByteArray("ame") << prefix << true;
    QTest::newRow("prefix, inside") << QByteArray("North America") << QByteArray("mer") << prefix << false;
    QTest::newRow("suffix") << QByteArray("North America") << QByteArray("RTH") << suffix << true;
    QTest::newRow("suffix, inside") << QByteArray("North America") << QByteArray("nort") << suffix << false;
}

void TestTextSearch::termRule()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, wanted);
    QFETCH(int, rule);
    QFETCH(bool, expected);
    QCOMPARE(TermFinder(wanted.toStdString(), static_cast<TermRule>(rule), false).matches(text.toStdString()), expected);
}

void TestTextSearch::splitsTerms()
{
    std::vector<std::string> terms;
    forEachTerm("C:\\Win_32\\größe.exe -Enc=1", [&](std::string_view term) { terms.emplace_back(term); });
    QCOMPARE(terms, (std::vector<std::string>{"C", "Win", "32", "größe", "exe", "Enc", "1"}));
}

QTEST_GUILESS_MAIN(TestTextSearch)
#include "tst_text_search.moc"
