// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/RuleRunner.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace tocsin::detect {
namespace {

/// Passes a stop request on to a query that runs.
Result<engine::QueryResult> runStoppable(engine::QueryEngine& engine, engine::QueryRequest request, std::stop_token stop)
{
    class Collector final : public engine::ResultSink {
    public:
        void schema(const engine::ResultSchema& schema) override
        {
            if (schema.result == 0)
                result.schema = schema;
        }
        void batch(std::size_t index, Batch batch) override
        {
            if (index == 0)
                result.batches.push_back(std::move(batch));
        }
        void progress(const engine::QueryProgress&) override {}
        void finished(const engine::QueryOutcome& end) override { outcome = end; }
        engine::QueryResult result;
        engine::QueryOutcome outcome;
    };
    Collector collector;
    const auto handle = engine.submit(std::move(request), collector);
    const std::stop_callback forward(stop, [&] { handle->cancel(); });
    handle->wait();
    switch (collector.outcome.kind) {
    case engine::QueryOutcome::Kind::Done: return std::move(collector.result);
    case engine::QueryOutcome::Kind::Cancelled: return fail(kCancelled);
    case engine::QueryOutcome::Kind::Failed: break;
    }
    return std::unexpected(collector.outcome.errors.empty() ? makeError(kInternal, "a rule failed without a reason") : collector.outcome.errors.front());
}

/// The row contents of an alert but for times, as far as an alert keeps them: entities and details.
std::string contentOf(const Alert& alert)
{
    std::string content = alert.ruleId + '\n' + alert.name + '\n' + entity::entitiesJson(alert.entities);
    for (const auto& [key, values] : alert.customDetails)
        for (const std::string& value : values)
            content += '\n' + key + '=' + value;
    return content;
}

/// Whether a run at `time` sees no event at all.
bool isEmptyWindow(const EventTimes& events, const QueryRule& rule, Ticks time)
{
    const auto first = events.firstAfter(time - rule.period);
    return !first || *first > time;
}

/// The next run of the schedule after an empty one at `time` that sees an event.
std::optional<Ticks> firstRunWithEvents(const EventTimes& events, const QueryRule& rule, Ticks time)
{
    const auto first = events.firstAfter(time - rule.period);
    if (!first)
        return std::nullopt;
    const Ticks steps = std::max<Ticks>(1, (*first - time + rule.frequency - 1) / rule.frequency);
    return time + steps * rule.frequency;
}

/// Remembers what a rule found, to fold repeats of overlapping windows.
class RepeatFold {
public:
    bool isRepeat(const Alert& alert)
    {
        const auto [place, isNew] = m_lastWindowEnd.emplace(contentOf(alert), alert.queryTo);
        const bool repeat = !isNew && alert.queryFrom < place->second;
        place->second = alert.queryTo;
        return repeat;
    }

private:
    std::map<std::string, Ticks> m_lastWindowEnd;
};

} // namespace

Result<std::vector<Alert>> RuleRunner::runOnce(const QueryRule& rule, Ticks time, std::stop_token stop) const
{
    engine::QueryRequest request;
    request.text = rule.query;
    request.now = time;
    request.seed = static_cast<std::uint64_t>(time);
    request.timespan = engine::TimeRange{time - rule.period + 1, time + 1}; // (t − period, t]
    TOCSIN_TRY_ASSIGN(const engine::QueryResult rows, runStoppable(m_engine, std::move(request), stop));
    return alertsFromRows(rule, rows, time);
}

RunReport RuleRunner::run(const std::vector<QueryRule>& rules, const RunOptions& options, std::stop_token stop, const std::function<void(const RunProgress&)>& progress) const
{
    RunReport report;
    for (std::size_t i = 0; i < rules.size() && !report.cancelled; ++i) {
        const QueryRule& rule = rules[i];
        if (!rule.enabled)
            continue;
        if (progress)
            progress({i, rules.size(), rule.name, report.alerts.size()});
        RuleOutcome outcome{rule.id, rule.name, 0, 0, std::nullopt};
        RepeatFold fold;
        Ticks resumes = kMinDateTime; // after suppression
        bool emptyWindowsTell = true;  // until one has been run
        for (Ticks time = options.period.from + rule.frequency;; time += rule.frequency) {
            const bool empty = options.eventTimes && isEmptyWindow(*options.eventTimes, rule, time);
            if (empty && !emptyWindowsTell) {
                const auto next = firstRunWithEvents(*options.eventTimes, rule, time);
                if (!next || *next - rule.frequency >= options.period.to)
                    break;
                time = *next;
            }
            if (time >= resumes) {
                auto alerts = runOnce(rule, time, stop);
                ++outcome.runs;
                if (!alerts) {
                    report.cancelled = alerts.error().kind == &kCancelled;
                    if (!report.cancelled)
                        outcome.failure = std::move(alerts).error();
                    break;
                }
                if (empty && emptyWindowsTell)
                    emptyWindowsTell = !alerts->empty();
                for (Alert& alert : *alerts) {
                    if (options.foldRepeats && fold.isRepeat(alert))
                        continue;
                    if (rule.suppression > 0)
                        resumes = time + rule.suppression;
                    ++outcome.alerts;
                    report.alerts.push_back(std::move(alert));
                }
            }
            if (time >= options.period.to)
                break;
        }
        if (outcome.failure)
            m_log.warn("rule {} failed: {}", rule.id, outcome.failure->code());
        report.rules.push_back(std::move(outcome));
    }
    std::stable_sort(report.alerts.begin(), report.alerts.end(), [](const Alert& a, const Alert& b) {
        return std::tie(a.time, a.ruleId, a.startTime, a.id) < std::tie(b.time, b.ruleId, b.startTime, b.id);
    });
    return report;
}

} // namespace tocsin::detect
