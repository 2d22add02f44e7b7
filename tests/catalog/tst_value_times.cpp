// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Result.h"
#include "catalog/ValueTimes.h"
#include "support/NumberedDictionary.h"

#include <QtTest>

using namespace tocsin;
using tocsin::test::NumberedDictionary;
using namespace tocsin::catalog;

namespace {

struct Row {
    std::uint32_t code;
    std::optional<Ticks> time;
};

/// Notes rows whose codes are of a dictionary with these numbers.
void note(ValueTimes& times, const std::shared_ptr<const void>& domain, const std::vector<std::uint32_t>& numbers, const std::vector<Row>& rows)
{
    TypedBuilder<DataType::String> texts;
    for (const std::uint32_t number : numbers)
        texts.append(std::to_string(number));
    const Vector dictionary = texts.finish().withNumbers(std::make_shared<NumberedDictionary>(domain, numbers));
    auto codes = makeBuffer<std::uint32_t>(rows.size());
    TypedBuilder<DataType::DateTime> when;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        codes[i] = rows[i].code;
        rows[i].time ? when.append(*rows[i].time) : when.appendNull();
    }
    times.note(Vector::dictionary(dictionary, std::move(codes), rows.size()), when.finish());
}

} // namespace

class ValueTimesTest : public QObject {
    Q_OBJECT

private slots:
    void excludesPiecesMetLater_data();
    void excludesPiecesMetLater();
    void knowsOneDomain();
    void looksAtUsedValuesOnly();
    void givesUpWhereNothingCanBeLeftOut();
    void ignoresWhatIsNoDictionary();
};

void ValueTimesTest::excludesPiecesMetLater_data()
{
    QTest::addColumn<bool>("newest");
    QTest::addColumn<QList<int>>("values");
    QTest::addColumn<int>("furthest");
    QTest::addColumn<bool>("excluded");
    // values 7, 5 and 900 were met at 10 and 30, 20, 40
    QTest::newRow("all later") << true << QList<int>{7, 5, 900} << 19 << true;
    QTest::newRow("one as late") << true << QList<int>{7, 5} << 20 << false;
    QTest::newRow("one of them later") << true << QList<int>{7} << 29 << true;
    QTest::newRow("one not met") << true << QList<int>{7, 6} << 1 << false;
    QTest::newRow("one far off not met") << true << QList<int>{100'000} << 1 << false;
    QTest::newRow("no values") << true << QList<int>{} << 1 << false;
    QTest::newRow("all earlier") << false << QList<int>{7, 5, 900} << 41 << true;
    QTest::newRow("one as early") << false << QList<int>{7, 900} << 40 << false;
    QTest::newRow("the earliest counts") << false << QList<int>{7} << 11 << true;
    QTest::newRow("later ones wanted") << false << QList<int>{7} << 9 << false;
}

void ValueTimesTest::excludesPiecesMetLater()
{
    QFETCH(bool, newest);
    QFETCH(QList<int>, values);
    QFETCH(int, furthest);
    QFETCH(bool, excluded);
    const auto domain = std::make_shared<int>();
    ValueTimes times(newest);
    QCOMPARE(times.newest(), newest);
    note(times, domain, {7, 900}, {{0, 10}, {1, 40}, {0, 30}, {0, std::nullopt}});
    note(times, domain, {5}, {{0, 20}});
    QCOMPARE(times.allBeyond(NumberedDictionary(domain, {values.begin(), values.end()}), nullptr, furthest), excluded);
}

void ValueTimesTest::knowsOneDomain()
{
    const auto domain = std::make_shared<int>(), another = std::make_shared<int>();
    ValueTimes times(true);
    QVERIFY(!times.allBeyond(NumberedDictionary(domain, {1}), nullptr, 0));
    note(times, domain, {1}, {{0, 10}});
    note(times, another, {2}, {{0, 10}});
    QVERIFY(times.allBeyond(NumberedDictionary(domain, {1}), nullptr, 5));
    QVERIFY(!times.allBeyond(NumberedDictionary(another, {1}), nullptr, 5));
    QVERIFY(!times.allBeyond(NumberedDictionary(domain, {2}), nullptr, 5));
}

void ValueTimesTest::looksAtUsedValuesOnly()
{
    const auto domain = std::make_shared<int>();
    ValueTimes times(true);
    note(times, domain, {3, 4}, {{0, 10}});
    const NumberedDictionary dictionary(domain, {3, 4});
    const std::vector<std::uint32_t> first{0}, both{0, 1};
    QVERIFY(times.allBeyond(dictionary, &first, 5));
    QVERIFY(!times.allBeyond(dictionary, &both, 5));
}

void ValueTimesTest::givesUpWhereNothingCanBeLeftOut()
{
    const auto domain = std::make_shared<int>();
    ValueTimes useful(true), useless(true);
    for (ValueTimes* times : {&useful, &useless})
        note(*times, domain, {1}, {{0, 10}});
    QVERIFY(useful.allBeyond(NumberedDictionary(domain, {1}), nullptr, 5));
    for (int i = 0; i < 100; ++i)
        for (ValueTimes* times : {&useful, &useless})
            QVERIFY(!times->allBeyond(NumberedDictionary(domain, {1}), nullptr, 15));
    QVERIFY(useful.allBeyond(NumberedDictionary(domain, {1}), nullptr, 5));
    QVERIFY(!useless.allBeyond(NumberedDictionary(domain, {1}), nullptr, 5));
}

void ValueTimesTest::ignoresWhatIsNoDictionary()
{
    ValueTimes times(true);
    TypedBuilder<DataType::DateTime> when;
    when.append(10);
    TypedBuilder<DataType::String> texts;
    texts.append("a");
    times.note(texts.finish(), when.finish());
    times.note(Vector::constant(Value::string("a"), 1), Vector::constant(Value::dateTime(10), 1));
    QVERIFY(!times.allBeyond(NumberedDictionary(std::make_shared<int>(), {0}), nullptr, 5));
}

QTEST_APPLESS_MAIN(ValueTimesTest)
#include "tst_value_times.moc"
