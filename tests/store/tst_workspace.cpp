// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "store/StoredFunctions.h"
#include "store/file/Schema.h"
#include "store/sqlite/Connection.h"

#include <sqlite3.h>
#include <sys/stat.h>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

ImportSource source(std::string digest) { return {"input.json", "json", 123, std::move(digest)}; }

} // namespace

class TestWorkspace : public QObject {
    Q_OBJECT
private slots:
    void createsAnOwnerOnlyFile();
    void storesAndReadsRows();
    void showsRowsOnlyAfterCommit();
    void forgetsWhatWasNotCommitted();
    void refusesTheSameDigestTwice();
    void refusesASecondImportOfTheSameDigestAtTheSameTime();
    void replacesAnIncompleteImport();
    void beginsAnImportAgain();
    void countsAndKeepsRejects();
    void snapshotsStayAsTheyWere();
    void addsColumnsAndKeepsConflictingTypesApart();
    void showsDeclaredTables();
    void answersTheIngestionTime();
    void readsOrdinaryTables();
    void savesFunctions();
    void appliesTableMigrationsOnce();
    void rollsBackAFailedWrite();
    void reopensReadOnly();
    void leavesOneFileBehind();
};

void TestWorkspace::createsAnOwnerOnlyFile()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    struct stat info {};
    QCOMPARE(stat(fixture.path().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0600u);
    REQUIRE_OK((*workspace)->read([](Connection& connection) -> Result<void> {
        const auto value = [&](const char* sql) { return connection.scalar(sql).value_or(-1); };
        [&] {
            QCOMPARE(value("PRAGMA page_size"), 16384);
            QCOMPARE(value("PRAGMA application_id"), 0x546F6373);
            QCOMPARE(value("PRAGMA user_version"), kSchemaVersion);
            QCOMPARE(value("PRAGMA foreign_keys"), 1);
            QCOMPARE(value("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
        }();
        return {};
    }));
    QCOMPARE((*workspace)->file(), fixture.path());
    QVERIFY((*workspace)->check({})->empty());
}

void TestWorkspace::storesAndReadsRows()
{
    Fixture fixture;
    constexpr std::size_t kRows = 150'000; // two full segments and a part
    {
        auto workspace = fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK(import);
        for (std::size_t at = 0; at < kRows; at += 10'000)
            REQUIRE_OK((*import)->append(numbersSchema(), numbers(static_cast<std::int64_t>(at), 10'000), 10'000));
        const auto record = (*import)->finish();
        REQUIRE_OK(record);
        QCOMPARE(record->rows, kRows);
        QCOMPARE(record->records, kRows);
        QVERIFY(record->complete);
        COMPARE_ERROR((*import)->commit(), kImportClosed);
    }
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const auto rows = readTable(**workspace, "Numbers", {1, 0});
    REQUIRE_OK(rows);
    QCOMPARE((*rows)[1].size(), kRows);
    for (std::size_t i = 0; i < kRows; ++i) {
        QCOMPARE((*rows)[1][i].asLong(), static_cast<std::int64_t>(i));
        QCOMPARE((*rows)[0][i].asText(), "name" + std::to_string(i % 7));
    }
    const auto statistics = (*(*workspace)->catalog().snapshot())->findTable("Numbers")->statistics();
    QCOMPARE(statistics.rows, kRows);
    QCOMPARE(statistics.segments, 3u);
    QVERIFY(statistics.bytes > 0);
    const auto imports = (*workspace)->imports();
    REQUIRE_OK(imports);
    QCOMPARE(imports->size(), 1u);
    QCOMPARE(imports->front().source.digest, std::string("d1"));
    QCOMPARE(imports->front().rowsByTable, (std::vector<std::pair<std::string, std::uint64_t>>{{"Numbers", kRows}}));
    const auto findings = (*workspace)->check({});
    REQUIRE_OK(findings);
    QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
}

void TestWorkspace::showsRowsOnlyAfterCommit()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 100'000), 1)); // one segment is written before the commit
    QVERIFY(!readTable(**workspace, "Numbers", {0}) || readTable(**workspace, "Numbers", {0})->front().empty());
    REQUIRE_OK((*import)->commit());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 100'000u);
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 5), 1));
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 100'000u);
    QVERIFY(!(*workspace)->findImport("d1").value()->complete);
    REQUIRE_OK((*import)->finish());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 100'005u);
    QVERIFY((*workspace)->findImport("d1").value()->complete);
    QVERIFY(!(*workspace)->findImport("other").value());
}

