// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SegmentScan.h"

#include "catalog/ValueTimes.h"
#include "store/index/ColumnFilters.h"
#include "store/scan/ChunkFetcher.h"
#include "store/scan/Pruning.h"
#include "store/scan/RowFilter.h"

#include <algorithm>

namespace tocsin::store {
namespace {

/// One segment. The columns of predicates are fetched first; the others when a row is left.
class SegmentMorsel final : public catalog::Morsel {
public:
    SegmentMorsel(std::shared_ptr<const SegmentTableContent> content, std::shared_ptr<const catalog::ScanRequest> request, std::size_t place, std::shared_ptr<SegmentScan::Shared> shared)
        : m_content(std::move(content)), m_requestKept(std::move(request)), m_request(*m_requestKept), m_place(place), m_segment(*m_content->segments[place]), m_shared(std::move(shared)), m_readers(m_request.columns.size())
    {
    }
    std::uint64_t ordinal() const override { return m_place; }

    Result<std::optional<Batch>> next() override
    {
        if (!m_started)
            TOCSIN_TRY(start());
        while (m_at < m_segment.rows) {
            TOCSIN_TRY_ASSIGN(Batch batch, read(m_at, std::min(kBatchRows, m_segment.rows - m_at)));
            m_at += kBatchRows;
            if (batch.storedRows > 0)
                return batch;
        }
        return std::nullopt;
    }

private:
    struct Filter {
        std::size_t place; ///< among the requested columns
        std::unique_ptr<RowCondition> condition;
    };

    Result<void> start()
    {
        m_started = true;
        m_shared->segments.fetch_add(1, std::memory_order_relaxed);
        for (const catalog::ScanPredicate& predicate : m_request.predicates) {
            const auto wanted = std::find(m_request.columns.begin(), m_request.columns.end(), predicate.column);
            if (wanted == m_request.columns.end() || predicate.column >= m_content->schema.columns.size())
                continue;
            const auto place = static_cast<std::size_t>(wanted - m_request.columns.begin());
            if (!m_readers[place]) {
                TOCSIN_TRY_ASSIGN(m_readers[place], fetchMatching(predicate));
                if (m_readers[place]) {
                    m_filters.push_back({place, markedRows(m_readers[place]->distinctTexts())});
                    if (m_filters.back().condition->verdict() == RowCondition::Verdict::None)
                        m_at = m_segment.rows;
                    continue;
                }
            }
            TOCSIN_TRY(fetch(place));
            auto condition = RowCondition::make(predicate, m_content->schema.columns[predicate.column].type, m_segment.zone(m_content->columnIds[predicate.column]), m_readers[place], m_shared->selections);
            if (!condition || condition->verdict() == RowCondition::Verdict::All)
                continue;
            if (condition->verdict() == RowCondition::Verdict::None)
                m_at = m_segment.rows;
            m_filters.push_back({place, std::move(condition)});
        }
        return {};
    }

