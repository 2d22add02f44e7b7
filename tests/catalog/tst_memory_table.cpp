// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "catalog/MemoryTable.h"
#include "ScanFixture.h"
#endif

#include <QTest>

#include <numeric>
#include <set>
#include <thread>

using namespace tocsin;
using namespace tocsin::catalog;
using namespace tocsin::test;

namespace {

TableSchema schemaOf(std::string name)
{
    TableSchema schema;
    schema.name = std::move(name);
    schema.columns = {{"Number", DataType::Long, ""}, {"Text", DataType::String, ""}};
    schema.aliases = {{"N", "Number"}};
    return schema;
}

/// Two batches; in the second only two of three rows count.
std::shared_ptr<const MemoryTable> sample()
{
    Batch first{{longs({1, 2}), texts({"a", "b"})}, 2, nullptr};
    Batch second{{longs({3, 4, 5}), texts({"c", "d", "e"})}, 3, std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0, 2})};
    return std::make_shared<const MemoryTable>(schemaOf("Sample"), std::vector<Batch>{first, second});
}

/// Everything a scan hands out, batch by batch; batches apart by ` ; `, morsels by ` # `.
QByteArray scanned(const TableSource& table, std::vector<std::size_t> columns) { return test::scanned(table, {.columns = std::move(columns), .predicates = {}, .timeBound = {}}); }

} // namespace

