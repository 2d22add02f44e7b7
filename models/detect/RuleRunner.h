// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Log.h"
#include "detect/Alert.h"
#include "detect/EventTimes.h"
#include "engine/QueryEngine.h"

#include <functional>
#include <stop_token>

namespace tocsin::detect {

/// How one rule fared over a period.
struct RuleOutcome {
    std::string ruleId;
    std::string ruleName;
    std::uint64_t runs = 0;
    std::uint64_t alerts = 0;
    std::optional<Error> failure; ///< the rule's query does not bind or failed; it was not tried again
};

struct RunReport {
    std::vector<Alert> alerts; ///< by time, then rule
    std::vector<RuleOutcome> rules;
    bool cancelled = false;
};

struct RunOptions {
    engine::TimeRange period; ///< the events to look at
    /// Fold an alert into an earlier one of the same rule whose rows are the same but for their time, when the windows of the two runs overlap.
    bool foldRepeats = false;
    /// Where events are: runs over other stretches are left out, except of rules that find something where there is nothing.
    const EventTimes* eventTimes = nullptr;
};

struct RunProgress {
    std::size_t rule = 0;
    std::size_t rules = 0;
    std::string ruleName;
    std::uint64_t alerts = 0;
};

/// Replays the schedules of rules over stored events: a run at time t sees TimeGenerated in (t − period, t], now() is t, and runs follow
/// each other by the rule's frequency until the last one has seen the end of the period.
/// A window without events is run once a rule; if that gives no alert, the others are left out.
/// Deterministic: the same store, rules and period give the same alerts.
class RuleRunner {
public:
    RuleRunner(engine::QueryEngine& engine, Log& log) : m_engine(engine), m_log(log) {}
    RunReport run(const std::vector<QueryRule>& rules, const RunOptions& options, std::stop_token stop, const std::function<void(const RunProgress&)>& progress) const;
    /// One run of one rule at time t.
    Result<std::vector<Alert>> runOnce(const QueryRule& rule, Ticks time, std::stop_token stop) const;

private:
    engine::QueryEngine& m_engine;
    Log& m_log;
};

/// Alerts of one run's result rows, by the rule's grouping, entity mappings and overrides.
std::vector<Alert> alertsFromRows(const QueryRule& rule, const engine::QueryResult& rows, Ticks time);

} // namespace tocsin::detect
