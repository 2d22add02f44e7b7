// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaRunner.h"

#include "detect/sigma/RowView.h"
#include "detect/sigma/SigmaCorrelator.h"
#include "detect/sigma/SigmaHits.h"
#include "detect/sigma/SigmaMatcher.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tocsin::detect::sigma {
namespace {

/// What is summed up over all tables.
struct Run {
    Run(const SigmaRuleSet& rules, const std::vector<SigmaCorrelation>& correlations)
        : set(rules), matcher(rules), alerts(rules.rules()), correlator(correlations, rules.rules()), matched(rules.rules().size())
    {
    }
    const SigmaRuleSet& set;
    SigmaMatcher matcher;
    SigmaAlerts alerts;
    SigmaCorrelator correlator;
    std::vector<std::uint64_t> matched;
    std::uint64_t events = 0;
    std::uint64_t matches = 0;
};

/// Matches the rows of one table as they come; nothing of them is kept.
class TableSink final : public engine::ResultSink {
public:
    TableSink(Run& run, const TableForm& form, const std::function<void()>& progress) : m_run(run), m_form(form), m_progress(progress) {}

    void schema(const engine::ResultSchema& schema) override
    {
        if (schema.result == 0)
            m_view.emplace(m_form, schema.columns);
    }
    void batch(std::size_t result, Batch batch) override
    {
        if (result != 0 || !m_view)
            return;
        m_view->use(batch);
        for (std::size_t row = 0; row < batch.storedRows; ++row) {
            ++m_run.events;
            const EventView& event = m_view->identify(row);
            if (!m_run.matcher.isWatched(event))
                continue;
            const auto rules = m_run.matcher.match(m_view->complete());
            if (!rules.empty())
                hits(event, rules);
        }
        m_progress();
    }
    void progress(const engine::QueryProgress&) override {}
    void finished(const engine::QueryOutcome& outcome) override { m_outcome = outcome; }
    const engine::QueryOutcome& outcome() const { return m_outcome; }

private:
    void hits(const EventView& event, std::span<const std::uint32_t> rules)
    {
        SigmaHit hit;
        hit.table = m_form.table;
        hit.time = m_view->time();
        for (const char* column : {"Computer", "HostName", "UserPrincipalName", "Caller", "Identity"})
            if (hit.host.empty())
                hit.host = m_view->text(column);
        hit.recordId = m_view->text("EventRecordId");
        hit.event = &event;
        for (const std::uint32_t rule : rules) {
            ++m_run.matches;
            ++m_run.matched[rule];
            m_run.correlator.add(rule, hit);
            if (!m_run.correlator.isOnlyCorrelated(rule))
                m_run.alerts.add(rule, hit);
        }
    }

    Run& m_run;
    const TableForm& m_form;
    const std::function<void()>& m_progress;
    std::optional<RowView> m_view;
    engine::QueryOutcome m_outcome;
};

constexpr engine::QueryLimits kNoLimits{.resultRows = 0, .resultBytes = 0, .memoryBytes = 0, .time = 0};

/// The columns of a table; none if the workspace has no such table.
std::vector<catalog::ColumnSchema> columnsOf(engine::QueryEngine& engine, std::string_view table)
{
    engine::QueryRequest request;
    request.text = std::string(table) + "\n| take 0";
    auto result = engine::runForResult(engine, std::move(request));
    return result ? std::move(result->schema.columns) : std::vector<catalog::ColumnSchema>();
}

engine::QueryRequest scanOf(const TableForm& form, const std::vector<catalog::ColumnSchema>& columns, const SigmaRuleSet& set, const engine::TimeRange& period)
{
    std::vector<std::string> names;
    for (const std::string& name : RowView::wantedColumns(form, columns, set))
        names.push_back("['" + name + "']");
    engine::QueryRequest request;
    request.text = fmt::format("{}\n| project {}", form.table, fmt::join(names, ", "));
    request.timespan = period;
    request.limits = kNoLimits;
    return request;
}

} // namespace

SigmaRunReport SigmaRunner::run(const std::vector<SigmaRule>& rules, const std::vector<SigmaCorrelation>& correlations, const engine::TimeRange& period,
                                std::stop_token stop, const std::function<void(const SigmaProgress&)>& progress) const
{
    SigmaRunReport report;
    const SigmaRuleSet set(rules);
    report.rulesWithoutLog = set.rulesWithoutLog().size();
    Run run(set, correlations);
    report.failures = run.correlator.errors();
    const auto forms = tableForms();
    for (std::size_t i = 0; i < forms.size() && !stop.stop_requested(); ++i) {
        const auto columns = columnsOf(m_engine, forms[i].table);
        if (columns.empty())
            continue;
        const std::function<void()> tell = [&] {
            if (progress)
                progress({std::string(forms[i].table), i, forms.size(), run.events, run.matches});
        };
        tell();
        TableSink sink(run, forms[i], tell);
        const auto handle = m_engine.submit(scanOf(forms[i], columns, set, period), sink);
        const std::stop_callback cancel(stop, [&] { handle->cancel(); });
        handle->wait();
        if (sink.outcome().kind == engine::QueryOutcome::Kind::Failed && !sink.outcome().errors.empty()) {
            report.failures.push_back(sink.outcome().errors.front());
            report.failures.back().where = forms[i].table;
            m_log.warn("Sigma rules: a table could not be read: {}", report.failures.back().code());
        }
    }
    report.cancelled = stop.stop_requested();
    report.events = run.events;
    report.matches = run.matches;
    report.alerts = run.alerts.take(period.to);
    for (Alert& alert : run.correlator.take(period.to))
        report.alerts.push_back(std::move(alert));
    std::stable_sort(report.alerts.begin(), report.alerts.end(), [](const Alert& a, const Alert& b) { return a.startTime < b.startTime; });
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (run.matched[i] > 0)
            report.rules.push_back({rules[i].header.id, rules[i].header.title, run.matched[i]});
    m_log.info("Sigma rules: {} rules over {} events, {} matches", rules.size(), run.events, run.matches);
    return report;
}

} // namespace tocsin::detect::sigma
