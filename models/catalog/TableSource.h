// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "catalog/TableSchema.h"
#include "column/Batch.h"

#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::catalog {

/// A condition on one column that a source may use to leave out rows early. Advisory: the engine checks every row again, so a
/// source may hand on rows that fail it, and must never leave out one that passes. Conditions of a request all apply (and).
struct ScanPredicate {
    enum class Kind {
        Equal,          ///< any of `values` (case-sensitive for text)
        Less,           ///< < values[0]
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        HasTerm,        ///< text: contains every string of `values` as a term, ignoring case (KQL `has`)
        HasAnyTerm,     ///< text: contains one of them
        ContainsText,   ///< text: contains values[0] as a substring, ignoring case
        NotEqual,       ///< null, or anything but values[0]
    };
    std::size_t column = 0; ///< index in the table's schema
    Kind kind = Kind::Equal;
    std::vector<Value> values;
};

/// The time that rows must reach to matter still; moves on while a scan runs. Any thread.
class TimeBound {
public:
    /// `newest`: later rows are wanted, so rows before the bound are not; else the other way round.
    explicit TimeBound(bool newest) : m_newest(newest), m_ticks(newest ? std::numeric_limits<Ticks>::min() : std::numeric_limits<Ticks>::max()) {}
    bool newest() const { return m_newest; }
    /// Never moves back.
    void raise(Ticks ticks)
    {
        Ticks known = m_ticks.load(std::memory_order_relaxed);
        while ((m_newest ? ticks > known : ticks < known) && !m_ticks.compare_exchange_weak(known, ticks, std::memory_order_relaxed)) {}
    }
    bool excludes(Ticks ticks) const { return m_newest ? ticks < m_ticks.load(std::memory_order_relaxed) : ticks > m_ticks.load(std::memory_order_relaxed); }

private:
    bool m_newest;
    std::atomic<Ticks> m_ticks;
};

/// Times in [from, to); an absent bound is none.
struct TimePeriod {
    std::optional<Ticks> from;
    std::optional<Ticks> to;
    bool contains(Ticks ticks) const { return (!from || ticks >= *from) && (!to || ticks < *to); }
    bool isOpen() const { return !from && !to; }
};

/// A member of the JSON objects in a column of text.
struct JsonMember {
    std::size_t column = 0; ///< index in the table's schema
    std::string key;
    bool operator==(const JsonMember&) const = default;
};

class ValueTimes;

/// The times at which the values of a column have been met.
struct ValueBound {
    std::size_t column = 0; ///< text, by index in the schema; one of those wanted
    std::shared_ptr<ValueTimes> times;
};

struct ScanRequest {
    std::vector<std::size_t> columns; ///< wanted, by index in the schema; the batches have exactly these, in this order
    std::vector<ScanPredicate> predicates;
    /// When set, rows whose TimeGenerated it excludes may be left out, and the segments that reach furthest should come first.
    std::shared_ptr<const TimeBound> timeBound;
    /// One more column (long) behind the others: the id of each row, for TableSource::fetch(). Only for sources that can fetch.
    bool rowIds = false;
    /// When set, pieces whose rows it excludes by their TimeGenerated may be left out, and the segments that reach furthest should come first.
    std::optional<ValueBound> valueBound = {};
};

struct TableStatistics {
    std::uint64_t rows = 0;
    std::uint64_t segments = 0;
    std::uint64_t bytes = 0; ///< on disk; 0 if unknown
    std::optional<Ticks> minTime; ///< of TimeGenerated, over all rows
    std::optional<Ticks> maxTime;
};

struct ScanStatistics {
    std::uint64_t segmentsTotal = 0;
    std::uint64_t segmentsRead = 0;
    std::uint64_t rowsRead = 0;
    std::uint64_t bytesRead = 0;
};

/// A piece of a scan that one thread reads from start to end (a segment, usually).
class Morsel {
public:
    virtual ~Morsel() = default;
    /// Place of this piece in the table's own order.
    virtual std::uint64_t ordinal() const = 0;
    /// The next batch of at most kBatchRows rows, or nothing at the end.
    virtual Result<std::optional<Batch>> next() = 0;
};

/// One pass over a table. nextMorsel may be called from several threads.
class TableScan {
public:
    virtual ~TableScan() = default;
    /// The next piece, or null at the end. Returns kCancelled soon after the stop is requested.
    virtual Result<std::unique_ptr<Morsel>> nextMorsel(std::stop_token stop) = 0;
    /// Ordinals of the morsels are below this.
    virtual std::uint64_t ordinals() const = 0;
    virtual ScanStatistics statistics() const = 0;
};

/// A table that can be read: column segments, ordinary SQLite tables, generated rows. A source obtained from one snapshot always
/// shows the same rows. Any thread.
class TableSource {
public:
    virtual ~TableSource() = default;
    virtual const TableSchema& schema() const = 0;
    virtual TableStatistics statistics() const = 0;
    virtual Result<std::unique_ptr<TableScan>> scan(const ScanRequest& request) const = 0;
    /// Whether countRows() works: without reading most of the rows.
    virtual bool canCount() const { return false; }
    /// The rows whose TimeGenerated lies in the period; all rows if that is open.
    virtual Result<std::uint64_t> countRows(const TimePeriod& period, std::stop_token stop) const
    {
        (void)period, (void)stop;
        return fail(kInternal, "rows of '" + schema().name + "' cannot be counted");
    }
    /// The same table with more columns behind its own, one a member: what parse_json() of the text has at the key, as dynamic. Null if
    /// the source would have to parse each row for that.
    virtual std::shared_ptr<const TableSource> withMembers(std::span<const JsonMember> members) const { return (void)members, nullptr; }
    /// Whether scans give row ids, by which rows are found again.
    virtual bool canFetch() const { return false; }
    /// The rows with these ids, not negative, in their order: the named columns of the schema. For few rows, or all at once.
    virtual Result<Batch> fetch(std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, std::stop_token stop) const
    {
        (void)rowIds, (void)columns, (void)stop;
        return fail(kInternal, "rows of '" + schema().name + "' cannot be fetched");
    }
};

/// How many of the times lie in the period; null ones do not.
std::uint64_t countTimes(const Vector& times, const TimePeriod& period);

/// A row's id: the ordinal of its morsel and its place there.
inline constexpr int kRowIdShift = 32;
/// Ids of `count` rows from a place on, as a column.
Vector rowIds(std::uint64_t ordinal, std::size_t first, std::size_t count);

} // namespace tocsin::catalog
