// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/RowOrder.h"
#include "kql/exec/plugins/ActivityRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace tocsin::kql {
namespace {

/// Counts at ranks, with the rank of the k-th counted found in logarithmic time (Fenwick, 1994).
class RankCounts {
public:
    explicit RankCounts(std::size_t ranks) : m_sums(ranks + 1) {}
    void change(std::size_t rank, std::int32_t by)
    {
        m_total += by;
        for (std::size_t i = rank + 1; i < m_sums.size(); i += i & (~i + 1))
            m_sums[i] += by;
    }
    std::int64_t total() const { return m_total; }
    /// The rank that holds the k-th of all counted, from 1.
    std::size_t find(std::int64_t k) const
    {
        std::size_t at = 0;
        for (std::size_t step = std::bit_floor(m_sums.size()); step; step /= 2)
            if (at + step < m_sums.size() && m_sums[at + step] < k) {
                at += step;
                k -= m_sums[at];
            }
        return at;
    }

private:
    std::vector<std::int64_t> m_sums;
    std::int64_t m_total = 0;
};

} // namespace

/// The nearest-rank percentile of the values in the last bins, for each bin that has rows. Bins begin at multiples of their size.
Result<void> runRollingPercentile(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const ActivityRows activity, ActivityRows::make(call, rows, "IndexColumn"));
    TOCSIN_TRY_ASSIGN(const Point size, activity.timeline().length(call, "BinSize"));
    TOCSIN_TRY_ASSIGN(const double percentile, call.real("Percentile", 50, 0, 100));
    TOCSIN_TRY_ASSIGN(const std::int64_t window, call.whole("BinsPerWindow", 1, 1, 1'000'000'000));
    TOCSIN_TRY_ASSIGN(const Vector values, call.column("ValueColumn", rows));
    // Rows by value: the place in this order is what is counted.
    const SortDirection ascending{false, true};
    TOCSIN_TRY(call.memory.grow(rows.storedRows * (2 * sizeof(std::uint32_t) + sizeof(std::int64_t))));
    const std::vector<std::uint32_t> order = sortedRows(std::span(&values, 1), std::span(&ascending, 1), rows.storedRows, rows.storedRows);
    TOCSIN_TRY(call.run.checkStop());
    std::vector<std::uint32_t> rank(rows.storedRows);
    for (std::uint32_t place = 0; place < order.size(); ++place)
        rank[order[place]] = place;
    RankCounts counts(rows.storedRows);
    RowWriter writer(call.node.columns, out);
    const Periods bins = Periods::ofLength(size, 0);
    TOCSIN_TRY(activity.forEachGroup([&](std::uint32_t group, std::span<const ActivityRows::Row> ofGroup) -> Result<void> {
        const std::vector<PeriodRows> periods = byPeriod(ofGroup, bins);
        const auto change = [&](const PeriodRows& period, std::int32_t by) -> Result<void> {
            for (const ActivityRows::Row& row : period.rows) {
                TOCSIN_TRY(call.tick());
                if (!values.isNull(row.row))
                    counts.change(rank[row.row], by);
            }
            return {};
        };
        std::size_t first = 0;
        for (std::size_t i = 0; i < periods.size(); ++i) {
            TOCSIN_TRY(change(periods[i], 1));
            for (; periods[first].period <= periods[i].period - window; ++first)
                TOCSIN_TRY(change(periods[first], -1));
            std::vector<Value> row{activity.timeline().value(bins.start(periods[i].period))};
            activity.appendGroup(group, row);
            const auto wanted = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(percentile / 100 * static_cast<double>(counts.total()))));
            row.push_back(counts.total() == 0 ? Value::null(values.type()) : values.valueAt(order[counts.find(wanted)]));
            TOCSIN_TRY(writer.add(row));
        }
        for (; first < periods.size(); ++first)
            TOCSIN_TRY(change(periods[first], -1));
        return {};
    }));
    return writer.finish();
}

} // namespace tocsin::kql
