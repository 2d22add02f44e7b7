// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Session.h"

#include "detect/sigma/SigmaRunner.h"
#include "ingest/readers/FlowLogMapper.h"
#include "network/InventoryLoader.h"
#include "session/InventoryStore.h"
#include "session/ReportBuilder.h"
#include "session/SettingStore.h"
#include "store/maintenance/Audit.h"

#include <fmt/format.h>

namespace tocsin::session {
namespace {

constexpr Ticks kStretch = 5 * kTicksPerMinute; ///< the shortest usual schedule of a rule

/// Where large queries put what does not fit into their memory.
std::filesystem::path temporaryFolder(const Services& services, const store::Workspace& workspace)
{
    if (!services.temporary.empty())
        return services.temporary;
    const std::filesystem::path folder = workspace.file().parent_path();
    return folder.empty() ? std::filesystem::path(".") : folder;
}

constexpr ErrorKind kNotAttached{"session.not_attached", "{0} is not attached", "Name a file as `attach` lists it."};

bool isFinding(std::string_view table) { return table == "SecurityAlert" || table == "SecurityIncident"; }

} // namespace

Session::Session(std::unique_ptr<store::Workspace> workspace, const Services& services, detect::RuleStore rules, detect::sigma::SigmaRuleStore sigmaRules, detect::AlertStore alerts, incident::IncidentStore incidents,
                 std::vector<std::filesystem::path> externalFolders)
    : m_services(services)
    , m_workspace(std::move(workspace))
    , m_maintenance(std::make_unique<Maintenance>(*m_workspace, services.executor, services.clock, services.log))
    , m_externalFolders(externalFolders)
    , m_external(std::make_shared<engine::ExternalFiles>(std::move(externalFolders)))
    , m_engine(m_workspace->catalog(), services.functions, services.executor, services.clock, services.log, m_external, temporaryFolder(services, *m_workspace))
    , m_rules(std::move(rules))
    , m_sigmaRules(std::move(sigmaRules))
    , m_alerts(std::move(alerts))
    , m_incidents(std::move(incidents))
{
}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const std::filesystem::path& file, store::OpenOptions options, const Services& services)
{
    TOCSIN_TRY_ASSIGN(auto workspace, store::Workspace::open(file, options, services.clock, services.executor, services.log));
    auto schemas = services.schemas.tables();
    schemas.push_back(std::make_shared<const catalog::TableSchema>(ingest::flowTupleSchema())); // rules may name it before the first flow log is imported
    workspace->declareTables(std::move(schemas));
    workspace->addTable(store::auditTable());
    TOCSIN_TRY_ASSIGN(detect::RuleStore rules, detect::RuleStore::open(*workspace));
    TOCSIN_TRY_ASSIGN(detect::sigma::SigmaRuleStore sigmaRules, detect::sigma::SigmaRuleStore::open(*workspace));
    TOCSIN_TRY_ASSIGN(detect::AlertStore alerts, detect::AlertStore::open(*workspace));
    TOCSIN_TRY_ASSIGN(incident::IncidentStore incidents, incident::IncidentStore::open(*workspace, services.clock));
    TOCSIN_TRY(InventoryStore::prepare(*workspace));
    TOCSIN_TRY(SettingStore::prepare(*workspace));
    TOCSIN_TRY_ASSIGN(auto folders, SettingStore::externalFolders(*workspace));
    TOCSIN_TRY_ASSIGN(auto attached, SettingStore::attachedFiles(*workspace));
    std::unique_ptr<Session> session(new Session(std::move(workspace), services, std::move(rules), std::move(sigmaRules), std::move(alerts), std::move(incidents), std::move(folders)));
    for (const std::filesystem::path& other : attached)
        if (Result<void> done = session->m_workspace->attach(other); !done)
            session->m_missingRows.push_back(std::move(done).error());
    session->m_attachedFiles = std::move(attached);
    return session;
}

std::vector<std::filesystem::path> Session::attachedFiles() const
{
    const std::lock_guard lock(m_mutex);
    return m_attachedFiles;
}

