// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/QueryRunner.h"
#include "items/Task.h"
#include "ui/FakeEngine.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace tocsin;

Q_DECLARE_METATYPE(tocsin::engine::QueryOutcome)

class TestQueryRunner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void resultsArriveThenOneFinished();
    void failureArrivesOnce();
    void cancelReturnsAtOnce();
    void lateResultsAreDropped();
    void newRunReplacesTheOld();
    void longResultsAreDeliveredInSteps();
    void destroyedWhileRunning();
    void tasksReportAndEnd();
    void taskOfADeadListIsHarmless();

private:
    static engine::QueryResult rows(int count);
    static engine::QueryRequest ask(const char* text)
    {
        engine::QueryRequest request;
        request.text = text;
        return request;
    }
};

engine::QueryResult TestQueryRunner::rows(int count)
{
    std::vector<std::vector<Value>> out;
    for (int i = 0; i < count; ++i)
        out.push_back({Value::int64(i)});
    return test::makeResult({{"N", DataType::Long, ""}}, out);
}

namespace {

struct Counter {
    explicit Counter(items::QueryRunner& runner)
    {
        QObject::connect(&runner, &items::QueryRunner::schemaArrived, &runner, [this] { ++schemas; });
        QObject::connect(&runner, &items::QueryRunner::batchesArrived, &runner, [this](std::size_t, const std::vector<Batch>& batches) {
            ++deliveries;
            for (const Batch& batch : batches)
                rows += batch.rows();
            if (ended())
                late = true;
        });
        QObject::connect(&runner, &items::QueryRunner::finished, &runner, [this] { ++finished; });
        QObject::connect(&runner, &items::QueryRunner::failed, &runner, [this] { ++failed; });
        QObject::connect(&runner, &items::QueryRunner::cancelled, &runner, [this] { ++cancelled; });
    }
    int ended() const { return finished + failed + cancelled; }
    int schemas = 0, deliveries = 0, finished = 0, failed = 0, cancelled = 0;
    std::size_t rows = 0;
    bool late = false;
};

} // namespace

void TestQueryRunner::resultsArriveThenOneFinished()
{
    test::FakeEngine engine;
    engine.answer("T", {.result = rows(10'000)});
    items::QueryRunner runner(engine);
    Counter seen(runner);
    runner.run(ask("T"));
    QVERIFY(runner.isRunning());
    QTRY_COMPARE(seen.finished, 1);
    QCOMPARE(seen.rows, std::size_t(10'000));
    QCOMPARE(seen.schemas, 1);
    QTest::qWait(80);
    QCOMPARE(seen.ended(), 1);
    QVERIFY(!runner.isRunning());
}

void TestQueryRunner::failureArrivesOnce()
{
    test::FakeEngine engine;
    items::QueryRunner runner(engine);
    Counter seen(runner);
    runner.run(ask("Nothing"));
    QTRY_COMPARE(seen.failed, 1);
    QTest::qWait(80);
    QCOMPARE(seen.ended(), 1);
}

void TestQueryRunner::cancelReturnsAtOnce()
{
    test::FakeEngine engine;
    engine.answer("T", {.result = rows(10), .hangs = true});
    items::QueryRunner runner(engine);
    Counter seen(runner);
    runner.run(ask("T"));
    QTRY_COMPARE(seen.rows, std::size_t(10));
    QElapsedTimer clock;
    clock.start();
    runner.cancel();
    QCOMPARE(seen.cancelled, 1);
    QVERIFY(clock.elapsed() < 50);
    runner.cancel();
    QTRY_COMPARE(engine.finishedRuns(), 1);
    QTest::qWait(60);
    QCOMPARE(seen.ended(), 1);
}

void TestQueryRunner::lateResultsAreDropped()
{
    test::FakeEngine engine;
    engine.answer("T", {.result = rows(5000), .hangs = true, .ignoresCancel = true});
    items::QueryRunner runner(engine);
    Counter seen(runner);
    runner.run(ask("T"));
    QTRY_COMPARE(seen.rows, std::size_t(5000));
    runner.cancel();
    QTRY_COMPARE(engine.finishedRuns(), 1);
    QTest::qWait(120);
    QVERIFY(!seen.late);
    QCOMPARE(seen.rows, std::size_t(5000));
}

void TestQueryRunner::newRunReplacesTheOld()
{
    test::FakeEngine engine;
    engine.answer("Old", {.result = rows(5000), .hangs = true, .ignoresCancel = true});
    engine.answer("New", {.result = rows(3)});
    items::QueryRunner runner(engine);
    Counter seen(runner);
    const int first = runner.run(ask("Old"));
    const int second = runner.run(ask("New"));
    QVERIFY(second > first);
    QTRY_COMPARE(seen.finished, 1);
    QCOMPARE(seen.rows, std::size_t(3));
    QCOMPARE(seen.cancelled, 0);
    QTRY_COMPARE(engine.finishedRuns(), 2);
    QTest::qWait(80);
    QCOMPARE(seen.ended(), 1);
}

void TestQueryRunner::longResultsAreDeliveredInSteps()
{
    test::FakeEngine engine;
    engine.answer("T", {.result = rows(4096), .repeat = 500});
    items::QueryRunner runner(engine);
    Counter seen(runner);
    QElapsedTimer clock;
    clock.start();
    runner.run(ask("T"));
    QTRY_COMPARE_WITH_TIMEOUT(seen.finished, 1, 20'000);
    QCOMPARE(seen.rows, std::size_t(4096) * 500);
    // Two million rows through a queue of a quarter million: several deliveries, but no more than one in 50 ms.
    QVERIFY(seen.deliveries >= 7);
    QVERIFY2(seen.deliveries <= clock.elapsed() / 50 + 2, qPrintable(QStringLiteral("%1 in %2 ms").arg(seen.deliveries).arg(clock.elapsed())));
}

void TestQueryRunner::destroyedWhileRunning()
{
    test::FakeEngine engine;
    engine.answer("T", {.result = rows(4096), .hangs = true, .repeat = 200});
    {
        items::QueryRunner runner(engine);
        runner.run(ask("T"));
        QTest::qWait(20);
    }
    QCOMPARE(engine.finishedRuns(), 1);
}

void TestQueryRunner::tasksReportAndEnd()
{
    ThreadPool pool(2);
    items::TaskList tasks(pool);
    items::Task* task = tasks.start(QStringLiteral("Count"), [](items::TaskControl& control) -> items::TaskList::Outcome {
        for (int i = 1; i <= 1500; ++i) {
            control.setProgress(static_cast<std::uint64_t>(i), 1500, QStringLiteral("row"));
            control.addNote(QStringLiteral("note"));
        }
        return QStringLiteral("all");
    });
    QSignalSpy finished(task, &items::Task::finished);
    QVERIFY(finished.wait());
    QCOMPARE(task->state(), items::Task::State::Done);
    QCOMPARE(task->text(), QStringLiteral("all"));
    QCOMPARE(task->noteCount(), 1500ULL);
    QCOMPARE(task->notes().size(), items::Task::kMostNotes);
    QCOMPARE(task->percent(), 100);
}

void TestQueryRunner::taskOfADeadListIsHarmless()
{
    ThreadPool pool(1);
    {
        items::TaskList tasks(pool);
        tasks.start(QStringLiteral("Slow"), [](items::TaskControl& control) -> items::TaskList::Outcome {
            while (!control.isCancelled())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            control.setProgress(1, 2);
            return fail(kCancelled);
        });
        QTest::qWait(10);
    }
    QTest::qWait(50);
}

QTEST_GUILESS_MAIN(TestQueryRunner)
#include "tst_query_runner.moc"
