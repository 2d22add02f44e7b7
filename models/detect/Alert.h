// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/Rule.h"
#include "entity/Entity.h"

#include <string>
#include <vector>

namespace tocsin::detect {

/// What a rule found: the facts of a row of `SecurityAlert`.
struct Alert {
    std::string id;       ///< SystemAlertId: a guid made from rule, time and rows, so that the same run gives the same id
    std::string ruleId;
    std::string name;
    std::string description;
    Severity severity = Severity::Medium;
    std::vector<std::string> tactics;
    std::vector<std::string> techniques; ///< with sub-techniques ("T1059.001")
    Ticks startTime = 0;  ///< first TimeGenerated among the result rows
    Ticks endTime = 0;    ///< last
    Ticks time = 0;       ///< when the rule ran
    std::vector<entity::Entity> entities;
    std::string query;    ///< KQL that shows the evidence again
    Ticks queryFrom = 0;  ///< the period that query was bounded to: [from, to)
    Ticks queryTo = 0;
    std::uint64_t resultRows = 0;
    std::vector<std::pair<std::string, std::vector<std::string>>> customDetails;
    std::string provider = "Tocsin";
    bool createIncident = true;
};

/// ExtendedProperties as the JSON text of the SecurityAlert column: query, period, custom details.
std::string extendedProperties(const Alert& alert);

} // namespace tocsin::detect
