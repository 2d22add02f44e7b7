// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"
#include "ingest/readers/JsonShape.h"

#include <utility>

namespace tocsin::ingest {

/// Rows of a table of the user's own: one column a member.
class PlainRows {
public:
    /// All must outlive it.
    PlainRows(const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink, const std::string& table, const JsonShape& shape);

    void add(JsonObject object, std::size_t bytes);
    /// Whether a record since the last call had a member or a type that the shape does not have; its row is not what it should be.
    bool takeMisfit() { return std::exchange(m_misfit, false); }
    /// Hands on what is held, with the sink's first error.
    Result<void> flush() { return m_rows.flush(); }
    const Result<void>& status() const { return m_rows.status(); }
    RowSink& sink() { return m_rows.sink(); }

private:
    void setTime(JsonObject object);
    bool fits(std::size_t place, JsonElement value) const;

    const JsonShape& m_shape;
    RowSet m_rows;
    TableBuilder& m_table;
    std::size_t m_time;
    std::vector<std::size_t> m_columns; ///< in the table, by place in the shape
    std::vector<bool> m_published;      ///< the type of the column is not up to the shape
    bool m_misfit = false;
    std::vector<std::string> m_timeKeys;
    LeftOver m_rest;
};

} // namespace tocsin::ingest