    Result<Batch> read(std::size_t start, std::size_t count)
    {
        Batch batch;
        std::vector<std::optional<Vector>> known(m_readers.size());
        std::vector<std::uint32_t> kept;
        if (!m_filters.empty()) {
            m_marks.assign(count, 1);
            for (const Filter& filter : m_filters) {
                if (!known[filter.place] && filter.condition->needsValues()) {
                    TOCSIN_TRY_ASSIGN(known[filter.place], values(filter.place, start, count));
                }
                filter.condition->apply(start, known[filter.place] ? &*known[filter.place] : nullptr, m_marks);
            }
            const auto left = static_cast<std::size_t>(std::count(m_marks.begin(), m_marks.end(), 1));
            if (left == 0)
                return batch;
            const bool strict = left < count && std::any_of(m_filters.begin(), m_filters.end(), [](const Filter& filter) { return filter.condition->isStrict(); });
            if (strict || left < count - count / 4) { // few failing rows are left to whoever checks the predicate again
                kept.resize(count); // without a branch: which rows pass is hard to guess
                std::uint32_t* out = kept.data();
                for (std::uint32_t row = 0; row < count; ++row) {
                    *out = row;
                    out += m_marks[row];
                }
                kept.resize(left);
            }
        }
        batch.storedRows = kept.empty() ? count : kept.size();
        batch.columns.reserve(m_readers.size());
        const bool few = !kept.empty() && kept.size() * kFewInMany < count;
        for (std::size_t i = 0; i < m_readers.size(); ++i) {
            if (!known[i] && few) {
                TOCSIN_TRY_ASSIGN(Vector some, valuesOf(i, start, count, kept));
                batch.columns.push_back(std::move(some));
                continue;
            }
            if (!known[i]) {
                TOCSIN_TRY_ASSIGN(known[i], values(i, start, count));
            }
            batch.columns.push_back(kept.empty() ? std::move(*known[i]) : keep(i, *known[i], kept));
        }
        if (m_request.rowIds) {
            const Vector ids = catalog::rowIds(m_place, start, count);
            batch.columns.push_back(kept.empty() ? ids : ids.gather(kept));
        }
        m_shared->rows.fetch_add(batch.storedRows, std::memory_order_relaxed);
        return batch;
    }

    Vector keep(std::size_t place, const Vector& column, std::span<const std::uint32_t> rows) const
    {
        const auto filter = std::find_if(m_filters.begin(), m_filters.end(), [place](const Filter& candidate) { return candidate.place == place; });
        return filter == m_filters.end() ? column.gather(rows) : filter->condition->keep(column, rows);
    }

    Result<Vector> values(std::size_t place, std::size_t start, std::size_t count)
    {
        TOCSIN_TRY(fetch(place));
        return checked(place, m_readers[place]->read(start, count));
    }
    Result<Vector> valuesOf(std::size_t place, std::size_t start, std::size_t count, std::span<const std::uint32_t> rows)
    {
        TOCSIN_TRY(fetch(place));
        return checked(place, m_readers[place]->readSome(start, count, rows));
    }
    Result<Vector> checked(std::size_t place, Result<Vector> column) const
    {
        if (!column)
            return std::unexpected(damagedColumn(*m_content, m_segment, m_request.columns[place], column.error()));
        return column;
    }

    /// Long texts that do not all fit into the cache are not kept for the next query: only what passes is.
    Result<std::shared_ptr<const ColumnReader>> fetchMatching(const catalog::ScanPredicate& predicate)
    {
        const catalog::ColumnSchema& column = m_content->schema.columns[predicate.column];
        if (column.type != DataType::String || !m_shared->streams(*m_content, predicate.column))
            return nullptr;
        const auto marker = textMarker(predicate);
        if (!marker)
            return nullptr;
        const std::int64_t id = m_content->columnIds[predicate.column];
        ChunkFetcher fetcher(m_content->readers->connections);
        std::vector<std::uint8_t> blocks;
        if (const Zone* zone = m_segment.zone(id); zone && zone->hasTerms && asksForTerms(predicate))
            if (const auto filter = fetchTermFilter(*m_content->readers, fetcher, m_segment, id))
                blocks = blocksWithTerms(**filter, predicate);
        auto reader = fetchMarked(*m_content->readers, fetcher, m_segment, id, *marker, blocks, m_content->schema.name, column.name);
        m_shared->bytes.fetch_add(fetcher.bytesRead(), std::memory_order_relaxed);
        return reader;
    }

    Result<void> fetch(std::size_t place)
    {
        if (m_readers[place])
            return {};
        // Each column on its own keeps no read transaction open between batches.
        ChunkFetcher fetcher(m_content->readers->connections);
        TOCSIN_TRY_ASSIGN(m_readers[place], fetchTableColumn(*m_content, fetcher, m_segment, m_request.columns[place]));
        m_shared->bytes.fetch_add(fetcher.bytesRead(), std::memory_order_relaxed);
        return {};
    }