void TestWorkspace::forgetsWhatWasNotCommitted()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    {
        auto import = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 70'000), 1));
    }
    QVERIFY((*workspace)->imports()->empty());
    REQUIRE_OK((*workspace)->read([](Connection& connection) -> Result<void> {
        [&] { QCOMPARE(connection.scalar("SELECT count(*) FROM chunk").value_or(-1), 0); }();
        return {};
    }));
    auto again = (*workspace)->beginImport(source("d1"));
    REQUIRE_OK(again);
    REQUIRE_OK((*again)->append(numbersSchema(), numbers(0, 3), 3));
    REQUIRE_OK((*again)->finish());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 3u);
}

void TestWorkspace::refusesTheSameDigestTwice()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    REQUIRE_OK((*(*workspace)->beginImport(source("d1")))->finish()); // a source without rows counts too
    COMPARE_ERROR((*workspace)->beginImport(source("d1")), kAlreadyImported);
    COMPARE_ERROR((*workspace)->beginImport(source("d1")), kAlreadyImported);
    REQUIRE_OK((*workspace)->beginImport(source("d2")));
    for (int i = 0; i < 2; ++i) // live sources have no digest
        REQUIRE_OK((*(*workspace)->beginImport(source("")))->finish());
}

void TestWorkspace::refusesASecondImportOfTheSameDigestAtTheSameTime()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    {
        auto first = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK(first);
        COMPARE_ERROR((*workspace)->beginImport(source("d1")), kImportRunning);
        REQUIRE_OK((*workspace)->beginImport(source("d2")));
    }
    REQUIRE_OK((*workspace)->beginImport(source("d1")));
}

void TestWorkspace::replacesAnIncompleteImport()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    {
        auto import = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 70'000), 1));
        REQUIRE_OK((*import)->commit());
    }
    QVERIFY(!(*workspace)->findImport("d1").value()->complete);
    const auto before = (*workspace)->catalog().snapshot();
    auto import = (*workspace)->beginImport(source("d1"));
    REQUIRE_OK(import);
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(500, 10), 10));
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 70'000u); // until the first commit
    REQUIRE_OK((*import)->finish());
    const auto now = readTable(**workspace, "Numbers", {0});
    REQUIRE_OK(now);
    QCOMPARE(now->front().size(), 10u);
    QCOMPARE(now->front()[0].asLong(), 500);
    const auto old = readAll(*(*before)->findTable("Numbers"), {{0}, {}, {}});
    REQUIRE_OK(old);
    QCOMPARE(old->front().size(), 70'000u);
    QCOMPARE((*workspace)->imports()->size(), 1u);
}

void TestWorkspace::beginsAnImportAgain()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 70'000), 70'000));
    REQUIRE_OK((*import)->restart()); // before anything is committed
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 80'000), 80'000));
    (*import)->addReject({7, std::nullopt, "code", "text"});
    REQUIRE_OK((*import)->commit());
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(80'000, 10), 10));
    REQUIRE_OK((*import)->restart());
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(500, 5), 5));
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 80'000u); // until the next commit
    REQUIRE_OK((*import)->finish());
    const auto rows = readTable(**workspace, "Numbers", {0});
    REQUIRE_OK(rows);
    QCOMPARE(rows->front().size(), 5u);
    QCOMPARE(rows->front()[0].asLong(), 500);
    const auto imports = (*workspace)->imports();
    QCOMPARE(imports->size(), 1u);
    QCOMPARE(imports->front().rows, 5u);
    QCOMPARE(imports->front().rejected, 0u);
    QVERIFY(imports->front().complete);

    auto live = (*workspace)->beginImport(source(""));
    REQUIRE_OK((*live)->append(numbersSchema(), numbers(0, 1), 1));
    REQUIRE_OK((*live)->commit());
    QVERIFY(!(*live)->restart());
}

