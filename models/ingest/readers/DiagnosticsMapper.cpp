// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/DiagnosticsMapper.h"

#include "base/Guid.h"
#include "base/Utf8.h"
#include "ingest/readers/ResourceId.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

/// More columns than this, and the rest goes to AdditionalFields, as in the service.
constexpr std::size_t kMaxColumns = 500;
constexpr int kMaxDepth = 32;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSpecific{{
    {"ApplicationGatewayAccessLog", "AGWAccessLogs"},
    {"ApplicationGatewayFirewallLog", "AGWFirewallLogs"},
    {"kube-audit", "AKSAudit"},
}};

const catalog::TableSchema* specificTable(const AzureRecord& record, const SchemaLibrary& schemas)
{
    const std::string_view category = record.text(AzureKey::Category);
    for (const auto& [name, table] : kSpecific)
        if (name == category)
            return schemas.find(table);
    if (category == "AuditEvent" && lowerAscii(record.resourceId()).find("/microsoft.keyvault/") != std::string::npos)
        return schemas.find("AZKVAuditLogs");
    const catalog::TableSchema* table = schemas.find(category);
    return table && !table->isFunction ? table : nullptr;
}

bool isCommonMember(std::string_view key)
{
    static constexpr std::array<std::string_view, 19> kCommon{"time", "timeStamp", "timestamp", "resourceId", "operationName", "operationVersion", "category",
        "resultType", "resultSignature", "resultDescription", "durationMs", "callerIpAddress", "correlationId", "level", "properties", "tenantId",
        "EventProcessedUtcTime", "PartitionId", "EventEnqueuedUtcTime"};
    return std::ranges::any_of(kCommon, [key](std::string_view name) { return equalsIgnoringCase(name, key); });
}

void appendName(std::string& name, std::string_view part)
{
    if (!name.empty())
        name += '_';
    for (const char c : part) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        name += plain ? c : '_';
    }
}

bool looksLikeGuid(std::string_view text)
{
    return text.size() == 36 && text[8] == '-' && text[13] == '-' && parseGuid(text).has_value();
}

bool looksLikeIsoTime(std::string_view text)
{
    return text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && parseIsoDateTime(text).has_value();
}

/// The column suffix of a value and its type.
std::pair<std::string_view, DataType> suffixOf(JsonElement value)
{
    std::string_view text;
    switch (value.type()) {
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE: return {"_d", DataType::Real};
    case simdjson::dom::element_type::BOOL: return {"_b", DataType::Bool};
    default: break;
    }
    if (value.get(text) == simdjson::SUCCESS) {
        if (looksLikeGuid(text))
            return {"_g", DataType::Guid};
        if (looksLikeIsoTime(text))
            return {"_t", DataType::DateTime};
    }
    return {"_s", DataType::String};
}

} // namespace

bool DiagnosticsMapper::claims(const AzureRecord& record) const
{
    if (record.isTableRow())
        return false;
    const bool time = record.has(AzureKey::Time) || record.has(AzureKey::TimeStamp);
    const bool what = record.has(AzureKey::Category) || record.has(AzureKey::OperationName) || record.has(AzureKey::Type);
    const bool whose = !record.resourceId().empty() || record.has(AzureKey::TenantId);
    return (time && (what || whose) && (whose || record.has(AzureKey::Properties))) || (whose && what && record.has(AzureKey::Properties));
}

Result<void> DiagnosticsMapper::map(const AzureRecord& record, RowSet& rows)
{
    TableBuilder& table = rows.table("AzureDiagnostics");
    mapCommon(record, table);
    LeftOver rest;
    for (const auto field : record.object)
        if (!isCommonMember(field.key)) {
            std::string name;
            appendName(name, field.key);
            flatten(table, name, field.value, rest, 0);
        }
    if (record.properties)
        for (const auto field : *record.properties) {
            std::string name;
            appendName(name, field.key);
            flatten(table, name, field.value, rest, 0);
        }
    else if (const JsonElement* properties = record.at(AzureKey::Properties))
        flatten(table, "properties", *properties, rest, 0);
    rest.put(table);
    rows.endRow(table, originOf(record, rows, "Azure"), 1);
    if (const catalog::TableSchema* specific = specificTable(record, rows.schemas()))
        mapSpecific(record, *specific, rows);
    return {};
}

void DiagnosticsMapper::mapCommon(const AzureRecord& record, TableBuilder& table)
{
    setJson(table, "OperationName", record.at(AzureKey::OperationName));
    setJson(table, "OperationVersion", record.at(AzureKey::OperationVersion));
    setJson(table, "Category", record.has(AzureKey::Category) ? record.at(AzureKey::Category) : record.at(AzureKey::Type));
    setJson(table, "ResultType", record.at(AzureKey::ResultType));
    setJson(table, "ResultSignature", record.at(AzureKey::ResultSignature));
    setJson(table, "ResultDescription", record.at(AzureKey::ResultDescription));
    setJson(table, "DurationMs", record.at(AzureKey::DurationMs));
    setJson(table, "CallerIPAddress", record.at(AzureKey::CallerIpAddress));
    setJson(table, "CorrelationId", record.at(AzureKey::CorrelationId));
    setJson(table, "Level", record.at(AzureKey::Level));
    setJson(table, "Tenant_g", record.at(AzureKey::TenantId));
    const std::string id = upperAscii(record.resourceId());
    const ResourceIdParts parts = splitResourceId(id);
    table.text("ResourceId", id);
    table.text("SubscriptionId", lowerAscii(parts.subscription));
    table.text("ResourceGroup", parts.group);
    table.text("ResourceProvider", parts.provider);
    table.text("ResourceType", parts.type);
    table.text("Resource", parts.name);
}

void DiagnosticsMapper::flatten(TableBuilder& table, const std::string& name, JsonElement value, LeftOver& rest, int depth)
{
    if (value.is_null())
        return;
    if (value.is_object() && depth < kMaxDepth) {
        for (const auto field : JsonObject(value)) {
            std::string inner = name;
            appendName(inner, field.key);
            flatten(table, inner, field.value, rest, depth + 1);
        }
        return;
    }
    const auto [suffix, type] = suffixOf(value);
    const std::string column = name + std::string(suffix);
    if (!table.find(column) && table.schema().columns.size() >= kMaxColumns) {
        rest.add(name, value);
        return;
    }
    setJson(table, table.require(column, type), value);
}

void DiagnosticsMapper::mapSpecific(const AzureRecord& record, const catalog::TableSchema& schema, RowSet& rows)
{
    TableBuilder& table = rows.table(schema.name);
    LeftOver rest;
    const auto put = [&](std::string_view key, JsonElement value) {
        if (const auto column = table.findFolded(key))
            setJson(table, *column, value);
        else
            rest.add(key, value);
    };
    if (record.properties)
        for (const auto field : *record.properties)
            put(field.key, field.value);
    for (const auto field : record.object)
        if (field.key != "time" && !equalsIgnoringCase(field.key, "properties") && !equalsIgnoringCase(field.key, "resourceId"))
            put(field.key, field.value);
    rest.put(table);
    rows.endRow(table, originOf(record, rows, "Azure"), 0);
}

} // namespace tocsin::ingest
