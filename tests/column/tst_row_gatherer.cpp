// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/ColumnFixture.h"
#include "column/ConstantVectors.h"
#include "column/RowGatherer.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::test;

namespace {

Vector constantText(std::string_view text, std::size_t rows) { return Vector::constant(Value::string(std::string(text)), rows); }

} // namespace

class TestRowGatherer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsRowsOfSeveralBatchesTogether()
    {
        const std::vector<Batch> batches = {
            {{longs({1, 2}), texts({"a", "b"}), constantText("same", 2), constantText("x", 2)}, 2, nullptr},
            {{Vector::nulls(DataType::Long, 1), dictionaryOf(texts({"c", "d"}), {1}), constantText("same", 1), constantText("y", 1)}, 1, nullptr},
        };
        const RowGatherer gatherer(batches);
        const RowPick picks[] = {{1, 0}, {0, 1}, {0, 0}, {0, 1}};
        const Batch rows = gatherer.gather(picks);
        QCOMPARE(rows.storedRows, std::size_t{4});
        QCOMPARE(printed(rows), QByteArray("~|2|1|2 / d|b|a|b / same|same|same|same / y|x|x|x"));
        QVERIFY(rows.columns[2].isConstant());
        QVERIFY(!rows.columns[3].isConstant());
        QCOMPARE(gatherer.gather({}).rows(), std::size_t{0});
    }

    void keepsTextAlive()
    {
        Batch rows;
        {
            const std::vector<Batch> batches = {{{texts({"a text that is longer than any small string"})}, 1, nullptr}, {{texts({"b"})}, 1, nullptr}};
            const RowPick picks[] = {{1, 0}, {0, 0}};
            rows = RowGatherer(batches).gather(picks);
        }
        QCOMPARE(printed(rows), QByteArray("b|a text that is longer than any small string"));
    }

    void tellsConstantsApart_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("equal");
        QTest::newRow("none") << 0 << false;
        QTest::newRow("one") << 1 << true;
        QTest::newRow("equal texts of their own") << 2 << true;
        QTest::newRow("other text") << 3 << false;
        QTest::newRow("nulls") << 4 << true;
        QTest::newRow("null and value") << 5 << false;
        QTest::newRow("zero and minus zero") << 6 << false;
        QTest::newRow("constant and flat") << 7 << false;
    }
    void tellsConstantsApart()
    {
        QFETCH(int, which);
        QFETCH(bool, equal);
        const Vector one = Vector::constant(Value::int64(1), 2), none = Vector::nulls(DataType::Long, 3), a = constantText("a", 2), otherA = constantText("a", 1), b = constantText("b", 1);
        const Vector zero = Vector::constant(Value::real(0.0), 1), minusZero = Vector::constant(Value::real(-0.0), 1), flat = longs({1});
        const std::vector<std::vector<const Vector*>> cases = {{}, {&one}, {&a, &otherA}, {&a, &b}, {&none, &none}, {&none, &one}, {&zero, &minusZero}, {&one, &flat}};
        QCOMPARE(equalConstants(cases[static_cast<std::size_t>(which)]), equal);
    }

    void oneConstantOfParts()
    {
        const Vector same[] = {constantText("a", 2), constantText("a", 3)}, different[] = {constantText("a", 2), constantText("b", 1)};
        const Vector whole = concatenate(same);
        QVERIFY(whole.isConstant());
        QCOMPARE(printed(whole), QByteArray("a|a|a|a|a"));
        QCOMPARE(printed(concatenate(different)), QByteArray("a|a|b"));
    }
};

QTEST_GUILESS_MAIN(TestRowGatherer)
#include "tst_row_gatherer.moc"
