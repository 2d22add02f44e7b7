// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ReportBuilder.h"

#include "attack/KillChain.h"
#include "network/Connectivity.h"
#include "session/Session.h"
#include "session/Version.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace tocsin::session {
namespace {

constexpr std::size_t kMaxQueries = 16;
constexpr std::size_t kMaxRows = 1000;
constexpr std::uint16_t kRemoteDesktop = 3389;

report::Severity severityOf(detect::Severity severity) { return static_cast<report::Severity>(severity); }

std::string joined(const std::vector<std::string>& items, std::string_view separator) { return fmt::format("{}", fmt::join(items, separator)); }

/// Gathers one report.
class ReportBuilder {
public:
    ReportBuilder(Session& session, incident::Incident incident, std::vector<detect::Alert> alerts)
        : m_session(session), m_incident(std::move(incident)), m_alerts(std::move(alerts))
    {
        std::sort(m_alerts.begin(), m_alerts.end(), [](const detect::Alert& a, const detect::Alert& b) { return std::tie(a.startTime, a.id) < std::tie(b.startTime, b.id); });
    }

    Result<report::IncidentReport> build(std::stop_token stop)
    {
        addFacts();
        addStages();
        addAlerts();
        addEntities();
        TOCSIN_TRY(addQueries(stop));
        addConnectivity();
        addSummary();
        return std::move(m_report);
    }

private:
    void addFacts()
    {
        report::IncidentReport& report = m_report;
        report.number = std::to_string(m_incident.number);
        report.title = m_incident.title;
        report.severity = severityOf(m_incident.severity);
        report.status = incident::statusName(m_incident.status);
        report.classification = m_incident.classification;
        report.owner = m_incident.owner;
        report.first = m_incident.firstActivity;
        report.last = m_incident.lastActivity;
        report.workspace = m_session.workspace().file().filename().string();
        report.toolVersion = kVersion;
        report.generated = m_session.services().clock.now();
        for (const incident::Comment& comment : m_incident.comments)
            report.notes.push_back(fmt::format("{} {}: {}", formatDateTime(comment.time), comment.author, comment.text));
    }

    void addStages()
    {
        for (std::size_t i = 0; i < attack::kStageCount; ++i) {
            report::ReportStage stage{std::string(attack::stageName(static_cast<attack::Stage>(i))), std::nullopt, std::nullopt};
            for (const detect::Alert& alert : m_alerts) {
                const auto stages = attack::stagesOf(alert.tactics);
                if (std::find(stages.begin(), stages.end(), static_cast<attack::Stage>(i)) == stages.end())
                    continue;
                stage.first = std::min(stage.first.value_or(alert.startTime), alert.startTime);
                stage.last = std::max(stage.last.value_or(alert.endTime), alert.endTime);
            }
            m_report.stages.push_back(std::move(stage));
        }
    }

    void addAlerts()
    {
        std::set<std::string> rules;
        for (const detect::Alert& alert : m_alerts) {
            report::ReportAlert row;
            row.time = alert.startTime;
            row.name = alert.name;
            row.severity = severityOf(alert.severity);
            row.tactics = joined(alert.tactics, ", ");
            for (const attack::Stage stage : attack::stagesOf(alert.tactics))
                row.stages.push_back(static_cast<std::size_t>(stage));
            for (const entity::Entity& entity : alert.entities)
                row.entities.push_back(entity.label());
            row.description = alert.description;
            m_report.alerts.push_back(std::move(row));
            rules.insert(alert.name);
        }
        m_report.rules.assign(rules.begin(), rules.end());
    }

