// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/AzureActivityMapper.h"

#include "base/Utf8.h"
#include "ingest/readers/ResourceId.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

enum RestKey : std::size_t {
    kAuthorization, kCaller, kClaims, kHttpRequest, kCorrelationId, kEventDataId, kOperationId, kOperationName, kCategory, kStatus, kSubStatus, kLevel,
    kProperties, kResourceGroupName, kResourceProviderName, kResourceId, kSubscriptionId, kSubmissionTimestamp, kEventTimestamp,
};
constexpr std::array<std::string_view, 19> kRestNames{"authorization", "caller", "claims", "httpRequest", "correlationId", "eventDataId", "operationId",
    "operationName", "category", "status", "subStatus", "level", "properties", "resourceGroupName", "resourceProviderName", "resourceId", "subscriptionId",
    "submissionTimestamp", "eventTimestamp"};

/// A `{value, localizedValue}` pair, or plain text.
std::string_view pairText(const JsonElement* pair, bool localized)
{
    if (!pair)
        return {};
    std::string_view text;
    if (pair->get(text) == simdjson::SUCCESS)
        return text;
    if (localized) {
        text = memberText(*pair, "localizedValue");
        if (text.empty())
            text = memberText(*pair, "localized_value");
        if (!text.empty())
            return text;
    }
    return memberText(*pair, "value");
}

void setBoth(TableBuilder& table, std::string_view text, std::string_view dynamic, const JsonElement* value)
{
    setJson(table, text, value);
    setJson(table, dynamic, value);
}

void setResource(TableBuilder& table, std::string_view id)
{
    const ResourceIdParts parts = splitResourceId(id);
    table.text("ResourceId", id);
    table.text("Resource", parts.name);
    table.text("ResourceGroup", parts.group);
    table.text("ResourceProvider", parts.provider);
    table.text("ResourceProviderValue", parts.provider);
    if (!parts.subscription.empty())
        table.text("SubscriptionId", parts.subscription);
}

