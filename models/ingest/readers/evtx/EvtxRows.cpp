// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EvtxRows.h"

namespace tocsin::ingest {

EvtxRows::EvtxRows(catalog::TableSchema schema) : m_schema(std::move(schema)), m_filled(m_schema.columns.size(), 0)
{
    m_builders.reserve(m_schema.columns.size());
    for (const catalog::ColumnSchema& column : m_schema.columns)
        m_builders.emplace_back(column.type);
}

void EvtxRows::pad(std::size_t column)
{
    if (m_filled[column] == m_rows)
        return;
    visitType(m_builders[column].type(), [&]<DataType T>() {
        TypedBuilder<T>& builder = m_builders[column].as<T>();
        for (std::size_t row = m_filled[column]; row < m_rows; ++row)
            builder.appendNull();
    });
    m_filled[column] = m_rows;
}

Batch EvtxRows::take()
{
    Batch batch;
    batch.storedRows = m_rows;
    batch.columns.reserve(m_builders.size());
    for (std::size_t column = 0; column < m_builders.size(); ++column) {
        if (m_filled[column] == 0) {
            batch.columns.push_back(Vector::nulls(m_builders[column].type(), m_rows));
            continue;
        }
        pad(column);
        batch.columns.push_back(m_builders[column].finish());
        m_filled[column] = 0;
    }
    m_rows = 0;
    return batch;
}

} // namespace tocsin::ingest
