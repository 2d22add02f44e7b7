// SPDX-License-Identifier: GPL-3.0-or-later
#include "incident/IncidentStore.h"

#include "base/Utf8.h"
#include "incident/IncidentJson.h"
#include "store/sqlite/Connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace tocsin::incident {
namespace {

const std::vector<store::TableMigration>& migrations()
{
    static const std::vector<store::TableMigration> steps{{"incident", 1, R"(
        CREATE TABLE incident_change (           -- each row is the whole incident after one change
            id INTEGER PRIMARY KEY,
            number INTEGER NOT NULL,
            time INTEGER NOT NULL,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            severity TEXT NOT NULL,
            status TEXT NOT NULL,
            classification TEXT NOT NULL,
            classification_reason TEXT NOT NULL,
            classification_comment TEXT NOT NULL,
            owner TEXT NOT NULL,                 -- JSON
            labels TEXT NOT NULL,                -- JSON
            alert_ids TEXT NOT NULL,             -- JSON
            rule_ids TEXT NOT NULL,              -- JSON
            comments TEXT NOT NULL,              -- JSON
            additional_data TEXT NOT NULL,       -- JSON
            first_activity INTEGER NOT NULL,
            last_activity INTEGER NOT NULL,
            created INTEGER NOT NULL,
            closed INTEGER,
            modified_by TEXT NOT NULL
        );
        CREATE INDEX incident_change_by_number ON incident_change (number, id);)"}};
    return steps;
}

struct TableColumn {
    const char* name;
    DataType type;
    const char* sql;
};

constexpr TableColumn kColumns[] = {
    {"_BilledSize", DataType::Real, "NULL"}, {"_IsBillable", DataType::String, "'False'"}, {"AdditionalData", DataType::Dynamic, "additional_data"},
    {"AlertIds", DataType::Dynamic, "alert_ids"}, {"BookmarkIds", DataType::Dynamic, "'[]'"}, {"Classification", DataType::String, "classification"},
    {"ClassificationComment", DataType::String, "classification_comment"}, {"ClassificationReason", DataType::String, "classification_reason"},
    {"ClosedTime", DataType::DateTime, "closed"}, {"Comments", DataType::Dynamic, "comments"}, {"CreatedTime", DataType::DateTime, "created"},
    {"Description", DataType::String, "description"}, {"FirstActivityTime", DataType::DateTime, "first_activity"}, {"FirstModifiedTime", DataType::DateTime, "created"},
    {"IncidentName", DataType::String, "'incident-' || number"}, {"IncidentNumber", DataType::Int, "number"}, {"IncidentUrl", DataType::String, "''"},
    {"Labels", DataType::Dynamic, "labels"}, {"LastActivityTime", DataType::DateTime, "last_activity"}, {"LastModifiedTime", DataType::DateTime, "time"},
    {"ModifiedBy", DataType::String, "modified_by"}, {"Owner", DataType::Dynamic, "owner"}, {"ProviderIncidentId", DataType::String, "CAST(number AS TEXT)"},
    {"ProviderName", DataType::String, "'Tocsin'"}, {"RelatedAnalyticRuleIds", DataType::Dynamic, "rule_ids"}, {"Severity", DataType::String, "severity"},
    {"SourceSystem", DataType::String, "'Detection'"}, {"Status", DataType::String, "status"}, {"Tasks", DataType::Dynamic, "'[]'"},
    {"TenantId", DataType::String, "''"}, {"TimeGenerated", DataType::DateTime, "time"}, {"Title", DataType::String, "title"},
    {"Type", DataType::String, "'SecurityIncident'"}, {"_ResourceId", DataType::String, "''"}, {"_SubscriptionId", DataType::String, "''"}, {"_ItemId", DataType::String, "CAST(id AS TEXT)"}};

store::SqliteTableDefinition definition()
{
    store::SqliteTableDefinition table;
    table.schema.name = "SecurityIncident";
    table.schema.description = "Incidents; each change is a row";
    std::string select;
    for (const TableColumn& column : kColumns) {
        table.schema.columns.push_back({column.name, column.type, {}});
        select += select.empty() ? "SELECT " : ", ";
        select += column.sql;
    }
    table.select = select + " FROM incident_change ORDER BY id";
    return table;
}

constexpr const char* kSelect = "SELECT number, time, title, description, severity, status, classification, classification_reason, classification_comment, owner, labels,"
                                " alert_ids, rule_ids, comments, additional_data, first_activity, last_activity, created, closed, modified_by FROM incident_change";

Incident incidentOf(const store::Statement& row)
{
    Incident incident;
    incident.number = row.integer(0);
    incident.modified = row.integer(1);
    incident.title = row.text(2);
    incident.description = row.text(3);
    incident.severity = detect::parseSeverity(row.text(4)).value_or(detect::Severity::Medium);
    incident.status = parseStatus(row.text(5)).value_or(Status::New);
    incident.classification = row.text(6);
    incident.classificationReason = row.text(7);
    incident.classificationComment = row.text(8);
    incident.owner = ownerFromJson(row.text(9));
    incident.labels = labelsFromJson(row.text(10));
    incident.alertIds = textsFromJson(row.text(11));
    incident.ruleIds = textsFromJson(row.text(12));
    incident.comments = commentsFromJson(row.text(13));
    incident.tactics = tacticsFromAdditionalData(row.text(14));
    incident.score = scoreFromAdditionalData(row.text(14));
    incident.firstActivity = row.integer(15);
    incident.lastActivity = row.integer(16);
    incident.created = row.integer(17);
    incident.closed = row.isNull(18) ? 0 : row.integer(18);
    incident.modifiedBy = row.text(19);
    return incident;
}

Result<void> insert(store::Connection& connection, const Incident& incident)
{
    TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare(
        "INSERT INTO incident_change (number, time, title, description, severity, status, classification, classification_reason, classification_comment, owner, labels,"
        " alert_ids, rule_ids, comments, additional_data, first_activity, last_activity, created, closed, modified_by)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)"));
    const std::string owner = ownerJson(incident.owner);
    const std::string labels = labelsJson(incident.labels);
    const std::string alertIds = textsJson(incident.alertIds);
    const std::string ruleIds = textsJson(incident.ruleIds);
    const std::string comments = commentsJson(incident.comments);
    const std::string data = additionalDataJson(incident);
    statement.bind(1, incident.number).bind(2, incident.modified).bind(3, incident.title).bind(4, incident.description);
    statement.bind(5, detect::severityName(incident.severity)).bind(6, statusName(incident.status)).bind(7, incident.classification);
    statement.bind(8, incident.classificationReason).bind(9, incident.classificationComment).bind(10, owner).bind(11, labels);
    statement.bind(12, alertIds).bind(13, ruleIds).bind(14, comments).bind(15, data);
    statement.bind(16, incident.firstActivity).bind(17, incident.lastActivity).bind(18, incident.created);
    if (incident.closed)
        statement.bind(19, incident.closed);
    else
        statement.bindNull(19);
    statement.bind(20, incident.modifiedBy);
    return statement.run();
}

Result<std::vector<Incident>> latest(store::Connection& connection, std::int64_t onlyNumber = 0)
{
    const std::string where = onlyNumber ? " WHERE id = (SELECT max(id) FROM incident_change WHERE number = ?1)"
                                         : " WHERE id IN (SELECT max(id) FROM incident_change GROUP BY number) ORDER BY number";
    TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare(kSelect + where));
    if (onlyNumber)
        statement.bind(1, onlyNumber);
    std::vector<Incident> incidents;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, statement.step());
        if (!row)
            return incidents;
        incidents.push_back(incidentOf(statement));
    }
}

