// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreFixture.h"

#include "store/maintenance/Archive.h"
#include "store/maintenance/Audit.h"
#include "store/maintenance/Purge.h"
#include "store/maintenance/Vacuum.h"
#include "store/sqlite/Connection.h"

#include <sys/mount.h>

#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

const catalog::TableSchema kSchema{"T", {{"TimeGenerated", DataType::DateTime, ""}, {"x", DataType::Long, ""}, {"s", DataType::String, ""}}, "", {}, false, false};
constexpr Ticks kStart = kUnixEpoch + 19'000 * kTicksPerDay;

/// A segment a day, of rows that do not compress.
Result<void> fill(Workspace& workspace, int days, int rows, const std::string& digest = "digest")
{
    std::mt19937_64 random(3);
    TOCSIN_TRY_ASSIGN(const auto import, workspace.beginImport({"input", "json", 1, digest}));
    for (int day = 0; day < days; ++day) {
        TypedBuilder<DataType::DateTime> time;
        TypedBuilder<DataType::Long> x;
        TypedBuilder<DataType::String> s;
        for (int i = 0; i < rows; ++i) {
            time.append(kStart + day * kTicksPerDay + i);
            x.append(static_cast<std::int64_t>(random()));
            s.append("text " + std::to_string(random()));
        }
        TOCSIN_TRY(import->append(kSchema, batchOf({time.finish(), x.finish(), s.finish()}), 1));
        TOCSIN_TRY(import->commit());
    }
    TOCSIN_TRY(import->finish());
    return {};
}

/// Every second row.
PurgeRequest half()
{
    PurgeRequest request{"T", "half", "test", {}, false};
    request.choose = [](const auto&, const std::shared_ptr<const catalog::TableSource>& table) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> ids;
        for (std::uint64_t segment = 0; segment < table->statistics().segments; ++segment)
            for (std::int64_t row = 0; row < 2'000; row += 2)
                ids.push_back(static_cast<std::int64_t>(segment << catalog::kRowIdShift) | row);
        return ids;
    };
    return request;
}

Result<void> limitPages(Workspace& workspace, const std::string& pages)
{
    return workspace.write([&](Connection& connection) { return connection.execute("PRAGMA max_page_count = " + pages); });
}

} // namespace

class TestSpace : public QObject {
    Q_OBJECT
private slots:
    void leavesAllRowsWhenTheDiskIsFull();
    void worksOnAFullFileSystem();
    void givesSpaceBackInSteps();
    void movesOldSegmentsToAnArchive();
    void archivesOnlyOnce();
    void showsAttachedRows();
};

void TestSpace::leavesAllRowsWhenTheDiskIsFull()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace, 6, 2'000));
    const auto before = readTable(**workspace, "T", {0, 1, 2});
    REQUIRE_OK(limitPages(**workspace, "10")); // no more than there are
    COMPARE_ERROR(purgeRows(**workspace, half(), {}), kDiskFull);
    COMPARE_ERROR((*workspace)->compact({}), kDiskFull);
    QVERIFY(*readTable(**workspace, "T", {0, 1, 2}) == *before);
    QVERIFY((*workspace)->check({})->empty());
    REQUIRE_OK(limitPages(**workspace, "1000000"));
    REQUIRE_OK(purgeRows(**workspace, half(), {}));
    QCOMPARE(readTable(**workspace, "T", {0})->front().size(), 6'000u);
    QVERIFY((*workspace)->check({})->empty());
}

