// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "store/sqlite/Connection.h"

#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

std::string readFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const std::filesystem::path& path, const std::string& content) { std::ofstream(path, std::ios::binary | std::ios::trunc) << content; }

/// The superuser may write everything: while this lives, the program is somebody else, who owns the folder.
class OrdinaryUser {
public:
    explicit OrdinaryUser(const std::filesystem::path& folder)
    {
        constexpr uid_t kNobody = 65'534;
        if (geteuid() == 0)
            m_changed = chown(folder.c_str(), kNobody, kNobody) == 0 && seteuid(kNobody) == 0;
    }
    ~OrdinaryUser()
    {
        if (m_changed && seteuid(0) != 0)
            qFatal("cannot become the superuser again");
    }
    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;

private:
    bool m_changed = false;
};

/// Two tables of three segments each.
Result<void> fill(Workspace& workspace)
{
    TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input", "json", 1, "digest"}));
    for (int segment = 0; segment < 3; ++segment) {
        TOCSIN_TRY(import->append(numbersSchema("First"), numbers(segment * 9'000, 9'000), 1));
        TOCSIN_TRY(import->append(numbersSchema("Second"), numbers(segment * 5'000, 5'000), 1));
        TOCSIN_TRY(import->commit());
    }
    TOCSIN_TRY(import->finish());
    return {};
}

} // namespace

class TestWorkspaceErrors : public QObject {
    Q_OBJECT
private slots:
    void saysWhatIsWrongWithAFile_data();
    void saysWhatIsWrongWithAFile();
    void refusesANewerWorkspace();
    void refusesASecondWriter();
    void refusesAFileItMayNotWrite();
    void reportsAFullDisk();
    void aFailedImportLeavesOthersAlone();
    void namesTheDamagedColumn();
    void namesTheDamagedSegment();
    void reportsAMissingChunk();
    void survivesFlippedBits();
    void survivesATruncatedFile();
};

void TestWorkspaceErrors::saysWhatIsWrongWithAFile_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("create");
    QTest::newRow("absent") << QString() << QString::fromUtf8(kFileUnreadable.code.data()) << false;
    QTest::newRow("text") << QStringLiteral("This is a text of more than a hundred bytes that is not a database at all, and never was; it is here to be refused.") << QString::fromUtf8(kNotAWorkspace.code.data()) << true;
    QTest::newRow("short text") << QStringLiteral("short") << QString::fromUtf8(kNotAWorkspace.code.data()) << true;
    QTest::newRow("empty") << QStringLiteral("-") << QString::fromUtf8(kNotAWorkspace.code.data()) << false;
    QTest::newRow("other database") << QStringLiteral("sql:CREATE TABLE t(x)") << QString::fromUtf8(kOtherDatabase.code.data()) << true;
    QTest::newRow("other application") << QStringLiteral("sql:PRAGMA application_id = 77") << QString::fromUtf8(kOtherDatabase.code.data()) << true;
}

