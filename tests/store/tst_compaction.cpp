// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "store/compaction/MergePlan.h"
#include "store/sqlite/Connection.h"

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

class TestCompaction : public QObject {
    Q_OBJECT
private slots:
    void plansRunsOfSmallNeighbours_data();
    void plansRunsOfSmallNeighbours();
    void keepsRowsOrderAndIngestionTimes();
    void mergesSegmentsWithDifferentColumns();
    void leavesIncompleteImportsAlone();
    void keepsOldSegmentsForSnapshots();
    void skipsDamagedSegments();
    void dropsOldSegments();
};

void TestCompaction::plansRunsOfSmallNeighbours_data()
{
    QTest::addColumn<std::vector<std::size_t>>("rows");
    QTest::addColumn<std::vector<std::vector<int>>>("groups"); // places
    using Groups = std::vector<std::vector<int>>;
    QTest::newRow("none") << std::vector<std::size_t>{} << Groups{};
    QTest::newRow("one") << std::vector<std::size_t>{5} << Groups{};
    QTest::newRow("small ones") << std::vector<std::size_t>{5, 6, 7} << Groups{{0, 1, 2}};
    QTest::newRow("around a full one") << std::vector<std::size_t>{5, 6, 65'536, 7, 8} << Groups{{0, 1}, {3, 4}};
    QTest::newRow("not beyond a full segment") << std::vector<std::size_t>{30'000, 30'000, 10'000, 10'000} << Groups{{0, 1}, {2, 3}};
    QTest::newRow("a large one waits") << std::vector<std::size_t>{20'000, 100, 100} << Groups{{1, 2}};
    QTest::newRow("until enough has come") << std::vector<std::size_t>{20'000, 15'000, 5'000} << Groups{{0, 1, 2}};
}

void TestCompaction::plansRunsOfSmallNeighbours()
{
    QFETCH(std::vector<std::size_t>, rows);
    QFETCH(std::vector<std::vector<int>>, groups);
    std::vector<std::shared_ptr<const SegmentInfo>> segments;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto info = std::make_shared<SegmentInfo>();
        info->id = static_cast<std::int64_t>(i);
        info->rows = rows[i];
        segments.push_back(info);
    }
    std::vector<std::vector<int>> planned;
    for (const SegmentGroup& group : planMerges(segments, {})) {
        auto& places = planned.emplace_back();
        for (const auto& segment : group)
            places.push_back(static_cast<int>(segment->id));
    }
    QCOMPARE(planned, groups);
}

void TestCompaction::keepsRowsOrderAndIngestionTimes()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"live", "", 0, ""});
    for (int i = 0; i < 90; ++i) {
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(i * 100, 100), 1));
        if (i % 3 == 0)
            REQUIRE_OK((*import)->append(numbersSchema("Other"), numbers(i, 1), 1));
        REQUIRE_OK((*import)->commit());
        fixture.clock.advance(kTicksPerSecond);
    }
    REQUIRE_OK((*import)->finish());
    for (int round = 0; round < 3; ++round) { // merging what was merged must keep the times too
        const auto before = readTable(**workspace, "Numbers", {0, 1, 2});
        const auto result = (*workspace)->compact({});
        REQUIRE_OK(result);
        QCOMPARE(result->created, round == 2 ? 0u : round == 1 ? 1u : 2u);
        const auto after = readTable(**workspace, "Numbers", {0, 1, 2});
        REQUIRE_OK(after);
        QVERIFY(*before == *after);
        if (round == 0) {
            auto more = (*workspace)->beginImport({"live", "", 0, ""});
            for (int i = 0; i < 2; ++i) {
                REQUIRE_OK((*more)->append(numbersSchema(), numbers(i, 6'000), 1));
                REQUIRE_OK((*more)->commit());
            }
            REQUIRE_OK((*more)->finish());
        }
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    QCOMPARE(table->statistics().segments, 1u);
    const Value halfway = Value::dateTime(fixture.clock.now() - 45 * kTicksPerSecond);
    const auto late = readAll(*table, {{0}, {{2, catalog::ScanPredicate::Kind::GreaterOrEqual, {halfway}}}, {}});
    REQUIRE_OK(late);
    QVERIFY(!late->front().empty());
    const auto findings = (*workspace)->check({});
    QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
}

void TestCompaction::mergesSegmentsWithDifferentColumns()
{
    Fixture fixture;
    auto workspace = fixture.open();
    auto import = (*workspace)->beginImport({"live", "", 0, ""});
    const auto append = [&](const char* name, DataType type, const Value& value) -> Result<void> {
        TOCSIN_TRY((*import)->append({"T", {{name, type, ""}}, "", {}, false, false}, batchOf({vectorOf(type, {value})}), 1));
        return (*import)->commit();
    };
    REQUIRE_OK(append("a", DataType::Long, Value::int64(1)));
    REQUIRE_OK(append("b", DataType::String, Value::string("two")));
    REQUIRE_OK(append("a", DataType::Bool, Value::boolean(true)));
    REQUIRE_OK(append("b", DataType::String, Value::string("")));
    REQUIRE_OK((*import)->finish());
    const auto before = readTable(**workspace, "T", {0, 1, 2});
    QCOMPARE((*workspace)->compact({})->merged, 4u);
    const auto after = readTable(**workspace, "T", {0, 1, 2});
    REQUIRE_OK(after);
    QVERIFY(*before == *after);
    const auto snapshot = (*workspace)->catalog().snapshot();
    QCOMPARE((*snapshot)->findTable("T")->schema().columns[2].name, std::string("a_bool"));
}

void TestCompaction::leavesIncompleteImportsAlone()
{
    Fixture fixture;
    auto workspace = fixture.open();
    {
        auto import = (*workspace)->beginImport({"x", "", 0, "digest"});
        for (int i = 0; i < 5; ++i) {
            REQUIRE_OK((*import)->append(numbersSchema(), numbers(i, 1), 1));
            REQUIRE_OK((*import)->commit());
        }
        QCOMPARE((*workspace)->compact({})->merged, 0u);
    }
    QCOMPARE((*workspace)->compact({})->merged, 0u);
    auto again = (*workspace)->beginImport({"x", "", 0, "digest"});
    REQUIRE_OK((*again)->append(numbersSchema(), numbers(7, 1), 1));
    REQUIRE_OK((*again)->finish());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front(), std::vector{Value::int64(7)});
}

void TestCompaction::keepsOldSegmentsForSnapshots()
{
    Fixture fixture;
    auto workspace = fixture.open();
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int i = 0; i < 5; ++i) {
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(i, 1), 1));
        REQUIRE_OK((*import)->commit());
    }
    REQUIRE_OK((*import)->finish());
    const auto segments = [&] {
        std::int64_t count = 0;
        (void)(*workspace)->read([&](Connection& connection) -> Result<void> {
            count = connection.scalar("SELECT count(*) FROM segment").value_or(-1);
            return {};
        });
        return count;
    };
    auto snapshot = (*workspace)->catalog().snapshot().value();
    auto scan = snapshot->findTable("Numbers")->scan({{0}, {}, {}}).value();
    QCOMPARE((*workspace)->compact({})->merged, 5u);
    QCOMPARE(segments(), 6);
    snapshot.reset(); // the scan still needs them
    REQUIRE_OK((*workspace)->compact({}));
    QCOMPARE(segments(), 6);
    std::vector<Value> values;
    while (const auto morsel = scan->nextMorsel({}).value())
        while (const auto batch = morsel->next().value())
            values.push_back(batch->columns[0].valueAt(0));
    QCOMPARE(values.size(), 5u);
    scan.reset();
    REQUIRE_OK((*workspace)->compact({}));
    QCOMPARE(segments(), 1);
    QVERIFY((*workspace)->check({})->empty());
}

