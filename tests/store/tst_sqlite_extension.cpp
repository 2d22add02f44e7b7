// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "column/Dynamic.h"
#include "store/sqlite/Connection.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <sqlite3.h>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

const QString kLibrary = QStringLiteral(TOCSIN_BINARY_DIR "/lib/libtocsin_sqlite.so");
constexpr Ticks kStart = kUnixEpoch + 19'883 * kTicksPerDay; ///< 2024-06-09

/// A program that uses SQLite.
class Host {
public:
    explicit Host(const std::filesystem::path& file, bool load = true)
    {
        sqlite3_open(file.c_str(), &m_database);
        sqlite3_enable_load_extension(m_database, 1);
        if (load)
            loadResult = loadExtension();
    }
    ~Host() { sqlite3_close(m_database); }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    std::string loadExtension()
    {
        char* message = nullptr;
        const int result = sqlite3_load_extension(m_database, kLibrary.toUtf8().constData(), nullptr, &message);
        const std::string text = message ? message : "";
        sqlite3_free(message);
        return result == SQLITE_OK ? "" : text.empty() ? "failed without a message" : text;
    }
    sqlite3* database() const { return m_database; }

    /// Rows as `a|b` lines, or `error: …`.
    std::string ask(const std::string& sql) const
    {
        sqlite3_stmt* statement = nullptr;
        std::string out;
        int result = sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr);
        while (result == SQLITE_OK || result == SQLITE_ROW) {
            result = sqlite3_step(statement);
            if (result != SQLITE_ROW)
                break;
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
                out += i ? "|" : "";
                out += text ? text : "NULL";
            }
            out += '\n';
        }
        if (result != SQLITE_DONE)
            out = std::string("error: ") + sqlite3_errmsg(m_database);
        sqlite3_finalize(statement);
        return out;
    }

    std::string loadResult;

private:
    sqlite3* m_database = nullptr;
};

catalog::TableSchema eventSchema(std::string name = "SigninLogs")
{
    return {std::move(name), {{"TimeGenerated", DataType::DateTime, ""}, {"x", DataType::Long, ""}, {"s", DataType::String, ""}, {"Id", DataType::Guid, ""}}, "", {}, false, false};
}

/// Events an hour apart, every tenth without a time.
Batch events(int from, int count)
{
    TypedBuilder<DataType::DateTime> time;
    TypedBuilder<DataType::Long> x;
    TypedBuilder<DataType::String> s;
    TypedBuilder<DataType::Guid> id;
    for (int i = from; i < from + count; ++i) {
        if (i % 10 == 9)
            time.appendNull();
        else
            time.append(kStart + i * kTicksPerHour);
        x.append(i);
        s.append("name" + std::to_string(i % 7));
        Guid guid;
        guid.bytes[15] = static_cast<std::uint8_t>(i);
        id.append(guid);
    }
    return batchOf({time.finish(), x.finish(), s.finish(), id.finish()});
}

/// Three segments of 20 rows.
Result<void> fill(Workspace& workspace)
{
    TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input", "json", 1, "digest"}));
    for (int segment = 0; segment < 3; ++segment) {
        TOCSIN_TRY(import->append(eventSchema(), events(segment * 20, 20), 1));
        TOCSIN_TRY(import->commit());
    }
    TOCSIN_TRY(import->finish());
    return {};
}

/// One byte in the middle of a chunk.
std::string damage(int segment, int column)
{
    return "UPDATE chunk SET data = CAST(substr(data, 1, 20) || X'5A' || substr(data, 22) AS BLOB) WHERE id = (" + std::to_string(segment) + " << 28) + (" + std::to_string(column) + " << 14)";
}

} // namespace

class TestSqliteExtension : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void usesTheSqliteOfTheProgram();
    void showsEveryType();
    void comparesAsTheTextsDo_data();
    void comparesAsTheTextsDo();
    void leavesOutSegments();
    void countsWithoutReadingColumns();
    void namesWhatIsDamaged();
    void keepsASnapshot();
    void readsOnWhileSegmentsAreReplaced();
    void leavesOrdinaryTablesAlone();
    void tellsColumnsApart();
    void joinsAndGroups();
    void isReadOnly();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void worksInTheShell();

