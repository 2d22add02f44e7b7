// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "incident/Incident.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::incident {

/// The dynamic columns of `SecurityIncident`, written and read.
std::string textsJson(const std::vector<std::string>& values);
std::vector<std::string> textsFromJson(std::string_view json);
std::string labelsJson(const std::vector<std::string>& labels);        ///< [{labelName, labelType}]
std::vector<std::string> labelsFromJson(std::string_view json);
std::string ownerJson(std::string_view owner);                         ///< {assignedTo, …}
std::string ownerFromJson(std::string_view json);
std::string commentsJson(const std::vector<Comment>& comments);        ///< [{message, author{name}, createdTimeUtc}]
std::vector<Comment> commentsFromJson(std::string_view json);
std::string additionalDataJson(const Incident& incident);              ///< {alertsCount, commentsCount, tactics, score, …}
std::vector<std::string> tacticsFromAdditionalData(std::string_view json);
double scoreFromAdditionalData(std::string_view json);

} // namespace tocsin::incident
