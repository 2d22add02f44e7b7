// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/Session.h"

#include <string>

namespace tocsin::app::cli {

/// What a rule run brought: alerts by stage, incidents, rules that failed.
void printDetection(const session::DetectionSummary& summary);

/// Whether a rule can find something in a workspace.
struct RuleCoverage {
    enum class Kind { Runs, NeedsData, Unsupported };
    Kind kind = Kind::Runs;
    std::string detail; ///< the tables that are empty, or why it does not bind
};
std::string_view coverageName(RuleCoverage::Kind kind);
RuleCoverage coverageOf(const detect::QueryRule& rule, const catalog::Snapshot& snapshot, const kql::FunctionRegistry& functions);

} // namespace tocsin::app::cli