private:
    Fixture m_filled; ///< for tests that only read
};

void TestSqliteExtension::initTestCase()
{
    auto workspace = m_filled.open();
    REQUIRE_OK(fill(**workspace));
}

void TestSqliteExtension::usesTheSqliteOfTheProgram()
{
    QFile library(kLibrary);
    QVERIFY(library.open(QIODevice::ReadOnly));
    QVERIFY(!library.readAll().contains("libsqlite3.so")); // among the libraries it needs
}

void TestSqliteExtension::showsEveryType()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport({"x", "", 0, ""});
        catalog::TableSchema schema{"All", {}, "", {}, false, false};
        Batch batch;
        batch.storedRows = 2;
        const auto add = [&](const char* name, DataType type, const Value& value) {
            schema.columns.push_back({name, type, ""});
            batch.columns.push_back(vectorOf(type, {value, Value::null(type)}));
        };
        add("bool", DataType::Bool, Value::boolean(true));
        add("int", DataType::Int, Value::int32(-5));
        add("long", DataType::Long, Value::int64(1LL << 60));
        add("real", DataType::Real, Value::real(0.25));
        add("decimal", DataType::Decimal, Value::decimal(*Decimal::parse("1.10")));
        add("datetime", DataType::DateTime, Value::dateTime(kStart + 1));
        add("timespan", DataType::TimeSpan, Value::timeSpan(-kTicksPerDay - kTicksPerHour));
        add("guid", DataType::Guid, Value::guid(*parseGuid("{0B0D2A34-0000-4000-8000-000000000001}")));
        add("string", DataType::String, Value::string("a'b|ü"));
        add("dynamic", DataType::Dynamic, Value::dynamic(*dynamicFromJson(R"({"a":[1,"x"],"b":null})")));
        REQUIRE_OK((*import)->append(schema, batch, 2));
        REQUIRE_OK((*import)->finish());
    }
    const Host host(fixture.path());
    QCOMPARE(host.loadResult, std::string());
    QCOMPARE(host.ask("SELECT * FROM \"All\""), "1|-5|1152921504606846976|0.25|" + Decimal::parse("1.10")->toString()
                 + "|2024-06-09T00:00:00.0000001Z|-1.01:00:00|0b0d2a34-0000-4000-8000-000000000001|a'b|ü|{\"a\":[1,\"x\"],\"b\":null}\n"
                   "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL||NULL\n");
    QCOMPARE(host.ask("SELECT json_extract(dynamic, '$.a[1]'), typeof(long), typeof(real), typeof(decimal), length(ingestion_time) FROM \"All\" WHERE string <> ''"), std::string("x|integer|real|text|28\n"));
}

void TestSqliteExtension::comparesAsTheTextsDo_data()
{
    QTest::addColumn<QString>("condition");
    for (const char* comparison : {"=", "<", "<=", ">", ">=", "<>", "IS"})
        for (const char* value : {"'2024-06-10'", "'2024-06-10T05:00:00.0000000Z'", "'2024-06-10T05'", "'2024-06-10 05:00:00'", "''", "'z'", "'0001'", "'9999-12-31T23:59:59.9999999Z'", "'99999'", "2024", "2024.5", "NULL", "x'32'",
                 "'2024-06-10' COLLATE NOCASE", "'2024-06-10t05:00:00.0000000z' COLLATE NOCASE", "(SELECT max(TimeGenerated) FROM SigninLogs)"})
            QTest::addRow("time %s %s", comparison, value) << QStringLiteral("TimeGenerated %1 %2").arg(QLatin1String(comparison), QLatin1String(value));
    for (const char* condition : {"x = 7", "x >= 7 AND x < 30", "x > 7.5", "x = '7'", "x < 'a'", "x = 7.0", "s = 'name3'", "s = 'NAME3' COLLATE NOCASE", "s = 3", "s = x'6e'", "x IN (3, 5, 90)", "s IN ('name1', 'none')",
             "Id = '00000000-0000-0000-0000-000000000011'", "Id = '{00000000-0000-0000-0000-000000000011}'", "Id = ''", "TimeGenerated BETWEEN '2024-06-09T10' AND '2024-06-10T10' AND s = 'name1'",
             "TimeGenerated >= '2024-06-10' OR x = 3", "TimeGenerated IS NULL", "TimeGenerated IN ('2024-06-10T05:00:00.0000000Z', '2024-06-10')", "ingestion_time > '2024-10-04'", "ingestion_time > '2024-10-03' AND x = 2", "x = 1 AND x = 2"})
        QTest::addRow("%s", condition) << QString::fromLatin1(condition);
}

