// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"
#include "kql/exec/Run.h"
#include "kql/plan/Plan.h"

#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tocsin::kql {

/// Where the columns of a batch stand, by the plan's ids.
class Layout {
public:
    Layout() = default;
    explicit Layout(const std::vector<PlanColumn>& columns);
    std::size_t indexOf(ColumnId column) const { return m_places.at(column); }
    bool contains(ColumnId column) const { return m_places.contains(column); }
    std::size_t size() const { return m_size; }

private:
    std::unordered_map<ColumnId, std::size_t> m_places;
    std::size_t m_size = 0;
};

/// Follows the cursors that one consumer reads.
class Watch {
public:
    virtual ~Watch() = default;
    /// A cursor is about to compute what has this ordinal and has given all below. False: nothing from here on is wanted, it may end.
    virtual bool reached(std::uint64_t ordinal) = 0;
};

/// One thread's pass over an operator's rows.
class Cursor {
public:
    virtual ~Cursor() = default;
    /// The next batch (possibly with a selection, never of no rows), or nothing at the end.
    virtual Result<std::optional<Batch>> next() = 0;
    /// Place of the last batch in the operator's own order: not falling within one cursor, and all batches of one ordinal come from
    /// one cursor. Whatever thread reads it, a row has the same ordinal and the same place in it.
    virtual std::uint64_t ordinal() const = 0;
    /// Before the first next(): tells `watch`, which outlives the cursor, of each ordinal (plus `base`) where it is taken up. Those that
    /// compute from the ordinals of an input pass it on; without it a consumer only learns less.
    virtual void follow(Watch& watch, std::uint64_t base) { (void)watch, (void)base; }
};

/// A plan node made ready for one run. prepare() does what must be done before rows can flow (it may drain inputs on several threads);
/// then each thread takes a cursor of its own, and the cursors share the rows among them. An ordered operator must be read by one
/// cursor. prepare() may be called again to start over.
class Operator {
public:
    explicit Operator(const PlanNode& node) : m_layout(node.columns), m_columns(node.columns), m_ordered(node.serialized) {}
    virtual ~Operator() = default;
    virtual Result<void> prepare(Run& run) = 0;
    virtual std::unique_ptr<Cursor> cursor(Run& run) = 0;
    /// Once prepared: ordinals of its batches are below this. Operators that cannot count them keep to this bound.
    virtual std::uint64_t ordinals() const { return std::uint64_t{1} << 24; }
    /// Before prepare(): rows whose `column` the bound excludes may be left out, and the pieces that reach furthest come first, so that
    /// ordinals may fall within a cursor. Operators that need all their rows, or their order, ignore it.
    virtual void bound(ColumnId column, const std::shared_ptr<const catalog::TimeBound>& bound) { (void)column, (void)bound; }

    /// Before prepare(): of the rows of each text in column `value` only those are wanted whose `time` lies furthest; pieces of which
    /// `times` knows that there are others beyond all of theirs may be left out.
    virtual void boundByValue(ColumnId value, ColumnId time, const std::shared_ptr<catalog::ValueTimes>& times) { (void)value, (void)time, (void)times; }

    const Layout& layout() const { return m_layout; }
    const std::vector<PlanColumn>& columns() const { return m_columns; }
    bool ordered() const { return m_ordered; }

private:
    Layout m_layout;
    std::vector<PlanColumn> m_columns;
    bool m_ordered;
};
using OperatorPtr = std::unique_ptr<Operator>;

/// Places of rows in an operator's own order: batches of an ordinal follow each other in the lower half.
inline constexpr int kOrdinalShift = 32;

/// Counts the rows of one cursor's batches to their places in the operator's order.
class RowPlaces {
public:
    /// The place of the batch's first row; the others follow one by one.
    std::uint64_t next(std::uint64_t ordinal, std::size_t rows)
    {
        m_rows = ordinal == m_ordinal ? m_rows : 0;
        m_ordinal = ordinal;
        return (ordinal << kOrdinalShift) + std::exchange(m_rows, m_rows + rows);
    }

private:
    std::uint64_t m_ordinal = 0;
    std::uint64_t m_rows = 0;
};

/// Reads a prepared operator to its end with as many threads as its order allows, or with one. `use` is called by worker `worker` only,
/// with non-empty batches whose first row stands at `place` in the operator's order; batches of one worker come in order.
using BatchUser = std::function<Result<void>(unsigned worker, Batch batch, std::uint64_t place)>;
enum class Threads { All, One };
Result<void> drain(Operator& input, Run& run, const BatchUser& use, Threads threads = Threads::All);
/// The same, but `use` is called for one batch at a time and in the operator's order; batches that are early wait. Ends early, without
/// failure, once `use` returns false.
Result<void> drainInOrder(Operator& input, Run& run, const std::function<Result<bool>(Batch batch)>& use);

/// Bytes a batch holds on its own; dictionaries are shared and do not count.
std::uint64_t ownBytes(const Batch& batch);

/// The batches one after the other as one. They give their columns up one by one, so that only one stands in memory twice.
Batch joined(std::vector<Batch> batches, std::size_t columns);
/// One column of the batches as one, given up by them.
Vector takeColumn(std::vector<Batch>& batches, std::size_t column);

/// All rows of a prepared operator in its own order, without selections.
Result<std::vector<Batch>> collect(Operator& input, Run& run, MemoryShare& memory);

/// Hands out ready batches to any number of cursors.
class BatchQueue {
public:
    void set(std::shared_ptr<const std::vector<Batch>> batches) { m_batches = std::move(batches); m_next = 0; }
    std::unique_ptr<Cursor> cursor();
    std::uint64_t ordinals() const { return m_batches ? m_batches->size() : 0; }

private:
    friend class BatchQueueCursor;
    std::shared_ptr<const std::vector<Batch>> m_batches;
    std::atomic<std::size_t> m_next = 0;
};

} // namespace tocsin::kql