/// What fusion says of an incident; the analyst's own fields are left alone.
void describe(Incident& incident, const std::vector<detect::Alert>& alerts, const Cluster& cluster)
{
    incident.title = cluster.title;
    incident.severity = cluster.severity;
    incident.score = cluster.score;
    incident.description = cluster.alerts.size() == 1 ? alerts[cluster.alerts.front()].description
                                                      : fmt::format("{} alerts linked by shared entities and time.", cluster.alerts.size());
    incident.firstActivity = kMaxDateTime;
    incident.lastActivity = kMinDateTime;
    std::set<std::string> ids(incident.alertIds.begin(), incident.alertIds.end());
    std::set<std::string> rules, tactics;
    for (const std::size_t place : cluster.alerts) {
        const detect::Alert& alert = alerts[place];
        incident.firstActivity = std::min(incident.firstActivity, alert.startTime);
        incident.lastActivity = std::max(incident.lastActivity, alert.endTime);
        if (ids.insert(alert.id).second)
            incident.alertIds.push_back(alert.id);
        rules.insert(alert.ruleId);
        tactics.insert(alert.tactics.begin(), alert.tactics.end());
    }
    incident.ruleIds.assign(rules.begin(), rules.end());
    incident.tactics.assign(tactics.begin(), tactics.end());
}

