// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreFixture.h"
#include "store/maintenance/InMemory.h"

#include "store/maintenance/Repair.h"
#include "store/sqlite/Connection.h"

#include <sqlite3.h>

#include <fstream>
#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

constexpr int kFlips = 100;
constexpr int kTruncations = 50;
const std::vector<std::string> kTables{"First", "Second", "Third"};

using Columns = std::vector<std::vector<Value>>;

std::string readFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const std::filesystem::path& path, const std::string& content)
{
    std::filesystem::remove(path.string() + "-wal");
    std::filesystem::remove(path.string() + "-shm");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// Three tables of three segments each, from three imports; texts, numbers, times, guids, dynamic values.
Result<void> fill(Workspace& workspace)
{
    std::mt19937_64 random(1);
    for (std::size_t t = 0; t < kTables.size(); ++t) {
        const catalog::TableSchema schema{kTables[t], {{"TimeGenerated", DataType::DateTime, ""}, {"x", DataType::Long, ""}, {"s", DataType::String, ""}, {"r", DataType::Real, ""}, {"g", DataType::Guid, ""}}, "", {}, false, false};
        TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input " + std::to_string(t), "json", 1, "digest " + std::to_string(t)}));
        for (int segment = 0; segment < 3; ++segment) {
            TypedBuilder<DataType::DateTime> time;
            TypedBuilder<DataType::Long> x;
            TypedBuilder<DataType::String> s;
            TypedBuilder<DataType::Real> r;
            TypedBuilder<DataType::Guid> g;
            for (int i = 0; i < 600; ++i) {
                time.append(kUnixEpoch + 19'000 * kTicksPerDay + (segment * 600 + i) * kTicksPerMinute);
                x.append(segment * 600 + i);
                s.append("message number " + std::to_string(random() % 700) + " from host-" + std::to_string(random() % 9));
                r.append(static_cast<double>(random() % 1'000'000) / 7);
                Guid guid;
                for (auto& byte : guid.bytes)
                    byte = static_cast<std::uint8_t>(random());
                g.append(guid);
            }
            TOCSIN_TRY(import->append(schema, batchOf({time.finish(), x.finish(), s.finish(), r.finish(), g.finish()}), 1));
            TOCSIN_TRY(import->commit());
        }
        TOCSIN_TRY(import->finish());
    }
    return {};
}

/// The questions asked of each damaged file, besides all rows: each must fail with a name or have the answer of the sound file.
std::vector<Result<Columns>> answers(const Workspace& workspace, const std::string& name)
{
    std::vector<Result<Columns>> answers;
    const auto ask = [&](const std::function<Result<Columns>(const catalog::TableSource&)>& question) {
        const auto snapshot = workspace.catalog().snapshot();
        if (!snapshot)
            return answers.push_back(std::unexpected(snapshot.error()));
        const auto table = (*snapshot)->findTable(name);
        answers.push_back(table ? question(*table) : Result<Columns>(fail(kNotAWorkspace, "no table " + name)));
    };
    using Kind = catalog::ScanPredicate::Kind;
    ask([](const auto& table) { return readAll(table, {{0, 1, 2, 3, 4}, {}, {}}); });
    ask([](const auto& table) { return readAll(table, {{1}, {{1, Kind::Less, {Value::int64(700)}}}, {}}); });
    ask([](const auto& table) { return readAll(table, {{1, 2}, {{2, Kind::Equal, {Value::string("message number 77 from host-3")}}}, {}}); });
    const auto count = [](const auto& table, const catalog::TimePeriod& period) -> Result<Columns> {
        TOCSIN_TRY_ASSIGN(const std::uint64_t rows, table.countRows(period, {}));
        return Columns{{Value::int64(static_cast<std::int64_t>(rows))}};
    };
    ask([&](const auto& table) { return count(table, {}); });
    ask([&](const auto& table) { return count(table, {kUnixEpoch + 19'002 * kTicksPerDay, kUnixEpoch + 19'003 * kTicksPerDay}); });
    return answers;
}

bool isNamed(const Error& error)
{
    const auto* kind = error.kind;
    return kind == &kDamaged || kind == &kCutOff || kind == &kDamagedColumn || kind == &kDamagedSegment || kind == &kSegmentIndex || kind == &kNotAWorkspace || kind == &kOtherDatabase || kind == &kNewerWorkspace
        || kind == &kDatabase || kind == &kReadFailed || kind == &kFileUnreadable;
}

/// Whether the rows are some of the sound ones, each whole, in their order.
bool isPartOf(const Columns& rows, const Columns& sound)
{
    std::size_t at = 0;
    for (std::size_t row = 0; row < rows[1].size(); ++row) {
        while (at < sound[1].size() && !(sound[1][at] == rows[1][row]))
            ++at;
        if (at == sound[1].size())
            return false;
        for (std::size_t c = 0; c < rows.size(); ++c)
            if (!(rows[c][row] == sound[c][at]))
                return false;
    }
    return true;
}

} // namespace

class TestDamage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void answersOrSaysWhy_data();
    void answersOrSaysWhy();
    void showsWhatWasHit();
    void setsSegmentsAside();
    void keepsWhatIsSetAside();
    void mendsTheListOfSegments_data();
    void mendsTheListOfSegments();
    void noticesMissingRows();
    void noticesChangedNames();

private:
    InMemory m_inMemory; ///< before the folder is made
    Fixture m_fixture;
    std::string m_sound;
    std::vector<std::vector<Result<Columns>>> m_answers; ///< of the sound file
    int m_wholeFiles = 0, m_someTables = 0, m_refused = 0, m_partlySaved = 0;
};

