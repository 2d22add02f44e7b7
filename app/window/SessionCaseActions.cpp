// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/SessionCaseActions.h"

#include "network/InventoryLoader.h"
#include "report/IncidentPdf.h"
#include "session/DemoCase.h"
#include "session/SettingStore.h"

#include <QFileInfo>

#include <algorithm>

namespace tocsin::app {

using items::Task;
using items::TaskControl;
using items::TaskList;

namespace {

/// A JSON file of network resources is an inventory, not a log: no reader claims it, the network loader does.
bool looksLikeInventory(const std::filesystem::path& path)
{
    return path.extension() == ".json" && network::loadInventory(path.string()).has_value();
}

} // namespace

QList<Task*> SessionCaseActions::importPaths(const QStringList& paths)
{
    QList<Task*> started;
    for (const QString& path : paths) {
        started.append(m_tasks.start(tr("Import %1").arg(QFileInfo(path).fileName()), [this, path](TaskControl& control) -> TaskList::Outcome {
            const std::filesystem::path file = path.toStdString();
            const ingest::ImportSummary summary = m_session.import({file}, {}, [&](const ingest::ImportProgress& progress) {
                control.setProgress(progress.bytes, progress.size, QString::fromStdString(std::filesystem::path(progress.file).filename().string()));
            }, control.stopToken());
            if (summary.cancelled)
                return fail(kCancelled);
            for (const ingest::FileResult& result : summary.files) {
                const QString name = QString::fromStdString(result.path);
                if (result.state == ingest::FileResult::State::Duplicate)
                    control.addNote(tr("%1 is already stored").arg(name));
                for (const ingest::Reject& reject : result.firstRejects)
                    control.addNote(tr("%1, byte %2: %3").arg(name).arg(reject.offset).arg(QString::fromStdString(errorMessage(reject.reason))));
                if (result.error)
                    control.addNote(QString::fromStdString(errorMessage(*result.error)));
            }
            if (summary.files.size() == 1 && summary.files.front().error) {
                if (looksLikeInventory(file)) {
                    TOCSIN_TRY(m_session.loadInventory(file));
                    return tr("Network inventory loaded");
                }
                return std::unexpected(*summary.files.front().error);
            }
            return tr("%L1 rows, %L2 rejected").arg(summary.rows).arg(summary.rejected);
        }, true));
    }
    return started;
}

Task* SessionCaseActions::runRules(const engine::TimeRange& period)
{
    return m_tasks.start(tr("Run rules"), [this, period](TaskControl& control) -> TaskList::Outcome {
        TOCSIN_TRY_ASSIGN(const std::vector<detect::QueryRule> rules, m_session.rules().all());
        const bool everything = period == engine::TimeRange{};
        TOCSIN_TRY_ASSIGN(const session::DetectionSummary summary, m_session.detect(rules, everything ? std::nullopt : std::optional(period), false, control.stopToken(),
            [&](const detect::RunProgress& progress) { control.setProgress(progress.rule, progress.rules, QString::fromStdString(progress.ruleName)); }));
        for (const detect::RuleOutcome& outcome : summary.rules)
            if (outcome.failure)
                control.addNote(QString::fromStdString(outcome.ruleName + ": " + errorMessage(*outcome.failure)));
        if (summary.cancelled)
            return fail(kCancelled);
        return tr("%L1 new alerts, %L2 incidents made or changed").arg(summary.newAlerts).arg(summary.incidents.size());
    }, true);
}

Task* SessionCaseActions::writeReport(int incident, const QString& path)
{
    return m_tasks.start(tr("Report of incident %1").arg(incident), [this, incident, path](TaskControl& control) -> TaskList::Outcome {
        control.setProgress(0, 0, tr("Running the evidence queries"));
        TOCSIN_TRY_ASSIGN(const report::IncidentReport document, m_session.reportOf(incident, control.stopToken()));
        report::PdfOptions options;
        options.stop = control.stopToken();
        options.progress = [&](int page, int pages) { control.setProgress(static_cast<std::uint64_t>(page), static_cast<std::uint64_t>(pages), tr("Writing pages")); };
        TOCSIN_TRY_ASSIGN(const report::ReportFacts facts, report::writeIncidentPdf(document, path, options));
        return tr("%1: %n page(s)", nullptr, facts.pages).arg(path);
    });
}

Task* SessionCaseActions::openDemoCase()
{
    return m_tasks.start(tr("Demo case"), [this](TaskControl& control) -> TaskList::Outcome {
        TOCSIN_TRY_ASSIGN(const session::DemoResult result, session::fillWithDemoCase(m_session, [&](const std::string& step) { control.setProgress(0, 0, QString::fromStdString(step)); }, control.stopToken()));
        return tr("%L1 rows, %L2 alerts, %L3 incidents").arg(result.import.rows).arg(result.detection.alerts.size()).arg(result.detection.incidents.size());
    }, true);
}

QStringList SessionCaseActions::readableFolders() const
{
    QStringList folders;
    for (const std::filesystem::path& folder : m_session.externalFolders())
        folders << QString::fromStdString(folder.string());
    return folders;
}

QString SessionCaseActions::setReadableFolders(const QStringList& folders)
{
    const std::vector<std::filesystem::path> kept = m_session.externalFolders();
    std::vector<std::filesystem::path> chosen, added; // one that is gone may stay: what is new must be there
    for (const QString& folder : folders) {
        const std::filesystem::path path = folder.toStdString();
        (std::ranges::find(kept, path) == kept.end() ? added : chosen).push_back(path);
    }
    const auto resolved = session::resolvedFolders(added);
    if (!resolved)
        return QString::fromStdString(errorMessage(resolved.error()));
    for (const std::filesystem::path& path : *resolved)
        if (std::ranges::find(chosen, path) == chosen.end())
            chosen.push_back(path);
    const Result<void> saved = m_session.setExternalFolders(chosen);
    return saved ? QString() : QString::fromStdString(errorMessage(saved.error()));
}

} // namespace tocsin::app
