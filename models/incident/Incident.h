// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/Alert.h"
#include "attack/KillChain.h"

#include <string>
#include <vector>

namespace tocsin::incident {

enum class Status { New, Active, Closed };
std::string_view statusName(Status status);
std::optional<Status> parseStatus(std::string_view name);

struct Comment {
    Ticks time = 0;
    std::string author;
    std::string text;
};

/// A case to work on: alerts that belong together. The facts of the latest row of `SecurityIncident`.
struct Incident {
    std::int64_t number = 0; ///< sequential, from 1
    std::string title;
    std::string description;
    detect::Severity severity = detect::Severity::Medium;
    Status status = Status::New;
    std::string classification;        ///< Undetermined, TruePositive, BenignPositive, FalsePositive, or empty while open
    std::string classificationReason;
    std::string classificationComment;
    std::string owner;
    std::vector<std::string> labels;
    std::vector<std::string> alertIds;
    std::vector<std::string> ruleIds;
    std::vector<std::string> tactics;
    std::vector<Comment> comments;
    Ticks firstActivity = 0;
    Ticks lastActivity = 0;
    Ticks created = 0;
    Ticks modified = 0;
    std::string modifiedBy;
    Ticks closed = 0; ///< 0 while open
    double score = 0; ///< 0 … 100, see Fusion.h
};

} // namespace tocsin::incident
