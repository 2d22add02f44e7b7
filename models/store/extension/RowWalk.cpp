// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/RowWalk.h"

#include "column/Batch.h"
#include "store/StoreErrors.h"
#include "store/scan/Pruning.h"

#include <algorithm>

namespace tocsin::store {

RowWalk::RowWalk(std::shared_ptr<const SegmentTableContent> content, RowQuestion question) : m_content(std::move(content)), m_question(std::move(question)) {}

Result<void> RowWalk::toNextRow()
{
    while (m_at >= m_rows) {
        m_start += kBatchRows;
        if (!m_segment || m_start >= m_segment->rows) {
            TOCSIN_TRY_ASSIGN(const bool opened, openSegment());
            if (!opened) {
                m_ended = true;
                return {};
            }
        }
        TOCSIN_TRY(openBatch());
    }
    return {};
}

RowWalk::Answer RowWalk::answer(const TimeCondition& condition) const
{
    if (condition.from >= condition.to)
        return Answer::No;
    Ticks first = m_segment->minIngest, last = m_segment->maxIngest;
    bool complete = true;
    if (condition.column < m_content->schema.columns.size()) {
        const Zone* zone = m_segment->zone(m_content->columnIds[condition.column]);
        if (!zone || !zone->min || !zone->max)
            return Answer::No; // no row has a time
        first = zone->min->asLong();
        last = zone->max->asLong();
        complete = zone->nulls == 0;
    }
    if (last < condition.from || first >= condition.to)
        return Answer::No;
    return complete && first >= condition.from && last < condition.to ? Answer::Yes : Answer::ReadRows;
}

/// Goes to the next segment that may have rows; false if there is none.
Result<bool> RowWalk::openSegment()
{
    while (m_nextSegment < m_content->segments.size()) {
        m_segment = m_content->segments[m_nextSegment++].get();
        if (!m_segment->damage.empty()) // nothing can be said of its rows, so leaving it out would be a wrong answer
            return fail(kDamagedSegment, m_content->schema.name, std::to_string(m_segment->id), m_segment->damage);
        m_readers.assign(m_content->schema.columns.size() + 1, nullptr);
        m_times.clear();
        m_filters.clear();
        m_start = 0;
        bool wanted = mayPass(*m_content, *m_segment, m_question.predicates);
        for (const TimeCondition& condition : m_question.times) {
            const Answer known = answer(condition);
            wanted = wanted && known != Answer::No;
            if (known == Answer::ReadRows)
                m_times.push_back(condition);
        }
        if (wanted && !m_question.predicates.empty()) {
            ChunkFetcher fetcher(m_content->readers->connections);
            wanted = mayPassWhenRead(*m_content, fetcher, *m_segment, m_question.predicates);
        }
        for (const catalog::ScanPredicate& predicate : m_question.predicates) {
            if (!wanted)
                break;
            TOCSIN_TRY_ASSIGN(const auto column, reader(predicate.column));
            auto condition = RowCondition::make(predicate, m_content->schema.columns[predicate.column].type, m_segment->zone(m_content->columnIds[predicate.column]), column, m_selections);
            if (condition && condition->verdict() == RowCondition::Verdict::None)
                wanted = false;
            else if (condition && condition->verdict() == RowCondition::Verdict::Some)
                m_filters.push_back({predicate.column, std::move(condition)});
        }
        if (wanted)
            return true;
    }
    return false;
}

Result<void> RowWalk::openBatch()
{
    const std::size_t count = std::min(kBatchRows, m_segment->rows - m_start);
    m_values.assign(m_content->schema.columns.size() + 1, std::nullopt);
    m_kept.reset();
    m_at = 0;
    m_rows = count;
    if (m_times.empty() && m_filters.empty())
        return {};
    std::vector<std::uint8_t> marks(count, 1);
    for (const TimeCondition& condition : m_times) {
        TOCSIN_TRY_ASSIGN(const Vector* times, values(condition.column));
        const VectorReader<Ticks> ticks(*times);
        for (std::size_t row = 0; row < count; ++row)
            marks[row] &= !ticks.isNull(row) && ticks[row] >= condition.from && ticks[row] < condition.to;
    }
    for (const Filter& filter : m_filters) {
        const Vector* column = nullptr;
        if (filter.condition->needsValues()) {
            TOCSIN_TRY_ASSIGN(column, values(filter.column));
        }
        filter.condition->apply(m_start, column, marks);
    }
    m_kept.emplace();
    for (std::uint32_t row = 0; row < count; ++row)
        if (marks[row])
            m_kept->push_back(row);
    m_rows = m_kept->size();
    return {};
}

Result<std::shared_ptr<const ColumnReader>> RowWalk::reader(std::size_t column)
{
    if (!m_readers[column]) {
        ChunkFetcher fetcher(m_content->readers->connections);
        TOCSIN_TRY_ASSIGN(m_readers[column], fetchTableColumn(*m_content, fetcher, *m_segment, column));
    }
    return m_readers[column];
}

Result<const Vector*> RowWalk::values(std::size_t column)
{
    if (!m_values[column]) {
        TOCSIN_TRY_ASSIGN(const auto source, reader(column));
        Result<Vector> read = source->read(m_start, std::min(kBatchRows, m_segment->rows - m_start));
        if (!read)
            return std::unexpected(damagedColumn(*m_content, *m_segment, column, read.error()));
        m_values[column] = std::move(*read);
    }
    return &*m_values[column];
}

} // namespace tocsin::store