    void addEntities()
    {
        std::vector<entity::Entity> merged;
        for (const detect::Alert& alert : m_alerts)
            for (const entity::Entity& entity : alert.entities)
                entity::mergeInto(merged, entity);
        std::map<std::string, report::ReportEntity> rows;
        for (const entity::Entity& entity : merged) {
            report::ReportEntity& row = rows[entity.type + '|' + entity.label()];
            row.kind = entity.type;
            row.name = entity.label();
            for (const char* detail : {"Sid", "AadUserId", "ResourceId"})
                if (const std::string* value = entity.field(detail); value && row.detail.empty() && *value != row.name)
                    row.detail = *value;
        }
        for (const detect::Alert& alert : m_alerts) {
            std::set<std::string> seen;
            for (const entity::Entity& entity : alert.entities) {
                const std::string key = entity.type + '|' + entity.label();
                const auto row = rows.find(key);
                if (row == rows.end() || !seen.insert(key).second)
                    continue;
                ++row->second.alerts;
                row->second.first = std::min(row->second.first.value_or(alert.startTime), alert.startTime);
                row->second.last = std::max(row->second.last.value_or(alert.endTime), alert.endTime);
            }
        }
        for (auto& [key, row] : rows)
            m_report.entities.push_back(std::move(row));
        std::stable_sort(m_report.entities.begin(), m_report.entities.end(), [](const auto& a, const auto& b) { return a.alerts > b.alerts; });
    }

    /// The evidence of each rule, once: the query of its alert with the most rows, over that alert's window.
    Result<void> addQueries(std::stop_token stop)
    {
        std::map<std::string, const detect::Alert*> byRule;
        std::vector<std::string> order;
        for (const detect::Alert& alert : m_alerts) {
            const detect::Alert*& best = byRule[alert.ruleId];
            if (!best)
                order.push_back(alert.ruleId);
            if (!best || alert.resultRows > best->resultRows)
                best = &alert;
        }
        for (std::size_t i = 0; i < std::min(order.size(), kMaxQueries); ++i) {
            if (stop.stop_requested())
                return fail(kCancelled);
            m_report.queries.push_back(runEvidence(*byRule[order[i]]));
        }
        if (order.size() > kMaxQueries)
            m_report.notes.push_back(fmt::format("The evidence of {} further rules is not printed; the queries are with the alerts in the workspace.", order.size() - kMaxQueries));
        return {};
    }

    report::ReportQuery runEvidence(const detect::Alert& alert)
    {
        report::ReportQuery query;
        query.title = alert.name;
        query.kql = alert.query;
        query.note = fmt::format("TimeGenerated from {} to {}", formatDateTime(alert.queryFrom), formatDateTime(alert.queryTo));
        engine::QueryRequest request;
        request.text = alert.query;
        request.now = alert.queryTo;
        request.seed = static_cast<std::uint64_t>(alert.queryTo);
        request.timespan = engine::TimeRange{alert.queryFrom + 1, alert.queryTo + 1};
        const auto result = engine::runForResult(m_session.engine(), std::move(request));
        if (!result) {
            query.note += ". The query failed: " + errorMessage(result.error());
            return query;
        }
        for (const catalog::ColumnSchema& column : result->schema.columns)
            query.columns.push_back({column.name, isNumeric(column.type), column.type == DataType::DateTime || column.type == DataType::Guid || column.type == DataType::Dynamic});
        query.totalRows = result->rows();
        for (std::size_t row = 0; row < std::min<std::size_t>(query.totalRows, kMaxRows); ++row) {
            std::vector<std::string> cells;
            for (std::size_t column = 0; column < query.columns.size(); ++column)
                cells.push_back(result->at(row, column).toString());
            query.rows.push_back(std::move(cells));
        }
        return query;
    }

    /// Machines of the inventory that alerts name, in order of appearance.
    std::vector<std::string> knownMachines(const network::Inventory& inventory) const
    {
        std::vector<std::string> names;
        for (const detect::Alert& alert : m_alerts)
            for (const entity::Entity& entity : alert.entities) {
                const std::string* name = entity.type == "Host" ? entity.field("HostName") : nullptr;
                if (!name)
                    continue;
                const auto machine = inventory.findMachine(*name);
                if (machine && std::find(names.begin(), names.end(), *name) == names.end())
                    names.push_back(*name);
            }
        return names;
    }

