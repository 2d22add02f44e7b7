// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/TemporaryFolder.h"

#include <QTest>

#include <fstream>

using namespace tocsin;
namespace fs = std::filesystem;

class TestTemporaryFolder final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isPrivateAndGoesWithItsContent()
    {
        fs::path path;
        {
            const auto folder = TemporaryFolder::make();
            QVERIFY(folder);
            path = folder->path();
            QVERIFY(fs::is_directory(path));
            QCOMPARE(fs::status(path).permissions(), fs::perms::owner_all);
            fs::create_directories(path / "a" / "b");
            std::ofstream(path / "a" / "b" / "file.txt") << "x";
        }
        QVERIFY(!fs::exists(path));
    }

    void foldersDiffer()
    {
        const auto one = TemporaryFolder::make();
        const auto two = TemporaryFolder::make();
        QVERIFY(one && two && one->path() != two->path());
    }

    void movingLeavesOneOwner()
    {
        auto first = TemporaryFolder::make();
        QVERIFY(first);
        const fs::path path = first->path();
        {
            const TemporaryFolder second = std::move(*first);
            QCOMPARE(second.path().string(), path.string());
            QVERIFY(first->path().empty());
        }
        QVERIFY(!fs::exists(path));
    }

    void saysWhyThereIsNone()
    {
        const QByteArray before = qgetenv("TMPDIR");
        qputenv("TMPDIR", "/nonexistent/tocsin");
        const auto folder = TemporaryFolder::make();
        before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
        QVERIFY(!folder);
        QCOMPARE(folder.error().kind, &kFileUnwritable);
    }
};

QTEST_GUILESS_MAIN(TestTemporaryFolder)
#include "tst_temporary_folder.moc"