void TestSpace::worksOnAFullFileSystem()
{
    Fixture fixture;
    const std::string disk = fixture.path("disk").string();
    std::filesystem::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=3m") != 0)
        QSKIP("a small file system cannot be mounted here");
    {
        auto workspace = fixture.open({}, "disk/case.tocsin");
        REQUIRE_OK(workspace);
        REQUIRE_OK(fill(**workspace, 2, 2'000, "fits"));
        COMPARE_ERROR(fill(**workspace, 40, 20'000, "does not fit"), kDiskFull);
        QVERIFY(readTable(**workspace, "T", {0})->front().size() >= 4'000u);
    }
    {
        auto workspace = fixture.open({}, "disk/case.tocsin");
        if (workspace) {
            QVERIFY(readTable(**workspace, "T", {0})->front().size() >= 4'000u);
            QVERIFY((*workspace)->check({})->empty());
        } else {
            COMPARE_ERROR(workspace, kDiskFull);
        }
        auto reader = fixture.open({false, true}, "disk/case.tocsin");
        REQUIRE_OK(reader);
        QVERIFY(readTable(**reader, "T", {0})->front().size() >= 4'000u);
    }
    QCOMPARE(::umount2(disk.c_str(), MNT_DETACH), 0);
}

void TestSpace::givesSpaceBackInSteps()
{
    Fixture fixture;
    auto workspace = fixture.open();
    for (const int round : {0, 1}) { // the first time the file is written anew
        REQUIRE_OK(fill(**workspace, 10, 5'000, std::to_string(round)));
        QVERIFY(*(*workspace)->dropBefore("T", kStart + 9 * kTicksPerDay) > 0);
        const auto result = vacuum(**workspace, {});
        REQUIRE_OK(result);
        QVERIFY(result->complete);
        QVERIFY2(result->bytesAfter * 2 < result->bytesBefore, qPrintable(QStringLiteral("%1 of %2").arg(result->bytesAfter).arg(result->bytesBefore)));
        QCOMPARE(std::filesystem::file_size(fixture.path()), result->bytesAfter);
        QCOMPARE(readTable(**workspace, "T", {0})->front().size(), static_cast<std::size_t>(5'000 * (round + 1)));
        QVERIFY((*workspace)->check({})->empty());
    }
    REQUIRE_OK(fill(**workspace, 10, 5'000, "more"));
    QVERIFY(*(*workspace)->dropBefore("T", kStart + 9 * kTicksPerDay) > 0);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = vacuum(**workspace, stop.get_token());
    REQUIRE_OK(stopped);
    QVERIFY((*workspace)->check({})->empty());
}

void TestSpace::movesOldSegmentsToAnArchive()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace, 5, 1'000));
    const auto all = readTable(**workspace, "T", {0, 1, 2, 3});
    auto snapshot = *(*workspace)->catalog().snapshot();
    const auto result = archive(**workspace, {fixture.path("old.tocsin"), kStart + 3 * kTicksPerDay, "", "somebody"}, {});
    REQUIRE_OK(result);
    QCOMPARE(result->segments, 3u);
    QCOMPARE(result->rows, 3'000u);
    QCOMPARE(readAll(*snapshot->findTable("T"), {{0}, {}, {}})->front().size(), 5'000u); // as it was
    snapshot.reset();
    auto old = fixture.open({false, true}, "old.tocsin");
    REQUIRE_OK(old);
    auto rows = readTable(**old, "T", {0, 1, 2, 3});
    REQUIRE_OK(rows);
    QCOMPARE(rows->front().size(), 3'000u);
    const auto rest = readTable(**workspace, "T", {0, 1, 2, 3});
    for (std::size_t c = 0; c < rows->size(); ++c)
        (*rows)[c].insert((*rows)[c].end(), (*rest)[c].begin(), (*rest)[c].end());
    QVERIFY(*rows == *all);
    QVERIFY((*old)->check({})->empty());
    QVERIFY((*workspace)->check({})->empty());
    QCOMPARE(readAudit(**workspace)->front().action, std::string("archive"));
    COMPARE_ERROR((*workspace)->beginImport({"input", "json", 1, "digest"}), kAlreadyImported);
}

void TestSpace::archivesOnlyOnce()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace, 2, 1'000));
    const ArchiveRequest request{fixture.path("old.tocsin"), kStart + 9 * kTicksPerDay, "T", "somebody"};
    // As after a crash between the two files: the archive has the segments, and the workspace has them still.
    workspace->reset();
    std::filesystem::copy_file(fixture.path(), fixture.path("before.tocsin"));
    workspace = fixture.open();
    REQUIRE_OK(archive(**workspace, request, {}));
    workspace->reset();
    std::filesystem::copy_file(fixture.path("before.tocsin"), fixture.path(), std::filesystem::copy_options::overwrite_existing);
    workspace = fixture.open();
    REQUIRE_OK(archive(**workspace, request, {}));
    QVERIFY(readTable(**workspace, "T", {0})->front().empty());
    auto old = fixture.open({}, "old.tocsin");
    QCOMPARE(readTable(**old, "T", {0})->front().size(), 2'000u);
    COMPARE_ERROR(archive(**workspace, request, {}), kLocked); // somebody has the archive open
}

void TestSpace::showsAttachedRows()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(fill(**workspace, 5, 1'000));
    const auto all = readTable(**workspace, "T", {0, 1, 2, 3});
    REQUIRE_OK(archive(**workspace, {fixture.path("old.tocsin"), kStart + 3 * kTicksPerDay, "", "somebody"}, {}));
    REQUIRE_OK((*workspace)->attach(fixture.path("old.tocsin")));
    const auto snapshot = *(*workspace)->catalog().snapshot();
    const auto rows = readTable(**workspace, "T", {0, 1, 2, 3});
    REQUIRE_OK(rows);
    QCOMPARE(rows->front().size(), 5'000u);
    const auto sorted = [](std::vector<std::vector<Value>> columns) {
        for (auto& column : columns)
            std::sort(column.begin(), column.end(), [](const Value& a, const Value& b) { return a.toString() < b.toString(); });
        return columns;
    };
    QVERIFY(sorted(*rows) == sorted(*all));
    const auto table = snapshot->findTable("T");
    QVERIFY(table->canCount());
    QCOMPARE(*table->countRows({kStart + 2 * kTicksPerDay, kStart + 4 * kTicksPerDay}, {}), 2'000u);
    QCOMPARE(table->statistics().minTime, std::optional(kStart));

    COMPARE_ERROR((*workspace)->attach(fixture.path("old.tocsin")), kAttached);
    COMPARE_ERROR((*workspace)->attach(fixture.path()), kAttached);
    COMPARE_ERROR((*workspace)->attach(fixture.path("none.tocsin")), kFileUnreadable);

    // What removes rows leaves attached ones alone.
    PurgeRequest everything{"T", "everything", "test", {}, false};
    everything.choose = [](const auto&, const std::shared_ptr<const catalog::TableSource>& own) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> ids;
        for (std::uint64_t segment = 0; segment < own->statistics().segments; ++segment)
            for (std::int64_t row = 0; row < 1'000; ++row)
                ids.push_back(static_cast<std::int64_t>(segment << catalog::kRowIdShift) | row);
        return ids;
    };
    REQUIRE_OK(purgeRows(**workspace, everything, {}));
    QCOMPARE(readTable(**workspace, "T", {0})->front().size(), 3'000u);
    QCOMPARE(readAll(*table, {{0}, {}, {}})->front().size(), 5'000u); // as it was

    QVERIFY((*workspace)->detach(fixture.path("old.tocsin")));
    QVERIFY(!(*workspace)->detach(fixture.path("old.tocsin")));
    QCOMPARE(readTable(**workspace, "T", {0})->front().size(), 0u);
}

QTEST_GUILESS_MAIN(TestSpace)
#include "tst_space.moc"