    /// How the intruder could have come from the first machine seen to the last.
    void addConnectivity()
    {
        const auto inventory = m_session.inventory();
        if (!inventory)
            return;
        const std::vector<std::string> machines = knownMachines(**inventory);
        if (machines.size() < 2)
            return;
        network::ConnectivityRequest request;
        request.source.machine = machines.front();
        request.destination.machine = machines.back();
        request.destination.port = kRemoteDesktop;
        const auto checked = network::checkConnectivity(**inventory, request);
        if (!checked)
            return;
        report::ReportConnectivity section;
        section.question = fmt::format("TCP {} to {} port {}", machines.front(), machines.back(), kRemoteDesktop);
        section.reachable = checked->status == network::ConnectionStatus::Reachable;
        section.verdict = fmt::format("{} by the rules and routes of the inventory, over {} hops.", network::name(checked->status), checked->hops.size());
        for (const network::ConnectivityHop& hop : checked->hops) {
            report::ReportHop row{hop.name, hop.address, hop.type, {}, {}, {}};
            for (const std::string& next : hop.nextHopIds)
                for (const network::ConnectivityHop& other : checked->hops)
                    if (other.id == next)
                        row.nextHop += (row.nextHop.empty() ? "" : ", ") + other.name;
            for (const network::ConnectivityIssue& issue : hop.issues) {
                row.decision = issue.isError() ? "Deny" : row.decision;
                row.reason += (row.reason.empty() ? "" : "; ") + issue.type;
                for (const auto& [key, value] : issue.context)
                    row.reason += fmt::format(" {}={}", key, value);
            }
            if (row.decision.empty())
                row.decision = "Allow";
            section.hops.push_back(std::move(row));
        }
        m_report.connectivity = std::move(section);
    }

    std::string names(std::string_view kind, std::size_t most) const
    {
        std::vector<std::string> labels;
        std::size_t count = 0;
        for (const report::ReportEntity& entity : m_report.entities)
            if (entity.kind == kind && ++count <= most)
                labels.push_back(entity.name);
        std::string text = joined(labels, ", ");
        if (count > most)
            text += fmt::format(" and {} more", count - most);
        return text;
    }

    void addSummary()
    {
        std::vector<std::string> reached;
        for (const report::ReportStage& stage : m_report.stages)
            if (stage.first)
                reached.push_back(stage.name);
        std::string text = fmt::format("{} alerts of {} rules between {} and {} (UTC) belong together because they share entities within short time.", m_alerts.size(), m_report.rules.size(),
                                       formatDateTime(m_incident.firstActivity).substr(0, 16), formatDateTime(m_incident.lastActivity).substr(0, 16));
        text += fmt::format(" They reach {} of the eight stages of the kill chain: {}.", reached.size(), joined(reached, ", "));
        const auto sentence = [&](std::string_view label, std::string_view kind) {
            if (const std::string list = names(kind, 6); !list.empty())
                text += fmt::format("\n\n{}: {}.", label, list);
        };
        sentence("Accounts", "Account");
        sentence("Hosts", "Host");
        sentence("Addresses", "IP");
        sentence("Azure resources", "AzureResource");
        if (m_report.connectivity)
            text += fmt::format("\n\nNetwork: {} is {}.", m_report.connectivity->question, m_report.connectivity->reachable ? "reachable" : "not reachable");
        m_report.summary = std::move(text);
    }

    Session& m_session;
    incident::Incident m_incident;
    std::vector<detect::Alert> m_alerts;
    report::IncidentReport m_report;
};

} // namespace

Result<report::IncidentReport> buildReport(Session& session, std::int64_t number, std::stop_token stop)
{
    TOCSIN_TRY_ASSIGN(incident::Incident incident, session.incidents().find(number));
    TOCSIN_TRY_ASSIGN(std::vector<detect::Alert> alerts, session.alerts().withIds(incident.alertIds));
    return ReportBuilder(session, std::move(incident), std::move(alerts)).build(stop);
}

} // namespace tocsin::session
