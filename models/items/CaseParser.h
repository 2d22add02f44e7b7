// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"
#include "items/CaseData.h"

namespace tocsin::items {

/// The queries whose answers the functions below read.
extern const char* const kIncidentQuery;
extern const char* const kAlertQuery;

/// Reads rows by column name; columns that are missing leave their fields empty. Any thread.
std::vector<Incident> parseIncidents(const engine::QueryResult& result);
std::vector<Alert> parseAlerts(const engine::QueryResult& result);
/// Reads a JSON list of entities as in SecurityAlert.Entities; `$ref` entries are left out. Bad JSON gives none.
std::vector<Entity> parseEntities(std::string_view json);
/// Sorts both lists, and gives incidents the tactics and stages of their alerts.
std::shared_ptr<const CaseData> joinCase(std::vector<Incident> incidents, std::vector<Alert> alerts);

} // namespace tocsin::items
