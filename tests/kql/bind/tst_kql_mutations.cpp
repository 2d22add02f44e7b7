// SPDX-License-Identifier: GPL-3.0-or-later
#include "BinderFixture.h"
#include "fuzz/KqlMutator.h"
#include "fuzz/QueryInvariants.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;

/// The same broken texts in every run: what holds for any text must hold for each.
class TestKqlMutations : public QObject {
    Q_OBJECT
    std::shared_ptr<const catalog::Snapshot> m_snapshot = test::sampleSnapshot();
    FunctionRegistry m_functions = builtInFunctions();

private Q_SLOTS:
    void brokenTextsKeepTheInvariants_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QDir seeds(TOCSIN_SOURCE_DIR "/tests/fuzz/seeds");
        for (const QString& name : seeds.entryList({"*.kql"}, QDir::Files, QDir::Name)) {
            QFile file(seeds.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QTest::newRow(qPrintable(name)) << file.readAll();
        }
    }
    void brokenTextsKeepTheInvariants()
    {
        QFETCH(QByteArray, text);
        std::minstd_rand random(20240101);
        std::string current = text.toStdString();
        for (int round = 0; round < 150; ++round) {
            // A few changes on top of one another, then from the beginning again.
            current = fuzz::mutateKql(round % 5 == 0 ? text.toStdString() : current, random);
            const std::string broken = fuzz::brokenInvariant(current, *m_snapshot, m_functions);
            QVERIFY2(broken.empty(), (broken + ": " + current).c_str());
        }
    }
    void twiceTheTextIsTwiceTheWork_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece : {"| where a == 1 ", "let x = 1; ", "| ", "( ", ") ", "a, ", "' ", "print 1; ", "a in (b, ", "/ ", "// \n", "| where (a, b ", "f(a, b) ", "{ ", "[ ", "- "})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void twiceTheTextIsTwiceTheWork()
    {
        QFETCH(QByteArray, piece);
        const auto time = [&](int count) {
            std::string text = "T ";
            for (int i = 0; i < count; ++i)
                text += piece.toStdString();
            qint64 best = 1'000'000'000;
            for (int i = 0; i < 3; ++i) {
                QElapsedTimer timer;
                timer.start();
                parseQuery(text);
                best = std::min(best, timer.nsecsElapsed());
            }
            return best;
        };
        const qint64 once = time(5'000), eightTimes = time(40'000);
        // Quadratic work would take 64 times as long; noise of a busy machine stays far below half of that.
        QVERIFY2(eightTimes < 30 * once + 20'000'000, qPrintable(QString("%1 ns, then %2 ns").arg(once).arg(eightTimes)));
    }
};

QTEST_GUILESS_MAIN(TestKqlMutations)
#include "tst_kql_mutations.moc"
