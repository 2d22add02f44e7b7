// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "base/TemporaryFolder.h"
#include "detect/RuleReader.h"
#include "session/Session.h"
#endif

#include <QTest>

#include <fstream>

using namespace tocsin;
namespace fs = std::filesystem;

namespace {

constexpr const char* kGuessing = R"(
id: 0b0d2a34-0000-4000-8000-000000000001
name: Guessing
description: Many failed logons.
kind: Scheduled
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Reconnaissance]
query: |
  Syslog
  | where ProcessName == "sshd" and SyslogMessage startswith "Failed password"
  | parse SyslogMessage with * "for " User " from " Address " port " *
  | summarize Attempts = count(), StartTime = min(TimeGenerated), EndTime = max(TimeGenerated) by Address, Computer
  | where Attempts >= 3
entityMappings:
  - entityType: IP
    fieldMappings: [{identifier: Address, columnName: Address}]
  - entityType: Host
    fieldMappings: [{identifier: FullName, columnName: Computer}]
eventGroupingSettings: {aggregationKind: AlertPerResult}
version: 1.0.0
)";

constexpr const char* kEntered = R"(
id: 0b0d2a34-0000-4000-8000-000000000002
name: Entered
description: A logon with a password.
kind: Scheduled
severity: High
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [InitialAccess]
query: |
  Syslog
  | where SyslogMessage startswith "Accepted password"
  | parse SyslogMessage with * "for " User " from " Address " port " *
  | project TimeGenerated, User, Address, Computer
entityMappings:
  - entityType: IP
    fieldMappings: [{identifier: Address, columnName: Address}]
  - entityType: Host
    fieldMappings: [{identifier: FullName, columnName: Computer}]
version: 1.0.0
)";

constexpr const char* kBroken = R"(
id: 0b0d2a34-0000-4000-8000-000000000003
name: Broken
kind: Scheduled
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
query: NoSuchTable | count
version: 1.0.0
)";

detect::QueryRule ruleOf(const char* yaml)
{
    auto file = detect::readSentinelRules(yaml, "test.yaml");
    return file ? std::move(file->rules.at(0)) : detect::QueryRule{};
}

void writeFile(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

/// What a program would make once: two threads, a clock that stands still, a log that keeps nothing.
struct Parts {
    ManualClock clock{*parseDateTime("2024-03-06T00:00:00Z")};
    ThreadPool executor{2};
    Log log;
    kql::FunctionRegistry functions = kql::builtInFunctions();
    ingest::SchemaLibrary schemas = ingest::SchemaLibrary::builtIn().value();
    ingest::ReaderRegistry readers = ingest::makeReaderRegistry(schemas);
    session::Services services{clock, executor, log, functions, schemas, readers};
};

QString failureOf(const Error& error) { return QString::fromStdString(errorMessage(error)); }

} // namespace

