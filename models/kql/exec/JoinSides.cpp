// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/JoinSides.h"

#include <algorithm>

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
    m_nextRow.assign(m_rows.storedRows, kNoGroup);
    if (m_shape.unmatchedBuild)
        m_matched = std::vector<std::atomic<std::uint8_t>>(m_rows.storedRows);
}

void BuildSide::addKeys(std::span<const Vector> keys, std::size_t count)
{
    m_table.assign(keys, count, m_groups);
    m_firstRow.resize(m_table.size(), kNoGroup);
    m_lastRow.resize(m_table.size(), kNoGroup);
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = static_cast<std::uint32_t>(m_keyed + i);
        if (std::any_of(keys.begin(), keys.end(), [i](const Vector& key) { return key.isNull(i); }))
            continue; // a null key equals nothing
        std::uint32_t& last = m_lastRow[m_groups[i]];
        if (last == kNoGroup)
            m_firstRow[m_groups[i]] = row;
        else if (m_shape.firstPerKey)
            continue;
        else
            m_nextRow[last] = row;
        last = row;
    }
    m_keyed += count;
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
    m_chain = kNoGroup;
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

void Prober::step()
{
    m_probeRows.clear();
    m_buildRows.clear();
    while (m_row < m_groups.size() && m_probeRows.size() < 4 * kBatchRows) {
        const auto row = static_cast<std::uint32_t>(m_row);
        std::uint32_t match = m_chain;
        if (match == kNoGroup) { // a new probe row
            match = m_groups[m_row] == kNoGroup ? kNoGroup : m_side.firstRow(m_groups[m_row]);
            if (match == kNoGroup || !m_shape.matches || m_shape.probeOnce) {
                match == kNoGroup ? withoutMatch(row) : once(row);
                ++m_row;
                continue;
            }
        }
        give(row, match);
        if (m_tracked)
            (*m_tracked)[m_first + row] = 1;
        if (m_shape.unmatchedBuild)
            m_side.setMatched(match);
        m_chain = m_side.nextRow(match);
        if (m_chain == kNoGroup)
            ++m_row;
    }
}

} // namespace tocsin::kql
