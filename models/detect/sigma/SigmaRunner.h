// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Log.h"
#include "detect/Alert.h"
#include "detect/sigma/SigmaRule.h"
#include "engine/QueryEngine.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::detect::sigma {

struct SigmaOutcome {
    std::string ruleId;
    std::string title;
    std::uint64_t events = 0; ///< that matched
};

struct SigmaRunReport {
    std::vector<Alert> alerts;          ///< by start time
    std::vector<SigmaOutcome> rules;    ///< those that matched, in the order given
    std::uint64_t events = 0;           ///< looked at
    std::uint64_t matches = 0;
    std::uint64_t rulesWithoutLog = 0;  ///< rules about logs this program does not read
    std::vector<Error> failures;        ///< a table that could not be read, a correlation without its rule
    bool cancelled = false;
};

struct SigmaProgress {
    std::string table;
    std::size_t index = 0; ///< of the table, from 0
    std::size_t tables = 0;
    std::uint64_t events = 0;
    std::uint64_t matches = 0;
};

/// Runs Sigma rules over a period of the workspace: one pass over each table, all rules at once. Alerts are one for each rule, host and
/// hour, and one for each time a correlation holds. The same data and rules give the same alerts with the same ids.
class SigmaRunner {
public:
    SigmaRunner(engine::QueryEngine& engine, Log& log) : m_engine(engine), m_log(log) {}
    /// `progress` may be empty; it is called from worker threads, one call at a time.
    SigmaRunReport run(const std::vector<SigmaRule>& rules, const std::vector<SigmaCorrelation>& correlations, const engine::TimeRange& period,
                       std::stop_token stop, const std::function<void(const SigmaProgress&)>& progress) const;

private:
    engine::QueryEngine& m_engine;
    Log& m_log;
};

} // namespace tocsin::detect::sigma
