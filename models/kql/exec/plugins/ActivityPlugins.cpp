// SPDX-License-Identifier: GPL-3.0-or-later
// activity_counts_metrics, activity_engagement, activity_metrics, new_activity_metrics, sliding_window_counts, session_count,
// active_users_count: what ids did in each period of an analysis.
#include "kql/exec/plugins/ActivityRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <limits>
#include <set>

namespace tocsin::kql {
namespace {

using Row = ActivityRows::Row;

/// What all of them have: rows, the time of the analysis, its periods.
struct Analysis {
    ActivityRows activity;
    Point start;
    Point end;
    Periods periods;
    std::int64_t last; ///< number of the last period

    /// Without Start and End the analysis covers all rows; nothing if there are none.
    static Result<std::optional<Analysis>> make(PluginCall& call, const Batch& rows, std::string_view period)
    {
        TOCSIN_TRY_ASSIGN(ActivityRows activity, ActivityRows::make(call, rows));
        Point start = 0, end = 0;
        if (call.has("Start")) {
            TOCSIN_TRY_ASSIGN(start, activity.timeline().moment(call, "Start"));
            TOCSIN_TRY_ASSIGN(end, activity.timeline().moment(call, "End"));
        } else if (const auto span = activity.span()) {
            std::tie(start, end) = *span;
        }
        TOCSIN_TRY_ASSIGN(const Periods periods, Periods::make(call, period, activity.timeline(), start));
        if (activity.rows().empty() || end < start)
            return std::nullopt;
        const std::int64_t last = periods.indexOf(end);
        return Analysis{std::move(activity), start, end, periods, last};
    }
    /// The period's start and the dimensions: how most result rows begin.
    std::vector<Value> head(std::int64_t period, std::uint32_t group) const
    {
        std::vector<Value> row{activity.timeline().value(periods.start(period))};
        activity.appendGroup(group, row);
        return row;
    }
    /// Lets a row in only from `window` before the start on.
    void lookBack(Point window) { activity.restrict(start - window, end); }
};

void appendCounts(std::vector<Value>& row, std::initializer_list<std::int64_t> counts)
{
    for (const std::int64_t count : counts)
        row.push_back(Value::int64(count));
}

/// part / whole, NaN for 0 / 0.
double ratio(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(part) / static_cast<double>(whole);
}

/// A window that slides over the periods of one group and ends with each period of the analysis in turn. `use` gets the number of rows
/// in the window and in the period itself; periods whose window is empty are passed over.
class SlidingWindow {
public:
    SlidingWindow(const Analysis& analysis, Point window) : m_analysis(analysis), m_window(window), seen(analysis.activity.ids()), own(analysis.activity.ids()) {}

