// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SegmentTable.h"

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

Result<Batch> SegmentTable::fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const
{
    return fetchRows(*m_content, rowIds, columns, stop);
}

} // namespace tocsin::store