void TestWorkspaceErrors::saysWhatIsWrongWithAFile()
{
    QFETCH(QString, content);
    QFETCH(QString, code);
    QFETCH(bool, create);
    Fixture fixture;
    if (content.startsWith(QStringLiteral("sql:"))) {
        auto connection = Connection::open(fixture.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        REQUIRE_OK(connection);
        REQUIRE_OK(connection->execute(content.mid(4).toStdString()));
    } else if (!content.isNull()) {
        writeFile(fixture.path(), content == QStringLiteral("-") ? "" : content.toStdString());
    }
    const std::string before = readFile(fixture.path());
    for (const OpenOptions options : {OpenOptions{create, false}, OpenOptions{false, true}}) {
        const auto opened = fixture.open(options);
        QVERIFY(!opened);
        QCOMPARE(QString::fromStdString(std::string(opened.error().code())), code);
        QVERIFY(errorMessage(opened.error()).find(fixture.path().string()) != std::string::npos);
        QCOMPARE(readFile(fixture.path()), before);
    }
}

void TestWorkspaceErrors::refusesANewerWorkspace()
{
    Fixture fixture;
    REQUIRE_OK(fixture.open());
    {
        auto connection = Connection::open(fixture.path(), SQLITE_OPEN_READWRITE);
        REQUIRE_OK(connection->execute("PRAGMA user_version = 99"));
    }
    const std::string before = readFile(fixture.path());
    COMPARE_ERROR(fixture.open(), kNewerWorkspace);
    COMPARE_ERROR(fixture.open({false, true}), kNewerWorkspace);
    QVERIFY(readFile(fixture.path()) == before); // as it was
}

void TestWorkspaceErrors::refusesASecondWriter()
{
    Fixture fixture;
    auto first = fixture.open();
    REQUIRE_OK(first);
    const auto second = fixture.open();
    COMPARE_ERROR(second, kLocked);
    QVERIFY(second.error().retryable);
    REQUIRE_OK(fixture.open({false, true})); // reading beside it is fine
    REQUIRE_OK(fill(**first));
    first->reset();
    REQUIRE_OK(fixture.open());
    QVERIFY(!std::filesystem::exists(fixture.path().string() + "-lock"));
}

void TestWorkspaceErrors::refusesAFileItMayNotWrite()
{
    Fixture fixture;
    const OrdinaryUser user(fixture.path().parent_path());
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
    }
    std::filesystem::permissions(fixture.path(), std::filesystem::perms::owner_read);
    COMPARE_ERROR(fixture.open(), kReadOnlyMedium);
    REQUIRE_OK(fixture.open({false, true}));
    std::filesystem::permissions(fixture.path().parent_path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    {
        auto workspace = fixture.open({false, true}); // as from a medium that cannot be written
        REQUIRE_OK(workspace);
        QCOMPARE(readTable(**workspace, "First", {0})->front().size(), 27'000u);
        COMPARE_ERROR(fixture.open(), kReadOnlyMedium);
        COMPARE_ERROR(fixture.open({}, "new.tocsin"), kReadOnlyMedium);
    }
    std::filesystem::permissions(fixture.path().parent_path(), std::filesystem::perms::owner_all);
}

void TestWorkspaceErrors::reportsAFullDisk()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const auto limitPages = [&](const char* sql) { return (*workspace)->write([sql](Connection& connection) { return connection.execute(sql); }); };
    {
        auto import = (*workspace)->beginImport({"kept", "", 0, "kept"});
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 100), 1));
        REQUIRE_OK((*import)->finish());
    }
    REQUIRE_OK(limitPages("PRAGMA max_page_count = 40"));
    {
        auto import = (*workspace)->beginImport({"large", "", 0, "large"});
        Result<void> appended;
        for (int i = 0; i < 20 && appended; ++i)
            appended = (*import)->append(numbersSchema(), [&] {
                TypedBuilder<DataType::Long> x;
                TypedBuilder<DataType::String> s;
                std::mt19937_64 random(static_cast<std::uint64_t>(i));
                for (int row = 0; row < 40'000; ++row) {
                    x.append(static_cast<std::int64_t>(random()));
                    s.append("x");
                }
                return batchOf({x.finish(), s.finish()});
            }(), 1);
        COMPARE_ERROR(appended, kDiskFull);
        COMPARE_ERROR((*import)->finish(), kDiskFull); // rows were lost: it cannot be completed any more
    }
    REQUIRE_OK(limitPages("PRAGMA max_page_count = 1000000"));
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 100u);
    auto again = (*workspace)->beginImport({"large", "", 0, "large"});
    REQUIRE_OK(again);
    REQUIRE_OK((*again)->append(numbersSchema(), numbers(0, 10), 1));
    REQUIRE_OK((*again)->finish());
    QVERIFY((*workspace)->check({})->empty());
}

