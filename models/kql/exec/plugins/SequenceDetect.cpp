// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/ActivityRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

/// All ways through the steps for one combination of dimensions: one row for each different set of times.
class Sequences {
public:
    Sequences(PluginCall& call, const ActivityRows& activity, const std::vector<Vector>& steps, Point stepWindow, Point span, RowWriter& writer)
        : m_call(call), m_activity(activity), m_stepWindow(stepWindow), m_span(span), m_writer(writer)
    {
        for (const Vector& step : steps)
            m_conditions.emplace_back(step);
    }

    Result<void> find(std::uint32_t group, std::span<const ActivityRows::Row> rows)
    {
        m_group = group;
        m_rows = rows;
        m_matches.assign(m_conditions.size(), {});
        for (std::uint32_t i = 0; i < rows.size(); ++i)
            for (std::size_t step = 0; step < m_conditions.size(); ++step)
                if (!m_conditions[step].isNull(rows[i].row) && m_conditions[step][rows[i].row])
                    m_matches[step].push_back(i);
        m_written.clear();
        m_way.clear();
        return extend();
    }

private:
    /// Tries every row that can be the next step.
    Result<void> extend()
    {
        const std::size_t step = m_way.size();
        if (step == m_matches.size())
            return write();
        const std::vector<std::uint32_t>& matches = m_matches[step];
        auto next = step == 0 ? matches.begin() : std::upper_bound(matches.begin(), matches.end(), m_way.back());
        std::optional<Point> tried;
        for (; next != matches.end(); ++next) {
            TOCSIN_TRY(m_call.tick());
            const Point time = m_rows[*next].time;
            if (step > 0 && (time - m_rows[m_way.back()].time > m_stepWindow || time - m_rows[m_way.front()].time > m_span))
                break;
            if (tried == time)
                continue; // the same times again
            tried = time;
            m_way.push_back(*next);
            TOCSIN_TRY(extend());
            m_way.pop_back();
        }
        return {};
    }

    Result<void> write()
    {
        std::vector<Point> times;
        for (const std::uint32_t row : m_way)
            times.push_back(m_rows[row].time);
        if (m_matches.size() > 1 && !m_written.insert(times).second)
            return {};
        TOCSIN_TRY(m_call.memory.grow(m_matches.size() > 1 ? times.size() * sizeof(Point) + 64 : 0));
        std::vector<Value> row;
        m_activity.appendGroup(m_group, row);
        for (const Point time : times)
            row.push_back(m_activity.timeline().value(time));
        row.push_back(Value::timeSpan(static_cast<Ticks>(times.back() - times.front())));
        return m_writer.add(row);
    }

    PluginCall& m_call;
    const ActivityRows& m_activity;
    Point m_stepWindow;
    Point m_span;
    RowWriter& m_writer;
    std::vector<VectorReader<std::uint8_t>> m_conditions;
    std::uint32_t m_group = 0;
    std::span<const ActivityRows::Row> m_rows;
    std::vector<std::vector<std::uint32_t>> m_matches; ///< rows that meet each condition
    std::vector<std::uint32_t> m_way;
    std::set<std::vector<Point>> m_written;
};

} // namespace

/// Steps are rows one behind the other in time; a row is never two steps.
Result<void> runSequenceDetect(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const ActivityRows activity, ActivityRows::make(call, rows));
    TOCSIN_TRY_ASSIGN(const Point step, activity.timeline().length(call, "MaxSequenceStepWindow"));
    TOCSIN_TRY_ASSIGN(const Point span, activity.timeline().length(call, "MaxSequenceSpan"));
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> conditions, call.columns("Expr", rows));
    RowWriter writer(call.node.columns, out);
    Sequences sequences(call, activity, conditions, step, span, writer);
    TOCSIN_TRY(activity.forEachGroup([&](std::uint32_t group, std::span<const ActivityRows::Row> ofGroup) { return sequences.find(group, ofGroup); }));
    return writer.finish();
}

} // namespace tocsin::kql
