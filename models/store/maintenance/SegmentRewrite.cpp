// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/SegmentRewrite.h"

#include "store/StoreErrors.h"

#include <algorithm>

namespace tocsin::store {

SegmentRewrite::SegmentRewrite(StoreReaders& readers, const StoredTable& table)
    : m_readers(readers), m_table(table), m_buffer(table.schema), m_times(ColumnBuffer::make(DataType::DateTime))
{
}

Result<void> SegmentRewrite::add(const SegmentInfo& segment, std::span<const std::uint32_t> without)
{
    m_minIngest = m_rows == 0 ? segment.minIngest : std::min(m_minIngest, segment.minIngest);
    m_maxIngest = m_rows == 0 ? segment.maxIngest : std::max(m_maxIngest, segment.maxIngest);
    m_rows += segment.rows - without.size();
    ChunkFetcher fetcher(m_readers.connections);
    catalog::TableSchema schema{m_table.schema.name, {}, "", {}, false, false};
    Columns columns;
    for (std::size_t i = 0; i < m_table.columnIds.size(); ++i) {
        const Zone* zone = segment.zone(m_table.columnIds[i]);
        if (!zone || !zone->stored)
            continue;
        const catalog::ColumnSchema& column = m_table.schema.columns[i];
        TOCSIN_TRY_ASSIGN(auto reader, fetchColumn(m_readers, fetcher, segment, m_table.columnIds[i], column.type, m_table.schema.name, column.name));
        schema.columns.push_back(column);
        columns.push_back(std::move(reader));
    }
    return addRows(segment, fetcher, schema, columns, without);
}

Result<Vector> SegmentRewrite::read(const ColumnReader& column, const SegmentInfo& segment, const std::string& name, std::size_t at, std::size_t count, const std::vector<std::uint32_t>& kept) const
{
    Result<Vector> values = column.read(at, count);
    if (!values)
        return fail(kDamagedColumn, m_table.schema.name, std::to_string(segment.id), name, errorMessage(values.error()));
    return kept.size() == count ? std::move(*values) : values->gather(kept);
}

Result<void> SegmentRewrite::addRows(const SegmentInfo& segment, ChunkFetcher& fetcher, const catalog::TableSchema& schema, const Columns& columns, std::span<const std::uint32_t> without)
{
    const std::string timeName(catalog::kIngestionTimeColumn);
    std::shared_ptr<const ColumnReader> times;
    if (segment.minIngest != segment.maxIngest) {
        TOCSIN_TRY_ASSIGN(times, fetchColumn(m_readers, fetcher, segment, 0, DataType::DateTime, m_table.schema.name, timeName));
    }
    auto left = without.begin();
    for (std::size_t at = 0; at < segment.rows; at += kBatchRows) {
        const std::size_t count = std::min(kBatchRows, segment.rows - at);
        std::vector<std::uint32_t> kept;
        for (std::uint32_t row = 0; row < count; ++row) {
            if (left != without.end() && *left == at + row)
                ++left;
            else
                kept.push_back(row);
        }
        if (kept.empty())
            continue;
        Batch batch;
        batch.storedRows = kept.size();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            TOCSIN_TRY_ASSIGN(Vector vector, read(*columns[i], segment, schema.columns[i].name, at, count, kept));
            batch.columns.push_back(std::move(vector));
        }
        m_buffer.append(schema, batch, 0, batch.storedRows);
        if (!times) {
            m_times->append(Vector::constant(Value::dateTime(segment.maxIngest), batch.storedRows));
            continue;
        }
        TOCSIN_TRY_ASSIGN(const Vector vector, read(*times, segment, timeName, at, count, kept));
        m_times->append(vector);
    }
    return {};
}

EncodedSegment SegmentRewrite::encode(Executor& executor)
{
    EncodedSegment segment = m_buffer.encode(executor, m_maxIngest);
    segment.minIngest = m_minIngest;
    if (m_minIngest != m_maxIngest)
        segment.ingestTimes = m_times->encode();
    return segment;
}

} // namespace tocsin::store