Result<void> Session::attach(const std::filesystem::path& file)
{
    std::error_code failure;
    const std::filesystem::path whole = std::filesystem::canonical(file, failure);
    const std::filesystem::path& named = failure ? file : whole; // then the error of opening it says what is wrong
    TOCSIN_TRY(m_workspace->attach(named));
    const std::lock_guard lock(m_mutex);
    std::vector<std::filesystem::path> files = m_attachedFiles;
    if (std::find(files.begin(), files.end(), named) == files.end()) // it may be one that was missing
        files.push_back(named);
    if (Result<void> kept = SettingStore::setAttachedFiles(*m_workspace, files); !kept) {
        m_workspace->detach(named);
        return kept;
    }
    m_attachedFiles = std::move(files);
    return {};
}

Result<void> Session::detach(const std::filesystem::path& file)
{
    std::error_code failure; // the file may be gone
    const std::filesystem::path whole = std::filesystem::absolute(file, failure).lexically_normal();
    const std::filesystem::path linked = std::filesystem::weakly_canonical(file, failure);
    const std::lock_guard lock(m_mutex);
    const auto kept = std::find_if(m_attachedFiles.begin(), m_attachedFiles.end(), [&](const std::filesystem::path& known) { return known == whole || known == linked; });
    if (kept == m_attachedFiles.end())
        return fail(kNotAttached, file.string());
    const std::filesystem::path named = *kept;
    std::vector<std::filesystem::path> files = m_attachedFiles;
    std::erase(files, named);
    TOCSIN_TRY(SettingStore::setAttachedFiles(*m_workspace, files));
    m_workspace->detach(named);
    m_attachedFiles = std::move(files);
    return {};
}

ingest::ImportSummary Session::import(const std::vector<std::filesystem::path>& paths, const ingest::ImportOptions& options, const ingest::Importer::ProgressCallback& progress, std::stop_token stop)
{
    ingest::Importer importer(*m_workspace, m_services.readers, m_services.executor, m_services.clock);
    ingest::ImportSummary summary = importer.run(paths, options, progress, stop);
    if (summary.rows > 0)
        m_maintenance->request();
    return summary;
}

std::vector<std::filesystem::path> Session::externalFolders() const
{
    const std::lock_guard lock(m_mutex);
    return m_externalFolders;
}

Result<void> Session::setExternalFolders(const std::vector<std::filesystem::path>& folders)
{
    TOCSIN_TRY(SettingStore::setExternalFolders(*m_workspace, folders));
    const std::lock_guard lock(m_mutex);
    m_externalFolders = folders;
    m_external->allow(folders);
    return {};
}

Result<void> Session::alsoExternal(const std::vector<std::filesystem::path>& folders)
{
    TOCSIN_TRY_ASSIGN(const std::vector<std::filesystem::path> resolved, resolvedFolders(folders));
    std::vector<std::filesystem::path> all = m_external->folders();
    all.insert(all.end(), resolved.begin(), resolved.end());
    m_external->allow(std::move(all));
    return {};
}

Result<std::optional<engine::TimeRange>> Session::eventPeriod() const
{
    TOCSIN_TRY_ASSIGN(const auto snapshot, m_workspace->catalog().snapshot());
    std::optional<engine::TimeRange> period;
    for (const std::string& name : snapshot->tableNames()) {
        if (isFinding(name))
            continue;
        const catalog::TableStatistics statistics = snapshot->findTable(name)->statistics();
        if (!statistics.minTime || !statistics.maxTime)
            continue;
        if (!period)
            period = engine::TimeRange{*statistics.minTime, *statistics.maxTime + 1};
        period->from = std::min(period->from, *statistics.minTime);
        period->to = std::max(period->to, *statistics.maxTime + 1);
    }
    return period;
}

Result<detect::EventTimes> Session::eventTimes(const engine::TimeRange& period, std::stop_token stop)
{
    TOCSIN_TRY_ASSIGN(const auto snapshot, m_workspace->catalog().snapshot());
    std::vector<engine::TimeRange> stretches;
    for (const std::string& name : snapshot->tableNames()) {
        if (!isFinding(name) && !snapshot->findTable(name)->statistics().minTime)
            continue;
        if (stop.stop_requested())
            return fail(kCancelled);
        engine::QueryRequest request;
        request.text = fmt::format("['{}'] | summarize by Start = bin(TimeGenerated, {}m) | where isnotnull(Start)", name, kStretch / kTicksPerMinute);
        request.timespan = period;
        TOCSIN_TRY_ASSIGN(const engine::QueryResult rows, engine::runForResult(m_engine, std::move(request)));
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            const Ticks start = rows.at(row, 0).asLong();
            stretches.push_back({start, start + kStretch});
        }
    }
    return detect::EventTimes(std::move(stretches));
}

