// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/AlertStore.h"

#include "base/Json.h"
#include "store/sqlite/Connection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

namespace tocsin::detect {
namespace {

const std::vector<store::TableMigration>& migrations()
{
    static const std::vector<store::TableMigration> steps{{"detect", 1, R"(
        CREATE TABLE alert (
            id TEXT PRIMARY KEY,
            rule_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            severity TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'New',
            tactics TEXT NOT NULL,           -- comma list
            techniques TEXT NOT NULL,        -- comma list
            start_time INTEGER NOT NULL,
            end_time INTEGER NOT NULL,
            time INTEGER NOT NULL,
            entities TEXT NOT NULL,          -- JSON list
            extended_properties TEXT NOT NULL,
            custom_details TEXT NOT NULL,    -- JSON object of lists
            compromised_entity TEXT NOT NULL,
            query TEXT NOT NULL,
            query_from INTEGER NOT NULL,
            query_to INTEGER NOT NULL,
            result_rows INTEGER NOT NULL,
            provider TEXT NOT NULL,
            create_incident INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX alert_by_start ON alert (start_time);)"}};
    return steps;
}

/// A column of SecurityAlert and the SQL that gives it.
struct TableColumn {
    const char* name;
    DataType type;
    const char* sql;
};

constexpr TableColumn kColumns[] = {
    {"_BilledSize", DataType::Real, "NULL"}, {"_IsBillable", DataType::String, "'False'"}, {"AlertLink", DataType::String, "''"},
    {"AlertName", DataType::String, "name"}, {"AlertSeverity", DataType::String, "severity"}, {"AlertType", DataType::String, "'tocsin_' || rule_id"},
    {"CompromisedEntity", DataType::String, "compromised_entity"}, {"ConfidenceLevel", DataType::String, "'Unknown'"}, {"ConfidenceScore", DataType::Real, "NULL"},
    {"Description", DataType::String, "description"}, {"DisplayName", DataType::String, "name"}, {"EndTime", DataType::DateTime, "end_time"},
    {"Entities", DataType::String, "entities"}, {"ExtendedLinks", DataType::String, "''"}, {"ExtendedProperties", DataType::String, "extended_properties"},
    {"IsIncident", DataType::Bool, "0"}, {"ProcessingEndTime", DataType::DateTime, "time"}, {"ProductComponentName", DataType::String, "'Scheduled Alerts'"},
    {"ProductName", DataType::String, "'Tocsin'"}, {"ProviderName", DataType::String, "provider"}, {"RemediationSteps", DataType::String, "''"},
    {"ResourceId", DataType::String, "''"}, {"SourceComputerId", DataType::String, "''"}, {"StartTime", DataType::DateTime, "start_time"},
    {"Status", DataType::String, "status"}, {"SubTechniques", DataType::String, "''"}, {"SystemAlertId", DataType::String, "id"},
    {"Tactics", DataType::String, "tactics"}, {"Techniques", DataType::String, "techniques"}, {"TimeGenerated", DataType::DateTime, "time"},
    {"Type", DataType::String, "'SecurityAlert'"}, {"VendorName", DataType::String, "'Tocsin'"}, {"VendorOriginalId", DataType::String, "id"},
    {"WorkspaceResourceGroup", DataType::String, "''"}, {"WorkspaceSubscriptionId", DataType::String, "''"}, {"TenantId", DataType::Guid, "NULL"},
    {"SourceSystem", DataType::String, "'Detection'"}, {"_ResourceId", DataType::String, "''"}, {"_SubscriptionId", DataType::String, "''"}, {"_ItemId", DataType::String, "id"}};

store::SqliteTableDefinition definition()
{
    store::SqliteTableDefinition table;
    table.schema.name = "SecurityAlert";
    table.schema.description = "Alerts raised by detection rules";
    std::string select;
    for (const TableColumn& column : kColumns) {
        table.schema.columns.push_back({column.name, column.type, {}});
        select += select.empty() ? "SELECT " : ", ";
        select += column.sql;
    }
    table.select = select + " FROM alert ORDER BY time, id";
    return table;
}

std::vector<std::string> splitList(std::string_view list)
{
    std::vector<std::string> items;
    while (!list.empty()) {
        const auto comma = list.find(',');
        items.emplace_back(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return items;
}

std::string detailsJson(const Alert& alert)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject();
    for (const auto& [key, values] : alert.customDetails) {
        json.key(key).beginArray();
        for (const std::string& value : values)
            json.string(value);
        json.endArray();
    }
    json.endObject();
    return text;
}

void readDetails(Alert& alert, std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
        return;
    for (const auto& [key, value] : object) {
        std::vector<std::string> values;
        simdjson::dom::array list;
        if (value.get(list) == simdjson::SUCCESS)
            for (const simdjson::dom::element item : list)
                if (std::string_view text; item.get(text) == simdjson::SUCCESS)
                    values.emplace_back(text);
        alert.customDetails.emplace_back(key, std::move(values));
    }
}

constexpr const char* kSelect = "SELECT id, rule_id, name, description, severity, tactics, techniques, start_time, end_time, time, entities, custom_details, query,"
                                " query_from, query_to, result_rows, provider, create_incident FROM alert";

Alert alertOf(const store::Statement& row)
{
    Alert alert;
    alert.id = row.text(0);
    alert.ruleId = row.text(1);
    alert.name = row.text(2);
    alert.description = row.text(3);
    alert.severity = parseSeverity(row.text(4)).value_or(Severity::Medium);
    alert.tactics = splitList(row.text(5));
    alert.techniques = splitList(row.text(6));
    alert.startTime = row.integer(7);
    alert.endTime = row.integer(8);
    alert.time = row.integer(9);
    alert.entities = entity::entitiesFromJson(row.text(10));
    readDetails(alert, row.text(11));
    alert.query = row.text(12);
    alert.queryFrom = row.integer(13);
    alert.queryTo = row.integer(14);
    alert.resultRows = static_cast<std::uint64_t>(row.integer(15));
    alert.provider = row.text(16);
    alert.createIncident = row.integer(17) != 0;
    return alert;
}

/// The host or account an alert is about, for the column of that name.
std::string compromisedEntity(const Alert& alert)
{
    for (const char* type : {"Host", "Account", "AzureResource", "IP"})
        for (const entity::Entity& entity : alert.entities)
            if (entity.type == type)
                return entity.label();
    return {};
}

Result<void> insert(store::Statement& statement, const Alert& alert)
{
    const std::string tactics = fmt::format("{}", fmt::join(alert.tactics, ","));
    const std::string techniques = fmt::format("{}", fmt::join(alert.techniques, ","));
    const std::string entities = entity::entitiesJson(alert.entities);
    const std::string properties = extendedProperties(alert);
    const std::string details = detailsJson(alert);
    const std::string compromised = compromisedEntity(alert);
    statement.bind(1, alert.id).bind(2, alert.ruleId).bind(3, alert.name).bind(4, alert.description).bind(5, severityName(alert.severity));
    statement.bind(6, tactics).bind(7, techniques).bind(8, alert.startTime).bind(9, alert.endTime).bind(10, alert.time);
    statement.bind(11, entities).bind(12, properties).bind(13, details).bind(14, compromised).bind(15, alert.query);
    statement.bind(16, alert.queryFrom).bind(17, alert.queryTo).bind(18, static_cast<std::int64_t>(alert.resultRows)).bind(19, alert.provider);
    statement.bind(20, std::int64_t{alert.createIncident});
    return statement.run();
}

} // namespace

Result<AlertStore> AlertStore::open(store::Workspace& workspace)
{
    if (!workspace.isReadOnly())
        TOCSIN_TRY(store::ensureTables(workspace, migrations()));
    workspace.addTable(definition());
    return AlertStore(workspace);
}

Result<std::uint64_t> AlertStore::add(const std::vector<Alert>& alerts)
{
    std::uint64_t added = 0;
    TOCSIN_TRY(m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare(
            "INSERT OR IGNORE INTO alert (id, rule_id, name, description, severity, tactics, techniques, start_time, end_time, time, entities, extended_properties,"
            " custom_details, compromised_entity, query, query_from, query_to, result_rows, provider, create_incident)"
            " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)"));
        for (const Alert& alert : alerts) {
            TOCSIN_TRY(insert(statement, alert));
            added += static_cast<std::uint64_t>(connection.changes());
        }
        return {};
    }));
    return added;
}

Result<std::vector<Alert>> AlertStore::all() const
{
    std::vector<Alert> alerts;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare(std::string(kSelect) + " ORDER BY start_time, id"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool row, statement.step());
            if (!row)
                return {};
            alerts.push_back(alertOf(statement));
        }
    }));
    return alerts;
}

Result<std::vector<Alert>> AlertStore::withIds(const std::vector<std::string>& ids) const
{
    std::vector<Alert> alerts;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare(std::string(kSelect) + " WHERE id = ?1"));
        for (const std::string& id : ids) {
            statement.bind(1, id);
            TOCSIN_TRY_ASSIGN(const bool row, statement.step());
            if (row)
                alerts.push_back(alertOf(statement));
            statement.reset();
        }
        return {};
    }));
    return alerts;
}

Result<void> AlertStore::clear()
{
    return m_workspace->write([](store::Connection& connection) { return connection.execute("DELETE FROM alert"); });
}

} // namespace tocsin::detect
