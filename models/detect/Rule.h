// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::detect {

enum class Severity { Informational, Low, Medium, High };
std::string_view severityName(Severity severity);
std::optional<Severity> parseSeverity(std::string_view name); ///< any letter case; "critical" is High

enum class Trigger { GreaterThan, LessThan, Equal, NotEqual };

struct FieldMapping {
    std::string identifier; ///< of the entity type: "FullName", "Address"
    std::string column;     ///< of the query's result
};

struct EntityMapping {
    std::string entityType; ///< "Account", "IP", …
    std::vector<FieldMapping> fields;
};

/// How alerts of one rule are grouped into incidents.
struct GroupingSettings {
    enum class Matching { AllEntities, AnyAlert, Selected };
    bool enabled = false;
    bool reopenClosed = false;
    Ticks lookback = 5 * kTicksPerHour;
    Matching matching = Matching::AllEntities;
    std::vector<std::string> byEntities, byAlertDetails, byCustomDetails;
};

/// A detection rule of one query: the fields of Sentinel's analytics rules (azure-rest-api-specs, SecurityInsights).
struct QueryRule {
    std::string id;
    std::string name;
    std::string description;
    std::string version;
    Severity severity = Severity::Medium;
    std::vector<std::string> tactics;    ///< names without spaces: "CredentialAccess"
    std::vector<std::string> techniques; ///< "T1078", "T1078.004"
    std::string query;                   ///< KQL
    bool nearRealTime = false;           ///< NRT: every minute over what was ingested in it
    Ticks frequency = kTicksPerHour;
    Ticks period = kTicksPerHour;
    Trigger trigger = Trigger::GreaterThan;
    int threshold = 0;
    std::vector<EntityMapping> entities;
    std::vector<std::pair<std::string, std::string>> customDetails; ///< key, column
    std::string nameFormat;        ///< alertDetailsOverride: `{{Column}}` stands for the first row's value
    std::string descriptionFormat;
    std::string tacticsColumn;
    std::string severityColumn;
    bool alertPerResult = false;   ///< eventGroupingSettings: AlertPerResult
    bool createIncident = true;
    GroupingSettings grouping;
    Ticks suppression = 0;         ///< after an alert the rule rests this long; 0 = off
    bool enabled = true;
    std::vector<std::string> dataTypes; ///< tables the rule's connectors name
    std::vector<std::pair<std::string, std::string>> carried; ///< fields kept unread (status, tags, metadata …), as YAML or JSON text
    std::string source;            ///< file it came from, or "built-in"
};

} // namespace tocsin::detect
