// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/EntraMapper.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::ingest {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTables{{
    {"SignInLogs", "SigninLogs"},
    {"NonInteractiveUserSignInLogs", "AADNonInteractiveUserSignInLogs"},
    {"ServicePrincipalSignInLogs", "AADServicePrincipalSignInLogs"},
    {"ManagedIdentitySignInLogs", "AADManagedIdentitySignInLogs"},
    {"AuditLogs", "AuditLogs"},
    {"RiskyUsers", "AADRiskyUsers"},
    {"UserRiskEvents", "AADUserRiskEvents"},
    {"RiskyServicePrincipals", "AADRiskyServicePrincipals"},
    {"ServicePrincipalRiskEvents", "AADServicePrincipalRiskEvents"},
    {"ProvisioningLogs", "AADProvisioningLogs"},
    {"ADFSSignInLogs", "ADFSSignInLogs"},
    {"MicrosoftGraphActivityLogs", "MicrosoftGraphActivityLogs"},
}};

bool isDirectoryResource(std::string_view id)
{
    return id.size() > 9 && equalsIgnoringCase(id.substr(0, 9), "/tenants/");
}

/// Members of the record beside `properties` that mapCommon puts somewhere.
bool isMappedMember(std::string_view key)
{
    static constexpr std::array<std::string_view, 20> kMapped{"time", "resourceId", "operationName", "operationVersion", "category", "tenantId", "resultType",
        "resultSignature", "resultDescription", "durationMs", "callerIpAddress", "correlationId", "identity", "level", "location", "properties",
        "EventProcessedUtcTime", "PartitionId", "EventEnqueuedUtcTime", "time_string"};
    return std::ranges::any_of(kMapped, [key](std::string_view name) { return equalsIgnoringCase(name, key); });
}

template <typename Container>
void setRenamed(TableBuilder& table, std::string_view column, Container properties, std::string_view name)
{
    if (const auto value = member(properties, name))
        setJson(table, column, &*value);
}

} // namespace

std::string_view entraTable(std::string_view category)
{
    for (const auto& [name, table] : kTables)
        if (equalsIgnoringCase(name, category))
            return table;
    return {};
}

bool EntraMapper::claims(const AzureRecord& record) const
{
    if (record.isTableRow() || !record.has(AzureKey::Time))
        return false;
    return !entraTable(record.text(AzureKey::Category)).empty() || isDirectoryResource(record.resourceId());
}

Result<void> EntraMapper::map(const AzureRecord& record, RowSet& rows)
{
    // A directory record of another category is an audit record that carries its own category instead of the export's.
    std::string_view name = entraTable(record.text(AzureKey::Category));
    if (name.empty())
        name = "AuditLogs";
    TableBuilder& table = rows.table(name);
    if (record.properties) {
        if (name == "AuditLogs")
            mapAudit(record, table);
        else
            mapSignIn(record, table);
    }
    mapCommon(record, table);
    RowOrigin origin = originOf(record, rows, "Azure AD");
    origin.resourceId = {}; // the directory is no resource of a subscription
    rows.endRow(table, origin, 1);
    return {};
}

void EntraMapper::mapCommon(const AzureRecord& record, TableBuilder& table)
{
    setJson(table, "AADTenantId", record.at(AzureKey::TenantId));
    setJson(table, "OperationName", record.at(AzureKey::OperationName));
    setJson(table, "OperationVersion", record.at(AzureKey::OperationVersion));
    setJson(table, "Category", record.at(AzureKey::Category));
    setJson(table, "ResultType", record.at(AzureKey::ResultType));
    setJson(table, "ResultSignature", record.at(AzureKey::ResultSignature));
    setJson(table, "ResultDescription", record.at(AzureKey::ResultDescription));
    setJson(table, "DurationMs", record.at(AzureKey::DurationMs));
    setJson(table, "CorrelationId", record.at(AzureKey::CorrelationId));
    setJson(table, "Identity", record.at(AzureKey::Identity));
    setJson(table, "Level", record.at(AzureKey::Level));
    setJson(table, "Location", record.at(AzureKey::Location));
    setJson(table, "IPAddress", record.at(AzureKey::CallerIpAddress));
    table.text("ResourceId", record.resourceId());
    table.text("Resource", "Microsoft.aadiam");
    table.text("ResourceGroup", "Microsoft.aadiam");
    LeftOver rest;
    for (const auto field : record.object)
        if (!isMappedMember(field.key))
            rest.add(field.key, field.value);
    if (record.properties)
        for (const auto field : *record.properties)
            if (!table.findFolded(field.key))
                rest.add(field.key, field.value);
    rest.put(table);
}

void EntraMapper::mapSignIn(const AzureRecord& record, TableBuilder& table)
{
    const JsonObject properties(*record.properties);
    // The record's own members win over those of the same name in properties.
    setJson(table, "CorrelationId", record.at(AzureKey::CorrelationId));
    setJson(table, "Location", record.at(AzureKey::Location));
    setJson(table, "ResultType", record.at(AzureKey::ResultType));
    setJson(table, "OperationName", record.at(AzureKey::OperationName));
    setRenamed(table, "IPAddress", properties, "ipAddress");
    setRenamed(table, "ConditionalAccessPolicies", properties, "appliedConditionalAccessPolicies");
    setRenamed(table, "AppliedConditionalAccessPolicies", properties, "appliedConditionalAccessPolicies");
    setRenamed(table, "ResourceIdentity", properties, "resourceId");
    if (const auto location = member(properties, "location")) {
        setJson(table, "LocationDetails", &*location);
        table.text("Location", memberText(*location, "countryOrRegion"));
    }
    if (const auto status = member(properties, "status")) {
        setJson(table, "Status", &*status);
        setRenamed(table, "ResultType", *status, "errorCode");
    }
    setRenamed(table, "ProcessingTimeInMs", properties, "processingTimeInMilliseconds");
    for (const auto field : *record.properties) {
        if (field.key == "resourceId" || field.key == "location")
            continue;
        if (const auto column = table.findFolded(field.key))
            setJson(table, *column, field.value);
    }
}

void EntraMapper::mapAudit(const AzureRecord& record, TableBuilder& table)
{
    const JsonObject properties(*record.properties);
    setJson(table, "OperationName", record.at(AzureKey::OperationName));
    setJson(table, "CorrelationId", record.at(AzureKey::CorrelationId));
    setJson(table, "ResultType", record.at(AzureKey::ResultType));
    setRenamed(table, "AADOperationType", properties, "operationType");
    for (const auto field : *record.properties)
        if (const auto column = table.findFolded(field.key))
            setJson(table, *column, field.value);
}

} // namespace tocsin::ingest