    Result<void> run(PluginCall& call, std::span<const Row> rows, const std::function<Result<void>(std::int64_t period)>& use)
    {
        const std::vector<PeriodRows> periods = byPeriod(rows, m_analysis.periods);
        std::size_t first = 0, next = 0;
        for (std::int64_t period = 0; period <= m_analysis.last; ++period) {
            TOCSIN_TRY(call.tick());
            if (first == next) { // nothing in the window: on to where something comes in
                if (next == periods.size())
                    break;
                period = std::max(period, periods[next].period);
                if (period > m_analysis.last)
                    break;
            }
            const std::size_t before = next;
            for (; next < periods.size() && periods[next].period <= period; ++next)
                for (const Row& row : periods[next].rows) {
                    seen.add(row.id);
                    ++count;
                }
            for (; first < next && periods[first].period < period - m_analysis.periods.reach(period, m_window); ++first)
                for (const Row& row : periods[first].rows) {
                    seen.remove(row.id);
                    --count;
                }
            const bool hasOwn = next > before && periods[next - 1].period == period;
            const std::span<const Row> ownRows = hasOwn ? periods[next - 1].rows : std::span<const Row>();
            for (const Row& row : ownRows)
                own.add(row.id);
            if (first < next)
                TOCSIN_TRY(use(period));
            for (const Row& row : ownRows)
                own.remove(row.id);
        }
        for (; first < next; ++first)
            for (const Row& row : periods[first].rows)
                seen.remove(row.id);
        count = 0;
        return {};
    }

private:
    const Analysis& m_analysis;
    Point m_window;

public:
    SeenIds seen;           ///< in the window
    SeenIds own;            ///< in the period
    std::int64_t count = 0; ///< rows in the window
};

} // namespace

Result<void> runActivityCountsMetrics(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Step"));
    if (!analysis)
        return {};
    analysis->lookBack(0);
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) -> Result<void> {
        SeenIds all(analysis->activity.ids());
        SeenIds own(analysis->activity.ids());
        for (const PeriodRows& period : byPeriod(ofGroup, analysis->periods)) {
            std::int64_t fresh = 0;
            for (const Row& row : period.rows) {
                TOCSIN_TRY(call.tick());
                fresh += all.add(row.id);
                own.add(row.id);
            }
            std::vector<Value> row = analysis->head(period.period, group);
            appendCounts(row, {static_cast<std::int64_t>(period.rows.size()), own.distinct(), fresh, all.distinct()});
            TOCSIN_TRY(writer.add(row));
            for (const Row& seen : period.rows)
                own.remove(seen.id);
        }
        return {};
    }));
    return writer.finish();
}

Result<void> runActivityEngagement(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "InnerActivityWindow"));
    if (!analysis)
        return {};
    TOCSIN_TRY_ASSIGN(const Point outer, analysis->activity.timeline().length(call, "OuterActivityWindow"));
    analysis->lookBack(outer);
    RowWriter writer(call.node.columns, out);
    SlidingWindow window(*analysis, outer);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) {
        return window.run(call, ofGroup, [&](std::int64_t period) {
            std::vector<Value> row = analysis->head(period, group);
            appendCounts(row, {window.own.distinct(), window.seen.distinct()});
            row.push_back(Value::real(ratio(window.own.distinct(), window.seen.distinct())));
            return writer.add(row);
        });
    }));
    return writer.finish();
}

Result<void> runSlidingWindowCounts(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Bin"));
    if (!analysis)
        return {};
    TOCSIN_TRY_ASSIGN(const Point lookback, analysis->activity.timeline().length(call, "LookbackWindow"));
    analysis->lookBack(lookback);
    RowWriter writer(call.node.columns, out);
    SlidingWindow window(*analysis, lookback);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) {
        return window.run(call, ofGroup, [&](std::int64_t period) {
            std::vector<Value> row = analysis->head(period, group);
            appendCounts(row, {window.count, window.seen.distinct()});
            return writer.add(row);
        });
    }));
    return writer.finish();
}

/// Each period is compared with the one right before it.
Result<void> runActivityMetrics(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Window"));
    if (!analysis)
        return {};
    analysis->lookBack(0);
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) -> Result<void> {
        SeenIds before(analysis->activity.ids());
        SeenIds own(analysis->activity.ids());
        std::optional<PeriodRows> previous;
        for (const PeriodRows& period : byPeriod(ofGroup, analysis->periods)) {
            if (previous && previous->period == period.period - 1)
                for (const Row& row : previous->rows)
                    before.add(row.id);
            std::int64_t fresh = 0;
            for (const Row& row : period.rows) {
                TOCSIN_TRY(call.tick());
                fresh += own.add(row.id) && !before.has(row.id);
            }
            const double retention = ratio(own.distinct() - fresh, before.distinct());
            std::vector<Value> row = analysis->head(period.period, group);
            appendCounts(row, {own.distinct(), fresh});
            row.push_back(Value::real(retention));
            row.push_back(Value::real(1 - retention));
            TOCSIN_TRY(writer.add(row));
            for (const Row& seen : period.rows)
                own.remove(seen.id);
            if (previous && previous->period == period.period - 1)
                for (const Row& seen : previous->rows)
                    before.remove(seen.id);
            previous = period;
        }
        return {};
    }));
    return writer.finish();
}

