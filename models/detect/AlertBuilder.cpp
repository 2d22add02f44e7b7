// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "base/Utf8.h"
#include "column/Dynamic.h"
#include "attack/KillChain.h"
#include "detect/RuleRunner.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::detect {
namespace {

constexpr std::size_t kMaxAlertsPerRun = 150; ///< published limit: 149 single alerts and one that sums up the rest
constexpr std::size_t kMaxEntities = 500;     ///< published limit of entities an alert
constexpr std::size_t kMaxDetailValues = 50;

/// Columns of a result by name.
class Columns {
public:
    explicit Columns(const engine::QueryResult& rows) : m_rows(rows) {}
    std::optional<std::size_t> find(std::string_view name) const
    {
        const auto& columns = m_rows.schema.columns;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i].name == name)
                return i;
        return std::nullopt;
    }
    std::string text(std::size_t row, std::string_view name) const
    {
        const auto column = find(name);
        return column ? m_rows.at(row, *column).toString() : std::string();
    }

private:
    const engine::QueryResult& m_rows;
};

std::string expand(const std::string& format, const Columns& columns, std::size_t row)
{
    std::string out;
    for (std::size_t i = 0; i < format.size();) {
        const std::size_t open = format.find("{{", i);
        const std::size_t close = open == std::string::npos ? open : format.find("}}", open);
        if (close == std::string::npos) {
            out += format.substr(i);
            break;
        }
        out += format.substr(i, open - i);
        out += columns.text(row, trimSpaces(std::string_view(format).substr(open + 2, close - open - 2)));
        i = close + 2;
    }
    return out;
}

/// Values a cell names: a dynamic array gives each item, for rules map whole sets to an entity.
std::vector<std::string> cellValues(const Value& value)
{
    if (value.isNull())
        return {};
    if (value.type() == DataType::Dynamic) {
        const DynamicView view(value.asText());
        if (view.isArray()) {
            std::vector<std::string> values;
            for (std::size_t i = 0; i < view.size(); ++i)
                values.push_back(view.item(i).toString());
            return values;
        }
    }
    return {value.toString()};
}

/// A value as text, an array with its items sorted.
std::string orderlessText(const Value& value)
{
    std::vector<std::string> items = cellValues(value);
    std::sort(items.begin(), items.end());
    std::string text;
    for (const std::string& item : items)
        text += item + '\x1f';
    return text;
}

/// One alert over some rows of a result.
class AlertBuilder {
public:
    AlertBuilder(const QueryRule& rule, const engine::QueryResult& rows, Ticks time) : m_rule(rule), m_rows(rows), m_columns(rows), m_time(time) {}

    Alert build(std::size_t from, std::size_t count) const
    {
        Alert alert;
        alert.ruleId = m_rule.id;
        alert.name = m_rule.name;
        alert.description = m_rule.description;
        alert.severity = m_rule.severity;
        alert.tactics = m_rule.tactics;
        alert.techniques = m_rule.techniques;
        alert.time = m_time;
        alert.query = m_rule.query;
        alert.queryFrom = m_time - m_rule.period;
        alert.queryTo = m_time;
        alert.resultRows = count;
        alert.createIncident = m_rule.createIncident;
        override_(alert, from);
        addTimes(alert, from, count);
        addEntities(alert, from, count);
        addDetails(alert, from, count);
        alert.id = identity(from, count);
        return alert;
    }

private:
    void override_(Alert& alert, std::size_t row) const
    {
        if (const std::string name = expand(m_rule.nameFormat, m_columns, row); !trimSpaces(name).empty())
            alert.name = name;
        if (const std::string text = expand(m_rule.descriptionFormat, m_columns, row); !trimSpaces(text).empty())
            alert.description = text;
        if (const auto severity = parseSeverity(m_columns.text(row, m_rule.severityColumn)))
            alert.severity = *severity;
        if (const std::string_view tactic = attack::sentinelTactic(m_columns.text(row, m_rule.tacticsColumn)); !tactic.empty())
            alert.tactics = {std::string(tactic)};
    }

    /// First and last TimeGenerated among the rows, or else of any datetime column within the period; the window itself as a last resort.
    void addTimes(Alert& alert, std::size_t from, std::size_t count) const
    {
        alert.startTime = kMaxDateTime;
        alert.endTime = kMinDateTime;
        const auto consider = [&](std::size_t column) {
            if (m_rows.schema.columns[column].type != DataType::DateTime)
                return;
            for (std::size_t row = from; row < from + count; ++row) {
                const Value value = m_rows.at(row, column);
                if (value.isNull() || value.asLong() < alert.queryFrom || value.asLong() > m_time)
                    continue;
                alert.startTime = std::min(alert.startTime, value.asLong());
                alert.endTime = std::max(alert.endTime, value.asLong());
            }
        };
        if (const auto time = m_columns.find("TimeGenerated"))
            consider(*time);
        for (std::size_t column = 0; column < m_rows.schema.columns.size() && alert.startTime == kMaxDateTime; ++column)
            consider(column);
        for (const char* edge : {"StartTime", "EndTime", "StartTimeUtc", "EndTimeUtc", "FirstSeen", "LastSeen"})
            if (const auto column = m_columns.find(edge))
                consider(*column);
        if (alert.startTime == kMaxDateTime) {
            alert.startTime = alert.queryFrom;
            alert.endTime = m_time;
        }
    }

