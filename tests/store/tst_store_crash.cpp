// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include <QProcess>

#include <cstdio>
#include <map>
#include <random>
#include <thread>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

constexpr std::int64_t kRowsPerImport = 1'000'000; ///< numbers of import n begin at n × this

/// The child: imports without end, and says after each commit what must be there from now on.
int importUntilKilled(const std::filesystem::path& file, int firstImport, unsigned seed)
{
    const SystemClock clock;
    ThreadPool executor(2);
    Log log;
    const auto workspace = Workspace::open(file, {}, clock, executor, log);
    if (!workspace) {
        std::printf("error %s\n", errorMessage(workspace.error()).c_str());
        return 1;
    }
    std::mt19937_64 random(seed);
    for (int number = firstImport;; ++number) {
        const auto import = (*workspace)->beginImport({"input", "json", 1, "digest" + std::to_string(number)});
        if (!import) {
            std::printf("error %s\n", errorMessage(import.error()).c_str());
            return 1;
        }
        std::int64_t rows = 0;
        for (std::uint64_t commit = random() % 4;; --commit) {
            const std::size_t count = random() % 8 == 0 ? 70'000 : 1 + random() % 2'000;
            if (!(*import)->append(numbersSchema(), numbers(number * kRowsPerImport + rows, count), count))
                return 1;
            rows += static_cast<std::int64_t>(count);
            const bool last = commit == 0;
            if (last ? !(*import)->finish() : !(*import)->commit())
                return 1;
            std::printf("%s %d %lld\n", last ? "finish" : "commit", number, static_cast<long long>(rows));
            std::fflush(stdout);
            if (last)
                break;
        }
    }
}

struct Reported {
    std::int64_t rows = 0;
    bool finished = false;
};

} // namespace

class TestStoreCrash : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatWasReportedWhenKilled();

private:
    static void readReports(const QByteArray& output, std::map<int, Reported>& reports);
    static void compare(const Workspace& workspace, const std::map<int, Reported>& reports);
};

void TestStoreCrash::readReports(const QByteArray& output, std::map<int, Reported>& reports)
{
    const auto lines = output.split('\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) { // the last one may be cut
        const auto words = lines[i].split(' ');
        QVERIFY2(words[0] != "error", lines[i].constData());
        Reported& report = reports[words[1].toInt()];
        report.rows = words[2].toLongLong();
        report.finished = words[0] == "finish";
    }
}

void TestStoreCrash::compare(const Workspace& workspace, const std::map<int, Reported>& reports)
{
    std::map<int, std::int64_t> stored;
    if (const auto rows = readTable(workspace, "Numbers", {0, 1})) {
        for (std::size_t i = 0; i < rows->front().size(); ++i) {
            const std::int64_t x = (*rows)[0][i].asLong();
            std::int64_t& count = stored[static_cast<int>(x / kRowsPerImport)];
            QCOMPARE(x % kRowsPerImport, count); // in order, without holes, without doubles
            QCOMPARE((*rows)[1][i].asText(), "name" + std::to_string(x % 7));
            ++count;
        }
    }
    for (const auto& [number, report] : reports) {
        // The program may have died between the commit and its line.
        QVERIFY2(stored[number] >= report.rows, qPrintable(QStringLiteral("import %1: %2 of %3 rows").arg(number).arg(stored[number]).arg(report.rows)));
        if (report.finished) {
            QCOMPARE(stored[number], report.rows);
            const auto record = workspace.findImport("digest" + std::to_string(number));
            REQUIRE_OK(record);
            QVERIFY(*record && (*record)->complete);
            QCOMPARE((*record)->rows, static_cast<std::uint64_t>(report.rows));
        }
    }
    const auto findings = workspace.check({});
    REQUIRE_OK(findings);
    QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
}

void TestStoreCrash::keepsWhatWasReportedWhenKilled()
{
    Fixture fixture;
    std::mt19937_64 random(42);
    std::map<int, Reported> reports;
    for (unsigned round = 0; round < 24; ++round) {
        int next = 1;
        for (const auto& [number, report] : reports)
            next = report.finished ? number + 1 : number;
        {
            // The unfinished import may in truth be finished, when its line did not come through.
            auto workspace = fixture.open();
            REQUIRE_OK(workspace);
            const auto record = (*workspace)->findImport("digest" + std::to_string(next));
            REQUIRE_OK(record);
            if (*record && (*record)->complete)
                reports[next++] = {static_cast<std::int64_t>((*record)->rows), true};
            else
                reports.erase(next); // it is replaced now
        }
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--import"), QString::fromStdString(fixture.path().string()), QString::number(next), QString::number(round)});
        QVERIFY(child.waitForStarted());
        if (round % 3 != 0)
            child.waitForReadyRead(5'000);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
        child.kill();
        child.waitForFinished();
        readReports(child.readAllStandardOutput(), reports);
        auto workspace = fixture.open({false, round % 2 == 0 && std::filesystem::exists(fixture.path())});
        REQUIRE_OK(workspace);
        compare(**workspace, reports);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(reports.size() > 5);
}

int main(int argc, char** argv)
{
    if (argc == 5 && std::string_view(argv[1]) == "--import")
        return importUntilKilled(argv[2], std::atoi(argv[3]), static_cast<unsigned>(std::atoi(argv[4])));
    QCoreApplication application(argc, argv);
    TestStoreCrash test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_crash.moc"