class TestMemoryTable final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsColumnsByNameAndAlias()
    {
        const TableSchema schema = schemaOf("T");
        QCOMPARE(schema.indexOf("Text").value(), std::size_t{1});
        QCOMPARE(schema.indexOf("N").value(), std::size_t{0});
        QVERIFY(!schema.indexOf("text"));
        QVERIFY(!schema.indexOf(""));
    }

    void scansTheWantedColumnsInTheWantedOrder()
    {
        const auto table = sample();
        QCOMPARE(scanned(*table, {0, 1}), QByteArray("[0] 1|2 / a|b ; [1] 3|5 / c|e ; "));
        QCOMPARE(scanned(*table, {1}), QByteArray("[0] a|b ; [1] c|e ; "));
        QCOMPARE(scanned(*table, {1, 0, 1}), QByteArray("[0] a|b / 1|2 / a|b ; [1] c|e / 3|5 / c|e ; "));
        QCOMPARE(table->statistics().rows, std::uint64_t{4});
        QCOMPARE(table->statistics().segments, std::uint64_t{2});
    }

    void countsRowsWithoutColumns()
    {
        const auto scan = sample()->scan({});
        std::size_t rows = 0;
        for (auto morsel = (*scan)->nextMorsel({}); morsel && *morsel; morsel = (*scan)->nextMorsel({}))
            for (auto batch = (*morsel)->next(); batch && *batch; batch = (*morsel)->next()) {
                QVERIFY((*batch)->columns.empty());
                rows += (*batch)->rows();
            }
        QCOMPARE(rows, std::size_t{4});
        const ScanStatistics statistics = (*scan)->statistics();
        QCOMPARE(statistics.rowsRead, std::uint64_t{4});
        QCOMPARE(statistics.segmentsTotal, std::uint64_t{2});
        QCOMPARE(statistics.segmentsRead, std::uint64_t{2});
    }

    void anEmptyTableEndsAtOnce()
    {
        const MemoryTable table(schemaOf("Empty"), {});
        QCOMPARE(scanned(table, {0}), QByteArray());
        QCOMPARE(table.statistics().rows, std::uint64_t{0});
    }

    void hasNoTimesOfIngestion()
    {
        const auto table = sample();
        const std::size_t behind = table->schema().columns.size();
        const auto scan = table->scan({.columns = {behind}, .predicates = {}, .timeBound = {}});
        while (const auto morsel = (*scan)->nextMorsel({}).value())
            while (const auto batch = morsel->next().value())
                for (std::size_t row = 0; row < batch->rows(); ++row)
                    QVERIFY(batch->column(0).isNull(row));
        const std::vector<std::int64_t> first{0};
        const auto fetched = table->fetch(first, std::vector<std::size_t>{behind}, {});
        QVERIFY(fetched && fetched->columns[0].isNull(0));
    }

    void cutsLargeBatches()
    {
        const std::size_t rows = 2 * kBatchRows + 7;
        const MemoryTable table(schemaOf("Large"), {{{Vector::constant(Value::int64(1), rows), Vector::constant(Value::string("x"), rows)}, rows, nullptr}});
        const auto scan = table.scan({.columns = {0}, .predicates = {}, .timeBound = {}});
        const auto morsel = (*scan)->nextMorsel({});
        QList<std::size_t> sizes;
        for (auto batch = (*morsel)->next(); batch && *batch; batch = (*morsel)->next())
            sizes << (*batch)->rows();
        QCOMPARE(sizes, (QList<std::size_t>{kBatchRows, kBatchRows, 7}));
    }

    void stopsWhenAskedTo()
    {
        const auto scan = sample()->scan({});
        std::stop_source stop;
        QVERIFY((*scan)->nextMorsel(stop.get_token()));
        stop.request_stop();
        const auto morsel = (*scan)->nextMorsel(stop.get_token());
        QVERIFY(!morsel);
        QCOMPARE(morsel.error().kind, &kCancelled);
    }

    void threadsShareTheMorsels()
    {
        std::vector<Batch> batches;
        for (std::int64_t i = 0; i < 500; ++i)
            batches.push_back({{longs({i}), texts({"x"})}, 1, nullptr});
        const MemoryTable table(schemaOf("Many"), std::move(batches));
        const auto scan = table.scan({.columns = {0}, .predicates = {}, .timeBound = {}});
        std::vector<std::vector<std::uint64_t>> taken(4);
        {
            std::vector<std::jthread> threads;
            for (auto& mine : taken)
                threads.emplace_back([&scan, &mine] {
                    for (auto morsel = (*scan)->nextMorsel({}); morsel && *morsel; morsel = (*scan)->nextMorsel({}))
                        mine.push_back((*morsel)->ordinal());
                });
        }
        std::set<std::uint64_t> all;
        std::size_t count = 0;
        for (const auto& mine : taken) {
            all.insert(mine.begin(), mine.end());
            count += mine.size();
        }
        QCOMPARE(count, std::size_t{500}); // each exactly once
        QCOMPARE(all.size(), std::size_t{500});
    }

    void snapshotsStayAsTheyWere()
    {
        MemoryCatalog catalog("case");
        catalog.add(sample());
        catalog.add(StoredFunction{"F", "", "1", ""});
        const auto before = *catalog.snapshot();
        const auto heldTable = before->findTable("Sample");
        catalog.add(std::make_shared<const MemoryTable>(schemaOf("Sample"), std::vector<Batch>{}));
        catalog.add(std::make_shared<const MemoryTable>(schemaOf("Another"), std::vector<Batch>{}));
        catalog.add(StoredFunction{"F", "", "2", ""});
        catalog.add(StoredFunction{"A", "", "3", ""});
        QCOMPARE(before->tableNames(), (std::vector<std::string>{"Sample"}));
        QCOMPARE(before->functionNames(), (std::vector<std::string>{"F"}));
        QCOMPARE(before->findTable("Sample")->statistics().rows, std::uint64_t{4});
        QCOMPARE(before->findFunction("F")->body, "1");
        QVERIFY(!before->findTable("Another") && !before->findTable("sample") && !before->findFunction("A"));
        const auto after = *catalog.snapshot();
        QCOMPARE(after->tableNames(), (std::vector<std::string>{"Another", "Sample"}));
        QCOMPARE(after->functionNames(), (std::vector<std::string>{"A", "F"}));
        QCOMPARE(after->findTable("Sample")->statistics().rows, std::uint64_t{0});
        QCOMPARE(after->findFunction("F")->body, "2");
        QCOMPARE(after->databaseName(), "case");
        QCOMPARE(heldTable->statistics().rows, std::uint64_t{4});
    }
};

QTEST_GUILESS_MAIN(TestMemoryTable)
#include "tst_memory_table.moc"