/// A session begins when an id appears that was not seen within the lookback window before.
Result<void> runSessionCount(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Bin"));
    if (!analysis)
        return {};
    TOCSIN_TRY_ASSIGN(const Point lookback, analysis->activity.timeline().length(call, "LookBackWindow"));
    analysis->lookBack(lookback);
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) -> Result<void> {
        std::vector<std::optional<Point>> seen(analysis->activity.ids());
        for (const PeriodRows& period : byPeriod(ofGroup, analysis->periods)) {
            std::int64_t sessions = 0;
            for (const Row& row : period.rows) {
                TOCSIN_TRY(call.tick());
                sessions += row.time >= analysis->start && (!seen[row.id] || row.time - *seen[row.id] > lookback);
                seen[row.id] = row.time;
            }
            if (period.period < 0 || period.rows.back().time < analysis->start)
                continue;
            std::vector<Value> row = analysis->head(period.period, group);
            appendCounts(row, {sessions});
            TOCSIN_TRY(writer.add(row));
        }
        return {};
    }));
    return writer.finish();
}

/// An appearance is active if the id was seen in enough periods of the lookback window that ends with it; periods are counted from Start.
Result<void> runActiveUsersCount(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Bin"));
    TOCSIN_TRY_ASSIGN(const std::int64_t least, call.whole("ActivePeriodsCount", 1, 0, std::numeric_limits<std::int32_t>::max()));
    if (!analysis)
        return {};
    const Timeline& timeline = analysis->activity.timeline();
    TOCSIN_TRY_ASSIGN(const Point lookback, timeline.length(call, "LookbackWindow"));
    TOCSIN_TRY_ASSIGN(const Point period, timeline.length(call, "Period"));
    analysis->lookBack(lookback);
    const Periods counted = Periods::ofLength(period, analysis->start);
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) -> Result<void> {
        struct Seen {
            std::vector<Point> times; ///< the last appearance of each period, ascending; those that fell out of the window are skipped
            std::size_t first = 0;
        };
        std::vector<Seen> seen(analysis->activity.ids());
        for (const PeriodRows& bin : byPeriod(ofGroup, analysis->periods)) {
            std::set<std::uint32_t> active;
            for (const Row& row : bin.rows) {
                TOCSIN_TRY(call.tick());
                Seen& of = seen[row.id];
                if (!of.times.empty() && of.times.size() > of.first && counted.indexOf(of.times.back()) == counted.indexOf(row.time))
                    of.times.back() = row.time;
                else
                    of.times.push_back(row.time);
                while (of.times[of.first] <= row.time - lookback)
                    ++of.first;
                if (row.time >= analysis->start && static_cast<std::int64_t>(of.times.size() - of.first) >= least)
                    active.insert(row.id);
            }
            if (active.empty())
                continue;
            std::vector<Value> row = analysis->head(bin.period, group);
            appendCounts(row, {static_cast<std::int64_t>(active.size())});
            TOCSIN_TRY(writer.add(row));
        }
        return {};
    }));
    return writer.finish();
}

namespace {

/// Ids that were seen before the analysis: those of the lookback table's column of the id's name, or of its only column.
Result<std::set<std::string>> knownIds(PluginCall& call, const Batch* table)
{
    std::set<std::string> known;
    if (!table)
        return known;
    const std::vector<PlanColumn>& columns = call.node.inputs[1]->columns;
    const std::vector<PlanColumn>& input = call.node.inputs[0]->columns;
    const std::string& wanted = input[*call.place("IdColumn")].name;
    std::optional<std::size_t> place = columns.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == wanted)
            place = i;
    if (!place)
        return std::unexpected(call.badValue("Lookback", "a table without a column '" + wanted + "'", "a table of ids"));
    for (std::size_t row = 0; row < table->storedRows; ++row) {
        TOCSIN_TRY(call.tick());
        std::string id = table->columns[*place].valueAt(row).toString();
        TOCSIN_TRY(call.memory.grow(id.size() + 64));
        known.insert(std::move(id));
    }
    return known;
}

