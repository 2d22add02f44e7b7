// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/ColumnFixture.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::test;

namespace {

Batch sample() { return {{longs({1, 2, 3, 4}), texts({"a", "b", "c", "d"}), Vector::constant(Value::boolean(true), 4)}, 4, nullptr}; }

Batch selected(std::vector<std::uint32_t> rows)
{
    Batch batch = sample();
    batch.selection = std::make_shared<const std::vector<std::uint32_t>>(std::move(rows));
    return batch;
}

} // namespace

class TestBatch final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void selectionSaysWhichRowsCount_data()
    {
        QTest::addColumn<QList<uint>>("rows");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("none") << QList<uint>{} << QByteArray(" /  / ");
        QTest::newRow("one") << QList<uint>{2} << QByteArray("3 / c / true");
        QTest::newRow("some") << QList<uint>{0, 3} << QByteArray("1|4 / a|d / true|true");
        QTest::newRow("all") << QList<uint>{0, 1, 2, 3} << QByteArray("1|2|3|4 / a|b|c|d / true|true|true|true");
    }
    void selectionSaysWhichRowsCount()
    {
        QFETCH(QList<uint>, rows);
        QFETCH(QByteArray, text);
        const Batch batch = selected({rows.begin(), rows.end()});
        QCOMPARE(batch.rows(), std::size_t(rows.size()));
        QCOMPARE(batch.storedRows, std::size_t{4});
        QCOMPARE(printed(batch), text);
        const Batch compact = batch.compacted();
        QVERIFY(!compact.selection);
        QCOMPARE(compact.storedRows, std::size_t(rows.size()));
        QCOMPARE(printed(compact), text);
    }

    void slices()
    {
        QCOMPARE(printed(sample().slice(1, 2)), QByteArray("2|3 / b|c / true|true"));
        QCOMPARE(sample().slice(1, 2).storedRows, std::size_t{2});
        QCOMPARE(printed(selected({0, 2, 3}).slice(1, 2)), QByteArray("3|4 / c|d / true|true"));
        QCOMPARE(sample().slice(4, 0).rows(), std::size_t{0});
    }

    void concatenatesWhatIsSelected()
    {
        const Batch parts[] = {selected({1}), sample().slice(0, 0), selected({}), sample()};
        const Batch all = concatenate(parts, 3);
        QVERIFY(!all.selection);
        QCOMPARE(all.rows(), std::size_t{5});
        QCOMPARE(printed(all), QByteArray("2|1|2|3|4 / b|a|b|c|d / true|true|true|true|true"));
        QCOMPARE(concatenate(std::span<const Batch>(), 3).rows(), std::size_t{0});
        const Batch bare[] = {{{}, 3, nullptr}, {{}, 4, nullptr}}; // count() needs rows, not columns
        QCOMPARE(concatenate(bare, 0).rows(), std::size_t{7});
    }
};

QTEST_GUILESS_MAIN(TestBatch)
#include "tst_batch.moc"
