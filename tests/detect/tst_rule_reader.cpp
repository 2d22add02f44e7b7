// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack/KillChain.h"
#include "detect/RuleReader.h"
#include "detect/RuleStore.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <set>

using namespace tocsin;
using namespace tocsin::detect;

namespace {

constexpr const char* kRule = R"(
id: 11111111-2222-3333-4444-555555555555
name: Many failures
description: |
  'Someone guesses: "passwords".'
severity: High
requiredDataConnectors:
  - connectorId: AzureActiveDirectory
    dataTypes:
      - SigninLogs
queryFrequency: 1h
queryPeriod: 2d
triggerOperator: gt
triggerThreshold: 3
status: Available
tactics:
  - CredentialAccess
  - CommandandControl
relevantTechniques:
  - T1110
  - T1110.003
query: |
  SigninLogs
  | where ResultType == "50126"
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: UserPrincipalName
customDetails:
  Address: IPAddress
alertDetailsOverride:
  alertDisplayNameFormat: "Failures of {{UserPrincipalName}}"
eventGroupingSettings:
  aggregationKind: AlertPerResult
incidentConfiguration:
  createIncident: false
  groupingConfiguration:
    enabled: true
    lookbackDuration: 5h
    matchingMethod: Selected
    groupByEntities: [Account]
suppressionEnabled: true
suppressionDuration: PT6H
version: 1.2.3
kind: Scheduled
)";

QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestRuleReader final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryField()
    {
        const auto file = readSentinelRules(kRule, "rule.yaml");
        QVERIFY(file);
        QCOMPARE(file->rules.size(), 1U);
        const QueryRule& rule = file->rules[0];
        QCOMPARE(rule.name, std::string("Many failures"));
        QCOMPARE(rule.description, std::string("Someone guesses: \"passwords\"."));
        QCOMPARE(rule.severity, Severity::High);
        QCOMPARE(rule.frequency, kTicksPerHour);
        QCOMPARE(rule.period, 2 * kTicksPerDay);
        QCOMPARE(rule.threshold, 3);
        QCOMPARE(rule.tactics, (std::vector<std::string>{"CredentialAccess", "CommandAndControl"}));
        QCOMPARE(rule.techniques.size(), 2U);
        QVERIFY(QByteArray::fromStdString(rule.query).startsWith("SigninLogs\n| where"));
        QCOMPARE(rule.entities.size(), 1U);
        QCOMPARE(rule.entities[0].fields[0].column, std::string("UserPrincipalName"));
        QCOMPARE(rule.customDetails.size(), 1U);
        QCOMPARE(rule.nameFormat, std::string("Failures of {{UserPrincipalName}}"));
        QVERIFY(rule.alertPerResult);
        QVERIFY(!rule.createIncident);
        QCOMPARE(rule.grouping.matching, GroupingSettings::Matching::Selected);
        QCOMPARE(rule.grouping.lookback, 5 * kTicksPerHour);
        QCOMPARE(rule.suppression, 6 * kTicksPerHour);
        QCOMPARE(rule.dataTypes, (std::vector<std::string>{"SigninLogs"}));
        QVERIFY(file->warnings.empty());
    }

    void writesWhatItReads()
    {
        const QueryRule first = readSentinelRules(kRule, "rule.yaml")->rules[0];
        const std::string text = writeSentinelRule(first);
        const auto again = readSentinelRules(text, "rule.yaml");
        QVERIFY2(again, text.c_str());
        QCOMPARE(writeSentinelRule(again->rules[0]), text);
        QCOMPARE(again->rules[0].query, first.query);
        QCOMPARE(again->rules[0].description, first.description);
        QCOMPARE(again->rules[0].carried, first.carried);
    }

    void readsApiAndTemplateJson()
    {
        const auto api = readSentinelRules(R"({"value":[{"id":"/subscriptions/1/providers/x/alertRules/abc","kind":"NRT","name":"abc","properties":{"displayName":"Fast","severity":"low","query":"T","tactics":["Impact"]}}]})", "api.json");
        QVERIFY(api);
        QCOMPARE(api->rules[0].name, std::string("Fast"));
        QCOMPARE(api->rules[0].id, std::string("abc"));
        QVERIFY(api->rules[0].nearRealTime);
        QCOMPARE(api->rules[0].severity, Severity::Low);
        const auto arm = readSentinelRules(R"({"resources":[{"kind":"Scheduled","name":"n","properties":{"displayName":"A","query":"T","queryFrequency":"PT1H","queryPeriod":"P1D","triggerOperator":"GreaterThan","triggerThreshold":0}}]})", "arm.json");
        QVERIFY(arm);
        QCOMPARE(arm->rules[0].period, kTicksPerDay);
    }

    void mapsColumnsOfOldRules()
    {
        const auto file = readSentinelRules("name: Old\nquery: T | extend AccountCustomEntity = User, IPCustomEntity = Ip\n", "old.yaml");
        QVERIFY(file);
        QCOMPARE(file->rules[0].entities.size(), 2U);
        QCOMPARE(file->rules[0].entities[0].entityType, std::string("Account"));
    }

    void refusesBadFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("no yaml") << QByteArray("a: [1\nb: }") << QByteArray("detect.rule_syntax");
        QTest::newRow("scalar") << QByteArray("just text") << QByteArray("detect.rule_syntax");
        QTest::newRow("no query") << QByteArray("id: 1\nname: Moved\ndescription: to a solution\n") << QByteArray("detect.rule_moved");
        QTest::newRow("no name") << QByteArray("query: T\n") << QByteArray("detect.rule_field");
        QTest::newRow("frequency") << QByteArray("name: a\nquery: T\nqueryFrequency: soon\n") << QByteArray("detect.rule_field");
        QTest::newRow("operator") << QByteArray("name: a\nquery: T\ntriggerOperator: about\n") << QByteArray("detect.rule_field");
        QTest::newRow("threshold") << QByteArray("name: a\nquery: T\ntriggerThreshold: -4\n") << QByteArray("detect.rule_field");
        QTest::newRow("empty") << QByteArray() << QByteArray("detect.rule_syntax");
    }
    void refusesBadFiles()
    {
        QFETCH(QByteArray, text);
        const auto file = readSentinelRules(text.toStdString(), "bad.yaml");
        QVERIFY(!file);
        QTEST(QByteArray::fromStdString(std::string(file.error().code())), "code");
        QVERIFY(errorMessage(file.error()).starts_with("bad.yaml"));
    }

    void durations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qlonglong>("minutes");
        QTest::newRow("5m") << "5m" << 5LL;
        QTest::newRow("14d") << "14d" << 14 * 1440LL;
        QTest::newRow("short mixed") << "1h10m" << 70LL;
        QTest::newRow("short without a unit at the end") << "1h10x" << -1LL;
        QTest::newRow("iso hours") << "PT1H" << 60LL;
        QTest::newRow("iso mixed") << "P1DT2H30M" << 1590LL;
        QTest::newRow("dot net") << "1.00:05:00" << 1445LL;
        QTest::newRow("months have no length") << "P1M" << -1LL;
        QTest::newRow("nothing") << "" << -1LL;
        QTest::newRow("words") << "soon" << -1LL;
    }
    void durations()
    {
        QFETCH(QString, text);
        const auto ticks = parseRuleDuration(text.toStdString());
        QTEST(ticks ? static_cast<qlonglong>(*ticks / kTicksPerMinute) : -1LL, "minutes");
    }

    void shippedRulesCoverTheKillChain()
    {
        const auto rules = builtInRules();
        QVERIFY2(rules, rules ? "" : errorMessage(rules.error()).c_str());
        QVERIFY(rules->size() >= 25);
        std::set<attack::Stage> stages;
        std::set<std::string> ids;
        for (const QueryRule& rule : *rules) {
            QVERIFY2(ids.insert(rule.id).second, rule.name.c_str());
            QVERIFY2(!rule.entities.empty(), rule.name.c_str());
            QVERIFY2(!rule.techniques.empty(), rule.name.c_str());
            for (const attack::Stage stage : attack::stagesOf(rule.tactics))
                stages.insert(stage);
        }
        QCOMPARE(stages.size(), attack::kStageCount);
    }

    void misspeltSeverityIsAWarning()
    {
        const auto file = readSentinelRules("name: a\nquery: T\nseverity: Hight\n", "rule.yaml");
        QVERIFY(file);
        QCOMPARE(file->rules[0].severity, Severity::Medium);
        QCOMPARE(file->warnings.size(), 1U);
        QVERIFY(errorMessage(file->warnings[0]).find("'Hight'") != std::string::npos);
    }

    /// Every published rule file is read, or refused as a redirect; reading what is written changes nothing.
    void readsPublishedRules()
    {
        const QString shared = qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared"));
        if (!QFile::exists(shared + QStringLiteral("/rules/sentinel")))
            QSKIP("needs the published rules");
        int read = 0;
        QDirIterator files(shared + QStringLiteral("/rules/sentinel"), {QStringLiteral("*.yaml")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const auto file = readSentinelRules(readFile(path).toStdString(), path.toStdString());
            if (!file && file.error().kind == &kRuleMoved)
                continue;
            QVERIFY2(file, file ? "" : errorMessage(file.error()).c_str());
            const std::string text = writeSentinelRule(file->rules[0]);
            const auto again = readSentinelRules(text, path.toStdString());
            QVERIFY2(again, qPrintable(path));
            QVERIFY2(again->rules[0].query == file->rules[0].query && writeSentinelRule(again->rules[0]) == text, qPrintable(path));
            ++read;
        }
        QVERIFY(read > 1000);
    }
};

QTEST_GUILESS_MAIN(TestRuleReader)
#include "tst_rule_reader.moc"
