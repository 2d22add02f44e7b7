// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import/TableBuffer.h"

#include "store/import/ParallelFor.h"
#include "store/segment/GuidText.h"

namespace tocsin::store {
namespace {

/// Nothing but nulls or empty texts, as far as that can be seen at once.
bool isEmpty(const Vector& vector)
{
    if (!vector.isConstant() || vector.size() == 0)
        return vector.size() == 0;
    return vector.type() == DataType::String ? vector.valueAt(0).asText().empty() : vector.isNull(0);
}

/// The text of a dictionary is shared by many batches, so only the codes count.
std::size_t bytesOf(const Vector& vector) { return vector.isDictionary() ? vector.size() * sizeof(std::uint32_t) : vector.memoryBytes(); }

} // namespace

TableBuffer::TableBuffer(catalog::TableSchema table) : m_table(std::move(table)) {}

const std::vector<std::size_t>& TableBuffer::places(const std::vector<catalog::ColumnSchema>& columns)
{
    if (!m_lastPlaces.empty() && columns == m_lastSchema)
        return m_lastPlaces;
    m_lastSchema = columns;
    m_lastPlaces.clear();
    for (const catalog::ColumnSchema& column : columns) {
        std::string key(1, static_cast<char>(column.type));
        key += column.name;
        const auto [place, isNew] = m_places.try_emplace(std::move(key), m_columns.size());
        if (isNew)
            m_columns.push_back({column, {}, 0, false});
        m_lastPlaces.push_back(place->second);
    }
    return m_lastPlaces;
}

void TableBuffer::append(const catalog::TableSchema& schema, const Batch& batch, std::size_t start, std::size_t count)
{
    const bool all = start == 0 && count == batch.storedRows;
    const std::vector<std::size_t>& own = places(schema.columns);
    for (std::size_t i = 0; i < own.size(); ++i) {
        Column& target = m_columns[own[i]];
        const bool again = target.rows > m_rows; // a schema that names a column twice gives it once
        if (again || isEmpty(batch.columns[i]))
            continue;
        Vector values = all ? batch.columns[i] : batch.columns[i].slice(start, count);
        m_bytes += bytesOf(values);
        target.pieces.push_back({std::move(values), m_rows});
        target.rows = m_rows + count;
        target.hasValues = true;
    }
    m_rows += count;
}

/// All rows, with empty texts where nothing came.
std::vector<Vector> TableBuffer::wholeColumn(const Column& column) const
{
    std::vector<Vector> whole;
    std::size_t rows = 0;
    const auto fill = [&](std::size_t until) {
        if (until > rows)
            whole.push_back(Vector::nulls(column.schema.type, until - rows));
    };
    for (const Piece& piece : column.pieces) {
        fill(piece.start);
        whole.push_back(piece.values);
        rows = piece.start + piece.values.size();
    }
    fill(m_rows);
    return whole;
}

EncodedColumn TableBuffer::encode(const Column& column) const
{
    if (!column.hasValues)
        return ColumnBuffer::encodeNulls(column.schema.type, m_rows);
    if (column.schema.type == DataType::String)
        if (auto guids = encodeGuidTexts(wholeColumn(column)))
            return std::move(*guids);
    const std::unique_ptr<ColumnBuffer> buffer = ColumnBuffer::make(column.schema.type);
    for (const Piece& piece : column.pieces) {
        buffer->appendNulls(piece.start - buffer->rows());
        buffer->append(piece.values);
    }
    buffer->appendNulls(m_rows - buffer->rows());
    return buffer->encode();
}

EncodedSegment TableBuffer::encode(Executor& executor, Ticks ingestTime)
{
    EncodedSegment segment;
    segment.table = m_table;
    segment.rows = m_rows;
    segment.minIngest = segment.maxIngest = ingestTime;
    segment.columns.resize(m_columns.size());
    parallelFor(executor, m_columns.size(), [&](std::size_t i) {
        segment.columns[i] = {m_columns[i].schema, encode(m_columns[i])};
        m_columns[i].pieces.clear();
    });
    m_columns.clear();
    m_places.clear();
    m_lastPlaces.clear();
    m_rows = 0;
    m_bytes = 0;
    return segment;
}

} // namespace tocsin::store