void TestWorkspace::countsAndKeepsRejects()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    (*import)->addReject({10, 2, "ingest.bad_json", "not JSON"});
    (*import)->addReject({20, std::nullopt, "ingest.too_long", "too long"});
    const auto record = (*import)->finish();
    REQUIRE_OK(record);
    QCOMPARE(record->rejected, 2u);
    const auto rejects = (*workspace)->rejects(record->id);
    REQUIRE_OK(rejects);
    QCOMPARE(rejects->size(), 2u);
    QCOMPARE((*rejects)[0].offset, 10u);
    QCOMPARE((*rejects)[0].line, std::optional<std::uint64_t>(2));
    QVERIFY(!(*rejects)[1].line);
    QCOMPARE((*rejects)[1].code, std::string("ingest.too_long"));
}

void TestWorkspace::snapshotsStayAsTheyWere()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 10), 10));
    REQUIRE_OK((*import)->commit());
    const auto snapshot = (*workspace)->catalog().snapshot();
    REQUIRE_OK(snapshot);
    const auto table = (*snapshot)->findTable("Numbers");
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(10, 10), 10));
    REQUIRE_OK((*import)->append(numbersSchema("Later"), numbers(10, 10), 10));
    REQUIRE_OK((*import)->finish());
    QCOMPARE(readAll(*table, {{0}, {}, {}})->front().size(), 10u);
    QVERIFY(!(*snapshot)->findTable("Later"));
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 20u);
    QCOMPARE((*snapshot)->databaseName(), std::string("case"));
    import->reset();
    workspace->reset(); // a snapshot outlives the workspace
    QCOMPARE(readAll(*table, {{0}, {}, {}})->front().size(), 10u);
}

void TestWorkspace::addsColumnsAndKeepsConflictingTypesApart()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    const catalog::TableSchema first{"T", {{"a", DataType::String, ""}}, "", {}, false, false};
    const catalog::TableSchema second{"T", {{"a", DataType::Long, ""}, {"b", DataType::Real, ""}, {"A", DataType::Bool, ""}}, "", {}, false, false};
    REQUIRE_OK((*import)->append(first, batchOf({vectorOf(DataType::String, {Value::string("x")})}), 1));
    REQUIRE_OK((*import)->append(second, batchOf({vectorOf(DataType::Long, {Value::int64(7)}), vectorOf(DataType::Real, {Value::real(1.5)}), vectorOf(DataType::Bool, {Value::boolean(true)})}), 1));
    REQUIRE_OK((*import)->commit());
    REQUIRE_OK((*import)->append(second, batchOf({vectorOf(DataType::Long, {Value::int64(8)}), Vector::nulls(DataType::Real, 1), vectorOf(DataType::Bool, {Value::boolean(false)})}), 1));
    REQUIRE_OK((*import)->finish());
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("T");
    QVERIFY(table);
    std::vector<std::string> names;
    for (const auto& column : table->schema().columns)
        names.push_back(column.name + ":" + std::string(typeName(column.type)));
    QCOMPARE(names, (std::vector<std::string>{"a:string", "a_long:long", "b:real", "A:bool"}));
    const auto rows = readAll(*table, {{0, 1, 2, 3}, {}, {}});
    REQUIRE_OK(rows);
    QCOMPARE((*rows)[0], (std::vector{Value::string("x"), Value::string(""), Value::string("")}));
    QCOMPARE((*rows)[1], (std::vector{Value::null(DataType::Long), Value::int64(7), Value::int64(8)}));
    QCOMPARE((*rows)[2], (std::vector{Value::null(DataType::Real), Value::real(1.5), Value::null(DataType::Real)}));
    QCOMPARE((*rows)[3], (std::vector{Value::null(DataType::Bool), Value::boolean(true), Value::boolean(false)}));
}

