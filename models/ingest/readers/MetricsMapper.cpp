// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/MetricsMapper.h"

#include "base/Utf8.h"
#include "ingest/readers/ResourceId.h"

#include <array>

namespace tocsin::ingest {

namespace {

constexpr std::array<std::string_view, 5> kAggregates{"count", "total", "minimum", "maximum", "average"};
constexpr std::array<std::string_view, 5> kAggregateColumns{"Count", "Total", "Minimum", "Maximum", "Average"};

void setResource(TableBuilder& table, std::string_view id)
{
    const ResourceIdParts parts = splitResourceId(id);
    table.text("ResourceId", id);
    table.text("SubscriptionId", parts.subscription);
    table.text("ResourceGroup", parts.group);
    table.text("ResourceProvider", parts.provider);
    table.text("Resource", parts.name);
}

void setAggregates(TableBuilder& table, JsonObject point)
{
    for (const auto field : point)
        for (std::size_t i = 0; i < kAggregates.size(); ++i)
            if (equalsIgnoringCase(field.key, kAggregates[i]))
                if (const auto column = table.find(kAggregateColumns[i]))
                    setJson(table, *column, field.value);
}

template <typename Container>
std::optional<simdjson::dom::array> arrayMember(Container value, std::string_view name)
{
    simdjson::dom::array array;
    const auto found = member(value, name);
    if (!found || found->get(array) != simdjson::SUCCESS)
        return {};
    return array;
}

} // namespace

bool MetricsMapper::claims(const AzureRecord& record) const
{
    if (record.isTableRow())
        return false;
    if (record.has(AzureKey::MetricName) && record.has(AzureKey::TimeGrain))
        return true;
    const JsonObject whole(record.object);
    return member(whole, "timespan") && arrayMember(whole, "value");
}

Result<void> MetricsMapper::map(const AzureRecord& record, RowSet& rows)
{
    if (record.has(AzureKey::MetricName))
        mapExport(record, rows);
    else if (const auto metrics = arrayMember(record.object, "value"))
        mapAnswer(record, *metrics, rows);
    return {};
}

void MetricsMapper::mapExport(const AzureRecord& record, RowSet& rows)
{
    TableBuilder& table = rows.table("AzureMetrics");
    setJson(table, "MetricName", record.at(AzureKey::MetricName));
    setJson(table, "TimeGrain", record.at(AzureKey::TimeGrain));
    table.text("UnitName", memberText(record.object, "unit"));
    setAggregates(table, record.object);
    setResource(table, record.resourceId());
    LeftOver rest;
    if (const auto dimension = member(record.object, "dimension"))
        rest.add("dimension", *dimension);
    rest.put(table);
    rows.endRow(table, originOf(record, rows, "Azure"), 1);
}

/// `value[].timeseries[].data[]`, one row a point.
void MetricsMapper::mapAnswer(const AzureRecord& record, simdjson::dom::array metrics, RowSet& rows)
{
    TableBuilder& table = rows.table("AzureMetrics");
    const std::string_view interval = memberText(record.object, "interval");
    std::uint64_t counted = 1;
    for (const JsonElement metric : metrics) {
        std::string_view name;
        if (const auto pair = member(metric, "name"))
            name = memberText(*pair, "value");
        const std::string_view id = memberText(metric, "id");
        const std::size_t tail = lowerAscii(id).find("/providers/microsoft.insights/metrics");
        for (const JsonElement series : arrayMember(metric, "timeseries").value_or(simdjson::dom::array()))
            for (const JsonElement point : arrayMember(series, "data").value_or(simdjson::dom::array())) {
                const auto time = rows.times().read(memberText(point, "timeStamp"));
                JsonObject values;
                if (!time || point.get(values) != simdjson::SUCCESS)
                    continue;
                table.text("MetricName", name);
                table.text("TimeGrain", interval);
                table.text("UnitName", memberText(metric, "unit"));
                setAggregates(table, values);
                setResource(table, id.substr(0, tail));
                rows.endRow(table, {*time, "Azure", id.substr(0, tail), 0}, std::exchange(counted, 0));
            }
    }
    if (counted)
        rows.countRecord(table);
}

} // namespace tocsin::ingest
