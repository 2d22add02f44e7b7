// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/RuleReader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace tocsin::detect {
namespace {

/// The shortest of `14d`, `1h`, `5m`; ISO 8601 seconds for the rest.
std::string durationText(Ticks ticks)
{
    if (ticks % kTicksPerDay == 0)
        return fmt::format("{}d", ticks / kTicksPerDay);
    if (ticks % kTicksPerHour == 0)
        return fmt::format("{}h", ticks / kTicksPerHour);
    if (ticks % kTicksPerMinute == 0)
        return fmt::format("{}m", ticks / kTicksPerMinute);
    return fmt::format("PT{}S", ticks / kTicksPerSecond);
}

std::string_view triggerName(Trigger trigger)
{
    static constexpr std::string_view kNames[] = {"gt", "lt", "eq", "ne"};
    return kNames[static_cast<std::size_t>(trigger)];
}

void writeTexts(YAML::Emitter& out, const char* key, const std::vector<std::string>& values)
{
    if (!values.empty())
        out << YAML::Key << key << YAML::Value << values;
}

void writeGrouping(YAML::Emitter& out, const QueryRule& rule)
{
    static constexpr const char* kMethods[] = {"AllEntities", "AnyAlert", "Selected"};
    const GroupingSettings& grouping = rule.grouping;
    out << YAML::Key << "incidentConfiguration" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "createIncident" << YAML::Value << rule.createIncident;
    out << YAML::Key << "groupingConfiguration" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "enabled" << YAML::Value << grouping.enabled;
    out << YAML::Key << "reopenClosedIncident" << YAML::Value << grouping.reopenClosed;
    out << YAML::Key << "lookbackDuration" << YAML::Value << durationText(grouping.lookback);
    out << YAML::Key << "matchingMethod" << YAML::Value << kMethods[static_cast<std::size_t>(grouping.matching)];
    writeTexts(out, "groupByEntities", grouping.byEntities);
    writeTexts(out, "groupByAlertDetails", grouping.byAlertDetails);
    writeTexts(out, "groupByCustomDetails", grouping.byCustomDetails);
    out << YAML::EndMap << YAML::EndMap;
}

void writeDetails(YAML::Emitter& out, const QueryRule& rule)
{
    if (!rule.entities.empty()) {
        out << YAML::Key << "entityMappings" << YAML::Value << YAML::BeginSeq;
        for (const EntityMapping& mapping : rule.entities) {
            out << YAML::BeginMap << YAML::Key << "entityType" << YAML::Value << mapping.entityType << YAML::Key << "fieldMappings" << YAML::Value << YAML::BeginSeq;
            for (const FieldMapping& field : mapping.fields)
                out << YAML::BeginMap << YAML::Key << "identifier" << YAML::Value << field.identifier << YAML::Key << "columnName" << YAML::Value << field.column << YAML::EndMap;
            out << YAML::EndSeq << YAML::EndMap;
        }
        out << YAML::EndSeq;
    }
    if (!rule.customDetails.empty()) {
        out << YAML::Key << "customDetails" << YAML::Value << YAML::BeginMap;
        for (const auto& [key, column] : rule.customDetails)
            out << YAML::Key << key << YAML::Value << column;
        out << YAML::EndMap;
    }
    const std::pair<const char*, const std::string&> overrides[] = {{"alertDisplayNameFormat", rule.nameFormat}, {"alertDescriptionFormat", rule.descriptionFormat}, {"alertTacticsColumnName", rule.tacticsColumn}, {"alertSeverityColumnName", rule.severityColumn}};
    bool any = false;
    for (const auto& [key, value] : overrides)
        any = any || !value.empty();
    if (any) {
        out << YAML::Key << "alertDetailsOverride" << YAML::Value << YAML::BeginMap;
        for (const auto& [key, value] : overrides)
            if (!value.empty())
                out << YAML::Key << key << YAML::Value << value;
        out << YAML::EndMap;
    }
    if (rule.alertPerResult)
        out << YAML::Key << "eventGroupingSettings" << YAML::Value << YAML::BeginMap << YAML::Key << "aggregationKind" << YAML::Value << "AlertPerResult" << YAML::EndMap;
}

} // namespace

std::string writeSentinelRule(const QueryRule& rule)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "id" << YAML::Value << rule.id;
    out << YAML::Key << "name" << YAML::Value << rule.name;
    out << YAML::Key << "description" << YAML::Value << YAML::DoubleQuoted << rule.description;
    out << YAML::Key << "kind" << YAML::Value << (rule.nearRealTime ? "NRT" : "Scheduled");
    out << YAML::Key << "severity" << YAML::Value << std::string(severityName(rule.severity));
    out << YAML::Key << "enabled" << YAML::Value << rule.enabled;
    if (!rule.nearRealTime) {
        out << YAML::Key << "queryFrequency" << YAML::Value << durationText(rule.frequency);
        out << YAML::Key << "queryPeriod" << YAML::Value << durationText(rule.period);
        out << YAML::Key << "triggerOperator" << YAML::Value << std::string(triggerName(rule.trigger));
        out << YAML::Key << "triggerThreshold" << YAML::Value << rule.threshold;
    }
    if (rule.suppression > 0)
        out << YAML::Key << "suppressionEnabled" << YAML::Value << true << YAML::Key << "suppressionDuration" << YAML::Value << durationText(rule.suppression);
    writeTexts(out, "tactics", rule.tactics);
    writeTexts(out, "relevantTechniques", rule.techniques);
    out << YAML::Key << "query" << YAML::Value << YAML::DoubleQuoted << rule.query;
    writeDetails(out, rule);
    writeGrouping(out, rule);
    if (!rule.version.empty())
        out << YAML::Key << "version" << YAML::Value << rule.version;
    for (const auto& [key, value] : rule.carried)
        out << YAML::Key << key << YAML::Value << YAML::Load(value);
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

} // namespace tocsin::detect
