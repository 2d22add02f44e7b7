// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that Microsoft's parser refuses must be refused here, at the same place; those it takes must be taken.
#include "kql/syntax/SyntaxTree.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

#include <cstdlib>

namespace tocsin {

class RefusalsTest : public QObject {
    Q_OBJECT

private slots:
    void rulesThatAreRefused();
    void brokenRules();

private:
    struct Score {
        int refused = 0, refusedHere = 0, near = 0, taken = 0, takenHere = 0;
        QStringList wrong;
    };
    static QString conformanceFolder()
    {
        const QString shared = qEnvironmentVariable("TOCSIN_SHARED");
        return (shared.isEmpty() ? QStringLiteral(TOCSIN_SOURCE_DIR "/../shared") : shared) + "/conformance";
    }
    static void score(Score& out, const QString& id, const QString& query, bool ok, int start);
    static void verify(const Score& score);
};

void RefusalsTest::score(Score& out, const QString& id, const QString& query, bool ok, int start)
{
    constexpr int kNear = 10; // characters
    const auto tree = kql::parseQuery(query.toStdString());
    const bool okHere = tree->errors().empty();
    ++(ok ? out.taken : out.refused);
    if (ok) {
        out.takenHere += okHere;
    } else if (!okHere) {
        ++out.refusedHere;
        out.near += std::abs(static_cast<int>(tree->errors().front().span->start) - start) <= kNear;
    }
    if (ok != okHere)
        out.wrong << id;
}

void RefusalsTest::verify(const Score& score)
{
    const auto percent = [](int part, int all) { return all ? 100.0 * part / all : 100.0; };
    qInfo("%d texts refused: %.1f %% refused here, %.1f %% with the first error within 10 characters; %d texts taken: %.1f %% taken here", score.refused,
          percent(score.refusedHere, score.refused), percent(score.near, score.refused), score.taken, percent(score.takenHere, score.taken));
    for (const QString& id : score.wrong.mid(0, 20))
        qInfo("  otherwise: %s", qPrintable(id));
    QVERIFY(percent(score.refusedHere, score.refused) >= 99);
    QVERIFY(percent(score.near, score.refused) >= 98);
    QVERIFY(percent(score.takenHere, score.taken) >= 99.5);
}

void RefusalsTest::rulesThatAreRefused()
{
    QFile file(conformanceFolder() + "/rules-rejected.dev.jsonl");
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("no conformance data");
    Score all;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (const QJsonObject item = QJsonDocument::fromJson(line).object(); !item.isEmpty()) {
            const QString query = item["query"].toString();
            score(all, item["id"].toString(), query, false, static_cast<int>(query.left(item["first_error"].toObject()["start"].toInt()).toUtf8().size()));
        }
    verify(all);
}

/// Needs node, and the folder of the oracle with its packages in TOCSIN_ORACLE.
void RefusalsTest::brokenRules()
{
    const QString oracle = qEnvironmentVariable("TOCSIN_ORACLE"), node = QStandardPaths::findExecutable("node"), rules = conformanceFolder() + "/rules.dev.jsonl";
    if (oracle.isEmpty() || node.isEmpty() || !QFile::exists(rules))
        QSKIP("TOCSIN_ORACLE does not say where Microsoft's parser is");
    QProcess process;
    process.start(node, {TOCSIN_SOURCE_DIR "/tests/conformance/make_refusals.js", oracle, rules, "1", "11"});
    QVERIFY(process.waitForFinished(110'000));
    QCOMPARE(process.exitCode(), 0);
    Score all;
    for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
        if (const QJsonObject item = QJsonDocument::fromJson(line).object(); !item.isEmpty())
            score(all, item["id"].toString(), item["query"].toString(), item["ok"].toBool(), item["start"].toInt());
    QVERIFY(all.refused > 500);
    verify(all);
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::RefusalsTest)
#include "tst_refusals.moc"