void TestCompaction::skipsDamagedSegments()
{
    Fixture fixture;
    auto workspace = fixture.open();
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int i = 0; i < 4; ++i) {
        REQUIRE_OK((*import)->append(numbersSchema(i < 2 ? "A" : "B"), numbers(i, 50), 1));
        REQUIRE_OK((*import)->commit());
    }
    REQUIRE_OK((*import)->finish());
    REQUIRE_OK((*workspace)->write([](Connection& connection) { return connection.execute("DELETE FROM chunk WHERE id >> 28 = 1"); }));
    const auto result = (*workspace)->compact({});
    REQUIRE_OK(result);
    QCOMPARE(result->skipped, 1u);
    QCOMPARE(result->merged, 2u);
    QCOMPARE(readTable(**workspace, "B", {0})->front().size(), 100u);
}

void TestCompaction::dropsOldSegments()
{
    Fixture fixture;
    auto workspace = fixture.open();
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    for (const Value& time : {Value::dateTime(10), Value::dateTime(20), Value::null(DataType::DateTime), Value::dateTime(30)}) {
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, {time})}), 1));
        REQUIRE_OK((*import)->commit());
    }
    REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, {Value::dateTime(5), Value::null(DataType::DateTime)})}), 1));
    REQUIRE_OK((*import)->finish());
    const auto before = (*workspace)->catalog().snapshot();
    QCOMPARE((*workspace)->dropBefore("Other", 100).value(), 0u);
    QCOMPARE((*workspace)->dropBefore("T", 10).value(), 0u);
    QCOMPARE((*workspace)->dropBefore("T", 30).value(), 2u);
    const auto rows = readTable(**workspace, "T", {0});
    REQUIRE_OK(rows);
    QCOMPARE(rows->front().size(), 4u); // rows without a time are never old
    QCOMPARE(readAll(*(*before)->findTable("T"), {{0}, {}, {}})->front().size(), 6u);
    QVERIFY((*workspace)->check({})->empty());
}

QTEST_GUILESS_MAIN(TestCompaction)
#include "tst_compaction.moc"