void TestDamage::initTestCase()
{
    {
        auto workspace = m_fixture.open();
        REQUIRE_OK(workspace);
        REQUIRE_OK(fill(**workspace));
        for (const std::string& table : kTables)
            m_answers.push_back(answers(**workspace, table));
    }
    for (const auto& table : m_answers)
        for (const auto& answer : table)
            REQUIRE_OK(answer);
    m_sound = readFile(m_fixture.path());
}

void TestDamage::answersOrSaysWhy_data()
{
    QTest::addColumn<std::string>("content");
    std::mt19937_64 random(20'240'610);
    for (int i = 0; i < kFlips; ++i) {
        std::string damaged = m_sound;
        const std::size_t place = random() % damaged.size();
        const auto bit = static_cast<unsigned>(random() % 8);
        damaged[place] = static_cast<char>(damaged[place] ^ (1 << bit));
        QTest::addRow("bit %u of byte %zu", bit, place) << damaged;
    }
    for (int i = 0; i < kTruncations; ++i) {
        const std::size_t size = random() % m_sound.size();
        QTest::addRow("cut to %zu bytes", size) << m_sound.substr(0, size);
    }
}

void TestDamage::answersOrSaysWhy()
{
    QFETCH(std::string, content);
    writeFile(m_fixture.path(), content);
    bool failed = false;
    std::size_t whole = 0;
    {
        const auto workspace = m_fixture.open({false, true});
        if (!workspace) {
            QVERIFY2(isNamed(workspace.error()), errorMessage(workspace.error()).c_str());
            ++m_refused;
            failed = true;
        }
        for (std::size_t t = 0; workspace && t < kTables.size(); ++t) {
            const auto given = answers(**workspace, kTables[t]);
            whole += given.front().has_value();
            for (std::size_t q = 0; q < given.size(); ++q) {
                if (given[q]) {
                    QVERIFY2(*given[q] == *m_answers[t][q], qPrintable(QStringLiteral("question %1 of table %2 has a wrong answer").arg(q).arg(t)));
                } else {
                    failed = true;
                    QVERIFY2(isNamed(given[q].error()), errorMessage(given[q].error()).c_str());
                }
            }
        }
        if (workspace) {
            const auto findings = (*workspace)->check({});
            REQUIRE_OK(findings);
            QVERIFY2(!failed || !findings->empty(), "the check must find what queries find");
        }
    }
    if (!failed || whole > 0)
        ++(whole == kTables.size() ? m_wholeFiles : m_someTables);
    if (!failed)
        return;
    REQUIRE_OK(restoreLength(m_fixture.path()));
    // Set aside what is damaged: then the rest is there, or it is said why not.
    const auto workspace = m_fixture.open();
    if (!workspace) {
        QVERIFY2(isNamed(workspace.error()), errorMessage(workspace.error()).c_str());
        return;
    }
    const auto repaired = repair(**workspace, "test", {});
    if (!repaired) {
        QVERIFY2(isNamed(repaired.error()), errorMessage(repaired.error()).c_str());
        return;
    }
    bool anyRows = false;
    for (std::size_t t = 0; t < kTables.size(); ++t) {
        const auto rows = readTable(**workspace, kTables[t], {0, 1, 2, 3, 4});
        anyRows = anyRows || (rows && !rows->front().empty());
        if (rows)
            QVERIFY(isPartOf(*rows, *m_answers[t].front()));
        else
            QVERIFY2(!repaired->remaining.empty(), errorMessage(rows.error()).c_str());
    }
    m_partlySaved += anyRows;
}