void TestWorkspaceErrors::aFailedImportLeavesOthersAlone()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const auto limitPages = [&](const char* sql) { return (*workspace)->write([sql](Connection& connection) { return connection.execute(sql); }); };
    auto failing = (*workspace)->beginImport({"failing", "", 0, "failing"});
    REQUIRE_OK((*failing)->append(numbersSchema(), numbers(0, 60'000), 1));
    REQUIRE_OK(limitPages("PRAGMA max_page_count = 10"));
    COMPARE_ERROR((*failing)->finish(), kDiskFull); // its row was rolled back, and its number is free again
    REQUIRE_OK(limitPages("PRAGMA max_page_count = 1000000"));
    auto other = (*workspace)->beginImport({"other", "", 0, "other"});
    REQUIRE_OK((*other)->append(numbersSchema(), numbers(0, 70'000), 1)); // a full segment is written, not committed
    failing->reset();
    REQUIRE_OK((*other)->finish());
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 70'000u);
    QVERIFY((*workspace)->check({})->empty());
}

void TestWorkspaceErrors::namesTheDamagedColumn()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
        REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> {
            // Column 2 of the second segment of the table: one byte of its content.
            return connection.execute("UPDATE chunk SET data = CAST(substr(data, 1, 40) || X'AA' || substr(data, 42) AS BLOB) WHERE id = (3 << 28) + (2 << 14)");
        }));
    }
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const auto damaged = readTable(**workspace, "First", {1});
    COMPARE_ERROR(damaged, kDamagedColumn);
    QCOMPARE(damaged.error().args[0], std::string("First"));
    QCOMPARE(damaged.error().args[1], std::string("3"));
    QCOMPARE(damaged.error().args[2], std::string("s"));
    QCOMPARE(readTable(**workspace, "First", {0})->front().size(), 27'000u); // the other column
    QCOMPARE(readTable(**workspace, "Second", {0, 1})->front().size(), 15'000u);
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto pruned = readAll(*(*snapshot)->findTable("First"), {{0, 1}, {{0, catalog::ScanPredicate::Kind::Less, {Value::int64(9'000)}}}, {}});
    REQUIRE_OK(pruned); // the other segments
    QCOMPARE(pruned->front().size(), 9'000u);
    const auto findings = (*workspace)->check({});
    QCOMPARE(findings->size(), 1u);
    QVERIFY(findings->front().find("Column s of segment 3 of table First") != std::string::npos);
}

void TestWorkspaceErrors::namesTheDamagedSegment()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
        REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("UPDATE segment SET rows = rows - 1 WHERE id = 3"); }));
    }
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    COMPARE_ERROR(readTable(**workspace, "First", {0}), kDamagedSegment);
    QCOMPARE(readTable(**workspace, "Second", {0})->front().size(), 15'000u);
    QCOMPARE((*workspace)->check({})->size(), 1u);
}

void TestWorkspaceErrors::reportsAMissingChunk()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace));
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("DELETE FROM chunk WHERE id = (1 << 28) + (1 << 14)"); }));
    COMPARE_ERROR(readTable(**workspace, "First", {0}), kDamagedColumn);
    REQUIRE_OK(readTable(**workspace, "First", {1}));
    auto reader = fixture.open({false, true});
    const auto snapshot = (*reader)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Second");
    REQUIRE_OK((*workspace)->write([](Connection& connection) -> Result<void> { return connection.execute("DELETE FROM chunk WHERE id >= (2 << 28) AND id < (3 << 28); DELETE FROM segment WHERE id = 2"); }));
    const auto gone = readAll(*table, {{0}, {}, {}}); // another program's snapshot does not keep segments
    COMPARE_ERROR(gone, kSegmentGone);
    QVERIFY(gone.error().retryable);
}

void TestWorkspaceErrors::survivesFlippedBits()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
    }
    const std::string sound = readFile(fixture.path());
    std::vector<std::vector<std::vector<Value>>> expected;
    {
        auto workspace = fixture.open({false, true});
        for (const char* table : {"First", "Second"})
            expected.push_back(*readTable(**workspace, table, {0, 1}));
    }
    std::mt19937_64 random(3);
    int readable = 0;
    for (int round = 0; round < 60; ++round) {
        std::string damaged = sound;
        for (int i = 0; i < 1 + round % 4; ++i)
            damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
        writeFile(fixture.path(), damaged);
        const auto workspace = fixture.open({false, true});
        if (!workspace)
            continue; // an error is fine, a crash or a wrong answer is not
        for (std::size_t i = 0; i < 2; ++i) {
            const auto rows = readTable(**workspace, i ? "Second" : "First", {0, 1});
            if (!rows)
                continue;
            ++readable;
            QVERIFY(*rows == expected[i]);
        }
        (void)(*workspace)->check({});
    }
    QVERIFY2(readable > 10, "most damage should touch one table only");
}

void TestWorkspaceErrors::survivesATruncatedFile()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        REQUIRE_OK(fill(**workspace));
    }
    const std::string sound = readFile(fixture.path());
    for (std::size_t keep : {std::size_t{0}, std::size_t{50}, std::size_t{100}, std::size_t{5'000}, std::size_t{16'384}, sound.size() / 2, sound.size() - 16'384, sound.size() - 1}) {
        writeFile(fixture.path(), sound.substr(0, keep));
        for (const bool readOnly : {true, false}) {
            const auto opened = fixture.open({false, readOnly});
            if (!opened) {
                QVERIFY2(opened.error().kind == &kDamaged || opened.error().kind == &kCutOff || opened.error().kind == &kNotAWorkspace, errorMessage(opened.error()).c_str());
                continue;
            }
            const auto rows = readTable(**opened, "First", {0, 1});
            if (!rows)
                QVERIFY2(rows.error().kind == &kDamaged || rows.error().kind == &kDamagedColumn, errorMessage(rows.error()).c_str());
            const auto findings = (*opened)->check({});
            QVERIFY(!findings || !findings->empty());
        }
    }
}

QTEST_GUILESS_MAIN(TestWorkspaceErrors)
#include "tst_workspace_errors.moc"
