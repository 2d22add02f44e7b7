// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import/TableBuffer.h"

#include "store/import/ParallelFor.h"

namespace tocsin::store {

TableBuffer::TableBuffer(catalog::TableSchema table) : m_table(std::move(table)) {}

TableBuffer::Column& TableBuffer::column(const catalog::ColumnSchema& schema)
{
    std::string key(1, static_cast<char>(schema.type));
    key += schema.name;
    const auto [place, isNew] = m_places.try_emplace(std::move(key), m_columns.size());
    if (isNew) {
        Column& added = m_columns.emplace_back(schema, ColumnBuffer::make(schema.type));
        added.buffer->appendNulls(m_rows);
    }
    return m_columns[place->second];
}

void TableBuffer::append(const catalog::TableSchema& schema, const Batch& batch, std::size_t start, std::size_t count)
{
    const bool all = start == 0 && count == batch.storedRows;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
        Column& target = column(schema.columns[i]);
        if (target.buffer->rows() == m_rows) // a schema that names a column twice gives it once
            target.buffer->append(all ? batch.columns[i] : batch.columns[i].slice(start, count));
    }
    m_rows += count;
    for (Column& target : m_columns)
        target.buffer->appendNulls(m_rows - target.buffer->rows());
}

std::size_t TableBuffer::bytes() const
{
    std::size_t bytes = 0;
    for (const Column& column : m_columns)
        bytes += column.buffer->bytes();
    return bytes;
}

EncodedSegment TableBuffer::encode(Executor& executor, Ticks ingestTime)
{
    EncodedSegment segment;
    segment.table = m_table;
    segment.rows = m_rows;
    segment.minIngest = segment.maxIngest = ingestTime;
    segment.columns.resize(m_columns.size());
    parallelFor(executor, m_columns.size(), [&](std::size_t i) {
        segment.columns[i] = {std::move(m_columns[i].schema), m_columns[i].buffer->encode()};
        m_columns[i].buffer.reset();
    });
    m_columns.clear();
    m_places.clear();
    m_rows = 0;
    return segment;
}

} // namespace tocsin::store
