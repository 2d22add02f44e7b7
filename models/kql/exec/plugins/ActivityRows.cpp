// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/ActivityRows.h"

#include <algorithm>

namespace tocsin::kql {

Result<ActivityRows> ActivityRows::make(PluginCall& call, const Batch& rows, std::string_view timelineParameter)
{
    TOCSIN_TRY_ASSIGN(Timeline timeline, Timeline::make(call, rows, timelineParameter));
    ActivityRows activity(std::move(timeline));
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> dimensions, call.columns("Dimension", rows));
    std::vector<std::uint32_t> groups(rows.storedRows, 0), ids(rows.storedRows, 0);
    activity.m_groupCount = 1;
    if (!dimensions.empty()) {
        std::vector<DataType> types;
        for (const Vector& dimension : dimensions)
            types.push_back(dimension.type());
        KeyTable table(types);
        table.assign(dimensions, rows.storedRows, groups);
        activity.m_groupCount = table.size();
        activity.m_dimensions = table.keys(0, table.size());
    }
    if (call.has("IdColumn")) {
        TOCSIN_TRY_ASSIGN(const Vector column, call.column("IdColumn", rows));
        KeyTable table({column.type()});
        table.assign(std::span(&column, 1), rows.storedRows, ids);
        activity.m_idCount = table.size();
        activity.m_ids = table.keys(0, table.size())[0];
        TOCSIN_TRY(call.memory.grow(table.memoryBytes()));
    }
    TOCSIN_TRY(call.memory.grow(rows.storedRows * sizeof(Row)));
    for (std::size_t row = 0; row < rows.storedRows; ++row) {
        TOCSIN_TRY(call.tick());
        if (const std::optional<Point> time = activity.m_timeline.at(row))
            activity.m_rows.push_back({groups[row], ids[row], static_cast<std::uint32_t>(row), *time});
    }
    TOCSIN_TRY(call.run.checkStop());
    std::stable_sort(activity.m_rows.begin(), activity.m_rows.end(), [](const Row& a, const Row& b) { return a.group != b.group ? a.group < b.group : a.time < b.time; });
    TOCSIN_TRY(call.run.checkStop());
    return activity;
}

std::optional<std::pair<Point, Point>> ActivityRows::span() const
{
    if (m_rows.empty())
        return std::nullopt;
    const auto [least, most] = std::minmax_element(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) { return a.time < b.time; });
    return std::pair(least->time, most->time);
}

void ActivityRows::restrict(Point from, Point to)
{
    std::erase_if(m_rows, [&](const Row& row) { return row.time < from || row.time > to; });
}

void ActivityRows::appendGroup(std::uint32_t group, std::vector<Value>& out) const
{
    for (const Vector& dimension : m_dimensions)
        out.push_back(dimension.valueAt(group));
}

Result<void> ActivityRows::forEachGroup(const std::function<Result<void>(std::uint32_t group, std::span<const Row> rows)>& use) const
{
    for (std::size_t start = 0; start < m_rows.size();) {
        std::size_t end = start;
        while (end < m_rows.size() && m_rows[end].group == m_rows[start].group)
            ++end;
        TOCSIN_TRY(use(m_rows[start].group, std::span(m_rows).subspan(start, end - start)));
        start = end;
    }
    return {};
}

std::vector<PeriodRows> byPeriod(std::span<const ActivityRows::Row> rows, const Periods& periods)
{
    std::vector<PeriodRows> result;
    std::size_t start = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::int64_t period = periods.indexOf(rows[i].time);
        if (result.empty() || result.back().period != period) {
            start = i;
            result.push_back({period, {}});
        }
        result.back().rows = rows.subspan(start, i + 1 - start);
    }
    return result;
}

} // namespace tocsin::kql
