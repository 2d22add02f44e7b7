// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyTable.h"
#include "kql/exec/Operator.h"

#include <atomic>

/// What joins in memory and joins through disk have in common.
namespace tocsin::kql {

/// How a kind of join treats its probe rows and its build rows.
struct JoinShape {
    bool buildsLeft = false;   ///< the left side is held in memory, the right one streams
    bool firstPerKey = false;  ///< innerunique: one build row a key
    bool matches = true;       ///< gives joined pairs
    bool probeOnce = false;    ///< semi, anti: a probe row at most once, no build columns
    bool unmatchedProbe = false;
    bool unmatchedBuild = false;
};
JoinShape shapeOf(JoinKind kind);

/// The side held in memory: its rows, and for each key the rows that have it, in the order of the rows.
class BuildSide {
public:
    BuildSide(const std::vector<ExpressionPtr>& keys, const JoinShape& shape);
    /// The rows; then their keys come, in order, a part at a time, and then finish().
    void begin(Batch rows);
    void addKeys(std::span<const Vector> keys, std::size_t count);
    /// Brings the rows of each key together. Where nobody asks for unmatched ones, rows() are in that order from then on.
    void finish();

    const Batch& rows() const { return m_rows; }
    const KeyTable& table() const { return m_table; }
    /// Matches of a key are numbered from `first` on, up to `end`.
    struct Matches {
        std::uint32_t first = 0;
        std::uint32_t end = 0;
    };
    Matches matchesOf(std::uint32_t group) const { return {m_starts[group], m_starts[group + 1]}; }
    /// The row behind the number of a match.
    std::uint32_t rowOf(std::uint32_t match) const { return m_sorted.empty() ? match : m_sorted[match]; }
    void setMatched(std::uint32_t row) { m_matched[row].store(1, std::memory_order_relaxed); }
    /// Up to kBatchRows rows from `row` on that nothing has matched; moves `row` behind them.
    std::vector<std::uint32_t> unmatched(std::size_t& row) const;
    /// Of all but the rows.
    std::size_t tableBytes() const { return m_table.memoryBytes() + (m_groupOf.capacity() + m_starts.capacity() + m_sorted.capacity()) * sizeof(std::uint32_t) + m_matched.size(); }
    /// About what tableBytes() will be.
    static std::size_t expectedBytes(std::size_t rows, std::size_t keys) { return rows * (16 + 24 * keys); }

private:
    JoinShape m_shape;
    KeyTable m_table;
    Batch m_rows;
    std::vector<std::uint32_t> m_groups;  ///< of the part at hand
    std::vector<std::uint32_t> m_groupOf; ///< per row, until finished; kNoGroup: equals nothing
    std::vector<std::uint32_t> m_starts;  ///< per group: its first match
    std::vector<std::uint32_t> m_sorted;  ///< per match its row, unless the rows stand in that order
    std::vector<std::atomic<std::uint8_t>> m_matched; ///< per row, for full outer joins
};

/// Where a column of the result comes from.
struct JoinOutput {
    bool fromBuild;
    std::size_t column;
    DataType type;
};

/// Rows of the result: pairs of a probe row and a build row, either of which may be absent (kNoGroup, or no rows of that side at all).
Batch joinRows(std::span<const JoinOutput> outputs, const Batch& probe, std::span<const std::uint32_t> probeRows, const Batch& build, std::span<const std::uint32_t> buildRows);

/// Only pairs whose times lie so far apart are wanted: build - probe, in ticks. A null time is in no such pair.
struct PairRange {
    Vector build; ///< of the build rows in the order of their matches, flat
    std::int64_t least;
    std::int64_t most;
};

/// Goes through the probe rows of one thread, batch by batch.
class Prober {
public:
    Prober(const JoinShape& shape, BuildSide& side) : m_shape(shape), m_side(side) {}
    /// If the build rows come in several parts: `matched` says of each probe row whether an earlier part had a match, and learns of new
    /// ones. Rows without a match are then given by nobody but who looks there.
    void trackMatches(std::vector<std::uint8_t>& matched) { m_tracked = &matched; }
    /// `range` outlives the prober; start() is then followed by reach().
    void bound(const PairRange& range) { m_range = &range; }
    /// The times of the batch's rows.
    void reach(const Vector& times) { m_times = times; }
    /// `keys` are those of the batch's rows; `first` is the number of its first row among all probe rows.
    void start(std::span<const Vector> keys, std::size_t rows, std::size_t first = 0);
    bool atEnd() const { return m_row >= m_groups.size(); }
    /// Finds some more pairs, or none after some time of searching: see probeRows() and buildRows().
    void step();
    std::span<const std::uint32_t> probeRows() const { return m_probeRows; }
    std::span<const std::uint32_t> buildRows() const { return m_buildRows; }

private:
    void withoutMatch(std::uint32_t row);
    void once(std::uint32_t row);
    void giveMatches(std::uint32_t row, std::uint32_t end);
    void giveInRange(std::uint32_t row, std::uint32_t end);
    void give(std::uint32_t row, std::uint32_t match)
    {
        m_probeRows.push_back(row);
        m_buildRows.push_back(match);
    }
    JoinShape m_shape;
    BuildSide& m_side;
    KeyScratch m_scratch;
    std::vector<std::uint32_t> m_groups;
    std::size_t m_row = 0;
    BuildSide::Matches m_matches; ///< those left of the current probe row
    std::vector<std::uint32_t> m_probeRows, m_buildRows;
    std::vector<std::uint8_t>* m_tracked = nullptr;
    std::size_t m_first = 0;
    const PairRange* m_range = nullptr;
    Vector m_times;
    std::vector<std::uint32_t> m_inRange; ///< some build rows, of the probe row at hand
};

} // namespace tocsin::kql
