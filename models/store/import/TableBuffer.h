// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "column/Batch.h"
#include "store/file/SegmentRows.h"
#include "store/segment/ColumnBuffer.h"

#include <unordered_map>

namespace tocsin::store {

/// Rows of one table on their way into a segment. Schemas may differ from call to call: a column is its name and type, and rows that came
/// without it have nulls there. Batches are kept as they come; all work is done in encode(), the columns in parallel.
class TableBuffer {
public:
    explicit TableBuffer(catalog::TableSchema table);

    /// Takes rows [start, start + count) of a batch without selection.
    void append(const catalog::TableSchema& schema, const Batch& batch, std::size_t start, std::size_t count);
    std::size_t rows() const { return m_rows; }
    /// Memory held, about.
    std::size_t bytes() const { return m_bytes; }
    /// Encodes all rows; the buffer is empty afterwards.
    EncodedSegment encode(Executor& executor, Ticks ingestTime);

private:
    struct Piece {
        Vector values;
        std::size_t start; ///< its first row
    };
    struct Column {
        catalog::ColumnSchema schema;
        std::vector<Piece> pieces;
        std::size_t rows = 0;  ///< behind the last piece
        bool hasValues = false; ///< some piece is more than nulls (or empty texts)
    };
    const std::vector<std::size_t>& places(const std::vector<catalog::ColumnSchema>& columns);
    std::vector<Vector> wholeColumn(const Column& column) const;
    EncodedColumn encode(const Column& column) const;

    catalog::TableSchema m_table;
    std::vector<Column> m_columns;
    std::unordered_map<std::string, std::size_t> m_places; ///< by type and name
    std::vector<catalog::ColumnSchema> m_lastSchema;       ///< the columns of the batch before, and their places here
    std::vector<std::size_t> m_lastPlaces;
    std::size_t m_rows = 0;
    std::size_t m_bytes = 0;
};

} // namespace tocsin::store
