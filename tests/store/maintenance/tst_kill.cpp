// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreFixture.h"
#include "store/maintenance/InMemory.h"

#include "store/maintenance/Audit.h"
#include "store/maintenance/Purge.h"

#include <QProcess>

#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <thread>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

constexpr std::int64_t kRowsPerImport = 1'000'000; ///< numbers of import n begin at n × this
constexpr int kRounds = 20;                        ///< or what TOCSIN_KILL_ROUNDS says
constexpr int kRoundsPerFile = 5;

/// A purge removes the rows of one import whose number ends in one digit.
struct Doomed {
    std::int64_t import = 0;
    int digit = 0;
    bool has(std::int64_t x) const { return x / kRowsPerImport == import && x % 10 == digit; }
    std::string text() const { return std::to_string(import) + " " + std::to_string(digit); }
    auto operator<=>(const Doomed&) const = default;
};

template <typename... Args>
void tell(const char* format, Args... args)
{
    std::printf(format, args...);
    std::fflush(stdout);
}

Result<void> importOne(Workspace& workspace, int number, std::mt19937_64& random)
{
    tell("begin import\n");
    TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input", "json", 1, "digest" + std::to_string(number)}));
    std::int64_t rows = 0;
    for (std::uint64_t commit = random() % 6;; --commit) {
        const std::size_t count = random() % 24 == 0 ? 70'000 : 1 + random() % 500;
        TOCSIN_TRY(import->append(numbersSchema(), numbers(number * kRowsPerImport + rows, count), count));
        rows += static_cast<std::int64_t>(count);
        if (commit == 0) {
            TOCSIN_TRY(import->finish());
        } else {
            TOCSIN_TRY(import->commit());
        }
        tell("rows %d %lld %d\n", number, static_cast<long long>(rows), commit == 0 ? 1 : 0);
        if (commit == 0)
            return {};
    }
}

Result<std::vector<std::int64_t>> choose(const catalog::TableSource& table, const Doomed& doomed)
{
    TOCSIN_TRY_ASSIGN(const auto scan, table.scan({{0}, {}, {}, true}));
    std::vector<std::int64_t> ids;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const auto morsel, scan->nextMorsel({}));
        if (!morsel)
            return ids;
        for (;;) {
            TOCSIN_TRY_ASSIGN(const auto batch, morsel->next());
            if (!batch)
                break;
            const Vector x = batch->column(0), id = batch->column(1);
            const VectorReader<std::int64_t> numbers(x), rowIds(id);
            for (std::size_t i = 0; i < x.size(); ++i)
                if (doomed.has(numbers[i]))
                    ids.push_back(rowIds[i]);
        }
    }
}

Result<void> purgeOne(Workspace& workspace, const Doomed& doomed)
{
    tell("begin purge %lld %d\n", static_cast<long long>(doomed.import), doomed.digit);
    PurgeRequest request{"Numbers", doomed.text(), "test", {}, false};
    request.choose = [&](const auto&, const auto& table) { return choose(*table, doomed); };
    TOCSIN_TRY(purgeRows(workspace, request, {}));
    tell("purged %lld %d\n", static_cast<long long>(doomed.import), doomed.digit);
    return {};
}

/// The child: imports, merges and purges without end, and says what must be so from now on.
int workUntilKilled(const std::filesystem::path& file, int number, unsigned seed)
{
    const SystemClock clock;
    ThreadPool executor(2);
    Log log;
    const auto workspace = Workspace::open(file, {}, clock, executor, log);
    Result<void> done;
    if (!workspace)
        done = std::unexpected(workspace.error());
    std::mt19937_64 random(seed);
    bool any = number > 1;
    while (done) {
        const std::uint64_t kind = random() % 4;
        if (kind == 0 || !any) {
            done = importOne(**workspace, number++, random);
            any = true;
        } else if (kind < 3) {
            tell("begin compaction\n");
            if (const auto compacted = (*workspace)->compact({}); !compacted)
                done = std::unexpected(compacted.error());
        } else {
            done = purgeOne(**workspace, {static_cast<std::int64_t>(1 + random() % static_cast<unsigned>(number - 1)), static_cast<int>(random() % 10)});
        }
    }
    tell("error %s\n", errorMessage(done.error()).c_str());
    return 1;
}

struct Import {
    std::int64_t rows = 0;
    bool finished = false;
};

/// What the child has said.
struct Expected {
    std::map<std::int64_t, Import> imports;
    std::set<Doomed> purged;
    std::optional<Doomed> purging; ///< begun when it was killed
    std::string doing = "nothing";
};

} // namespace

class TestKill : public QObject {
    Q_OBJECT
private slots:
    void keepsEverythingCommittedAndNothingHalf();

private:
    static void hear(const QByteArray& output, Expected& expected);
    static void compare(const Workspace& workspace, Expected& expected);

    InMemory m_inMemory;
};

