// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/AzureRecord.h"

#include "ingest/Errors.h"

#include <array>

namespace tocsin::ingest {

namespace {

// In the order of AzureKey.
constexpr std::array<std::string_view, static_cast<std::size_t>(AzureKey::Count)> kNames{"time", "timeStamp", "eventTimestamp", "TimeGenerated", "resourceId", "category", "operationName",
    "operationVersion", "resultType", "resultSignature", "resultDescription", "durationMs", "callerIpAddress", "correlationId", "identity",
    "level", "location", "properties", "tenantId", "eventDataId", "type", "flowRecords", "metricName", "timeGrain", "flowLogResourceID", "resoureId"};

std::optional<Ticks> timeOf(const JsonElement* value, const TimestampReader& times)
{
    if (!value)
        return {};
    std::string_view text;
    if (value->get(text) == simdjson::SUCCESS)
        return times.read(text);
    std::int64_t whole = 0;
    if (value->get(whole) == simdjson::SUCCESS)
        return TimestampReader::fromEpoch(whole);
    double real = 0;
    if (value->get(real) == simdjson::SUCCESS)
        return TimestampReader::fromEpoch(real);
    return {};
}

} // namespace

const KeySet& azureKeys()
{
    static const KeySet kKeys{std::span<const std::string_view>(kNames)};
    return kKeys;
}

std::string_view AzureRecord::resourceId() const
{
    const std::string_view id = text(AzureKey::ResourceId);
    return id.empty() ? text(AzureKey::ResoureId) : id;
}

bool AzureRecord::isTableRow() const
{
    return has(AzureKey::TimeGenerated) && !has(AzureKey::Time) && !has(AzureKey::EventTimestamp);
}

Ticks recordTime(const AzureRecord& record, RowSet& rows)
{
    for (const AzureKey key : {AzureKey::Time, AzureKey::EventTimestamp, AzureKey::TimeStamp, AzureKey::TimeGenerated})
        if (const auto time = timeOf(record.at(key), rows.times()))
            return *time;
    rows.sink().warning({record.offset, record.line, makeError(kNoTime)});
    return rows.options().importTime;
}

RowOrigin originOf(const AzureRecord& record, RowSet& rows, std::string_view sourceSystem)
{
    return {recordTime(record, rows), sourceSystem, record.resourceId(), record.bytes};
}

void LeftOver::add(std::string_view key, JsonElement value)
{
    if (value.is_null())
        return;
    if (!m_any)
        m_bag.beginObject();
    m_any = true;
    m_bag.key(key);
    buildDynamic(m_bag, value);
}

void LeftOver::put(TableBuilder& table)
{
    if (!m_any)
        return;
    m_bag.endObject();
    m_any = false;
    table.setDynamic(table.require("AdditionalFields", DataType::Dynamic), m_bag.take());
}

} // namespace tocsin::ingest
