// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "column/Batch.h"
#include "store/file/SegmentRows.h"
#include "store/segment/ColumnBuffer.h"

#include <unordered_map>

namespace tocsin::store {

/// Rows of one table on their way into a segment. Schemas may differ from call to call: a column is its name and type, and rows that came
/// without it have nulls there.
class TableBuffer {
public:
    explicit TableBuffer(catalog::TableSchema table);

    /// Takes rows [start, start + count) of a batch without selection.
    void append(const catalog::TableSchema& schema, const Batch& batch, std::size_t start, std::size_t count);
    std::size_t rows() const { return m_rows; }
    /// Memory held, about.
    std::size_t bytes() const;
    /// Encodes all rows, the columns in parallel; the buffer is empty afterwards.
    EncodedSegment encode(Executor& executor, Ticks ingestTime);

private:
    struct Column {
        catalog::ColumnSchema schema;
        std::unique_ptr<ColumnBuffer> buffer;
    };
    Column& column(const catalog::ColumnSchema& schema);

    catalog::TableSchema m_table;
    std::vector<Column> m_columns;
    std::unordered_map<std::string, std::size_t> m_places; ///< by type and name
    std::size_t m_rows = 0;
};

} // namespace tocsin::store
