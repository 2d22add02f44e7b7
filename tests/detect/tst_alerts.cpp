// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "column/Dynamic.h"
#include "detect/RuleRunner.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::detect;

namespace {

constexpr Ticks kRunTime = 639'080'064'000'000'000 + 10 * kTicksPerHour;

/// Rows of (TimeGenerated, User, Ip, Machines); `backwards` gives the same rows in the other order, and their sets too.
engine::QueryResult rows(std::size_t count, bool backwards = false)
{
    engine::QueryResult result;
    result.schema.columns = {{"TimeGenerated", DataType::DateTime, {}}, {"User", DataType::String, {}}, {"Ip", DataType::String, {}}, {"Machines", DataType::Dynamic, {}}};
    TypedBuilder<DataType::DateTime> times;
    TypedBuilder<DataType::String> users, addresses;
    TypedBuilder<DataType::Dynamic> machines;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t i = backwards ? count - 1 - n : n;
        times.append(kRunTime - static_cast<Ticks>(i + 1) * kTicksPerMinute);
        users.append("user" + std::to_string(i % 3) + "@example.org");
        addresses.append("203.0.113." + std::to_string(i % 5));
        machines.append(*dynamicFromJson(backwards ? R"(["b.example.org","a.example.org"])" : R"(["a.example.org","b.example.org"])"));
    }
    result.batches.push_back({{times.finish(), users.finish(), addresses.finish(), machines.finish()}, count, {}});
    return result;
}

QueryRule rule()
{
    QueryRule r;
    r.id = "r1";
    r.name = "Rule";
    r.period = r.frequency = kTicksPerHour;
    r.tactics = {"InitialAccess"};
    r.entities = {{"Account", {{"FullName", "User"}}}, {"IP", {{"Address", "Ip"}}}, {"Host", {{"FullName", "Machines"}}}};
    r.customDetails = {{"Addresses", "Ip"}};
    r.nameFormat = "Sign-in of {{User}}";
    return r;
}

} // namespace

class TestAlerts final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneAlertOverAllRows()
    {
        const auto alerts = alertsFromRows(rule(), rows(10), kRunTime);
        QCOMPARE(alerts.size(), 1U);
        QCOMPARE(alerts[0].name, std::string("Sign-in of user0@example.org"));
        QCOMPARE(alerts[0].startTime, kRunTime - 10 * kTicksPerMinute);
        QCOMPARE(alerts[0].endTime, kRunTime - kTicksPerMinute);
        QCOMPARE(alerts[0].entities.size(), 3U + 5U + 2U); // sets map to one entity each
        QCOMPARE(alerts[0].customDetails[0].second.size(), 5U);
        QCOMPARE(alerts[0].resultRows, 10U);
    }

    void oneAlertPerRowUpToTheLimit()
    {
        QueryRule perRow = rule();
        perRow.alertPerResult = true;
        QCOMPARE(alertsFromRows(perRow, rows(149), kRunTime).size(), 149U);
        const auto alerts = alertsFromRows(perRow, rows(400), kRunTime);
        QCOMPARE(alerts.size(), 150U);
        QCOMPARE(alerts.back().resultRows, 251U);
    }

    void triggers_data()
    {
        QTest::addColumn<int>("trigger");
        QTest::addColumn<int>("threshold");
        QTest::addColumn<bool>("raises");
        QTest::newRow("gt") << static_cast<int>(Trigger::GreaterThan) << 4 << true;
        QTest::newRow("gt equal") << static_cast<int>(Trigger::GreaterThan) << 5 << false;
        QTest::newRow("lt") << static_cast<int>(Trigger::LessThan) << 6 << true;
        QTest::newRow("eq") << static_cast<int>(Trigger::Equal) << 5 << true;
        QTest::newRow("ne") << static_cast<int>(Trigger::NotEqual) << 5 << false;
    }
    void triggers()
    {
        QFETCH(int, trigger);
        QFETCH(int, threshold);
        QueryRule r = rule();
        r.trigger = static_cast<Trigger>(trigger);
        r.threshold = threshold;
        QTEST(!alertsFromRows(r, rows(5), kRunTime).empty(), "raises");
    }

    void identityFollowsContent()
    {
        const auto first = alertsFromRows(rule(), rows(5), kRunTime);
        QCOMPARE(alertsFromRows(rule(), rows(5), kRunTime)[0].id, first[0].id);
        QVERIFY(alertsFromRows(rule(), rows(5), kRunTime + 1)[0].id != first[0].id);
        QVERIFY(alertsFromRows(rule(), rows(6), kRunTime)[0].id != first[0].id);
        QCOMPARE(first[0].id.size(), 36U);
    }

    void orderOfRowsAndSetsDoesNotCount() { QCOMPARE(alertsFromRows(rule(), rows(10, true), kRunTime)[0].id, alertsFromRows(rule(), rows(10), kRunTime)[0].id); }

    void noRowsNoAlert() { QVERIFY(alertsFromRows(rule(), rows(0), kRunTime).empty()); }

    void missingColumnFallsBack()
    {
        QueryRule r = rule();
        r.nameFormat = "{{Nothing}}";
        QCOMPARE(alertsFromRows(r, rows(2), kRunTime)[0].name, std::string("Rule"));
    }
};

QTEST_GUILESS_MAIN(TestAlerts)
#include "tst_alerts.moc"
