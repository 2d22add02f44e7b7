// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "store/sqlite/Connection.h"

#include <atomic>
#include <thread>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

class TestStoreThreads : public QObject {
    Q_OBJECT
private slots:
    void readersSeeWholeCommitsWhileWritersWork();
    void oneScanIsReadByManyThreads();
};

/// Two imports, ordinary writes, compaction and three readers at the same time. Each commit adds a multiple of kStep rows, so a reader that
/// sees anything else has seen half a commit.
void TestStoreThreads::readersSeeWholeCommitsWhileWritersWork()
{
    constexpr std::int64_t kStep = 1'000;
    constexpr int kCommits = 25;
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    REQUIRE_OK((*workspace)->write([](Connection& connection) { return connection.execute("CREATE TABLE note(x INTEGER)"); }));
    (*workspace)->addTable({{"Note", {{"x", DataType::Long, ""}}, "", {}, false, false}, "SELECT x FROM note"});
    std::atomic<int> writing = 3;
    std::atomic<int> failures = 0;
    const auto expect = [&](bool good) {
        if (!good)
            ++failures;
    };
    const auto import = [&](int number) {
        const auto writer = (*workspace)->beginImport({"input", "", 0, "digest" + std::to_string(number)});
        for (int commit = 0; commit < kCommits && writer; ++commit) {
            for (int part = 0; part < 4; ++part)
                expect((*writer)->append(numbersSchema(), numbers(commit * kStep + part * kStep / 4, kStep / 4), 1).has_value());
            expect((*writer)->commit().has_value());
        }
        expect(writer && (*writer)->finish());
        --writing;
    };
    const auto writeOrdinaryRows = [&] {
        for (int i = 0; i < 30; ++i) {
            expect((*workspace)->write([](Connection& connection) { return connection.execute("INSERT INTO note VALUES (1), (2)"); }).has_value());
            if (i % 5 == 0)
                expect((*workspace)->compact({}).has_value());
        }
        --writing;
    };
    const auto readOnce = [&] {
        const auto snapshot = (*workspace)->catalog().snapshot();
        expect(snapshot.has_value());
        const auto table = snapshot ? (*snapshot)->findTable("Numbers") : nullptr;
        if (!table)
            return;
        const auto first = readAll(*table, {{0, 1}, {}, {}});
        std::this_thread::yield();
        const auto second = readAll(*table, {{0, 1}, {}, {}});
        expect(first && second && *first == *second);
        expect(first && first->front().size() % kStep == 0);
        expect(table->statistics().rows == (first ? first->front().size() : 0));
        const auto notes = readAll(*(*snapshot)->findTable("Note"), {{0}, {}, {}});
        expect(notes && notes->front().size() % 2 == 0);
    };
    {
        std::vector<std::jthread> threads;
        threads.emplace_back([&] { import(1); });
        threads.emplace_back([&] { import(2); });
        threads.emplace_back(writeOrdinaryRows);
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                while (writing > 0)
                    readOnce();
            });
    }
    QCOMPARE(failures.load(), 0);
    QCOMPARE(readTable(**workspace, "Numbers", {0})->front().size(), 2u * kCommits * kStep);
    QCOMPARE(readTable(**workspace, "Note", {0})->front().size(), 60u);
    const auto findings = (*workspace)->check({});
    REQUIRE_OK(findings);
    QVERIFY2(findings->empty(), findings->empty() ? "" : findings->front().c_str());
}

void TestStoreThreads::oneScanIsReadByManyThreads()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"input", "", 0, ""});
    constexpr std::int64_t kRows = 20'000;
    for (int i = 0; i < 20; ++i) {
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(i * kRows / 20, kRows / 20), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    for (int round = 0; round < 3; ++round) {
        const auto scan = table->scan({{0, 1}, {}, {}});
        std::atomic<std::int64_t> sum = 0;
        std::atomic<std::int64_t> failures = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    for (;;) {
                        const auto morsel = (*scan)->nextMorsel({});
                        if (!morsel || !*morsel) {
                            failures += morsel ? 0 : 1;
                            return;
                        }
                        while (const auto batch = (*morsel)->next()) {
                            if (!*batch)
                                break;
                            for (std::size_t row = 0; row < (*batch)->storedRows; ++row)
                                sum += (*batch)->columns[0].valueAt(row).asLong();
                        }
                    }
                });
        }
        QCOMPARE(failures.load(), 0);
        QCOMPARE(sum.load(), kRows * (kRows - 1) / 2);
    }
}

QTEST_GUILESS_MAIN(TestStoreThreads)
#include "tst_store_threads.moc"