void TestDamage::showsWhatWasHit()
{
    qInfo("of %d damaged files: %d answered everything, %d some tables, %d were refused; of the damaged ones %d have rows after repair", kFlips + kTruncations, m_wholeFiles, m_someTables, m_refused, m_partlySaved);
    QVERIFY(m_wholeFiles + m_someTables > kFlips / 2);
}

void TestDamage::setsSegmentsAside()
{
    writeFile(m_fixture.path(), m_sound);
    auto workspace = m_fixture.open();
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> {
        return connection.execute("UPDATE chunk SET data = CAST(substr(data, 1, 40) || X'AA' || substr(data, 42) AS BLOB) WHERE id = (2 << 28) + (3 << 14);"
                                  "DELETE FROM chunk WHERE id = (6 << 28) + (1 << 14)");
    }));
    const auto repaired = repair(**workspace, "somebody", {});
    REQUIRE_OK(repaired);
    QCOMPARE(repaired->setAside, (std::vector<std::int64_t>{2, 6}));
    QCOMPARE(repaired->rows, 1'200u);
    QVERIFY2(repaired->remaining.empty(), repaired->remaining.empty() ? "" : repaired->remaining.front().c_str());
    const auto listed = setAsideSegments(**workspace);
    REQUIRE_OK(listed);
    QCOMPARE(listed->size(), 2u);
    QCOMPARE(listed->front().table, std::string("First"));
    QCOMPARE(listed->front().rows, 600u);
    QCOMPARE(listed->front().source, std::string("input 0"));
    QVERIFY(listed->front().importable);
    QVERIFY(listed->front().reason.find("Column s of segment 2 of table First") != std::string::npos);
    QCOMPARE(readTable(**workspace, "First", {1})->front().size(), 1'200u);
    QCOMPARE(readTable(**workspace, "Third", {1})->front().size(), 1'800u);
    // The source can be imported again, and takes the place of all its segments.
    auto again = (*workspace)->beginImport({"input 0", "json", 1, "digest 0"});
    REQUIRE_OK(again);
    REQUIRE_OK((*again)->append(numbersSchema("First"), numbers(0, 7), 1));
    REQUIRE_OK((*again)->finish());
    QCOMPARE(readTable(**workspace, "First", {1})->front().size(), 7u);
    QCOMPARE(setAsideSegments(**workspace)->size(), 1u);
    QVERIFY((*workspace)->check({})->empty());
}

void TestDamage::keepsWhatIsSetAside()
{
    writeFile(m_fixture.path(), m_sound);
    {
        auto workspace = m_fixture.open();
        REQUIRE_OK((*workspace)->compact({}));
        REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("UPDATE segment SET rows = rows - 1 WHERE id = (SELECT min(id) FROM segment WHERE state = 1)"); }));
        REQUIRE_OK(repair(**workspace, "somebody", {}));
    }
    auto workspace = m_fixture.open();
    REQUIRE_OK(workspace);
    const auto listed = setAsideSegments(**workspace);
    QCOMPARE(listed->size(), 1u);
    std::int64_t chunks = 0;
    REQUIRE_OK((*workspace)->read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(chunks, connection.scalar("SELECT count(*) FROM chunk WHERE id >> 28 = " + std::to_string(listed->front().id)));
        return {};
    }));
    QVERIFY(chunks > 0);
}

