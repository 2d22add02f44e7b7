// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/StorageLogMapper.h"

#include "base/Utf8.h"
#include "ingest/readers/ResourceId.h"

namespace tocsin::ingest {

namespace {

std::string_view storageTable(std::string_view resourceId)
{
    const std::string id = lowerAscii(resourceId);
    if (id.find("/fileservices") != std::string::npos)
        return "StorageFileLogs";
    if (id.find("/queueservices") != std::string::npos)
        return "StorageQueueLogs";
    if (id.find("/tableservices") != std::string::npos)
        return "StorageTableLogs";
    return "StorageBlobLogs";
}

void mapIdentity(TableBuilder& table, JsonElement identity)
{
    const auto put = [&](JsonElement from, std::string_view name, std::string_view column) {
        if (const auto value = member(from, name))
            setJson(table, column, &*value);
    };
    put(identity, "type", "AuthenticationType");
    put(identity, "tokenHash", "AuthenticationHash");
    put(identity, "authorization", "AuthorizationDetails");
    const auto requester = member(identity, "requester");
    if (!requester)
        return;
    put(*requester, "appId", "RequesterAppId");
    put(*requester, "audience", "RequesterAudience");
    put(*requester, "objectId", "RequesterObjectId");
    put(*requester, "tenantId", "RequesterTenantId");
    put(*requester, "tokenIssuer", "RequesterTokenIssuer");
    put(*requester, "upn", "RequesterUpn");
}

bool isHandledApart(std::string_view key)
{
    for (const std::string_view name : {"time", "resourceId", "identity", "properties", "resourceType", "EventProcessedUtcTime", "PartitionId", "EventEnqueuedUtcTime"})
        if (equalsIgnoringCase(key, name))
            return true;
    return false;
}

} // namespace

bool StorageLogMapper::claims(const AzureRecord& record) const
{
    const std::string_view category = record.text(AzureKey::Category);
    return !record.isTableRow() && (category == "StorageRead" || category == "StorageWrite" || category == "StorageDelete");
}

Result<void> StorageLogMapper::map(const AzureRecord& record, RowSet& rows)
{
    TableBuilder& table = rows.table(storageTable(record.resourceId()));
    LeftOver rest;
    for (const auto field : record.object) {
        if (isHandledApart(field.key))
            continue;
        if (const auto column = table.findFolded(field.key))
            setJson(table, *column, field.value);
        else
            rest.add(field.key, field.value);
    }
    if (const JsonElement* identity = record.at(AzureKey::Identity))
        mapIdentity(table, *identity);
    if (record.properties)
        for (const auto field : *record.properties) {
            if (const auto column = table.findFolded(field.key))
                setJson(table, *column, field.value);
            else
                rest.add(field.key, field.value);
        }
    rest.put(table);
    rows.endRow(table, originOf(record, rows, "Azure"), 1);
    return {};
}

} // namespace tocsin::ingest
