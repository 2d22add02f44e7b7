// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "AppContext.h"
#include "attack/KillChain.h"
#include "report/IncidentPdf.h"
#include "session/DemoCase.h"
#endif

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace tocsin;

/// The sample case through every layer: logs, store, queries, rules, incidents, report.
class TestDemoCase final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_STATE_HOME", m_folder.path().toUtf8());
        auto context = app::AppContext::create();
        QVERIFY(context);
        m_context = std::move(*context);
        auto session = session::Session::open(m_folder.filePath(QStringLiteral("case.tocsin")).toStdString(), {}, m_context->services());
        QVERIFY2(session, session ? "" : errorMessage(session.error()).c_str());
        m_session = std::move(*session);
        auto demo = session::fillWithDemoCase(*m_session, [](const std::string&) {}, {});
        QVERIFY2(demo, demo ? "" : errorMessage(demo.error()).c_str());
        m_demo = std::make_unique<session::DemoResult>(std::move(*demo));
    }

    void everyFileIsImported()
    {
        QVERIFY(m_demo->import.files.size() > 25);
        for (const ingest::FileResult& file : m_demo->import.files)
            QVERIFY2(file.state == ingest::FileResult::State::Imported && file.rejected == 0, file.path.c_str());
    }

    void everyRuleRuns()
    {
        QVERIFY(m_demo->detection.rules.size() >= 25);
        for (const detect::RuleOutcome& outcome : m_demo->detection.rules)
            QVERIFY2(!outcome.failure, (outcome.ruleName + ": " + (outcome.failure ? errorMessage(*outcome.failure) : "")).c_str());
    }

    void alertsReachAllEightStages()
    {
        std::set<attack::Stage> stages;
        for (const detect::Alert& alert : m_demo->detection.alerts)
            for (const attack::Stage stage : attack::stagesOf(alert.tactics))
                stages.insert(stage);
        QCOMPARE(stages.size(), attack::kStageCount);
    }

    void oneIncidentTellsTheIntrusion()
    {
        const incident::Incident worst = gravest();
        QCOMPARE(worst.severity, detect::Severity::High);
        QVERIFY2(worst.alertIds.size() >= 25, std::to_string(worst.alertIds.size()).c_str());
        QVERIFY(attack::stagesOf(worst.tactics).size() >= 7);
    }

    void decoysStayOutOfIt()
    {
        const auto alerts = m_session->alerts().withIds(gravest().alertIds);
        QVERIFY(alerts);
        for (const detect::Alert& alert : *alerts)
            for (const entity::Entity& entity : alert.entities) {
                QVERIFY2(entity.label() != "10.1.5.20", alert.name.c_str());                       // the company's own scanner
                QVERIFY2(entity.label() != "oskar.pell@northwharf.example", alert.name.c_str());   // mistyped passwords
                QVERIFY2(entity.label() != "build-vm01", alert.name.c_str());                      // switched off to save cost
            }
    }

    void queriesGiveRightAnswers_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<qlonglong>("value");
        const auto stored = [this](const std::string& table) {
            qlonglong rows = 0;
            for (const ingest::FileResult& file : m_demo->import.files)
                if (const auto found = file.rowsByTable.find(table); found != file.rowsByTable.end())
                    rows += static_cast<qlonglong>(found->second);
            return rows;
        };
        QTest::newRow("security events") << "SecurityEvent | count" << stored("SecurityEvent");
        QTest::newRow("sign-ins") << "SigninLogs | count" << stored("SigninLogs");
        QTest::newRow("sprayed accounts") << "SigninLogs | where ResultType == '50126' and IPAddress == '203.0.113.77' | summarize dcount(UserPrincipalName)" << 40LL;
        QTest::newRow("incidents as a table") << "SecurityIncident | summarize dcount(IncidentNumber)" << static_cast<qlonglong>(m_demo->detection.incidents.size());
        QTest::newRow("alerts as a table") << "SecurityAlert | count" << static_cast<qlonglong>(m_demo->detection.alerts.size());
        QTest::newRow("log clearings") << "SecurityEvent | where EventID == 1102 | distinct Computer | count" << 2LL;
    }
    void queriesGiveRightAnswers()
    {
        QFETCH(QString, query);
        const auto result = engine::runForResult(m_session->engine(), {query.toStdString(), {}, {}, {}, {}, {}, 0});
        QVERIFY2(result, result ? "" : errorMessage(result.error()).c_str());
        QTEST(static_cast<qlonglong>(result->at(0, 0).asLong()), "value");
    }

    void aSecondTimeAddsNothing()
    {
        const auto again = session::fillWithDemoCase(*m_session, [](const std::string&) {}, {});
        QVERIFY(again);
        QCOMPARE(again->import.rows, 0U);
        QCOMPARE(again->detection.newAlerts, 0U);
        QVERIFY(again->detection.incidents.empty());
    }

    void reportIsWritten()
    {
        const auto document = m_session->reportOf(gravest().number, {});
        QVERIFY2(document, document ? "" : errorMessage(document.error()).c_str());
        QVERIFY(document->queries.size() > 5);
        QVERIFY(document->connectivity.has_value());
        const QString path = m_folder.filePath(QStringLiteral("report.pdf"));
        const auto facts = report::writeIncidentPdf(*document, path);
        QVERIFY2(facts, facts ? "" : errorMessage(facts.error()).c_str());
        QVERIFY(facts->pages >= 5);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.read(5) == "%PDF-");
    }

private:
    incident::Incident gravest() const
    {
        const auto incidents = m_session->incidents().all();
        return *std::max_element(incidents->begin(), incidents->end(), [](const auto& a, const auto& b) { return a.alertIds.size() < b.alertIds.size(); });
    }

    QTemporaryDir m_folder;
    std::unique_ptr<app::AppContext> m_context;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<session::DemoResult> m_demo;
};

QTEST_MAIN(TestDemoCase)
#include "tst_demo_case.moc"