void TestDamage::mendsTheListOfSegments_data()
{
    QTest::addColumn<QString>("sql"); // changes rows while the index is not there to follow
    QTest::newRow("the row says dropped") << QStringLiteral("UPDATE segment SET state = 2 WHERE id = 4");
    QTest::newRow("the row says visible") << QStringLiteral("UPDATE segment SET state = 1 WHERE id = 4");
}

void TestDamage::mendsTheListOfSegments()
{
    QFETCH(QString, sql);
    writeFile(m_fixture.path(), m_sound);
    {
        auto connection = Connection::open(m_fixture.path(), SQLITE_OPEN_READWRITE);
        REQUIRE_OK(connection);
        if (sql.contains(QStringLiteral("= 1")))
            REQUIRE_OK(connection->execute("UPDATE segment SET state = 2 WHERE id = 4"));
        // SQLite forgets the index for a while: the change does not reach it.
        sqlite3_db_config(connection->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        REQUIRE_OK(connection->execute("PRAGMA writable_schema = ON"));
        REQUIRE_OK(connection->execute("CREATE TEMP TABLE kept AS SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = 'segment_table'"));
        REQUIRE_OK(connection->execute("DELETE FROM sqlite_master WHERE name = 'segment_table'; PRAGMA writable_schema = RESET"));
        REQUIRE_OK(connection->execute(sql.toStdString()));
        REQUIRE_OK(connection->execute("PRAGMA writable_schema = ON"));
        REQUIRE_OK(connection->execute("INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) SELECT * FROM kept; PRAGMA writable_schema = RESET"));
    }
    auto workspace = m_fixture.open(); // and nothing is deleted for a state that is not certain
    REQUIRE_OK(workspace);
    COMPARE_ERROR(readTable(**workspace, "First", {1}), kSegmentIndex);
    const auto repaired = repair(**workspace, "somebody", {});
    REQUIRE_OK(repaired);
    QCOMPARE(repaired->setAside, std::vector<std::int64_t>{4});
    QCOMPARE(readTable(**workspace, "First", {1})->front().size(), 1'800u);
    QCOMPARE(readTable(**workspace, "Second", {1})->front().size(), 1'200u);
    QVERIFY2(repaired->remaining.empty(), repaired->remaining.empty() ? "" : repaired->remaining.front().c_str());
}

void TestDamage::noticesMissingRows()
{
    writeFile(m_fixture.path(), m_sound);
    auto workspace = m_fixture.open();
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("DELETE FROM chunk WHERE id >> 28 = 5; DELETE FROM segment WHERE id = 5"); }));
    const auto findings = (*workspace)->check({});
    REQUIRE_OK(findings);
    QCOMPARE(*findings, std::vector<std::string>{"Second: 600 rows that were imported are not there"});
}

void TestDamage::noticesChangedNames()
{
    int refused = 0;
    for (std::size_t at = m_sound.find("Second"); at != std::string::npos; at = m_sound.find("Second", at + 1)) { // in the row, and in the index
        std::string damaged = m_sound;
        damaged[at] = 'T';
        writeFile(m_fixture.path(), damaged);
        const auto workspace = m_fixture.open({false, true});
        if (!workspace) {
            COMPARE_ERROR(workspace, kDamaged);
            ++refused;
        }
    }
    QVERIFY(refused >= 2);
}

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
