// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Summary.h"

#include "attack/KillChain.h"
#include "kql/bind/Binder.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace tocsin::app::cli {
namespace {

void collectTables(const kql::PlanNode& node, std::set<const catalog::TableSource*>& tables)
{
    if (node.source)
        tables.insert(node.source.get());
    for (const kql::PlanPtr& input : node.inputs)
        collectTables(*input, tables);
}

} // namespace

void printDetection(const session::DetectionSummary& summary)
{
    std::map<attack::Stage, std::size_t> byStage;
    std::size_t unstaged = 0;
    for (const detect::Alert& alert : summary.alerts) {
        const auto stages = attack::stagesOf(alert.tactics);
        for (const attack::Stage stage : stages)
            ++byStage[stage];
        unstaged += stages.empty();
    }
    fmt::print("period     {} to {}\n", formatDateTime(summary.period.from), formatDateTime(summary.period.to));
    fmt::print("alerts     {} ({} new)\n", summary.alerts.size(), summary.newAlerts);
    for (std::size_t i = 0; i < attack::kStageCount; ++i) {
        const auto stage = static_cast<attack::Stage>(i);
        fmt::print("           {:<28} {:>4}\n", attack::stageName(stage), byStage[stage]);
    }
    if (unstaged)
        fmt::print("           {:<28} {:>4}\n", "without a stage", unstaged);
    fmt::print("incidents  {} made or changed\n", summary.incidents.size());
    if (summary.sigmaRules)
        fmt::print("sigma      {} rules, {} events matched\n", summary.sigmaRules, summary.sigmaMatches);
    for (const Error& failure : summary.sigmaFailures)
        fmt::print("sigma failed: {}\n", errorMessage(failure));
    for (const detect::RuleOutcome& outcome : summary.rules)
        if (outcome.failure)
            fmt::print("rule failed: {} ({}): {}\n", outcome.ruleName, outcome.ruleId, errorMessage(*outcome.failure));
}

std::string_view coverageName(RuleCoverage::Kind kind)
{
    static constexpr std::string_view kNames[] = {"runs", "needs data", "not supported"};
    return kNames[static_cast<std::size_t>(kind)];
}

RuleCoverage coverageOf(const detect::QueryRule& rule, const catalog::Snapshot& snapshot, const kql::FunctionRegistry& functions)
{
    const kql::BoundQuery bound = kql::bindQuery(rule.query, snapshot, functions);
    if (!bound.ok())
        return {RuleCoverage::Kind::Unsupported, errorMessage(bound.errors.front())};
    std::set<const catalog::TableSource*> tables;
    for (const kql::BoundResult& result : bound.results)
        collectTables(*result.plan, tables);
    std::string empty;
    bool any = tables.empty();
    for (const catalog::TableSource* table : tables) {
        if (table->statistics().rows > 0)
            any = true;
        else
            empty += (empty.empty() ? "" : ", ") + table->schema().name;
    }
    return {any ? RuleCoverage::Kind::Runs : RuleCoverage::Kind::NeedsData, empty.empty() ? "" : "no rows in " + empty};
}

} // namespace tocsin::app::cli