void TestSqliteExtension::comparesAsTheTextsDo()
{
    QFETCH(QString, condition);
    const Host host(m_filled.path());
    // The same rows in an ordinary table, where SQLite compares by itself.
    host.ask("CREATE TEMP TABLE typed(TimeGenerated TEXT, x INTEGER, s TEXT, Id TEXT, ingestion_time TEXT)");
    host.ask("INSERT INTO typed SELECT TimeGenerated, x, s, Id, ingestion_time FROM SigninLogs");
    const std::string where = " WHERE " + condition.toStdString() + " ORDER BY +x";
    const std::string expected = host.ask("SELECT x FROM typed" + where);
    QVERIFY2(!expected.starts_with("error"), expected.c_str());
    QCOMPARE(host.ask("SELECT x FROM SigninLogs" + where), expected);
}

void TestSqliteExtension::leavesOutSegments()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
        REQUIRE_OK((*workspace)->write([](Connection& connection) { return connection.execute(damage(2, 2)); })); // x of the second segment
    }
    const Host host(fixture.path());
    QCOMPARE(host.ask("SELECT sum(x) FROM SigninLogs WHERE TimeGenerated < '2024-06-09T20'"), std::string("162\n")); // 0 … 18 without 9
    QVERIFY(host.ask("SELECT sum(x) FROM SigninLogs").starts_with("error: Column x of segment 2 of table SigninLogs is damaged"));
    QVERIFY(host.ask("EXPLAIN QUERY PLAN SELECT x FROM SigninLogs WHERE TimeGenerated >= '2024-06-10' AND s = 'a'").find("0>= 2=") != std::string::npos);
}

void TestSqliteExtension::countsWithoutReadingColumns()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
        for (int column = 1; column <= 4; ++column)
            REQUIRE_OK((*workspace)->write([column](Connection& connection) { return connection.execute(damage(2, column)); }));
    }
    const Host host(fixture.path());
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs"), std::string("60\n"));
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs WHERE TimeGenerated >= '2024-06-10T16'"), std::string("18\n")); // the third segment as a whole; two rows have no time
    QVERIFY(host.ask("SELECT count(*) FROM SigninLogs WHERE TimeGenerated >= '2024-06-10'").starts_with("error: Column TimeGenerated of segment 2"));
}

void TestSqliteExtension::namesWhatIsDamaged()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
        REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("UPDATE segment SET rows = rows - 1 WHERE id = 3"); }));
    }
    const Host host(fixture.path());
    QVERIFY(host.ask("SELECT count(*) FROM SigninLogs").starts_with("error: Segment 3 of table SigninLogs is damaged"));
    QCOMPARE(host.ask("SELECT x FROM SigninLogs LIMIT 2"), std::string("0\n1\n"));
}