void TestWorkspace::showsDeclaredTables()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const catalog::TableSchema known{"Known", {{"TimeGenerated", DataType::DateTime, ""}, {"y", DataType::String, "why"}}, "about", {{"Timestamp", "TimeGenerated"}}, false, false};
    (*workspace)->declareTables({std::make_shared<const catalog::TableSchema>(known)});
    auto snapshot = (*workspace)->catalog().snapshot();
    auto table = (*snapshot)->findTable("Known");
    QVERIFY(table);
    QVERIFY(!(*snapshot)->findTable("known"));
    QCOMPARE((*snapshot)->tableNames(), (std::vector<std::string>{"Known"}));
    QCOMPARE(readAll(*table, {{1, 0, 2}, {}, {}})->front().size(), 0u);
    auto import = (*workspace)->beginImport(source("d1"));
    const catalog::TableSchema arriving{"Known", {{"extra", DataType::Int, ""}, {"y", DataType::String, ""}}, "", {}, false, false};
    REQUIRE_OK((*import)->append(arriving, batchOf({vectorOf(DataType::Int, {Value::int32(4)}), vectorOf(DataType::String, {Value::string("v")})}), 1));
    REQUIRE_OK((*import)->finish());
    snapshot = (*workspace)->catalog().snapshot();
    table = (*snapshot)->findTable("Known");
    QCOMPARE(table->schema().columns.size(), 3u);
    QCOMPARE(table->schema().columns[2].name, std::string("extra"));
    QCOMPARE(table->schema().indexOf("Timestamp"), std::optional<std::size_t>(0));
    const auto rows = readAll(*table, {{0, 1, 2}, {}, {}});
    REQUIRE_OK(rows);
    QVERIFY((*rows)[0][0].isNull());
    QCOMPARE((*rows)[1][0].asText(), std::string("v"));
    QCOMPARE((*rows)[2][0].asInt(), 4);
}

void TestWorkspace::answersTheIngestionTime()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport(source("d1"));
    std::vector<Ticks> times;
    for (int i = 0; i < 3; ++i) {
        times.push_back(fixture.clock.now());
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(i, 1), 1));
        REQUIRE_OK((*import)->commit());
        fixture.clock.advance(kTicksPerHour);
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    const auto rows = readAll(*table, {{2}, {}, {}});
    REQUIRE_OK(rows);
    for (std::size_t i = 0; i < 3; ++i)
        QCOMPARE(rows->front()[i], Value::dateTime(times[i]));
    const auto later = readAll(*table, {{0}, {{2, catalog::ScanPredicate::Kind::Greater, {Value::dateTime(times[0])}}}, {}});
    QCOMPARE(later->front(), (std::vector{Value::int64(1), Value::int64(2)}));
}

void TestWorkspace::readsOrdinaryTables()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> {
        return connection.execute("CREATE TABLE alert(t, b, i, l, r, d, s, g, y, n); "
                                  "INSERT INTO alert VALUES (638000000000000000, 1, 5, 1234567890123, 2.5, '1.10', 'text', '12345678-1234-1234-1234-123456789abc', '{\"k\":[1,2]}', 36000000000);"
                                  "INSERT INTO alert VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);"
                                  "INSERT INTO alert VALUES (-5, 0, 99999999999, 0, 0, 'x', '', 'x', '', 0)");
    }));
    const std::vector<catalog::ColumnSchema> columns{{"t", DataType::DateTime, ""}, {"b", DataType::Bool, ""}, {"i", DataType::Int, ""}, {"l", DataType::Long, ""}, {"r", DataType::Real, ""},
        {"d", DataType::Decimal, ""}, {"s", DataType::String, ""}, {"g", DataType::Guid, ""}, {"y", DataType::Dynamic, ""}, {"n", DataType::TimeSpan, ""}};
    (*workspace)->addTable({{"SecurityAlert", columns, "", {}, false, false}, "SELECT * FROM alert"});
    const auto rows = readTable(**workspace, "SecurityAlert", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    REQUIRE_OK(rows);
    QCOMPARE((*rows)[0].size(), 3u);
    const std::vector<std::string> expected{"2022-09-28T22:13:20.0000000Z|true|5|1234567890123|2.5|1.10|text|12345678-1234-1234-1234-123456789abc|{\"k\":[1,2]}|01:00:00||",
        "|||||||||||", "|false||0|0.0|||||00:00:00||"};
    for (std::size_t r = 0; r < 3; ++r) {
        std::string text;
        for (const auto& column : *rows)
            text += column[r].toString() + "|";
        QCOMPARE(text, expected[r]);
    }
}

