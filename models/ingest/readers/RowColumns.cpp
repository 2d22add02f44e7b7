// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/RowColumns.h"

namespace tocsin::ingest {

void RowColumns::pad(Column& column)
{
    if (!column.builder)
        column.builder.emplace(column.type);
    visitType(column.type, [&]<DataType T>() {
        TypedBuilder<T>& builder = column.builder->as<T>();
        for (; column.filled < m_rows; ++column.filled)
            builder.appendNull();
    });
}

Batch RowColumns::take()
{
    Batch batch;
    batch.storedRows = m_rows;
    batch.columns.reserve(m_columns.size());
    for (Column& column : m_columns) {
        if (column.filled == 0) {
            batch.columns.push_back(Vector::nulls(column.type, m_rows));
            continue;
        }
        pad(column);
        batch.columns.push_back(column.builder->finish());
        column.filled = 0;
    }
    m_rows = 0;
    return batch;
}

} // namespace tocsin::ingest