Result<DetectionSummary> Session::detect(const std::vector<detect::QueryRule>& rules, std::optional<engine::TimeRange> period, bool foldRepeats, std::stop_token stop,
                                         const std::function<void(const detect::RunProgress&)>& progress)
{
    if (!period) {
        TOCSIN_TRY_ASSIGN(period, eventPeriod());
        if (!period)
            return fail(kNoEvents);
        --period->from;                              // windows begin behind their first instant, and the first event is to be seen
        period->from -= period->from % kTicksPerDay; // whole days, so that adding earlier files does not shift every window
    }
    const detect::RuleRunner runner(m_engine, m_services.log);
    TOCSIN_TRY_ASSIGN(const detect::EventTimes events, eventTimes({kMinDateTime, period->to}, stop)); // windows reach back behind the period
    detect::RunReport run = runner.run(rules, {*period, foldRepeats, &events}, stop, progress);
    DetectionSummary summary;
    summary.period = *period;
    summary.rules = std::move(run.rules);
    TOCSIN_TRY_ASSIGN(std::vector<detect::Alert> sigmaAlerts, runSigma(*period, summary, stop, progress));
    std::move(sigmaAlerts.begin(), sigmaAlerts.end(), std::back_inserter(run.alerts));
    summary.cancelled = run.cancelled || stop.stop_requested();
    TOCSIN_TRY_ASSIGN(summary.newAlerts, m_alerts.add(run.alerts));
    TOCSIN_TRY_ASSIGN(summary.alerts, m_alerts.all());
    TOCSIN_TRY_ASSIGN(summary.incidents, m_incidents.reconcile(summary.alerts, incident::fuseAlerts(summary.alerts)));
    return summary;
}

Result<std::vector<detect::Alert>> Session::runSigma(const engine::TimeRange& period, DetectionSummary& summary, std::stop_token stop, const std::function<void(const detect::RunProgress&)>& progress)
{
    TOCSIN_TRY_ASSIGN(const detect::sigma::SigmaFile file, m_sigmaRules.load());
    if (file.rules.empty() || stop.stop_requested())
        return std::vector<detect::Alert>{};
    detect::sigma::SigmaRunReport report = detect::sigma::SigmaRunner(m_engine, m_services.log).run(file.rules, file.correlations, period, stop, [&](const detect::sigma::SigmaProgress& p) {
        if (progress)
            progress({p.index, p.tables, "Sigma: " + p.table, p.matches});
    });
    summary.sigmaRules = file.rules.size();
    summary.sigmaMatches = report.matches;
    summary.sigmaFailures = std::move(report.failures);
    return std::move(report.alerts);
}

Result<void> Session::loadInventory(const std::filesystem::path& path)
{
    TOCSIN_TRY_ASSIGN(network::Inventory inventory, network::loadInventory(path.string()));
    TOCSIN_TRY(InventoryStore::save(*m_workspace, path));
    const std::lock_guard lock(m_mutex);
    m_inventory = std::make_shared<const network::Inventory>(std::move(inventory));
    return {};
}

Result<std::shared_ptr<const network::Inventory>> Session::inventory() const
{
    const std::lock_guard lock(m_mutex);
    if (m_inventory)
        return m_inventory;
    TOCSIN_TRY_ASSIGN(const std::optional<std::string> text, InventoryStore::load(*m_workspace));
    if (!text)
        return fail(kNoInventory);
    TOCSIN_TRY_ASSIGN(network::Inventory inventory, network::inventoryFromJson(*text, "inventory"));
    m_inventory = std::make_shared<const network::Inventory>(std::move(inventory));
    return m_inventory;
}

Result<report::IncidentReport> Session::reportOf(std::int64_t number, std::stop_token stop) { return buildReport(*this, number, stop); }

} // namespace tocsin::session