    static constexpr std::size_t kFewInMany = 4; ///< so few rows are read one by one

    std::shared_ptr<const SegmentTableContent> m_content;
    std::shared_ptr<const catalog::ScanRequest> m_requestKept;
    const catalog::ScanRequest& m_request;
    std::size_t m_place;
    const SegmentInfo& m_segment;
    std::shared_ptr<SegmentScan::Shared> m_shared;
    std::vector<std::shared_ptr<const ColumnReader>> m_readers; ///< of the requested columns; null: not read yet
    std::vector<Filter> m_filters;
    std::vector<std::uint8_t> m_marks; ///< rows of the batch at hand that may pass
    bool m_started = false;
    std::size_t m_at = 0;
};

} // namespace

bool SegmentScan::Shared::streams(const SegmentTableContent& content, std::size_t column)
{
    constexpr std::uint64_t kUnpacked = 3; // times the size in the file, about
    const std::lock_guard lock(m_mutex);
    const auto [known, added] = m_streams.try_emplace(column, false);
    if (added) {
        std::uint64_t bytes = 0;
        for (const auto& segment : content.segments)
            if (const Zone* zone = segment->zone(content.columnIds[column]))
                bytes += zone->bytes;
        known->second = bytes * kUnpacked > content.readers->columns.budget() / 4 * 3;
    }
    return known->second;
}

SegmentScan::SegmentScan(std::shared_ptr<const SegmentTableContent> content, catalog::ScanRequest request)
    : m_content(std::move(content)), m_request(std::make_shared<const catalog::ScanRequest>(std::move(request)))
{
    const auto& segments = m_content->segments;
    for (std::size_t i = 0; i < segments.size(); ++i)
        if (mayPass(*m_content, *segments[i], m_request->predicates))
            m_order.push_back(i);
    if (!m_request->timeBound && !m_request->valueBound)
        return;
    // Segments without a time go last: they cannot hold the newest or oldest row.
    const bool newest = m_request->timeBound ? m_request->timeBound->newest() : m_request->valueBound->times->newest();
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
        const SegmentInfo& segment = *m_content->segments[m_order[next]];
        if (const auto& bound = m_request->timeBound; bound && segment.damage.empty())
            if (const auto& furthest = bound->newest() ? segment.maxTime : segment.minTime; furthest && bound->excludes(*furthest))
                continue;
        ChunkFetcher fetcher(m_content->readers->connections);
        const bool wanted = mayPassWhenRead(*m_content, fetcher, segment, m_request->predicates) && mayBeNearest(fetcher, segment);
        m_shared->bytes.fetch_add(fetcher.bytesRead(), std::memory_order_relaxed);
        if (wanted)
            return std::make_unique<SegmentMorsel>(m_content, m_request, m_order[next], m_shared);
    }
}

/// False if each value of the segment has been met nearer to the end that is wanted. What cannot be read is left to whoever reads it.
bool SegmentScan::mayBeNearest(ChunkFetcher& fetcher, const SegmentInfo& segment) const
{
    const auto& bound = m_request->valueBound;
    if (!bound || !segment.damage.empty())
        return true;
    const auto& furthest = bound->times->newest() ? segment.maxTime : segment.minTime;
    if (!furthest)
        return true;
    const auto reader = fetchTableColumn(*m_content, fetcher, segment, bound->column);
    if (!reader)
        return true;
    const std::shared_ptr<const Vector> texts = (*reader)->distinctTexts();
    if (!texts || !texts->numbers())
        return true;
    const auto used = (*reader)->usedCodes();
    return !bound->times->allBeyond(*texts->numbers(), used ? &*used : nullptr, *furthest);
}

catalog::ScanStatistics SegmentScan::statistics() const { return {m_content->segments.size(), m_shared->segments, m_shared->rows, m_shared->bytes}; }

} // namespace tocsin::store
