// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreFixture.h"

#include "store/maintenance/Audit.h"
#include "store/maintenance/Purge.h"
#include "store/maintenance/RetentionRules.h"
#include "store/sqlite/Connection.h"

#include <fstream>
#include <numeric>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

/// Three segments of 9,000 rows.
Result<void> fill(Workspace& workspace, const std::string& table = "Numbers", const std::string& digest = "digest")
{
    TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input", "json", 1, digest}));
    for (int segment = 0; segment < 3; ++segment) {
        TOCSIN_TRY(import->append(numbersSchema(table), numbers(segment * 9'000, 9'000), 1));
        TOCSIN_TRY(import->commit());
    }
    TOCSIN_TRY(import->finish());
    return {};
}

using Test = std::function<bool(std::int64_t x)>;

/// Chooses rows by their x, as an engine would.
PurgeRequest request(Test test)
{
    PurgeRequest request{"Numbers", "the predicate", "somebody", {}, false};
    request.choose = [test = std::move(test)](const auto&, const std::shared_ptr<const catalog::TableSource>& table) -> Result<std::vector<std::int64_t>> {
        catalog::ScanRequest scan{{0}, {}, {}, true};
        TOCSIN_TRY_ASSIGN(const auto columns, [&]() -> Result<std::vector<std::vector<Value>>> {
            scan.columns = {0};
            std::vector<std::vector<Value>> both(2);
            TOCSIN_TRY_ASSIGN(const auto pass, table->scan(scan));
            for (;;) {
                TOCSIN_TRY_ASSIGN(const auto morsel, pass->nextMorsel({}));
                if (!morsel)
                    return both;
                for (;;) {
                    TOCSIN_TRY_ASSIGN(const auto batch, morsel->next());
                    if (!batch)
                        break;
                    for (std::size_t c = 0; c < 2; ++c)
                        for (std::size_t i = 0; i < batch->rows(); ++i)
                            both[c].push_back(batch->column(c).valueAt(i));
                }
            }
        }());
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < columns[0].size(); ++i)
            if (test(columns[0][i].asLong()))
                ids.push_back(columns[1][i].asLong());
        return ids;
    };
    return request;
}

std::vector<std::int64_t> stored(const Workspace& workspace, const std::string& table = "Numbers")
{
    std::vector<std::int64_t> values;
    if (const auto rows = readTable(workspace, table, {0}))
        for (const Value& value : rows->front())
            values.push_back(value.asLong());
    return values;
}

std::string readFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

class TestPurge : public QObject {
    Q_OBJECT
private slots:
    void removesRows_data();
    void removesRows();
    void writesTheAudit();
    void countsWithoutChange();
    void keepsSnapshotsWhole();
    void overwritesWhatItRemoves();
    void leavesTheRestOfAnImport();
    void triesAgainWhenSegmentsWereMerged();
    void removesNothingOnAnError();
    void stopsWhenAsked();
    void keepsIngestionTimes();
    void appliesRetention();
};

void TestPurge::removesRows_data()
{
    QTest::addColumn<int>("modulus");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<int>("rewritten");
    QTest::addColumn<int>("removed");
    QTest::newRow("none") << 1 << 90'000 << 90'001 << 0 << 0;
    QTest::newRow("one row") << 1 << 4'096 << 4'097 << 1 << 0;
    QTest::newRow("the first and the last batch of a segment") << 4'095 << 0 << 9'000 << 1 << 0;
    QTest::newRow("every third") << 3 << 0 << 27'000 << 3 << 0;
    QTest::newRow("a segment") << 1 << 9'000 << 18'000 << 0 << 1;
    QTest::newRow("more than a segment") << 1 << 8'999 << 18'001 << 2 << 1;
    QTest::newRow("all") << 1 << 0 << 27'000 << 0 << 3;
}

