// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "base/Clock.h"
#include "catalog/MemoryTable.h"
#include "detect/RuleRunner.h"
#include "engine/LocalEngine.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::detect;

namespace {

constexpr Ticks kStart = 638'000'064'000'000'000;
constexpr Ticks kFirst = kStart + 30 * kTicksPerMinute;
constexpr Ticks kLast = kFirst + 9 * 365 * kTicksPerDay;

/// One event in the first hour and one nine years later.
catalog::MemoryCatalog twoEvents()
{
    TypedBuilder<DataType::DateTime> times;
    TypedBuilder<DataType::String> computers;
    for (const Ticks time : {kFirst, kLast}) {
        times.append(time);
        computers.append("host");
    }
    Batch batch{{times.finish(), computers.finish()}, 2, {}};
    catalog::MemoryCatalog catalog("tocsin");
    catalog::TableSchema schema{"Events", {{"TimeGenerated", DataType::DateTime, {}}, {"Computer", DataType::String, {}}}, "", {}, false, false};
    catalog.add(std::make_shared<catalog::MemoryTable>(std::move(schema), std::vector<Batch>{std::move(batch)}));
    return catalog;
}

QueryRule rule(std::string query, Ticks period, Ticks frequency)
{
    QueryRule rule;
    rule.id = rule.name = "rule";
    rule.query = std::move(query);
    rule.period = period;
    rule.frequency = frequency;
    return rule;
}

} // namespace

class TestEventTimes final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void firstAfter_data()
    {
        QTest::addColumn<qlonglong>("time");
        QTest::addColumn<qlonglong>("next"); // -1: none
        QTest::newRow("before all") << 0LL << 10LL;
        QTest::newRow("just before") << 9LL << 10LL;
        QTest::newRow("within") << 10LL << 11LL;
        QTest::newRow("the last of a stretch") << 39LL << 60LL;
        QTest::newRow("between") << 50LL << 60LL;
        QTest::newRow("last instant") << 68LL << 69LL;
        QTest::newRow("behind all") << 69LL << -1LL;
    }
    void firstAfter()
    {
        QFETCH(qlonglong, time);
        const EventTimes times({{60, 70}, {10, 30}, {20, 40}, {5, 5}}); // unsorted, overlapping, one empty
        const auto next = times.firstAfter(time);
        QTEST(next ? static_cast<qlonglong>(*next) : -1LL, "next");
    }

    void yearsWithoutEventsCostNothing_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<qlonglong>("period");
        QTest::addColumn<qulonglong>("runs");
        QTest::addColumn<qulonglong>("alerts");
        // The first run sees the first event; the second one finds nothing; then the one that sees the last event.
        QTest::newRow("window as long as the schedule") << "Events" << qlonglong(kTicksPerHour) << 3ULL << 2ULL;
        QTest::newRow("window of three schedules") << "Events" << qlonglong(3 * kTicksPerHour) << 5ULL << 4ULL;
        QTest::newRow("what nothing is in raises no alert") << "Events | summarize n = count() | where n > 5" << qlonglong(kTicksPerHour) << 3ULL << 0ULL;
    }
    void yearsWithoutEventsCostNothing()
    {
        QFETCH(QString, query);
        QFETCH(qlonglong, period);
        const RunReport report = run(rule(query.toStdString(), period, kTicksPerHour), kLast + 1);
        QVERIFY2(!report.rules[0].failure, report.rules[0].failure ? errorMessage(*report.rules[0].failure).c_str() : "");
        QTEST(static_cast<qulonglong>(report.rules[0].runs), "runs");
        QTEST(static_cast<qulonglong>(report.alerts.size()), "alerts");
    }

    void silenceIsFoundWhereARuleLooksForIt()
    {
        const RunReport report = run(rule("Events | summarize n = count() | where n == 0", kTicksPerHour, kTicksPerHour), kStart + 10 * kTicksPerHour);
        QCOMPARE(report.rules[0].runs, 10U);
        QCOMPARE(report.alerts.size(), 9U);
    }

private:
    RunReport run(const QueryRule& rule, Ticks end)
    {
        const catalog::MemoryCatalog catalog = twoEvents();
        const kql::FunctionRegistry functions = kql::builtInFunctions();
        InlineExecutor executor;
        const ManualClock clock{end};
        Log log;
        engine::LocalEngine engine(catalog, functions, executor, clock, log);
        const EventTimes events({{kFirst, kFirst + 1}, {kLast, kLast + 1}});
        return RuleRunner(engine, log).run({rule}, {{kStart, end}, false, &events}, {}, {});
    }
};

QTEST_GUILESS_MAIN(TestEventTimes)
#include "tst_event_times.moc"
