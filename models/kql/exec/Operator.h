// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"
#include "kql/exec/Run.h"
#include "kql/plan/Plan.h"

#include <memory>
#include <optional>
#include <unordered_map>
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

/// One thread's pass over an operator's rows.
class Cursor {
public:
    virtual ~Cursor() = default;
    /// The next batch (possibly with a selection, never of no rows), or nothing at the end.
    virtual Result<std::optional<Batch>> next() = 0;
    /// Place of the last batch in the operator's own order: not falling within one cursor.
    virtual std::uint64_t ordinal() const = 0;
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

    const Layout& layout() const { return m_layout; }
    const std::vector<PlanColumn>& columns() const { return m_columns; }
    bool ordered() const { return m_ordered; }

private:
    Layout m_layout;
    std::vector<PlanColumn> m_columns;
    bool m_ordered;
};
using OperatorPtr = std::unique_ptr<Operator>;

/// Reads a prepared operator to its end with as many threads as its order allows. `use` is called by worker `worker` only, with
/// non-empty batches; batches of an ordered operator come in order.
Result<void> drain(Operator& input, Run& run, const std::function<Result<void>(unsigned worker, Batch batch, std::uint64_t ordinal)>& use);

/// All rows of a prepared operator in its own order, without selections.
Result<std::vector<Batch>> collect(Operator& input, Run& run, MemoryShare& memory);

/// Hands out ready batches to any number of cursors.
class BatchQueue {
public:
    void set(std::shared_ptr<const std::vector<Batch>> batches) { m_batches = std::move(batches); m_next = 0; }
    std::unique_ptr<Cursor> cursor();

private:
    friend class BatchQueueCursor;
    std::shared_ptr<const std::vector<Batch>> m_batches;
    std::atomic<std::size_t> m_next = 0;
};

} // namespace tocsin::kql