void TestPurge::removesRows()
{
    QFETCH(int, modulus);
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(int, rewritten);
    QFETCH(int, removed);
    const Test test = [=](std::int64_t x) { return x >= from && x < to && x % modulus == 0; };
    std::vector<std::int64_t> expected(27'000);
    std::iota(expected.begin(), expected.end(), 0);
    const auto gone = std::erase_if(expected, test);
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    REQUIRE_OK(fill(**workspace, "Other", "other"));
    const auto result = purgeRows(**workspace, request(test), {});
    REQUIRE_OK(result);
    QCOMPARE(result->rows, gone);
    QCOMPARE(result->rewritten, static_cast<std::uint64_t>(rewritten));
    QCOMPARE(result->removed, static_cast<std::uint64_t>(removed));
    for (int round = 0; round < 2; ++round) { // as it is, and after opening it again
        QCOMPARE(stored(**workspace), expected);
        QCOMPARE(stored(**workspace, "Other").size(), 27'000u);
        const auto findings = (*workspace)->check({});
        QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
        workspace->reset();
        workspace = fixture.open();
        REQUIRE_OK(workspace);
    }
}

void TestPurge::writesTheAudit()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x < 5; }), {}));
    const auto audit = readAudit(**workspace);
    REQUIRE_OK(audit);
    QCOMPARE(audit->size(), 1u);
    QCOMPARE(audit->front().time, fixture.clock.now());
    QCOMPARE(audit->front().actor, std::string("somebody"));
    QCOMPARE(audit->front().action, std::string("purge"));
    QCOMPARE(audit->front().target, std::string("Numbers"));
    QCOMPARE(audit->front().detail, std::string("the predicate"));
    QCOMPARE(audit->front().rows, 5u);
    (*workspace)->addTable(auditTable());
    QCOMPARE(readTable(**workspace, "WorkspaceAudit", {5})->front(), std::vector{Value::int64(5)});
}

void TestPurge::countsWithoutChange()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    PurgeRequest counting = request([](std::int64_t x) { return x < 9'001; });
    counting.onlyCount = true;
    const auto result = purgeRows(**workspace, counting, {});
    REQUIRE_OK(result);
    QCOMPARE(result->rows, 9'001u);
    QCOMPARE(result->removed, 1u);
    QCOMPARE(stored(**workspace).size(), 27'000u);
    QVERIFY(readAudit(**workspace)->empty());
}

void TestPurge::keepsSnapshotsWhole()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    auto snapshot = *(*workspace)->catalog().snapshot();
    REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x % 2 == 0; }), {}));
    const auto before = readAll(*snapshot->findTable("Numbers"), {{0}, {}, {}});
    REQUIRE_OK(before);
    QCOMPARE(before->front().size(), 27'000u);
    QCOMPARE(stored(**workspace).size(), 13'500u);
    snapshot.reset();
    REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x == 1; }), {}));
    std::int64_t segments = 0;
    REQUIRE_OK((*workspace)->read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(segments, connection.scalar("SELECT count(*) FROM segment"));
        return {};
    }));
    QCOMPARE(segments, 3);
}

void TestPurge::overwritesWhatItRemoves()
{
    Fixture fixture;
    const std::string secret = "Zq7#kP2!vX9@mL4$wT8";
    for (const bool whileRead : {false, true}) {
        auto workspace = fixture.open();
        {
            auto import = (*workspace)->beginImport({"secrets", "", 0, whileRead ? "b" : "a"});
            for (const auto& text : {std::string("harmless"), secret, std::string("also harmless")})
                REQUIRE_OK((*import)->append(numbersSchema(), batchOf({vectorOf(DataType::Long, {Value::int64(text == secret)}), vectorOf(DataType::String, {Value::string(text)})}), 1));
            REQUIRE_OK((*import)->finish());
        }
        workspace->reset();
        QVERIFY(readFile(fixture.path()).find(secret) != std::string::npos);
        workspace = fixture.open();
        {
            auto snapshot = whileRead ? *(*workspace)->catalog().snapshot() : nullptr;
            REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x == 1; }), {}));
        }
        if (!whileRead) { // nothing is left to be done at the end
            QVERIFY(readFile(fixture.path()).find(secret) == std::string::npos);
            QVERIFY(readFile(fixture.path().string() + "-wal").find(secret) == std::string::npos);
        }
        workspace->reset();
        workspace = fixture.open();
        workspace->reset();
        QVERIFY(readFile(fixture.path()).find(secret) == std::string::npos);
    }
}

void TestPurge::leavesTheRestOfAnImport()
{
    Fixture fixture;
    auto workspace = fixture.open();
    {
        auto import = (*workspace)->beginImport({"x", "", 0, "digest"});
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 100), 1));
        REQUIRE_OK((*import)->commit());
        REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x < 10; }), {}));
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(100, 100), 1));
        REQUIRE_OK((*import)->commit());
        QCOMPARE(stored(**workspace).size(), 190u);
    } // interrupted
    auto again = (*workspace)->beginImport({"x", "", 0, "digest"});
    REQUIRE_OK((*again)->append(numbersSchema(), numbers(7, 1), 1));
    REQUIRE_OK((*again)->finish());
    QCOMPARE(stored(**workspace), std::vector<std::int64_t>{7}); // the rewritten segment still belonged to it
}

