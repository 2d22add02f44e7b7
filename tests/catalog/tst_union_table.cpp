// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "catalog/MemoryTable.h"
#include "catalog/UnionTable.h"
#include "ScanFixture.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::catalog;
using namespace tocsin::test;

namespace {

std::shared_ptr<const TableSource> table(std::vector<ColumnSchema> columns, Batch batch)
{
    TableSchema schema;
    schema.name = "T";
    schema.columns = std::move(columns);
    return std::make_shared<const MemoryTable>(schema, std::vector<Batch>{std::move(batch)});
}

/// The second has its columns in another order, one more, and one of another type.
UnionTable sample()
{
    return {table({{"Number", DataType::Long, ""}, {"Text", DataType::String, ""}, {"Odd", DataType::Long, ""}}, {{longs({1, 2}), texts({"a", "b"}), longs({7, 8})}, 2, nullptr}),
            table({{"More", DataType::String, ""}, {"Odd", DataType::String, ""}, {"Text", DataType::String, ""}, {"Number", DataType::Long, ""}},
                  {{texts({"m"}), texts({"o"}), texts({"c"}), longs({3})}, 1, nullptr})};
}

} // namespace

class TestUnionTable final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void columnsOfTheFirstThenFurtherOnes()
    {
        const UnionTable both = sample();
        QByteArray names;
        for (const ColumnSchema& column : both.schema().columns)
            names += QByteArray::fromStdString(column.name) + ' ';
        QCOMPARE(names, QByteArray("Number Text Odd More "));
    }

    void rowsOfBothByName()
    {
        const UnionTable both = sample();
        QCOMPARE(scanned(both, {{3, 0, 1}, {}, {}}), QByteArray("[0] | / 1|2 / a|b ; [1] m / 3 / c ; "));
        QCOMPARE(scanned(both, {{}, {}, {}}), QByteArray("[0]  ; [1]  ; "));
    }

    void anotherTypeIsNull()
    {
        QCOMPARE(scanned(sample(), {{2}, {}, {}}), QByteArray("[0] 7|8 ; [1] ~ ; "));
    }

    void countsWhenBothCan()
    {
        const UnionTable both = sample();
        QVERIFY(both.canCount());
        QCOMPARE(both.countRows({}, {}).value(), std::uint64_t{3});
        QCOMPARE(both.statistics().rows, std::uint64_t{3});
    }
};

QTEST_GUILESS_MAIN(TestUnionTable)
#include "tst_union_table.moc"
