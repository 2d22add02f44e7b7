// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "base/TemporaryFolder.h"
#include "session/Session.h"
#endif
#include "ingest/ManifestRows.h"
#include "support/PublishedRules.h"

#include <QSet>
#include <QTest>

using namespace tocsin;
using ingest::test::ManifestRow;

/// Imports whole folders of recorded logs and holds every file to the manifest, and every table to what KQL counts in it.
class TestManifest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_rows = ingest::test::readManifest(kFolders);
        if (m_rows.isEmpty())
            QSKIP("The folder of real logs is not here.");
        auto folder = TemporaryFolder::make();
        QVERIFY(folder);
        m_folder = std::make_unique<TemporaryFolder>(std::move(*folder));
        auto opened = session::Session::open(m_folder->path() / "case.tocsin", {}, m_services);
        QVERIFY(opened);
        m_session = std::move(*opened);
        std::vector<std::filesystem::path> paths;
        for (const QString& name : kFolders)
            paths.emplace_back((ingest::test::dataFolder() + QLatin1Char('/') + name).toStdString());
        m_summary = m_session->import(paths, {}, {}, {});
        m_session->maintenance().wait();
    }

    void everyFileGivesItsRecords()
    {
        QMap<QString, const ingest::FileResult*> results;
        for (const ingest::FileResult& file : m_summary.files)
            results.insert(QString::fromStdString(file.path).mid(ingest::test::dataFolder().size() + 1), &file);
        QSet<QString> seen;
        for (const ManifestRow& row : m_rows) {
            const ingest::FileResult* result = results.value(row.file);
            QVERIFY2(result, qPrintable(row.file));
            seen.insert(row.digest);
            if (result->state == ingest::FileResult::State::Duplicate) { // which of two equal files is read first is up to the threads
                ++m_duplicates;
                continue;
            }
            QVERIFY2(result->state == ingest::FileResult::State::Imported, qPrintable(row.file));
            QVERIFY2(result->records == row.records && result->rejected == row.rejects,
                     qPrintable(QStringLiteral("%1: %2 records and %3 rejects, not %4 and %5").arg(row.file).arg(result->records).arg(result->rejected).arg(row.records).arg(row.rejects)));
            for (const ingest::Reject& reject : result->firstRejects)
                QVERIFY(!errorMessage(reject.reason).empty() && reject.reason.code() != kInternal.code);
        }
        QCOMPARE(m_duplicates, m_rows.size() - seen.size());
        QCOMPARE(results.size(), m_rows.size());
    }

    /// Rules that bind must run to their end over logs as they are; one in ten is run, all with TOCSIN_ALL_RULES set.
    void publishedRulesRun()
    {
        const std::size_t every = qEnvironmentVariableIsSet("TOCSIN_ALL_RULES") ? 1 : 10;
        const auto rules = test::publishedRules();
        QStringList failures;
        int ran = 0, withRows = 0;
        for (std::size_t i = 0; i < rules.size(); i += every) {
            engine::QueryRequest request;
            request.text = rules[i].text;
            const engine::QueryAnswer answer = engine::runQuery(m_session->engine(), std::move(request));
            const bool done = answer.outcome.kind == engine::QueryOutcome::Kind::Done;
            ran += done;
            withRows += done && !answer.results.empty() && answer.results.front().rows() > 0;
            if (!done && !answer.outcome.errors.at(0).code().starts_with("kql.") && !test::needsAService(answer.outcome.errors[0])) // those that do not bind are known
                failures << QString::fromStdString(rules[i].name + ": " + errorMessage(answer.outcome.errors[0]));
        }
        qInfo("%d ran, %d with rows", ran, withRows);
        QVERIFY(ran > 0);
        QVERIFY2(failures.isEmpty(), qPrintable(failures.join('\n')));
    }

    void kqlCountsTheSame()
    {
        std::map<std::string, std::uint64_t> expected;
        for (const ingest::FileResult& file : m_summary.files)
            for (const auto& [table, rows] : file.rowsByTable)
                expected[table] += rows;
        QVERIFY(expected.size() > 10);
        for (const auto& [table, rows] : expected) {
            QCOMPARE(ask(table + " | count"), rows);
            QCOMPARE(ask(table + " | where isnotempty(Type) and isnotnull(TimeGenerated) | count"), rows);
            QCOMPARE(ask(table + " | summarize Rows = count() by bin(TimeGenerated, 1d) | summarize sum(Rows)"), rows);
        }
        QCOMPARE(ask("union SecurityEvent, Event | where EventID == 4624 | count"), ask("SecurityEvent | where EventID == 4624 | count"));
        QCOMPARE(ask("SecurityEvent | where EventData has 'TargetUserName' or isempty(EventData) or isnotempty(EventData) | count"), expected["SecurityEvent"]);
    }

private:
    static inline const QStringList kFolders{QStringLiteral("evtx"), QStringLiteral("azure-activity"), QStringLiteral("entra"), QStringLiteral("flow"), QStringLiteral("syslog")};

    std::uint64_t ask(const std::string& query)
    {
        engine::QueryRequest request;
        request.text = query;
        const auto result = engine::runForResult(m_session->engine(), std::move(request));
        if (!result) {
            qWarning("%s: %s", query.c_str(), errorMessage(result.error()).c_str());
            return UINT64_MAX;
        }
        return static_cast<std::uint64_t>(result->at(0, 0).asLong());
    }

    ManualClock m_clock{*parseDateTime("2024-03-06T00:00:00Z")};
    ThreadPool m_executor{2};
    Log m_log;
    kql::FunctionRegistry m_functions = kql::builtInFunctions();
    ingest::SchemaLibrary m_schemas = ingest::SchemaLibrary::builtIn().value();
    ingest::ReaderRegistry m_readers = ingest::makeReaderRegistry(m_schemas);
    session::Services m_services{m_clock, m_executor, m_log, m_functions, m_schemas, m_readers};
    QList<ManifestRow> m_rows;
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<session::Session> m_session;
    ingest::ImportSummary m_summary;
    qsizetype m_duplicates = 0;
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