void TestSqliteExtension::keepsASnapshot()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    const Host host(fixture.path());
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs"), std::string("60\n"));
    host.ask("BEGIN");
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs"), std::string("60\n"));
    auto import = (*workspace)->beginImport({"more", "json", 1, "more"});
    REQUIRE_OK((*import)->append(eventSchema(), events(60, 5), 1));
    REQUIRE_OK((*import)->append({"Late", {{"z", DataType::Long, ""}}, "", {}, false, false}, batchOf({vectorOf(DataType::Long, {Value::int64(1)})}), 1));
    REQUIRE_OK((*import)->finish());
    QCOMPARE(host.ask("SELECT count(*), sum(x) FROM SigninLogs"), std::string("60|1770\n"));
    host.ask("COMMIT");
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs"), std::string("65\n"));
    QVERIFY(host.ask("SELECT * FROM Late").starts_with("error"));
    QCOMPARE(Host(fixture.path()).ask("SELECT * FROM Late"), std::string("1\n"));
}

void TestSqliteExtension::readsOnWhileSegmentsAreReplaced()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    const Host host(fixture.path());
    sqlite3_stmt* rows = nullptr;
    QCOMPARE(sqlite3_prepare_v2(host.database(), "SELECT x FROM SigninLogs", -1, &rows, nullptr), SQLITE_OK);
    int count = 0;
    std::int64_t sum = 0;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        sum += sqlite3_column_int64(rows, 0);
        if (++count == 5)
            QCOMPARE((*workspace)->compact({})->merged, 3u); // and nobody here needs the old ones
    }
    sqlite3_finalize(rows);
    QCOMPARE(count, 60);
    QCOMPARE(sum, 1770);
    QCOMPARE(host.ask("SELECT count(*), sum(x), count(DISTINCT rowid) FROM SigninLogs"), std::string("60|1770|60\n"));
}

void TestSqliteExtension::leavesOrdinaryTablesAlone()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        auto import = (*workspace)->beginImport({"x", "", 0, ""});
        REQUIRE_OK((*import)->append(eventSchema("Import"), events(0, 3), 1));
        REQUIRE_OK((*import)->append(eventSchema("sqlite_things"), events(0, 2), 1));
        REQUIRE_OK((*import)->append(eventSchema("a\"b'c d"), events(0, 4), 1));
        REQUIRE_OK((*import)->finish());
    }
    Host host(fixture.path());
    QCOMPARE(host.loadResult, std::string());
    QCOMPARE(host.ask("SELECT name FROM import"), std::string("x\n"));
    QCOMPARE(host.ask("SELECT count(*) FROM events_Import"), std::string("3\n"));
    QCOMPARE(host.ask("SELECT count(*) FROM events_sqlite_things"), std::string("2\n"));
    QCOMPARE(host.ask("SELECT count(*) FROM \"a\"\"b'c d\""), std::string("4\n"));
    QCOMPARE(host.ask("CREATE TABLE notes(t)"), std::string());
    QCOMPARE(host.ask("INSERT INTO notes VALUES ('n')"), std::string());
    QCOMPARE(host.ask("SELECT t FROM notes"), std::string("n\n"));
    QCOMPARE(host.loadExtension(), std::string()); // again: what is there stays
    QCOMPARE(host.ask("SELECT count(*) FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"), std::string("0\n"));
}

void TestSqliteExtension::tellsColumnsApart()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        auto import = (*workspace)->beginImport({"x", "", 0, ""});
        const catalog::TableSchema schema{"T", {{"User", DataType::Long, ""}, {"user", DataType::Long, ""}, {"a \"b\"", DataType::Long, ""}}, "", {}, false, false};
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::Long, {Value::int64(1)}), vectorOf(DataType::Long, {Value::int64(2)}), vectorOf(DataType::Long, {Value::int64(3)})}), 1));
        REQUIRE_OK((*import)->finish());
    }
    QCOMPARE(Host(fixture.path()).ask("SELECT User, user_2, \"a \"\"b\"\"\" FROM T"), std::string("1|2|3\n"));
}

