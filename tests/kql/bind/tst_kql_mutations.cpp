// SPDX-License-Identifier: GPL-3.0-or-later
#include "BinderFixture.h"
#include "fuzz/KqlMutator.h"
#include "fuzz/QueryInvariants.h"
#include "kql/bind/BindMemory.h"

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
    void textsOnceFoundKeepTheInvariants()
    {
        // An operator cut off by the next one, with the error at the next one's place.
        for (const char* text : {"T | make-series n=c| where i >", "T | make-series|\xFF(scan", "T | make-series n=count() default=00, avg() | where", "T | top | where i >", "T | top-nested | where i >",
                                 "T | join | where i >", "T | parse | where i >", "T | sort | where i >", "T | partition | where i >", "T | mv-apply | where i >", "T | make-graph | where i >",
                                 "T | sample-distinct | where i >", "T | scan | where i >", "T | reduce | where i >", "T | lookup | where i >", "T | evaluate | where i >", "T | fork | where i >",
                                 "T | top-hitters | where i >", "T | graph-match | where i >", "T | facet | where i >", "range x | where i >", "find | where i >", "search | where i >",
                                 "T | parse-kv | where i >", "T | invoke | where i >", "T | project-rename | where i >", "T | render | where i >", "macro-expand | where i >", "union | where i >"}) {
            const std::string broken = fuzz::brokenInvariant(text, *m_snapshot, m_functions);
            QVERIFY2(broken.empty(), (broken + ": " + text).c_str());
        }
    }
    void endsOfBrokenTextsAreBound()
    {
        QFile file(TOCSIN_SOURCE_DIR "/tests/fuzz/seeds/tabular.kql");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string text = file.readAll().toStdString();
        std::minstd_rand random(20240202);
        BindMemory memory(*m_snapshot);
        BindOptions options;
        options.endOnly = true;
        options.memory = &memory;
        for (int round = 0; round < 300; ++round)
            static_cast<void>(bindQuery(fuzz::mutateKql(text, random), *m_snapshot, m_functions, options)); // it is enough that it ends
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
