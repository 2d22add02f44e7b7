// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "catalog/MemoryTable.h"
#include "engine/LocalEngine.h"
#endif

#include <QTest>

#include <future>

using namespace tocsin;

/// Work in the pool that asks questions of its own: reports and rules do.
class TestQueryWaiting final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void poolThreadsMayWaitForQueries_data()
    {
        QTest::addColumn<unsigned>("threads");
        QTest::addColumn<int>("tasks");
        QTest::newRow("one thread") << 1U << 1;
        QTest::newRow("every thread waits") << 2U << 2;
        QTest::newRow("more tasks than threads") << 2U << 7;
    }
    void poolThreadsMayWaitForQueries()
    {
        QFETCH(unsigned, threads);
        QFETCH(int, tasks);
        std::vector<std::promise<long>> counts(static_cast<std::size_t>(tasks));
        std::atomic<int> begun = 0;
        ThreadPool pool(threads);
        engine::LocalEngine engine(m_catalog, m_functions, pool, m_clock, m_log);
        for (std::promise<long>& count : counts)
            pool.post([&] {
                ++begun;
                while (begun < std::min(tasks, static_cast<int>(threads))) // so that all threads are taken when the first one asks
                    std::this_thread::yield();
                const auto result = engine::runForResult(engine, request("range x from 1 to 1000 step 1 | summarize n = dcount(x % 10)"));
                count.set_value(result ? result->at(0, 0).asLong() : -1);
            }, TaskPriority::Background);
        for (std::promise<long>& count : counts) {
            auto future = count.get_future();
            QVERIFY(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
            QCOMPARE(future.get(), 10L);
        }
    }

    void destroyedHandleEndsARunThatNeverBegan()
    {
        std::promise<void> gate;
        ThreadPool pool(1);
        engine::LocalEngine engine(m_catalog, m_functions, pool, m_clock, m_log);
        pool.post([&] { gate.get_future().wait(); });
        struct Sink final : engine::ResultSink {
            void schema(const engine::ResultSchema&) override {}
            void batch(std::size_t, Batch) override {}
            void progress(const engine::QueryProgress&) override {}
            void finished(const engine::QueryOutcome& end) override { ends.push_back(end.kind); }
            std::vector<engine::QueryOutcome::Kind> ends;
        } sink;
        { const auto handle = engine.submit(request("range x from 1 to 1000000000 step 1 | count"), sink); }
        gate.set_value();
        QCOMPARE(sink.ends.size(), 1U);
        QVERIFY(sink.ends.front() == engine::QueryOutcome::Kind::Cancelled);
    }

private:
    static engine::QueryRequest request(std::string text)
    {
        engine::QueryRequest request;
        request.text = std::move(text);
        return request;
    }

    const catalog::MemoryCatalog m_catalog{"tocsin"};
    const kql::FunctionRegistry m_functions = kql::builtInFunctions();
    const SystemClock m_clock;
    Log m_log;
};

QTEST_GUILESS_MAIN(TestQueryWaiting)
#include "tst_query_waiting.moc"
