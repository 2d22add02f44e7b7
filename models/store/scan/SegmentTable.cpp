// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SegmentTable.h"

#include "store/StoreErrors.h"
#include "store/scan/Pruning.h"
#include "store/scan/RowFetch.h"
#include "store/scan/SegmentScan.h"

#include <algorithm>

namespace tocsin::store {

catalog::TableStatistics SegmentTable::statistics() const
{
    catalog::TableStatistics statistics;
    statistics.segments = m_content->segments.size();
    for (const auto& segment : m_content->segments) {
        statistics.rows += segment->rows;
        statistics.bytes += segment->bytes;
        if (!segment->minTime)
            continue;
        statistics.minTime = std::min(statistics.minTime.value_or(*segment->minTime), *segment->minTime);
        statistics.maxTime = std::max(statistics.maxTime.value_or(*segment->maxTime), *segment->maxTime);
    }
    return statistics;
}

Result<std::unique_ptr<catalog::TableScan>> SegmentTable::scan(const catalog::ScanRequest& request) const
{
    return std::make_unique<SegmentScan>(m_content, request);
}

std::shared_ptr<const catalog::TableSource> SegmentTable::withMembers(std::span<const catalog::JsonMember> members) const
{
    SegmentTableContent content = *m_content;
    for (const catalog::JsonMember& member : members) {
        if (member.column >= m_content->schema.columns.size() - m_content->members.size() || m_content->schema.columns[member.column].type != DataType::String)
            return nullptr;
        content.schema.columns.push_back({m_content->schema.columns[member.column].name + "." + member.key, DataType::Dynamic, {}});
        content.columnIds.push_back(kMemberColumn);
        content.members.push_back(member);
    }
    return std::make_shared<const SegmentTable>(std::move(content));
}

namespace {

/// The times of a segment that lie in the period, read row by row.
Result<std::uint64_t> countInSegment(const SegmentTableContent& content, const SegmentInfo& segment, std::size_t time, const catalog::TimePeriod& period)
{
    ChunkFetcher fetcher(content.readers->connections);
    TOCSIN_TRY_ASSIGN(const auto reader, fetchTableColumn(content, fetcher, segment, time));
    std::uint64_t count = 0;
    for (std::size_t start = 0; start < segment.rows; start += kBatchRows) {
        const Result<Vector> times = reader->read(start, std::min(kBatchRows, segment.rows - start));
        if (!times)
            return std::unexpected(damagedColumn(content, segment, time, times.error()));
        count += catalog::countTimes(*times, period);
    }
    return count;
}

} // namespace

Result<std::uint64_t> SegmentTable::countRows(const catalog::TimePeriod& period, std::stop_token stop) const
{
    const auto time = m_content->schema.indexOf("TimeGenerated");
    std::uint64_t count = 0;
    for (const auto& segment : m_content->segments) {
        if (stop.stop_requested())
            return fail(kCancelled);
        if (!segment->damage.empty())
            return fail(kDamagedSegment, m_content->schema.name, std::to_string(segment->id), segment->damage);
        if (period.isOpen()) {
            count += segment->rows;
            continue;
        }
        // The times of a segment are those of TimeGenerated; rows without one are in no period.
        const Zone* zone = time ? segment->zone(m_content->columnIds[*time]) : nullptr;
        if (!zone || !zone->min || !zone->max)
            continue;
        const Ticks first = zone->min->asLong(), last = zone->max->asLong();
        if (period.contains(first) && period.contains(last)) {
            count += segment->rows - zone->nulls;
        } else if ((!period.to || first < *period.to) && (!period.from || last >= *period.from)) {
            TOCSIN_TRY_ASSIGN(const std::uint64_t some, countInSegment(*m_content, *segment, *time, period));
            count += some;
        }
    }
    return count;
}

Result<std::optional<catalog::ValueCounts>> SegmentTable::countValues(std::size_t piece, std::size_t column) const
{
    const SegmentInfo& segment = *m_content->segments[piece];
    ChunkFetcher fetcher(m_content->readers->connections);
    TOCSIN_TRY_ASSIGN(const auto reader, fetchTableColumn(*m_content, fetcher, segment, column));
    auto counts = reader->valueCounts(segment.rows);
    if (!counts)
        return std::unexpected(damagedColumn(*m_content, segment, column, counts.error()));
    return counts;
}

Result<Batch> SegmentTable::fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const
{
    return fetchRows(*m_content, rowIds, columns, stop);
}

} // namespace tocsin::store