void TestWorkspace::savesFunctions()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    REQUIRE_OK(saveFunction(**workspace, {"f", "x:long", "T | where a > x", "about f"}));
    REQUIRE_OK(saveFunction(**workspace, {"f", "x:int", "T", "again"}));
    const auto snapshot = (*workspace)->catalog().snapshot();
    QCOMPARE((*snapshot)->functionNames(), (std::vector<std::string>{"f"}));
    QCOMPARE((*snapshot)->findFunction("f")->parameters, std::string("x:int"));
    REQUIRE_OK(removeFunction(**workspace, "f"));
    QVERIFY((*snapshot)->findFunction("f"));
    QVERIFY(!(*(*workspace)->catalog().snapshot())->findFunction("f"));
}

void TestWorkspace::appliesTableMigrationsOnce()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const std::vector<TableMigration> one{{"detect", 1, "CREATE TABLE alert(id INTEGER PRIMARY KEY)"}};
    const std::vector<TableMigration> two{one[0], {"detect", 2, "ALTER TABLE alert ADD COLUMN title TEXT; CREATE INDEX alert_title ON alert(title)"}};
    REQUIRE_OK(ensureTables(**workspace, one));
    REQUIRE_OK(ensureTables(**workspace, one));
    REQUIRE_OK(ensureTables(**workspace, two));
    REQUIRE_OK(ensureTables(**workspace, two));
    COMPARE_ERROR(ensureTables(**workspace, one), kNewerTables);
    REQUIRE_OK(ensureTables(**workspace, {{"incident", 1, "CREATE TABLE incident(id INTEGER PRIMARY KEY)"}}));
    COMPARE_ERROR(ensureTables(**workspace, {{"broken", 1, "CREATE TABLE b(x); CREATE TABLE b(x)"}}), kDatabase);
    REQUIRE_OK((*workspace)->read([](Connection& connection) -> Result<void> {
        [&] { QCOMPARE(connection.scalar("SELECT count(*) FROM sqlite_master WHERE name IN ('alert', 'incident', 'b')").value_or(-1), 2); }();
        return {};
    }));
}

void TestWorkspace::rollsBackAFailedWrite()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const auto result = (*workspace)->write([](Connection& connection) -> Result<void> {
        TOCSIN_TRY(connection.execute("CREATE TABLE half(x)"));
        return fail(kCancelled);
    });
    COMPARE_ERROR(result, kCancelled);
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("CREATE TABLE half(x)"); }));
    COMPARE_ERROR((*workspace)->read([](Connection& connection) -> Result<void> { return connection.execute("CREATE TABLE no(x)"); }), kReadOnlyMedium);
}

void TestWorkspace::reopensReadOnly()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 10), 10));
        REQUIRE_OK((*import)->finish());
    }
    auto workspace = fixture.open({false, true});
    REQUIRE_OK(workspace);
    QVERIFY((*workspace)->isReadOnly());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 10u);
    COMPARE_ERROR((*workspace)->beginImport(source("d2")), kOpenedReadOnly);
    COMPARE_ERROR((*workspace)->write([](Connection&) -> Result<void> { return {}; }), kOpenedReadOnly);
    QVERIFY((*workspace)->check({})->empty());
}

/// Whoever copies the file after closing has everything: no write-ahead log stays beside it, although readers were at work to the end.
void TestWorkspace::leavesOneFileBehind()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport(source("d1"));
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 10), 10));
        REQUIRE_OK((*import)->finish());
        QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 10u);
    }
    QVERIFY(!std::filesystem::exists(fixture.path("case.tocsin-wal")));
    QVERIFY(!std::filesystem::exists(fixture.path("case.tocsin-shm")));
}

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
