// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/JoinSides.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tocsin::kql {
namespace {

std::vector<DataType> typesOf(const std::vector<ExpressionPtr>& expressions)
{
    std::vector<DataType> types;
    for (const ExpressionPtr& expression : expressions)
        types.push_back(expression->type);
    return types;
}

Vector gatherOrNull(const Vector& column, std::span<const std::uint32_t> rows)
{
    if (std::find(rows.begin(), rows.end(), kNoGroup) == rows.end())
        return column.gather(rows);
    VectorBuilder builder(column.type());
    for (const std::uint32_t row : rows) {
        if (row == kNoGroup)
            builder.appendNull();
        else
            builder.append(column, row);
    }
    return builder.finish();
}

} // namespace

JoinShape shapeOf(JoinKind kind)
{
    switch (kind) {
    case JoinKind::InnerUnique: return {.buildsLeft = true, .firstPerKey = true};
    case JoinKind::Inner: return {};
    case JoinKind::LeftOuter: return {.unmatchedProbe = true};
    case JoinKind::RightOuter: return {.buildsLeft = true, .unmatchedProbe = true};
    case JoinKind::FullOuter: return {.unmatchedProbe = true, .unmatchedBuild = true};
    case JoinKind::LeftSemi: return {.probeOnce = true};
    case JoinKind::RightSemi: return {.buildsLeft = true, .probeOnce = true};
    case JoinKind::LeftAnti: return {.matches = false, .unmatchedProbe = true};
    case JoinKind::RightAnti: return {.buildsLeft = true, .matches = false, .unmatchedProbe = true};
    }
    return {};
}

BuildSide::BuildSide(const std::vector<ExpressionPtr>& keys, const JoinShape& shape) : m_shape(shape), m_table(typesOf(keys)) {}

void BuildSide::begin(Batch rows)
{
    m_rows = std::move(rows);
    m_groupOf.reserve(m_rows.storedRows);
    if (m_shape.unmatchedBuild)
        m_matched = std::vector<std::atomic<std::uint8_t>>(m_rows.storedRows);
}

void BuildSide::addKeys(std::span<const Vector> keys, std::size_t count)
{
    m_table.assign(keys, count, m_groups);
    for (const Vector& key : keys) // a null key equals nothing
        if (key.mayHaveNulls())
            for (std::size_t i = 0; i < count; ++i)
                if (key.isNull(i))
                    m_groups[i] = kNoGroup;
    m_groupOf.insert(m_groupOf.end(), m_groups.begin(), m_groups.begin() + static_cast<std::ptrdiff_t>(count));
}

void BuildSide::finish()
{
    std::vector<std::uint32_t> next(m_table.size() + 1);
    for (std::uint32_t& group : m_groupOf) {
        if (group == kNoGroup)
            continue;
        if (m_shape.firstPerKey && next[group + 1] == 1)
            group = kNoGroup;
        else
            ++next[group + 1];
    }
    std::partial_sum(next.begin(), next.end(), next.begin());
    m_starts = next;
    m_sorted.resize(m_starts.back());
    for (std::uint32_t row = 0; row < m_groupOf.size(); ++row)
        if (m_groupOf[row] != kNoGroup)
            m_sorted[next[m_groupOf[row]]++] = row;
    m_groupOf = {};
    if (m_shape.unmatchedBuild)
        return;
    for (Vector& column : m_rows.columns)
        column = column.gather(m_sorted);
    m_rows.storedRows = m_sorted.size();
    m_sorted = {};
}

std::vector<std::uint32_t> BuildSide::unmatched(std::size_t& row) const
{
    std::vector<std::uint32_t> rows;
    for (; row < m_rows.storedRows && rows.size() < kBatchRows; ++row)
        if (!m_matched[row].load(std::memory_order_relaxed))
            rows.push_back(static_cast<std::uint32_t>(row));
    return rows;
}