void TestPurge::triesAgainWhenSegmentsWereMerged()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    int calls = 0;
    PurgeRequest slow = request([](std::int64_t x) { return x < 100; });
    const auto choose = slow.choose;
    slow.choose = [&](const auto& snapshot, const auto& table) {
        auto ids = choose(snapshot, table);
        if (calls++ == 0 && (*workspace)->compact({})->merged != 3)
            ids = fail(kInternal, "the test expects a merge");
        return ids;
    };
    const auto result = purgeRows(**workspace, slow, {});
    REQUIRE_OK(result);
    QCOMPARE(calls, 2);
    QCOMPARE(stored(**workspace).size(), 26'900u);
    QVERIFY((*workspace)->check({})->empty());
}

void TestPurge::removesNothingOnAnError()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    PurgeRequest none = request([](std::int64_t) { return true; });
    none.table = "Nothing";
    COMPARE_ERROR(purgeRows(**workspace, none, {}), kNoEventTable);
    // Column s of the last segment cannot be read, so it cannot be written again either.
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> {
        return connection.execute("UPDATE chunk SET data = CAST(substr(data, 1, 40) || X'AA' || substr(data, 42) AS BLOB) WHERE id = (3 << 28) + (2 << 14)");
    }));
    COMPARE_ERROR(purgeRows(**workspace, request([](std::int64_t x) { return x % 100 == 0; }), {}), kDamagedColumn);
    QCOMPARE(stored(**workspace).size(), 27'000u);
    QVERIFY(readAudit(**workspace)->empty());
    std::int64_t segments = 0;
    REQUIRE_OK((*workspace)->read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(segments, connection.scalar("SELECT count(*) FROM segment"));
        return {};
    }));
    QCOMPARE(segments, 3); // what was written by then is gone again
    REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x >= 18'000; }), {})); // as a whole it can go
    QVERIFY((*workspace)->check({})->empty());
    workspace->reset();
    auto reader = fixture.open({false, true});
    COMPARE_ERROR(purgeRows(**reader, request([](std::int64_t) { return true; }), {}), kOpenedReadOnly);
}

void TestPurge::stopsWhenAsked()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    std::stop_source stop;
    PurgeRequest stopped = request([](std::int64_t x) { return x % 2 == 0; });
    stopped.choose = [&stop, choose = stopped.choose](const auto& snapshot, const auto& table) {
        stop.request_stop();
        return choose(snapshot, table);
    };
    COMPARE_ERROR(purgeRows(**workspace, stopped, stop.get_token()), kCancelled);
    QCOMPARE(stored(**workspace).size(), 27'000u);
}

void TestPurge::keepsIngestionTimes()
{
    Fixture fixture;
    auto workspace = fixture.open();
    auto import = (*workspace)->beginImport({"live", "", 0, ""});
    for (int i = 0; i < 3; ++i) {
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(i * 10, 10), 1));
        REQUIRE_OK((*import)->commit());
        fixture.clock.advance(kTicksPerSecond);
    }
    REQUIRE_OK((*import)->finish());
    QCOMPARE((*workspace)->compact({})->created, 1u);
    auto expected = *readTable(**workspace, "Numbers", {0, 1, 2});
    for (auto& column : expected)
        column.erase(column.begin() + 5, column.begin() + 15);
    REQUIRE_OK(purgeRows(**workspace, request([](std::int64_t x) { return x >= 5 && x < 15; }), {}));
    QVERIFY(*readTable(**workspace, "Numbers", {0, 1, 2}) == expected);
}

void TestPurge::appliesRetention()
{
    Fixture fixture;
    auto workspace = fixture.open();
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    const Ticks now = fixture.clock.now();
    for (const int days : {100, 91, 89, 1}) {
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, {Value::dateTime(now - days * kTicksPerDay)})}), 1));
        REQUIRE_OK((*import)->commit());
    }
    REQUIRE_OK((*import)->finish());
    QCOMPARE(*applyRetention(**workspace, now), 0u);
    REQUIRE_OK(setRetention(**workspace, "T", 90 * kTicksPerDay));
    REQUIRE_OK(setRetention(**workspace, "Other", kTicksPerDay));
    QCOMPARE(retentionRules(**workspace)->size(), 2u);
    QCOMPARE(*applyRetention(**workspace, now), 2u);
    QCOMPARE(readTable(**workspace, "T", {0})->front().size(), 2u);
    const auto audit = readAudit(**workspace);
    QCOMPARE(audit->size(), 1u);
    QCOMPARE(audit->front().action, std::string("retention"));
    QCOMPARE(audit->front().rows, 2u);
    REQUIRE_OK(setRetention(**workspace, "Other", std::nullopt));
    QCOMPARE(retentionRules(**workspace)->size(), 1u);
}

QTEST_GUILESS_MAIN(TestPurge)
#include "tst_purge.moc"