/// The open incident that shares most alerts with a cluster.
Incident* continued(std::vector<Incident>& incidents, const std::set<std::int64_t>& taken, const std::set<std::string>& ids)
{
    Incident* best = nullptr;
    std::size_t most = 0;
    for (Incident& incident : incidents) {
        if (incident.status == Status::Closed || taken.contains(incident.number))
            continue;
        const auto shared = static_cast<std::size_t>(std::count_if(incident.alertIds.begin(), incident.alertIds.end(), [&](const std::string& id) { return ids.contains(id); }));
        if (shared > most) {
            most = shared;
            best = &incident;
        }
    }
    return best;
}

} // namespace

std::string_view statusName(Status status)
{
    static constexpr std::string_view kNames[] = {"New", "Active", "Closed"};
    return kNames[static_cast<std::size_t>(status)];
}

std::optional<Status> parseStatus(std::string_view name)
{
    for (const Status status : {Status::New, Status::Active, Status::Closed})
        if (equalsIgnoringCase(statusName(status), name))
            return status;
    return std::nullopt;
}

Result<IncidentStore> IncidentStore::open(store::Workspace& workspace, const Clock& clock)
{
    if (!workspace.isReadOnly())
        TOCSIN_TRY(store::ensureTables(workspace, migrations()));
    workspace.addTable(definition());
    return IncidentStore(workspace, clock);
}

Result<std::vector<std::int64_t>> IncidentStore::reconcile(const std::vector<detect::Alert>& alerts, const std::vector<Cluster>& clusters)
{
    std::vector<std::int64_t> touched;
    TOCSIN_TRY(m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(std::vector<Incident> incidents, latest(connection));
        std::int64_t next = incidents.empty() ? 1 : incidents.back().number + 1;
        std::set<std::string> closedAlerts;
        for (const Incident& incident : incidents)
            if (incident.status == Status::Closed)
                closedAlerts.insert(incident.alertIds.begin(), incident.alertIds.end());
        std::set<std::int64_t> taken;
        for (const Cluster& cluster : clusters) {
            std::set<std::string> ids;
            bool wanted = false;
            for (const std::size_t place : cluster.alerts) {
                ids.insert(alerts[place].id);
                wanted = wanted || (alerts[place].createIncident && !closedAlerts.contains(alerts[place].id));
            }
            if (!wanted)
                continue;
            Incident fresh;
            Incident* incident = continued(incidents, taken, ids);
            const bool isNew = incident == nullptr;
            if (isNew) {
                fresh.number = next++;
                fresh.created = m_clock->now();
                incident = &fresh;
            }
            taken.insert(incident->number);
            Incident before = *incident;
            describe(*incident, alerts, cluster);
            if (!isNew && incident->alertIds == before.alertIds && incident->title == before.title && incident->severity == before.severity)
                continue;
            incident->modified = m_clock->now();
            incident->modifiedBy = "Tocsin";
            TOCSIN_TRY(insert(connection, *incident));
            touched.push_back(incident->number);
        }
        return {};
    }));
    return touched;
}

Result<std::vector<Incident>> IncidentStore::all() const
{
    std::vector<Incident> incidents;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(incidents, latest(connection));
        return {};
    }));
    return incidents;
}

Result<Incident> IncidentStore::find(std::int64_t number) const
{
    std::vector<Incident> found;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(found, latest(connection, number));
        return {};
    }));
    if (found.empty())
        return fail(kNoIncident, std::to_string(number));
    return std::move(found.front());
}

Result<Incident> IncidentStore::change(std::int64_t number, const std::string& author, const std::function<void(Incident&)>& edit)
{
    Incident incident;
    TOCSIN_TRY(m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::vector<Incident> found, latest(connection, number));
        if (found.empty())
            return fail(kNoIncident, std::to_string(number));
        incident = found.front();
        const Status before = incident.status;
        edit(incident);
        incident.modified = m_clock->now();
        incident.modifiedBy = author;
        if (incident.status == Status::Closed && before != Status::Closed)
            incident.closed = incident.modified;
        if (incident.status != Status::Closed)
            incident.closed = 0;
        return insert(connection, incident);
    }));
    return incident;
}

} // namespace tocsin::incident