void TestSqliteExtension::joinsAndGroups()
{
    const Host host(m_filled.path());
    QCOMPARE(host.ask("SELECT count(*) FROM SigninLogs a JOIN SigninLogs b ON a.TimeGenerated = b.TimeGenerated"), std::string("54\n"));
    QCOMPARE(host.ask("SELECT count(*), count(b.x) FROM SigninLogs a LEFT JOIN SigninLogs b ON a.x = b.x AND b.TimeGenerated >= '2024-06-10'"), std::string("60|32\n"));
    QCOMPARE(host.ask("SELECT s, count(*) FROM SigninLogs WHERE TimeGenerated < '2024-06-09T03' GROUP BY s ORDER BY s DESC"), std::string("name2|1\nname1|1\nname0|1\n"));
    QCOMPARE(host.ask("SELECT substr(TimeGenerated, 1, 10) AS day, count(*) FROM SigninLogs GROUP BY day ORDER BY day"), std::string("NULL|6\n2024-06-09|22\n2024-06-10|22\n2024-06-11|10\n"));
}

void TestSqliteExtension::isReadOnly()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
    }
    const Host host(fixture.path());
    QVERIFY(host.ask("DELETE FROM SigninLogs").starts_with("error"));
    QVERIFY(host.ask("INSERT INTO SigninLogs(x) VALUES (1)").starts_with("error"));
    QVERIFY(host.ask("CREATE VIRTUAL TABLE main.kept USING tocsin('SigninLogs')").find("CREATE VIRTUAL TABLE temp.NAME") != std::string::npos);
    QVERIFY(host.ask("CREATE VIRTUAL TABLE temp.none USING tocsin('Nothing')").find("no event table 'Nothing'") != std::string::npos);
    QVERIFY(host.ask("SELECT * FROM tocsin").starts_with("error"));
    QCOMPARE(host.ask("CREATE VIRTUAL TABLE temp.mine USING tocsin('SigninLogs')"), std::string());
    QCOMPARE(host.ask("SELECT count(*) FROM mine"), std::string("60\n"));
    std::filesystem::permissions(fixture.path(), std::filesystem::perms::owner_read);
    QCOMPARE(Host(fixture.path()).ask("SELECT count(*) FROM SigninLogs"), std::string("60\n"));
}

void TestSqliteExtension::refusesOtherFiles_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("message");
    QTest::newRow("empty") << QString() << QStringLiteral("is not a Tocsin workspace");
    QTest::newRow("other") << QStringLiteral("CREATE TABLE t(x)") << QStringLiteral("is a database of another program");
    QTest::newRow("newer") << QStringLiteral("PRAGMA application_id = 1416586099; PRAGMA user_version = 99; CREATE TABLE t(x)") << QStringLiteral("newer version");
}

void TestSqliteExtension::refusesOtherFiles()
{
    QFETCH(QString, sql);
    QFETCH(QString, message);
    Fixture fixture;
    Host host(fixture.path(), false);
    sqlite3_exec(host.database(), sql.toUtf8().constData(), nullptr, nullptr, nullptr);
    const std::string refused = host.loadExtension();
    QVERIFY2(refused.find(message.toStdString()) != std::string::npos, refused.c_str());
}

void TestSqliteExtension::worksInTheShell()
{
    const QString shell = QStandardPaths::findExecutable(QStringLiteral("sqlite3"));
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("the shell cannot load what is built with sanitizers");
#endif
    if (shell.isEmpty())
        QSKIP("sqlite3 is not installed");
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
    }
    QProcess process;
    process.start(shell, {QStringLiteral("-batch"), QStringLiteral("-cmd"), QStringLiteral(".load ") + kLibrary.chopped(3), QString::fromStdString(fixture.path().string()),
                             QStringLiteral("select count(*) from SigninLogs where TimeGenerated >= '2024-06-10'")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.readAllStandardError(), QByteArray());
    QCOMPARE(process.readAllStandardOutput(), QByteArray("32\n"));
}

QTEST_GUILESS_MAIN(TestSqliteExtension)
#include "tst_sqlite_extension.moc"
