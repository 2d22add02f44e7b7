// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyTable.h"
#include "kql/exec/plugins/Timeline.h"

namespace tocsin::kql {

/// Who did something when: the rows of the plugins that count ids over time, by dimensions, then by time. Ids and combinations of
/// dimensions are numbered from 0 in order of first appearance; rows without a time are left out.
class ActivityRows {
public:
    struct Row {
        std::uint32_t group;
        std::uint32_t id;
        std::uint32_t row; ///< of the input
        Point time;
    };
    static Result<ActivityRows> make(PluginCall& call, const Batch& rows, std::string_view timeline = "TimelineColumn");

    const Timeline& timeline() const { return m_timeline; }
    /// The first and last time of all rows; nothing without rows.
    std::optional<std::pair<Point, Point>> span() const;
    /// Leaves only rows within [from, to].
    void restrict(Point from, Point to);
    std::span<const Row> rows() const { return m_rows; }
    std::size_t groups() const { return m_groupCount; }
    std::size_t ids() const { return m_idCount; }
    /// The values of the dimensions of a group.
    void appendGroup(std::uint32_t group, std::vector<Value>& out) const;
    Value id(std::uint32_t id) const { return m_ids.valueAt(id); }
    /// Calls `use(group, rows of the group)` for each group that has rows, in order.
    Result<void> forEachGroup(const std::function<Result<void>(std::uint32_t group, std::span<const Row> rows)>& use) const;

private:
    explicit ActivityRows(Timeline timeline) : m_timeline(std::move(timeline)) {}
    Timeline m_timeline;
    std::vector<Row> m_rows;
    std::vector<Vector> m_dimensions;
    Vector m_ids;
    std::size_t m_groupCount = 0;
    std::size_t m_idCount = 0;
};

/// How often each of a fixed number of ids was seen, and how many were seen at all.
class SeenIds {
public:
    explicit SeenIds(std::size_t ids) : m_counts(ids) {}
    /// Whether it is the first time.
    bool add(std::uint32_t id)
    {
        m_distinct += m_counts[id] == 0;
        return m_counts[id]++ == 0;
    }
    void remove(std::uint32_t id) { m_distinct -= --m_counts[id] == 0; }
    bool has(std::uint32_t id) const { return m_counts[id] != 0; }
    std::int64_t distinct() const { return m_distinct; }

private:
    std::vector<std::uint32_t> m_counts;
    std::int64_t m_distinct = 0;
};

/// The rows of one group that fall into one period.
struct PeriodRows {
    std::int64_t period;
    std::span<const ActivityRows::Row> rows;
};
std::vector<PeriodRows> byPeriod(std::span<const ActivityRows::Row> rows, const Periods& periods);

} // namespace tocsin::kql