/// Who called: the user's name, else any name, else the application.
std::string_view callerOf(JsonElement claims)
{
    for (const std::string_view claim : {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn",
             "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "unique_name", "name", "appid"})
        if (const std::string_view text = memberText(claims, claim); !text.empty())
            return text;
    return {};
}

/// The event's level as a word; exports add the number of the Windows event level under `Level`.
void setLevel(TableBuilder& table, const AzureRecord& record)
{
    for (const std::string_view key : {"level", "Level"}) {
        std::string_view word;
        if (record.object.at_key(key).get(word) == simdjson::SUCCESS) {
            table.text("Level", word);
            return;
        }
    }
    setJson(table, "Level", record.at(AzureKey::Level));
}

bool isRest(const AzureRecord& record)
{
    return record.has(AzureKey::EventTimestamp) && record.has(AzureKey::EventDataId);
}

/// Members of the export that have a column of their own, or are noise of the transport.
bool isMappedExportMember(std::string_view key)
{
    static constexpr std::array<std::string_view, 15> kMapped{"time", "resourceId", "operationName", "category", "resultType", "resultSignature", "level",
        "callerIpAddress", "correlationId", "identity", "properties", "EventProcessedUtcTime", "PartitionId", "EventEnqueuedUtcTime", "eventDataId"};
    return std::ranges::any_of(kMapped, [key](std::string_view name) { return equalsIgnoringCase(name, key); });
}

} // namespace

bool isActivityCategory(std::string_view category)
{
    static constexpr std::array<std::string_view, 11> kCategories{"Administrative", "Policy", "Security", "ServiceHealth", "ResourceHealth", "Alert", "Autoscale",
        "Recommendation", "Write", "Delete", "Action"};
    return std::ranges::any_of(kCategories, [category](std::string_view name) { return equalsIgnoringCase(name, category); });
}

AzureActivityMapper::AzureActivityMapper() : m_restKeys(std::span<const std::string_view>(kRestNames)), m_rest(m_restKeys) {}

bool AzureActivityMapper::claims(const AzureRecord& record) const
{
    if (record.isTableRow())
        return false;
    if (isRest(record))
        return true;
    if (!record.has(AzureKey::Time) || !isActivityCategory(record.text(AzureKey::Category)))
        return false;
    return record.text(AzureKey::OperationName).size() > 0 && !record.resourceId().starts_with("/tenants/");
}

Result<void> AzureActivityMapper::map(const AzureRecord& record, RowSet& rows)
{
    TableBuilder& table = rows.table("AzureActivity");
    if (isRest(record))
        mapRest(record, table);
    else
        mapExport(record, table);
    rows.endRow(table, originOf(record, rows, "Azure"), 1);
    return {};
}

void AzureActivityMapper::mapRest(const AzureRecord& record, TableBuilder& table)
{
    m_rest.read(record.object);
    setJson(table, "EventSubmissionTimestamp", m_rest.at(kSubmissionTimestamp));
    table.text("OperationNameValue", pairText(m_rest.at(kOperationName), false));
    table.text("OperationName", pairText(m_rest.at(kOperationName), true));
    table.text("CategoryValue", pairText(m_rest.at(kCategory), false));
    table.text("Category", pairText(m_rest.at(kCategory), false));
    table.text("ActivityStatusValue", pairText(m_rest.at(kStatus), false));
    table.text("ActivityStatus", pairText(m_rest.at(kStatus), false));
    table.text("ActivitySubstatusValue", pairText(m_rest.at(kSubStatus), false));
    table.text("ActivitySubstatus", pairText(m_rest.at(kSubStatus), false));
    setJson(table, "Level", m_rest.at(kLevel));
    setJson(table, "Caller", m_rest.at(kCaller));
    setBoth(table, "Authorization", "Authorization_d", m_rest.at(kAuthorization));
    setBoth(table, "Claims", "Claims_d", m_rest.at(kClaims));
    setBoth(table, "Properties", "Properties_d", m_rest.at(kProperties));
    if (const JsonElement* request = m_rest.at(kHttpRequest)) {
        setJson(table, "HTTPRequest", request);
        for (const std::string_view name : {"clientIpAddress", "client_ip_address"})
            if (const std::string_view address = memberText(*request, name); !address.empty())
                table.text("CallerIpAddress", address);
    }
    setJson(table, "CorrelationId", m_rest.at(kCorrelationId));
    setJson(table, "EventDataId", m_rest.at(kEventDataId));
    setJson(table, "OperationId", m_rest.at(kOperationId));
    setJson(table, "ResourceGroup", m_rest.at(kResourceGroupName));
    table.text("ResourceProviderValue", pairText(m_rest.at(kResourceProviderName), false));
    table.text("ResourceProvider", pairText(m_rest.at(kResourceProviderName), true));
    setJson(table, "SubscriptionId", m_rest.at(kSubscriptionId));
    setResource(table, m_rest.text(kResourceId));
    LeftOver rest;
    for (const auto field : record.object)
        if (m_restKeys.find(field.key) < 0)
            rest.add(field.key, field.value);
    rest.put(table);
}

void AzureActivityMapper::mapExport(const AzureRecord& record, TableBuilder& table)
{
    const std::string_view category = record.text(AzureKey::Category);
    const bool old = category == "Write" || category == "Delete" || category == "Action";
    if (record.properties) {
        const JsonObject properties(*record.properties);
        table.text("Category", memberText(properties, "eventCategory"));
        table.text("Hierarchy", memberText(properties, "hierarchy"));
        table.text("EventDataId", memberText(properties, "eventDataId"));
        if (const auto request = member(properties, "httpRequest"))
            setJson(table, "HTTPRequest", &*request);
    }
    const std::string_view eventCategory = record.properties ? memberText(*record.properties, "eventCategory") : std::string_view();
    table.text("CategoryValue", !eventCategory.empty() ? eventCategory : old ? "Administrative" : category);
    table.text("Category", category);
    table.text("OperationNameValue", record.text(AzureKey::OperationName));
    table.text("OperationName", record.text(AzureKey::OperationName));
    for (const std::string_view column : {"ActivityStatusValue", "ActivityStatus"})
        setJson(table, column, record.at(AzureKey::ResultType));
    for (const std::string_view column : {"ActivitySubstatusValue", "ActivitySubstatus"})
        setJson(table, column, record.at(AzureKey::ResultSignature));
    setLevel(table, record);
    setJson(table, "CallerIpAddress", record.at(AzureKey::CallerIpAddress));
    setJson(table, "CorrelationId", record.at(AzureKey::CorrelationId));
    setJson(table, "EventDataId", record.at(AzureKey::EventDataId));
    setBoth(table, "Properties", "Properties_d", record.at(AzureKey::Properties));
    if (const JsonElement* identity = record.at(AzureKey::Identity)) {
        if (const auto authorization = member(*identity, "authorization"))
            setBoth(table, "Authorization", "Authorization_d", &*authorization);
        if (const auto claims = member(*identity, "claims")) {
            setBoth(table, "Claims", "Claims_d", &*claims);
            table.text("Caller", callerOf(*claims));
        }
    }
    setResource(table, record.resourceId());
    if (record.properties)
        table.text("SubscriptionId", memberText(*record.properties, "SubscriptionID"));
    LeftOver rest;
    for (const auto field : record.object)
        if (!isMappedExportMember(field.key))
            rest.add(field.key, field.value);
    rest.put(table);
}

} // namespace tocsin::ingest