class TestSession final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        auto folder = TemporaryFolder::make();
        QVERIFY(folder);
        m_folder = std::make_unique<TemporaryFolder>(std::move(*folder));
        writeFile(m_folder->path() / "edge.log",
                  "<86>1 2024-03-05T10:00:01Z edge-01 sshd 411 - - Failed password for admin from 203.0.113.9 port 40101 ssh2\n"
                  "<86>1 2024-03-05T10:00:02Z edge-01 sshd 412 - - Failed password for root from 203.0.113.9 port 40102 ssh2\n"
                  "<86>1 2024-03-05T10:00:03Z edge-01 sshd 413 - - Failed password for backup from 203.0.113.9 port 40103 ssh2\n"
                  "<86>1 2024-03-05T10:20:00Z edge-01 sshd 414 - - Accepted password for backup from 203.0.113.9 port 40110 ssh2\n");
        writeFile(m_folder->path() / "web.log",
                  "<14>1 2024-03-05T09:00:00Z web-01 nginx 20 - - started\n"
                  "<14>1 2024-03-05T11:30:00Z web-01 nginx 20 - - reloaded\n");
        m_parts = std::make_unique<Parts>();
        m_session = open();
        QVERIFY(m_session);
    }
    void cleanup()
    {
        m_session.reset();
        m_parts.reset();
        m_folder.reset();
    }

    void anEmptyWorkspaceHasNoEvents()
    {
        const auto period = m_session->eventPeriod();
        QVERIFY(period && !*period);
        const auto detected = m_session->detect({ruleOf(kGuessing)}, std::nullopt, false, {}, {});
        QVERIFY(!detected);
        QCOMPARE(detected.error().kind, &session::kNoEvents);
    }

    void importsAndAnswers()
    {
        const auto summary = importBoth();
        QCOMPARE(summary.files.size(), std::size_t{2});
        QCOMPARE(summary.rows, std::uint64_t{6});
        QCOMPARE(summary.rejected, std::uint64_t{0});
        QCOMPARE(ask("Syslog | count"), QStringLiteral("6"));
        QCOMPARE(ask("Syslog | where Computer == 'edge-01' | summarize dcount(ProcessID) | project toint(dcount_ProcessID)"), QStringLiteral("4"));
        const auto period = m_session->eventPeriod();
        QVERIFY(period && *period);
        QCOMPARE(formatDateTime((*period)->from), "2024-03-05T09:00:00.0000000Z");
        QCOMPARE(formatDateTime((*period)->to), "2024-03-05T11:30:00.0000001Z");
        const auto again = importBoth();
        QCOMPARE(again.rows, std::uint64_t{0});
        for (const ingest::FileResult& file : again.files)
            QCOMPARE(file.state, ingest::FileResult::State::Duplicate);
        QCOMPARE(ask("Syslog | count"), QStringLiteral("6"));
    }

    void mergesWhatImportsLeave()
    {
        for (int i = 0; i < 6; ++i) {
            const auto file = m_folder->path() / ("part" + std::to_string(i) + ".log");
            std::ofstream(file) << "<86>1 2024-03-05T10:00:0" << i << "Z edge-01 sshd " << i << " - - Connection closed\n";
            QCOMPARE(m_session->import({file}, {}, {}, {}).rows, std::uint64_t{1});
        }
        m_session->maintenance().wait();
        QCOMPARE(ask("Syslog | count"), QStringLiteral("6"));
        const auto snapshot = m_session->workspace().catalog().snapshot();
        QVERIFY(snapshot);
        QVERIFY((*snapshot)->findTable("Syslog")->statistics().segments < 3);
        m_session->maintenance().request(); // nothing left to do, and closing right away is fine
        m_session.reset();
        m_session = open();
        QVERIFY(m_session);
        QCOMPARE(ask("Syslog | summarize dcount(ProcessID) | project toint(dcount_ProcessID)"), QStringLiteral("6"));
    }

    void attachedFilesAreKept()
    {
        importBoth();
        m_session.reset();
        fs::rename(m_folder->path() / "case.tocsin", m_folder->path() / "old.tocsin");
        m_session = open();
        QVERIFY(m_session);
        writeFile(m_folder->path() / "new.log", "<86>1 2024-03-07T10:00:00Z edge-02 sshd 9 - - Connection closed\n");
        QCOMPARE(m_session->import({m_folder->path() / "new.log"}, {}, {}, {}).rows, std::uint64_t{1});
        QVERIFY(m_session->attach(m_folder->path() / "old.tocsin"));
        QVERIFY(!m_session->attach(m_folder->path() / "old.tocsin"));
        const QString both = QStringLiteral("Syslog | summarize by Computer | order by Computer asc | summarize strcat_array(make_list(Computer), ' ')");
        QCOMPARE(ask("Syslog | count"), QStringLiteral("7"));
        QCOMPARE(ask(both.toUtf8().constData()), QStringLiteral("edge-01 edge-02 web-01"));
        QCOMPARE(ask("Syslog | top 1 by TimeGenerated asc | project Computer"), QStringLiteral("web-01"));
        QCOMPARE(ask("Syslog | join kind=inner (Syslog | where Computer startswith 'edge') on ProcessID | count"), QStringLiteral("5"));
        m_session.reset();
        m_session = open();
        QCOMPARE(m_session->attachedFiles().size(), std::size_t{1});
        QVERIFY(m_session->missingRows().empty());
        QCOMPARE(ask("Syslog | count"), QStringLiteral("7"));
        m_session.reset();
        fs::rename(m_folder->path() / "old.tocsin", m_folder->path() / "elsewhere.tocsin");
        m_session = open();
        QVERIFY(m_session); // the case is not held up, but it is said
        QCOMPARE(m_session->missingRows().size(), std::size_t{1});
        QCOMPARE(ask("Syslog | count"), QStringLiteral("1"));
        fs::rename(m_folder->path() / "elsewhere.tocsin", m_folder->path() / "old.tocsin");
        QVERIFY(m_session->attach(m_folder->path() / "old.tocsin")); // now that it is there
        QCOMPARE(m_session->attachedFiles().size(), std::size_t{1});
        QCOMPARE(ask("Syslog | count"), QStringLiteral("7"));
        fs::remove(m_folder->path() / "old.tocsin");
        QVERIFY(m_session->detach(m_folder->path() / "old.tocsin"));
        QVERIFY(!m_session->detach(m_folder->path() / "old.tocsin"));
        m_session.reset();
        m_session = open();
        QVERIFY(m_session->attachedFiles().empty() && m_session->missingRows().empty());
    }

    void rulesGiveAlertsAndOneIncident()
    {
        importBoth();
        const auto detected = run();
        QVERIFY2(detected, detected ? "" : qPrintable(failureOf(detected.error())));
        QCOMPARE(detected->newAlerts, std::uint64_t{2});
        QCOMPARE(detected->alerts.size(), std::size_t{2});
        QCOMPARE(detected->rules.size(), std::size_t{3});
        QVERIFY(!detected->rules[0].failure && !detected->rules[1].failure);
        QVERIFY(detected->rules[2].failure); // reported, and the others ran all the same
        QCOMPARE(detected->incidents.size(), std::size_t{1});
        QCOMPARE(ask("SecurityAlert | count"), QStringLiteral("2"));
        QCOMPARE(ask("SecurityIncident | summarize arg_max(LastModifiedTime, *) by IncidentNumber | count"), QStringLiteral("1"));
        const auto incidents = m_session->incidents().all();
        QVERIFY(incidents && incidents->size() == 1);
        QCOMPARE(incidents->front().number, std::int64_t{1});
        QCOMPARE(incidents->front().alertIds.size(), std::size_t{2});
        QCOMPARE(incidents->front().severity, detect::Severity::High);
    }

    void aSecondRunAddsNothing()
    {
        importBoth();
        QVERIFY(run());
        const auto changed = m_session->incidents().change(1, "tester", [](incident::Incident& incident) { incident.owner = "maya"; });
        QVERIFY(changed);
        const auto again = run();
        QVERIFY(again);
        QCOMPARE(again->newAlerts, std::uint64_t{0});
        QCOMPARE(again->alerts.size(), std::size_t{2});
        QVERIFY(again->incidents.empty());
        const auto incidents = m_session->incidents().all();
        QVERIFY(incidents && incidents->size() == 1);
        QCOMPARE(incidents->front().owner, "maya");
    }

    void everythingIsThereAfterOpeningAgain()
    {
        importBoth();
        QVERIFY(run());
        m_session.reset();
        m_session = open();
        QVERIFY(m_session);
        QCOMPARE(ask("Syslog | count"), QStringLiteral("6"));
        QCOMPARE(m_session->alerts().all()->size(), std::size_t{2});
        QCOMPARE(m_session->incidents().all()->size(), std::size_t{1});
        const auto again = run();
        QVERIFY(again);
        QCOMPARE(again->newAlerts, std::uint64_t{0});
    }

    void keepsTheInventory()
    {
        const auto none = m_session->inventory();
        QVERIFY(!none);
        QCOMPARE(none.error().kind, &session::kNoInventory);
        QVERIFY(!m_session->loadInventory(m_folder->path() / "absent.json"));
        const auto loaded = m_session->loadInventory(TOCSIN_SOURCE_DIR "/resources/samplecase/inventory.json");
        QVERIFY2(loaded, loaded ? "" : qPrintable(failureOf(loaded.error())));
        QVERIFY((*m_session->inventory())->findMachine("app-vm01"));
        m_session.reset();
        m_session = open();
        QVERIFY(m_session);
        const auto kept = m_session->inventory();
        QVERIFY2(kept, kept ? "" : qPrintable(failureOf(kept.error())));
        QVERIFY((*kept)->findMachine("db-vm01"));
        QVERIFY(!(*kept)->findMachine("elsewhere"));
    }

    void reportsAnIncident()
    {
        importBoth();
        QVERIFY(run());
        const auto report = m_session->reportOf(1, {});
        QVERIFY2(report, report ? "" : qPrintable(failureOf(report.error())));
        QCOMPARE(report->number, "1");
        QCOMPARE(report->stages.size(), std::size_t{8});
        QCOMPARE(std::count_if(report->stages.begin(), report->stages.end(), [](const auto& stage) { return stage.first.has_value(); }), 2);
        QCOMPARE(report->alerts.size(), std::size_t{2});
        QCOMPARE(report->alerts.front().name, "Guessing");
        QCOMPARE(report->queries.size(), std::size_t{2});
        for (const report::ReportQuery& query : report->queries) {
            QVERIFY(!query.kql.empty());
            QVERIFY2(query.totalRows > 0, query.note.c_str()); // the evidence is found again
            QCOMPARE(query.rows.front().size(), query.columns.size());
        }
        QVERIFY(std::any_of(report->entities.begin(), report->entities.end(), [](const auto& entity) { return entity.name == "203.0.113.9" && entity.alerts == 2; }));
        const auto unknown = m_session->reportOf(99, {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, &incident::kNoIncident);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!m_session->reportOf(1, stop.get_token()));
    }

    void shippedRulesRunWithoutTheirData()
    {
        importBoth();
        const auto detected = m_session->detect(m_session->rules().all().value(), std::nullopt, false, {}, {});
        QVERIFY(detected);
        for (const detect::RuleOutcome& outcome : detected->rules)
            QVERIFY2(!outcome.failure, qPrintable(QString::fromStdString(outcome.ruleName) + QStringLiteral(": ") + (outcome.failure ? failureOf(*outcome.failure) : QString())));
    }

    void importedRulesAreKept()
    {
        const std::size_t shipped = m_session->rules().all()->size();
        QVERIFY(shipped > 10);
        QCOMPARE(m_session->rules().add({ruleOf(kGuessing)}).value(), std::uint64_t{1});
        QCOMPARE(m_session->rules().add({ruleOf(kGuessing)}).value(), std::uint64_t{0});
        QVERIFY(m_session->rules().setEnabled(ruleOf(kGuessing).id, false));
        m_session.reset();
        m_session = open();
        const auto rules = m_session->rules().all();
        QVERIFY(rules);
        QCOMPARE(rules->size(), shipped + 1);
        QCOMPARE(rules->back().name, "Guessing");
        QVERIFY(!rules->back().enabled);
    }

private:
    std::unique_ptr<session::Session> open()
    {
        auto opened = session::Session::open(m_folder->path() / "case.tocsin", {.create = true, .readOnly = false}, m_parts->services);
        return opened ? std::move(*opened) : nullptr;
    }
    ingest::ImportSummary importBoth() { return m_session->import({m_folder->path() / "edge.log", m_folder->path() / "web.log"}, {}, {}, {}); }
    Result<session::DetectionSummary> run() { return m_session->detect({ruleOf(kGuessing), ruleOf(kEntered), ruleOf(kBroken)}, std::nullopt, false, {}, {}); }
    /// The only cell of an answer, or what went wrong.
    QString ask(const char* query)
    {
        engine::QueryRequest request;
        request.text = query;
        const auto result = engine::runForResult(m_session->engine(), std::move(request));
        if (!result)
            return failureOf(result.error());
        return result->rows() == 1 ? QString::fromStdString(result->at(0, 0).toString()) : QStringLiteral("%1 rows").arg(result->rows());
    }

    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<Parts> m_parts;
    std::unique_ptr<session::Session> m_session;
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