Batch joinRows(std::span<const JoinOutput> outputs, const Batch& probe, std::span<const std::uint32_t> probeRows, const Batch& build, std::span<const std::uint32_t> buildRows)
{
    Batch batch;
    batch.storedRows = std::max(probeRows.size(), buildRows.size());
    for (const JoinOutput& output : outputs) {
        const std::span<const std::uint32_t> rows = output.fromBuild ? buildRows : probeRows;
        const Batch& source = output.fromBuild ? build : probe;
        if (rows.empty() || source.storedRows == 0)
            batch.columns.push_back(Vector::nulls(output.type, batch.storedRows));
        else
            batch.columns.push_back(gatherOrNull(source.columns[output.column], rows));
    }
    return batch;
}

void Prober::start(std::span<const Vector> keys, std::size_t rows, std::size_t first)
{
    m_side.table().find(keys, rows, m_scratch, m_groups);
    m_row = 0;
    m_matches = {};
    m_first = first;
}

void Prober::withoutMatch(std::uint32_t row)
{
    if (m_shape.unmatchedProbe && !m_tracked)
        give(row, kNoGroup);
}

/// A probe row that has a match, in a join where that is all that counts.
void Prober::once(std::uint32_t row)
{
    const bool before = m_tracked && std::exchange((*m_tracked)[m_first + row], 1);
    if (m_shape.probeOnce && !before)
        give(row, kNoGroup);
}

void Prober::giveMatches(std::uint32_t row, std::uint32_t end)
{
    for (; m_matches.first < end; ++m_matches.first) {
        const std::uint32_t match = m_side.rowOf(m_matches.first);
        give(row, match);
        if (m_shape.unmatchedBuild)
            m_side.setMatched(match);
    }
    if (m_tracked)
        (*m_tracked)[m_first + row] = 1;
}

void Prober::giveInRange(std::uint32_t row, std::uint32_t end)
{
    const VectorReader<Ticks> times(m_times);
    if (!times.isNull(row)) {
        const auto saturated = [](Ticks time, std::int64_t by) {
            Ticks sum;
            return __builtin_add_overflow(time, by, &sum) ? by < 0 ? std::numeric_limits<Ticks>::min() : std::numeric_limits<Ticks>::max() : sum;
        };
        const Ticks from = saturated(times[row], m_range->least), to = saturated(times[row], m_range->most);
        const auto build = m_range->build.values<Ticks>();
        const NullMask* nulls = m_range->build.nullMask();
        m_inRange.resize(std::max<std::size_t>(m_inRange.size(), end - m_matches.first));
        std::size_t given = 0;
        for (std::uint32_t match = m_matches.first; match < end; ++match) {
            m_inRange[given] = match;
            given += build[match] >= from && build[match] <= to && !(nulls && nulls->isNull(match));
        }
        m_buildRows.insert(m_buildRows.end(), m_inRange.begin(), m_inRange.begin() + static_cast<std::ptrdiff_t>(given));
        m_probeRows.resize(m_buildRows.size(), row);
    }
    m_matches.first = end;
}

void Prober::step()
{
    constexpr std::size_t kAtOnce = 4 * kBatchRows;
    constexpr std::size_t kMostTried = 256 * kBatchRows;
    m_probeRows.clear();
    m_buildRows.clear();
    std::size_t tried = 0;
    while (m_row < m_groups.size() && m_probeRows.size() < kAtOnce && tried < kMostTried) {
        const auto row = static_cast<std::uint32_t>(m_row);
        if (m_matches.first == m_matches.end) { // a new probe row
            if (m_groups[m_row] != kNoGroup)
                m_matches = m_side.matchesOf(m_groups[m_row]);
            const bool any = m_matches.first != m_matches.end;
            if (!any || !m_shape.matches || m_shape.probeOnce) {
                any ? once(row) : withoutMatch(row);
                m_matches = {};
                ++m_row;
                continue;
            }
        }
        const std::size_t room = kAtOnce - m_probeRows.size();
        const std::uint32_t end = m_matches.end - m_matches.first > room ? m_matches.first + static_cast<std::uint32_t>(room) : m_matches.end;
        tried += end - m_matches.first;
        if (m_range)
            giveInRange(row, end);
        else
            giveMatches(row, end);
        if (m_matches.first == m_matches.end)
            ++m_row;
    }
}

} // namespace tocsin::kql
