// SPDX-License-Identifier: GPL-3.0-or-later
// narrow, rows_near, estimate_rows_count, dcount_intersect.
#include "column/Dynamic.h"
#include "kql/exec/plugins/Plugins.h"
#include "kql/functions/support/DistinctSketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <unordered_set>

namespace tocsin::kql {

/// narrow: a row for each cell of the table, with the number of its row, the name of its column and its value as text.
Result<void> runNarrow(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    const std::vector<PlanColumn>& columns = call.node.inputs[0]->columns;
    std::vector<Vector> texts;
    for (const Vector& column : rows.columns) {
        TOCSIN_TRY_ASSIGN(Vector text, convertVector(column, DataType::String));
        texts.push_back(std::move(text));
    }
    RowWriter writer(call.node.columns, out);
    for (std::size_t row = 0; row < rows.storedRows; ++row)
        for (std::size_t c = 0; c < texts.size(); ++c) {
            TOCSIN_TRY(call.tick());
            TOCSIN_TRY(writer.add(std::array{Value::int64(static_cast<std::int64_t>(row)), Value::string(columns[c].name), texts[c].valueAt(row)}));
        }
    return writer.finish();
}

/// rows_near: rows that stand at most so many places before or behind one that meets the condition.
Result<void> runRowsNear(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    TOCSIN_TRY_ASSIGN(const Vector condition, call.column("Condition", rows));
    TOCSIN_TRY_ASSIGN(const std::int64_t before, call.whole("NumRows", 0, 0, kMost));
    TOCSIN_TRY_ASSIGN(const std::int64_t after, call.whole("RowsAfter", before, 0, kMost));
    const VectorReader<std::uint8_t> meets(condition);
    std::vector<std::uint32_t> near;
    std::int64_t next = 0; ///< the first row that is not yet in or out
    const auto count = static_cast<std::int64_t>(rows.storedRows);
    for (std::int64_t row = 0; row < count; ++row) {
        TOCSIN_TRY(call.tick());
        if (meets.isNull(static_cast<std::size_t>(row)) || !meets[static_cast<std::size_t>(row)])
            continue;
        next = std::max(next, row - before);
        for (; next < count && next <= row + after; ++next)
            near.push_back(static_cast<std::uint32_t>(next));
    }
    Batch result = gatherRows(rows, near);
    result.columns.resize(call.node.columns.size()); // without the hidden columns of the input
    return out.add(std::move(result));
}

Result<void> runEstimateRowsCount(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(writer.add(std::array{Value::int64(static_cast<std::int64_t>(rows.storedRows))}));
    return writer.finish();
}

namespace {

constexpr std::size_t kMostSets = 16; ///< as documented

/// How many values the first 1, 2, … n sets have in common.
class SharedValues {
public:
    explicit SharedValues(std::vector<DistinctCounter> sets) : m_sets(std::move(sets)) {}

    Result<std::vector<std::int64_t>> counts(PluginCall& call) const
    {
        const bool exact = std::all_of(m_sets.begin(), m_sets.end(), [](const DistinctCounter& set) { return set.isExact(); });
        return exact ? Result<std::vector<std::int64_t>>(exactCounts()) : estimates(call);
    }

private:
    std::vector<std::int64_t> exactCounts() const
    {
        std::unordered_set<std::uint64_t> common;
        m_sets[0].forEachExact([&](std::uint64_t hash) { common.insert(hash); });
        std::vector<std::int64_t> counts{static_cast<std::int64_t>(common.size())};
        for (std::size_t i = 1; i < m_sets.size(); ++i) {
            std::unordered_set<std::uint64_t> both;
            m_sets[i].forEachExact([&](std::uint64_t hash) {
                if (common.contains(hash))
                    both.insert(hash);
            });
            common = std::move(both);
            counts.push_back(static_cast<std::int64_t>(common.size()));
        }
        return counts;
    }

    /// By inclusion and exclusion over the sizes of unions.
    Result<std::vector<std::int64_t>> estimates(PluginCall& call) const
    {
        std::vector<std::int64_t> counts;
        std::int64_t sum = 0;
        for (std::uint32_t chosen = 1; chosen < (1U << m_sets.size()); ++chosen) {
            TOCSIN_TRY(call.run.checkStop());
            DistinctCounter all;
            for (std::size_t i = 0; i < m_sets.size(); ++i)
                if ((chosen >> i) & 1)
                    all.merge(m_sets[i], kSketchExactLimit);
            sum += std::popcount(chosen) % 2 == 1 ? all.count() : -all.count();
            if (((chosen + 1) & chosen) == 0) { // all subsets of the first sets are done
                const std::int64_t most = counts.empty() ? sum : counts.back();
                counts.push_back(std::clamp<std::int64_t>(sum, 0, std::max<std::int64_t>(most, 0)));
            }
        }
        return counts;
    }

    std::vector<DistinctCounter> m_sets;
};

} // namespace

/// dcount_intersect: for each row, from its hll() values.
Result<void> runDcountIntersect(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> sketches, call.columns("hll", rows));
    if (sketches.size() < 2 || sketches.size() > kMostSets)
        return std::unexpected(call.badValue("hll", "given " + std::to_string(sketches.size()) + " times", "given 2 to 16 times"));
    const std::size_t passed = call.node.columns.size() - sketches.size();
    std::vector<TypedBuilder<DataType::Long>> counts(sketches.size());
    for (std::size_t row = 0; row < rows.storedRows; ++row) {
        TOCSIN_TRY(call.run.checkStop());
        std::vector<DistinctCounter> sets;
        for (const Vector& sketch : sketches) {
            const Value value = sketch.valueAt(row);
            if (auto set = value.isNull() ? std::nullopt : readDistinctSketch(DynamicView(value.asText())))
                sets.push_back(std::move(*set));
        }
        if (sets.size() < sketches.size()) {
            for (auto& builder : counts)
                builder.appendNull();
            continue;
        }
        TOCSIN_TRY_ASSIGN(const std::vector<std::int64_t> shared, SharedValues(std::move(sets)).counts(call));
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i].append(shared[i]);
    }
    Batch result;
    result.storedRows = rows.storedRows;
    result.columns.assign(rows.columns.begin(), rows.columns.begin() + static_cast<std::ptrdiff_t>(passed));
    for (auto& builder : counts)
        result.columns.push_back(builder.finish());
    return out.add(std::move(result));
}

} // namespace tocsin::kql
