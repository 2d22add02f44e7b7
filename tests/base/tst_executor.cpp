// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Executor.h"

#include <QTest>

#include <atomic>
#include <future>
#include <latch>

using namespace tocsin;

class TestExecutor final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void inlineRunsAtOnceOnTheCaller()
    {
        InlineExecutor executor;
        QCOMPARE(executor.concurrency(), 1U);
        std::thread::id where;
        executor.post([&] { where = std::this_thread::get_id(); }, TaskPriority::Background);
        QVERIFY(where == std::this_thread::get_id());
    }

    void interactiveGoesFirstAndEachQueueKeepsItsOrder()
    {
        std::string order;
        {
            ThreadPool pool(1);
            QCOMPARE(pool.concurrency(), 1U);
            std::promise<void> open;
            std::promise<void> started;
            pool.post([&, gate = open.get_future().share()] {
                started.set_value();
                gate.wait();
            });
            started.get_future().wait(); // the only thread is busy: what follows waits in the queues
            for (const char c : std::string("abc"))
                pool.post([&order, c] { order += c; }, TaskPriority::Background);
            for (const char c : std::string("123"))
                pool.post([&order, c] { order += c; }, TaskPriority::Interactive);
            open.set_value();
        }
        QCOMPARE(order, "123abc");
    }

    void destructorRunsWhatIsQueued()
    {
        std::atomic<int> done = 0;
        {
            ThreadPool pool(3);
            for (int i = 0; i < 1'000; ++i)
                pool.post([&] { ++done; }, i % 2 ? TaskPriority::Interactive : TaskPriority::Background);
        }
        QCOMPARE(done.load(), 1'000);
    }

    void tasksMayPostTasks()
    {
        std::atomic<int> done = 0;
        {
            ThreadPool pool(2);
            for (int i = 0; i < 50; ++i)
                pool.post([&] {
                    ++done;
                    pool.post([&] { ++done; }, TaskPriority::Background);
                });
        }
        QCOMPARE(done.load(), 100);
    }

    void runsAsManyAtOnceAsItSays()
    {
        std::latch everybody(4); // opens only when four tasks are inside at the same time
        ThreadPool pool(4);
        for (unsigned i = 0; i < pool.concurrency(); ++i)
            pool.post([&] { everybody.arrive_and_wait(); });
        everybody.wait();
        QVERIFY(everybody.try_wait());
    }

    void noNumberMeansOneThreadPerCore()
    {
        const ThreadPool pool;
        QVERIFY(pool.concurrency() >= 1);
    }
};

QTEST_GUILESS_MAIN(TestExecutor)
#include "tst_executor.moc"