/// The cohorts of one group: the period in which each id was first seen.
class Cohorts {
public:
    static constexpr std::int64_t kNever = -1, kBefore = -2; ///< before the analysis
    Cohorts(const Analysis& analysis, std::vector<PeriodRows> periods, const std::vector<bool>& known)
        : m_analysis(analysis), m_periods(std::move(periods)), m_first(analysis.activity.ids(), kNever)
    {
        for (const PeriodRows& period : m_periods)
            for (const Row& row : period.rows)
                if (m_first[row.id] == kNever)
                    m_first[row.id] = known[row.id] ? kBefore : period.period;
    }
    std::int64_t size(std::int64_t cohort) const { return std::count(m_first.begin(), m_first.end(), cohort); }
    const std::vector<PeriodRows>& periods() const { return m_periods; }

    struct Counts {
        std::int64_t retained = 0;
        std::int64_t fresh = 0; ///< seen for the first time after the cohort's period
    };
    Counts compare(std::int64_t cohort, const PeriodRows& period, SeenIds& own) const
    {
        Counts counts;
        for (const Row& row : period.rows)
            if (own.add(row.id)) {
                counts.retained += m_first[row.id] == cohort;
                counts.fresh += cohort == period.period ? m_first[row.id] == cohort : m_first[row.id] > cohort;
            }
        for (const Row& row : period.rows)
            own.remove(row.id);
        return counts;
    }

private:
    const Analysis& m_analysis;
    std::vector<PeriodRows> m_periods;
    std::vector<std::int64_t> m_first; ///< per id
};

} // namespace

Result<void> runNewActivityMetrics(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(std::optional<Analysis> analysis, Analysis::make(call, rows, "Window"));
    TOCSIN_TRY_ASSIGN(const std::set<std::string> lookback, knownIds(call, table));
    if (!analysis)
        return {};
    analysis->lookBack(0);
    std::optional<std::int64_t> only;
    if (call.has("Cohort")) {
        TOCSIN_TRY_ASSIGN(const Point cohort, analysis->activity.timeline().moment(call, "Cohort"));
        only = analysis->periods.indexOf(cohort);
    }
    std::vector<bool> known(analysis->activity.ids());
    for (std::uint32_t id = 0; id < known.size() && !lookback.empty(); ++id)
        known[id] = lookback.contains(analysis->activity.id(id).toString());
    RowWriter writer(call.node.columns, out);
    SeenIds own(analysis->activity.ids());
    TOCSIN_TRY(analysis->activity.forEachGroup([&](std::uint32_t group, std::span<const Row> ofGroup) -> Result<void> {
        const Cohorts cohorts(*analysis, byPeriod(ofGroup, analysis->periods), known);
        for (const PeriodRows& from : cohorts.periods()) {
            const std::int64_t size = cohorts.size(from.period);
            if (size == 0 || (only && *only != from.period))
                continue;
            auto next = cohorts.periods().begin() + (&from - cohorts.periods().data());
            for (std::int64_t to = from.period; to <= analysis->last; ++to) {
                TOCSIN_TRY(call.tick());
                Cohorts::Counts counts;
                if (next != cohorts.periods().end() && next->period == to)
                    counts = cohorts.compare(from.period, *next++, own);
                std::vector<Value> row{analysis->activity.timeline().value(analysis->periods.start(from.period)), analysis->activity.timeline().value(analysis->periods.start(to))};
                analysis->activity.appendGroup(group, row);
                appendCounts(row, {counts.fresh, counts.retained, size - counts.retained});
                row.push_back(Value::real(ratio(counts.retained, size)));
                row.push_back(Value::real(ratio(size - counts.retained, size)));
                TOCSIN_TRY(writer.add(row));
            }
        }
        return {};
    }));
    return writer.finish();
}

} // namespace tocsin::kql