void TestKill::hear(const QByteArray& output, Expected& expected)
{
    const auto lines = output.split('\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) { // the last one may be cut
        const auto words = lines[i].split(' ');
        QVERIFY2(words[0] != "error", lines[i].constData());
        if (words[0] == "begin") {
            expected.doing = words[1].toStdString();
            expected.purging.reset();
            if (words[1] == "purge")
                expected.purging = {words[2].toLongLong(), words[3].toInt()};
        } else if (words[0] == "rows") {
            expected.imports[words[1].toLongLong()] = {words[2].toLongLong(), words[3] == "1"};
        } else {
            expected.purged.insert({words[1].toLongLong(), words[2].toInt()});
            expected.purging.reset();
        }
    }
}

void TestKill::compare(const Workspace& workspace, Expected& expected)
{
    // The audit says whether the purge that was under way has happened; the rows must agree with it.
    const auto audit = readAudit(workspace);
    REQUIRE_OK(audit);
    std::set<std::string> audited;
    for (const AuditRecord& record : *audit)
        audited.insert(record.detail);
    if (expected.purging && audited.contains(expected.purging->text()))
        expected.purged.insert(*expected.purging);
    for (const Doomed& doomed : expected.purged)
        QVERIFY2(audited.contains(doomed.text()), doomed.text().c_str());
    QCOMPARE(audited.size(), expected.purged.size());

    const auto isGone = [&](std::int64_t x) { return expected.purged.contains({x / kRowsPerImport, static_cast<int>(x % 10)}); };
    std::map<std::int64_t, std::int64_t> next; ///< the number that must follow, by import
    const auto skipPurged = [&](std::int64_t& x) {
        const std::int64_t end = x + 10; // all ten digits of an import may be purged
        while (x < end && isGone(x))
            ++x;
    };
    if (const auto rows = readTable(workspace, "Numbers", {0, 1})) {
        for (std::size_t i = 0; i < rows->front().size(); ++i) {
            const std::int64_t x = (*rows)[0][i].asLong();
            std::int64_t& wanted = next.try_emplace(x / kRowsPerImport, x / kRowsPerImport * kRowsPerImport).first->second;
            skipPurged(wanted);
            if (x != wanted || (*rows)[1][i].asText() != "name" + std::to_string(x % 7)) // in order, without holes, without doubles
                QFAIL(qPrintable(QStringLiteral("row %1 is %2, not %3").arg(i).arg(x).arg(wanted)));
            ++wanted;
        }
    }
    for (const auto& [number, import] : expected.imports) {
        std::int64_t reached = next.try_emplace(number, number * kRowsPerImport).first->second;
        const std::int64_t end = number * kRowsPerImport + import.rows;
        while (reached < end && isGone(reached))
            ++reached;
        QVERIFY2(import.finished ? reached == end : reached >= end, qPrintable(QStringLiteral("import %1: %2 of %3 rows").arg(number).arg(reached - number * kRowsPerImport).arg(import.rows)));
    }
    const auto findings = workspace.check({});
    REQUIRE_OK(findings);
    QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
}

void TestKill::keepsEverythingCommittedAndNothingHalf()
{
    const int rounds = qEnvironmentVariableIsSet("TOCSIN_KILL_ROUNDS") ? qEnvironmentVariableIntValue("TOCSIN_KILL_ROUNDS") : kRounds;
    std::mt19937_64 random(7);
    std::map<std::string, int> killedDuring;
    std::unique_ptr<Fixture> fixture;
    Expected expected;
    for (int round = 0; round < rounds; ++round) {
        if (round % kRoundsPerFile == 0) {
            fixture = std::make_unique<Fixture>();
            expected = {};
        }
        const std::int64_t first = expected.imports.empty() ? 1 : expected.imports.rbegin()->first + 2; // one may have been committed and not told
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--work"), QString::fromStdString(fixture->path().string()), QString::number(first), QString::number(round)});
        QVERIFY(child.waitForStarted());
        child.waitForReadyRead(5'000);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 150'000));
        child.kill();
        child.waitForFinished();
        expected.doing = "nothing";
        expected.purging.reset();
        hear(child.readAllStandardOutput(), expected);
        ++killedDuring[expected.doing];
        auto workspace = fixture->open({false, round % 2 == 0 && std::filesystem::exists(fixture->path())});
        REQUIRE_OK(workspace);
        compare(**workspace, expected);
        if (QTest::currentTestFailed())
            return;
    }
    for (const auto& [doing, times] : killedDuring)
        qInfo("killed %d times during %s", times, doing.c_str());
}

int main(int argc, char** argv)
{
    if (argc == 5 && std::string_view(argv[1]) == "--work")
        return workUntilKilled(argv[2], std::atoi(argv[3]), static_cast<unsigned>(std::atoi(argv[4])));
    QCoreApplication application(argc, argv);
    TestKill test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_kill.moc"
