// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SegmentScan.h"

#include "store/scan/ChunkFetcher.h"
#include "store/scan/Pruning.h"

#include <algorithm>

namespace tocsin::store {
namespace {

/// One segment. The columns are fetched at the first batch, all in one go.
class SegmentMorsel final : public catalog::Morsel {
public:
    SegmentMorsel(std::shared_ptr<const SegmentTableContent> content, std::vector<std::size_t> columns, std::size_t place, std::shared_ptr<SegmentScan::Counters> counters)
        : m_content(std::move(content)), m_columns(std::move(columns)), m_place(place), m_segment(*m_content->segments[place]), m_counters(std::move(counters))
    {
    }
    std::uint64_t ordinal() const override { return m_place; }

    Result<std::optional<Batch>> next() override
    {
        if (!m_fetched)
            TOCSIN_TRY(fetch());
        if (m_at >= m_segment.rows)
            return std::nullopt;
        Batch batch;
        batch.storedRows = std::min(kBatchRows, m_segment.rows - m_at);
        batch.columns.reserve(m_columns.size());
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            Result<Vector> column = m_readers[i]->read(m_at, batch.storedRows);
            if (!column)
                return std::unexpected(damaged(m_columns[i], column.error()));
            batch.columns.push_back(std::move(*column));
        }
        m_at += batch.storedRows;
        m_counters->rows.fetch_add(batch.storedRows, std::memory_order_relaxed);
        return batch;
    }

private:
    Result<void> fetch()
    {
        ChunkFetcher fetcher(m_content->readers->connections);
        for (const std::size_t column : m_columns) {
            TOCSIN_TRY_ASSIGN(auto reader, fetchTableColumn(*m_content, fetcher, m_segment, column));
            m_readers.push_back(std::move(reader));
        }
        m_fetched = true;
        m_counters->segments.fetch_add(1, std::memory_order_relaxed);
        m_counters->bytes.fetch_add(fetcher.bytesRead(), std::memory_order_relaxed);
        return {};
    }
    Error damaged(std::size_t column, const Error& below) const { return damagedColumn(*m_content, m_segment, column, below); }

    std::shared_ptr<const SegmentTableContent> m_content;
    std::vector<std::size_t> m_columns;
    std::size_t m_place;
    const SegmentInfo& m_segment;
    std::shared_ptr<SegmentScan::Counters> m_counters;
    std::vector<std::shared_ptr<const ColumnReader>> m_readers;
    bool m_fetched = false;
    std::size_t m_at = 0;
};

} // namespace

SegmentScan::SegmentScan(std::shared_ptr<const SegmentTableContent> content, catalog::ScanRequest request)
    : m_content(std::move(content)), m_request(std::move(request))
{
    const auto& segments = m_content->segments;
    for (std::size_t i = 0; i < segments.size(); ++i)
        if (mayPass(*m_content, *segments[i], m_request.predicates))
            m_order.push_back(i);
    if (!m_request.newestFirst)
        return;
    // Segments without a time go last: they cannot hold the newest or oldest row.
    const bool newest = *m_request.newestFirst;
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
        const auto& x = newest ? segments[a]->maxTime : segments[a]->minTime;
        const auto& y = newest ? segments[b]->maxTime : segments[b]->minTime;
        if (x.has_value() != y.has_value())
            return x.has_value();
        return x && (newest ? *x > *y : *x < *y);
    });
}

Result<std::unique_ptr<catalog::Morsel>> SegmentScan::nextMorsel(std::stop_token stop)
{
    for (;;) {
        if (stop.stop_requested())
            return fail(kCancelled);
        const std::size_t next = m_next.fetch_add(1);
        if (next >= m_order.size())
            return nullptr;
        ChunkFetcher fetcher(m_content->readers->connections);
        const bool wanted = mayPassWhenRead(*m_content, fetcher, *m_content->segments[m_order[next]], m_request.predicates);
        m_counters->bytes.fetch_add(fetcher.bytesRead(), std::memory_order_relaxed);
        if (wanted)
            return std::make_unique<SegmentMorsel>(m_content, m_request.columns, m_order[next], m_counters);
    }
}

catalog::ScanStatistics SegmentScan::statistics() const { return {m_content->segments.size(), m_counters->segments, m_counters->rows, m_counters->bytes}; }

} // namespace tocsin::store
