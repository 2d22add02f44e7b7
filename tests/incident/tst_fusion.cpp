// SPDX-License-Identifier: GPL-3.0-or-later
#include "incident/Fusion.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace tocsin;
using namespace tocsin::incident;
using detect::Alert;
using detect::Severity;
using attack::Stage;

namespace {

constexpr Ticks kStart = 639'080'064'000'000'000;

Alert alert(std::string id, std::string rule, double hour, std::string tactic, std::vector<std::pair<std::string, std::string>> entities, Severity severity = Severity::Medium)
{
    Alert a;
    a.id = std::move(id);
    a.ruleId = std::move(rule);
    a.name = "Alert " + a.id;
    a.severity = severity;
    a.tactics = {std::move(tactic)};
    a.startTime = a.endTime = kStart + static_cast<Ticks>(hour * static_cast<double>(kTicksPerHour));
    for (const auto& [type, value] : entities)
        a.entities.push_back(*entity::makeEntity(type, {{type == "IP" ? "Address" : "FullName", value}}));
    return a;
}

/// An intrusion over four stages, and noise on other machines.
std::vector<Alert> story()
{
    return {alert("a", "spray", 0, "InitialAccess", {{"IP", "203.0.113.7"}}),
            alert("b", "signin", 1, "InitialAccess", {{"IP", "203.0.113.7"}, {"Account", "maya@example.org"}}, Severity::High),
            alert("c", "powershell", 5, "Execution", {{"Account", "maya@example.org"}, {"Host", "wks.example.org"}}),
            alert("d", "lsass", 6, "CredentialAccess", {{"Host", "wks.example.org"}}, Severity::High),
            alert("e", "download", 12, "Exfiltration", {{"IP", "203.0.113.7"}, {"Host", "wks.example.org"}}, Severity::High),
            alert("x", "noise1", 3, "Discovery", {{"Host", "print.example.org"}}, Severity::Low),
            alert("y", "noise2", 4, "Execution", {{"Host", "lab.example.org"}}, Severity::Low)};
}

std::set<std::set<std::string>> grouping(const std::vector<Alert>& alerts, const std::vector<Cluster>& clusters)
{
    std::set<std::set<std::string>> groups;
    for (const Cluster& cluster : clusters) {
        std::set<std::string> ids;
        for (const std::size_t place : cluster.alerts)
            ids.insert(alerts[place].id);
        groups.insert(ids);
    }
    return groups;
}

} // namespace

class TestFusion final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsOneStoryAndLeavesNoiseApart()
    {
        const auto alerts = story();
        const auto groups = grouping(alerts, fuseAlerts(alerts));
        QVERIFY(groups.contains({"a", "b", "c", "d", "e"}));
        QVERIFY(groups.contains({"x"}));
        QVERIFY(groups.contains({"y"}));
    }

    void scoresAndNamesTheStory()
    {
        const auto alerts = story();
        const auto clusters = fuseAlerts(alerts);
        const auto largest = std::max_element(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) { return a.alerts.size() < b.alerts.size(); });
        QCOMPARE(largest->chainLength, 4);
        QCOMPARE(largest->severity, Severity::High);
        QVERIFY(largest->score > 70);
        QVERIFY(largest->title.starts_with("Possible multistage attack: Intrusion to Exfiltration on "));
        QCOMPARE(largest->story.size(), largest->alerts.size() - 1);
        for (const Cluster& cluster : clusters)
            if (cluster.alerts.size() == 1)
                QCOMPARE(cluster.severity, Severity::Low);
    }

    void orderOfArrivalDoesNotMatter()
    {
        const auto alerts = story();
        const auto expected = grouping(alerts, fuseAlerts(alerts));
        std::mt19937 random(7);
        for (int i = 0; i < 20; ++i) {
            auto shuffled = alerts;
            std::shuffle(shuffled.begin(), shuffled.end(), random);
            QCOMPARE(grouping(shuffled, fuseAlerts(shuffled)), expected);
        }
    }

    void timeSeparates()
    {
        const std::vector<Alert> alerts{alert("a", "r1", 0, "Execution", {{"Host", "h.example.org"}}), alert("b", "r2", 24 * 9, "Impact", {{"Host", "h.example.org"}}),
                                        alert("c", "r3", 1, "Execution", {{"Host", "other.example.org"}})};
        QCOMPARE(fuseAlerts(alerts).size(), 3U);
    }

    void hubsFade()
    {
        std::vector<Alert> alerts;
        for (int i = 0; i < 40; ++i) // forty machines behind one proxy address
            alerts.push_back(alert("n" + std::to_string(i), "r" + std::to_string(i % 4), i * 0.5, "Execution", {{"IP", "10.0.0.8"}, {"Host", "m" + std::to_string(i) + ".example.org"}}));
        QCOMPARE(fuseAlerts(alerts).size(), alerts.size());
    }

    void floatingTacticsNeverBreakTheChain()
    {
        const std::vector<Alert> alerts{alert("a", "r1", 0, "InitialAccess", {{"Host", "h.example.org"}}), alert("b", "r2", 1, "Execution", {{"Host", "h.example.org"}}),
                                        alert("c", "r3", 2, "Discovery", {{"Host", "h.example.org"}}), alert("z", "r9", 2, "Impact", {{"Host", "z.example.org"}}),
                                        alert("w", "r8", 2, "Impact", {{"Host", "w.example.org"}})};
        for (const Cluster& cluster : fuseAlerts(alerts))
            if (cluster.alerts.size() == 3)
                QCOMPARE(cluster.chainLength, 3);
    }

    void nothingGivesNothing() { QVERIFY(fuseAlerts({}).empty()); }
};

QTEST_GUILESS_MAIN(TestFusion)
#include "tst_fusion.moc"