    void addEntities(Alert& alert, std::size_t from, std::size_t count) const
    {
        for (std::size_t row = from; row < from + count && alert.entities.size() < kMaxEntities; ++row)
            for (const EntityMapping& mapping : m_rule.entities)
                addEntity(alert, mapping, row);
    }
    void addEntity(Alert& alert, const EntityMapping& mapping, std::size_t row) const
    {
        std::vector<std::vector<std::string>> values;
        std::size_t most = 0;
        for (const FieldMapping& field : mapping.fields) {
            const auto column = m_columns.find(field.column);
            values.push_back(column ? cellValues(m_rows.at(row, *column)) : std::vector<std::string>());
            most = std::max(most, values.back().size());
        }
        for (std::size_t i = 0; i < most && alert.entities.size() < kMaxEntities; ++i) {
            std::vector<std::pair<std::string, std::string>> fields;
            for (std::size_t f = 0; f < values.size(); ++f)
                if (!values[f].empty())
                    fields.emplace_back(mapping.fields[f].identifier, values[f][std::min(i, values[f].size() - 1)]);
            if (auto entity = entity::makeEntity(mapping.entityType, std::move(fields)))
                entity::mergeInto(alert.entities, std::move(*entity));
        }
    }

    void addDetails(Alert& alert, std::size_t from, std::size_t count) const
    {
        for (const auto& [key, columnName] : m_rule.customDetails) {
            const auto column = m_columns.find(columnName);
            std::vector<std::string> values;
            for (std::size_t row = from; column && row < from + count && values.size() < kMaxDetailValues; ++row) {
                std::string value = m_rows.at(row, *column).toString();
                if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end())
                    values.push_back(std::move(value));
            }
            alert.customDetails.emplace_back(key, std::move(values));
        }
    }

    /// A guid from the rule, the time of the run and what the rows say. Neither the order of rows nor the order within a set
    /// counts: both depend on how a query was spread over threads, and the same finding must not become two alerts.
    std::string identity(std::size_t from, std::size_t count) const
    {
        std::vector<std::string> rows(count);
        for (std::size_t row = 0; row < count; ++row)
            for (std::size_t column = 0; column < m_rows.schema.columns.size(); ++column)
                rows[row] += '\n' + orderlessText(m_rows.at(from + row, column));
        std::sort(rows.begin(), rows.end());
        std::string content = m_rule.id + '\n' + formatDateTime(m_time);
        for (const std::string& row : rows)
            content += row;
        const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
        Guid guid;
        for (std::size_t i = 0; i < 8; ++i) {
            guid.bytes[i] = static_cast<std::uint8_t>(hash.high64 >> (56 - 8 * i));
            guid.bytes[8 + i] = static_cast<std::uint8_t>(hash.low64 >> (56 - 8 * i));
        }
        return formatGuid(guid);
    }

    const QueryRule& m_rule;
    const engine::QueryResult& m_rows;
    Columns m_columns;
    Ticks m_time;
};

bool triggers(const QueryRule& rule, std::size_t rows)
{
    const auto threshold = static_cast<std::size_t>(rule.threshold);
    switch (rule.trigger) {
    case Trigger::GreaterThan: return rows > threshold;
    case Trigger::LessThan: return rows < threshold;
    case Trigger::Equal: return rows == threshold;
    case Trigger::NotEqual: return rows != threshold;
    }
    return false;
}

} // namespace

std::vector<Alert> alertsFromRows(const QueryRule& rule, const engine::QueryResult& rows, Ticks time)
{
    const std::size_t count = rows.rows();
    std::vector<Alert> alerts;
    if (!triggers(rule, count))
        return alerts;
    const AlertBuilder builder(rule, rows, time);
    if (!rule.alertPerResult) {
        alerts.push_back(builder.build(0, count));
        return alerts;
    }
    for (std::size_t row = 0; row < std::min(count, kMaxAlertsPerRun - 1); ++row)
        alerts.push_back(builder.build(row, 1));
    if (count >= kMaxAlertsPerRun)
        alerts.push_back(builder.build(kMaxAlertsPerRun - 1, count - (kMaxAlertsPerRun - 1)));
    return alerts;
}

std::string extendedProperties(const Alert& alert)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject();
    json.key("Query").string(alert.query);
    json.key("Query Start Time UTC").string(formatDateTime(alert.queryFrom));
    json.key("Query End Time UTC").string(formatDateTime(alert.queryTo));
    json.key("Analytic Rule Ids").string("[\"" + alert.ruleId + "\"]");
    json.key("Search Query Results Overall Count").string(std::to_string(alert.resultRows));
    if (!alert.customDetails.empty()) {
        std::string details;
        JsonWriter inner(details);
        inner.beginObject();
        for (const auto& [key, values] : alert.customDetails) {
            inner.key(key).beginArray();
            for (const std::string& value : values)
                inner.string(value);
            inner.endArray();
        }
        inner.endObject();
        json.key("Custom Details").string(details);
    }
    json.endObject();
    return text;
}

} // namespace tocsin::detect
