// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "column/Batch.h"
#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"
#include "ingest/TimestampReader.h"
#include "ingest/readers/RowColumns.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tocsin::ingest {

/// Hash and equality of names without regard to ASCII case.
struct FoldedHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const;
};
struct FoldedEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
};
template <typename T> using FoldedMap = std::unordered_map<std::string, T, FoldedHash, FoldedEqual>;

/// Builds the rows of one table, column by column. Within a row a column takes the first value it is given; columns that get none
/// are null (text: empty). A value that does not fit its column becomes null.
class TableBuilder {
public:
    TableBuilder(catalog::TableSchema schema, const TimestampReader& times);

    const catalog::TableSchema& schema() const { return m_schema; }
    std::size_t rows() const { return m_cells.rows(); }
    /// By exact name, alias included.
    std::optional<std::size_t> find(std::string_view column) const;
    /// By exact name, else without regard to case.
    std::optional<std::size_t> findFolded(std::string_view column) const;
    /// The column of that name; a new one of that type at the end of the schema if there is none.
    std::size_t require(std::string_view column, DataType type);

    DataType typeOf(std::size_t column) const { return m_schema.columns[column].type; }
    bool isSet(std::size_t column) const { return m_cells.isSet(column); }
    void setText(std::size_t column, std::string_view text);
    void setLong(std::size_t column, std::int64_t value);
    void setReal(std::size_t column, double value);
    void setBool(std::size_t column, bool value);
    void setTime(std::size_t column, Ticks value);
    /// Bytes in the form of Dynamic.h; a column of another type gets them as text.
    void setDynamic(std::size_t column, std::string_view encoded);

    /// By name; a name the table does not have is left out.
    void text(std::string_view column, std::string_view value) { if (const auto c = find(column)) setText(*c, value); }
    void number(std::string_view column, std::int64_t value) { if (const auto c = find(column)) setLong(*c, value); }
    void real(std::string_view column, double value) { if (const auto c = find(column)) setReal(*c, value); }
    void time(std::string_view column, Ticks value) { if (const auto c = find(column)) setTime(*c, value); }

    /// Memory for putting a value together; anybody's until the next call.
    std::string& scratch() { return m_scratch; }

    void endRow() { m_cells.endRow(); }
    /// The rows built so far; the builder is empty afterwards and keeps its columns.
    Batch take() { return m_cells.take(); }

private:
    friend class RowSet;
    template <DataType T> void put(std::size_t column, const Physical<T>& value) { m_cells.put<T>(column, value); }
    void setTextAs(std::size_t column, DataType type, std::string_view text);

    catalog::TableSchema m_schema;
    const TimestampReader& m_times;
    RowColumns m_cells;
    std::unordered_map<std::string, std::size_t, FoldedHash, std::equal_to<>> m_exact;
    FoldedMap<std::size_t> m_folded;
    std::string m_scratch;
    std::size_t m_place = 0; ///< in its RowSet
};

/// What every row of every table says about its origin.
struct RowOrigin {
    Ticks time = 0;
    std::string_view sourceSystem;
    std::string_view resourceId; ///< as sent; empty if there is none
    std::size_t bytes = 0;       ///< of the source record
};

/// The tables one source gives rows for. Hands batches to the sink as they fill.
class RowSet {
public:
    RowSet(const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink);

    const ReadOptions& options() const { return m_options; }
    const TimestampReader& times() const { return m_times; }
    const SchemaLibrary& schemas() const { return m_schemas; }
    RowSink& sink() { return m_sink; }

    /// The builder of a table; an unknown name gives an empty schema of that name. Valid as long as this object.
    TableBuilder& table(std::string_view name);
    /// The builder of a table with a schema of the reader's own.
    TableBuilder& table(const catalog::TableSchema& schema);
    /// Finishes the row begun in a table: fills TimeGenerated, Type, SourceSystem, _ResourceId, _SubscriptionId, _BilledSize and
    /// _IsBillable where the row has no value yet. `records` counts the source records this row is the first row of (0 or 1).
    void endRow(TableBuilder& table, const RowOrigin& origin, std::uint64_t records);
    /// Counts a source record that gave no row of this table but was understood.
    void countRecord(TableBuilder& table);
    /// Hands on the rows of all tables that are still held.
    Result<void> flush();
    /// The same at the end. The first error of the sink is kept and returned here and by status().
    Result<void> finish() { return flush(); }
    const Result<void>& status() const { return m_status; }

private:
    struct Standard {
        std::optional<std::size_t> time, type, sourceSystem, resourceId, subscriptionId, billedSize, billable;
    };
    struct Entry {
        TableBuilder builder;
        Standard standard;
        std::uint64_t records = 0;
    };
    TableBuilder& add(catalog::TableSchema schema);
    void flush(Entry& entry);

    const SchemaLibrary& m_schemas;
    const ReadOptions& m_options;
    RowSink& m_sink;
    TimestampReader m_times;
    std::map<std::string, std::size_t, std::less<>> m_places; ///< by name
    std::vector<std::unique_ptr<Entry>> m_tables;
    Result<void> m_status;
};

} // namespace tocsin::ingest
