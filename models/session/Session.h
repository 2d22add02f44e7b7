// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "detect/AlertStore.h"
#include "detect/RuleRunner.h"
#include "detect/RuleStore.h"
#include "detect/sigma/SigmaRuleStore.h"
#include "engine/ExternalFiles.h"
#include "engine/LocalEngine.h"
#include "incident/IncidentStore.h"
#include "ingest/Importer.h"
#include "kql/functions/Declaration.h"
#include "network/Inventory.h"
#include "report/IncidentReport.h"
#include "session/Maintenance.h"
#include "store/Workspace.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace tocsin::session {

inline constexpr ErrorKind kNoInventory{"session.no_inventory", "No network inventory is loaded in this workspace", "Import an inventory: an export of the network's resources as JSON."};
inline constexpr ErrorKind kNoEvents{"session.no_events", "There are no events to run rules over", "Import logs first."};

/// What running rules over a period brought.
struct DetectionSummary {
    engine::TimeRange period;
    std::vector<detect::RuleOutcome> rules;
    std::uint64_t sigmaRules = 0;           ///< Sigma rules that were run
    std::uint64_t sigmaMatches = 0;         ///< events that matched one
    std::vector<Error> sigmaFailures;
    std::uint64_t newAlerts = 0;
    std::vector<detect::Alert> alerts;      ///< all of the workspace
    std::vector<std::int64_t> incidents;    ///< numbers made or changed
    bool cancelled = false;
};

/// What the whole program shares, made once at its start. Must outlive the sessions.
struct Services {
    const Clock& clock;
    Executor& executor;
    Log& log;
    const kql::FunctionRegistry& functions;
    const ingest::SchemaLibrary& schemas;
    const ingest::ReaderRegistry& readers;
    std::filesystem::path temporary = {}; ///< folder for what large queries put on disk for their time; empty: the workspace's
};

/// One open workspace with everything that works on it. Members may be called from any thread unless they say otherwise.
class Session {
public:
    static Result<std::unique_ptr<Session>> open(const std::filesystem::path& file, store::OpenOptions options, const Services& services);
    ~Session();

    store::Workspace& workspace() { return *m_workspace; }
    engine::QueryEngine& engine() { return m_engine; }
    detect::RuleStore& rules() { return m_rules; }
    detect::sigma::SigmaRuleStore& sigmaRules() { return m_sigmaRules; }
    detect::AlertStore& alerts() { return m_alerts; }
    incident::IncidentStore& incidents() { return m_incidents; }
    const Services& services() const { return m_services; }

    /// Small segments that an import leaves are merged afterwards, in the background.
    ingest::ImportSummary import(const std::vector<std::filesystem::path>& paths, const ingest::ImportOptions& options, const ingest::Importer::ProgressCallback& progress, std::stop_token stop);

    /// The merging in the background; tools that end right after an import wait for it.
    Maintenance& maintenance() { return *m_maintenance; }

    /// The folders whose files queries may read (externaldata), kept in the workspace; what `alsoExternal` adds is for this session only.
    std::vector<std::filesystem::path> externalFolders() const;
    Result<void> setExternalFolders(const std::vector<std::filesystem::path>& folders);
    Result<void> alsoExternal(const std::vector<std::filesystem::path>& folders);

    /// Other workspace files, archives usually, whose rows all queries see with those of the workspace; kept in it, and attached again
    /// when it is opened.
    std::vector<std::filesystem::path> attachedFiles() const;
    Result<void> attach(const std::filesystem::path& file);
    Result<void> detach(const std::filesystem::path& file);
    /// Why kept files could not be attached when the workspace was opened: queries do not see their rows.
    const std::vector<Error>& missingRows() const { return m_missingRows; }

    /// First to last TimeGenerated over all event tables; nothing in an empty workspace.
    Result<std::optional<engine::TimeRange>> eventPeriod() const;
    /// Runs query rules and the workspace's enabled Sigma rules over a period (all events if absent), keeps the alerts and brings the
    /// incidents up to date.
    Result<DetectionSummary> detect(const std::vector<detect::QueryRule>& rules, std::optional<engine::TimeRange> period, bool foldRepeats, std::stop_token stop,
                                    const std::function<void(const detect::RunProgress&)>& progress);

    /// Reads an inventory file or folder and keeps it in the workspace, in place of the one before.
    Result<void> loadInventory(const std::filesystem::path& path);
    /// The workspace's inventory; kNoInventory if there is none.
    Result<std::shared_ptr<const network::Inventory>> inventory() const;

    /// Everything a report says of an incident: evidence queries are run again, the path between two of its machines is checked when
    /// the inventory knows them.
    Result<report::IncidentReport> reportOf(std::int64_t number, std::stop_token stop);

private:
    Session(std::unique_ptr<store::Workspace> workspace, const Services& services, detect::RuleStore rules, detect::sigma::SigmaRuleStore sigmaRules, detect::AlertStore alerts, incident::IncidentStore incidents,
            std::vector<std::filesystem::path> externalFolders);

    Result<detect::EventTimes> eventTimes(const engine::TimeRange& period, std::stop_token stop);
    Result<std::vector<detect::Alert>> runSigma(const engine::TimeRange& period, DetectionSummary& summary, std::stop_token stop, const std::function<void(const detect::RunProgress&)>& progress);

    Services m_services;
    std::unique_ptr<store::Workspace> m_workspace;
    std::unique_ptr<Maintenance> m_maintenance; ///< ends before the workspace
    std::vector<std::filesystem::path> m_externalFolders; ///< as kept in the workspace; guarded by m_mutex
    std::vector<std::filesystem::path> m_attachedFiles;   ///< as kept in the workspace; guarded by m_mutex
    std::vector<Error> m_missingRows;
    std::shared_ptr<engine::ExternalFiles> m_external;
    engine::LocalEngine m_engine;
    detect::RuleStore m_rules;
    detect::sigma::SigmaRuleStore m_sigmaRules;
    detect::AlertStore m_alerts;
    incident::IncidentStore m_incidents;
    mutable std::mutex m_mutex;
    mutable std::shared_ptr<const network::Inventory> m_inventory;
};

} // namespace tocsin::session
