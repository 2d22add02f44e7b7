// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/RowGatherer.h"
#include "kql/exec/Operator.h"
#include "kql/exec/RowOrder.h"
#include "kql/exec/spill/SpillRun.h"

namespace tocsin::kql {

/// How runs are sorted: by these columns of theirs, one after the other; what ties stands in the order of the runs.
struct RunOrder {
    struct Key {
        std::size_t column;
        SortDirection direction;
    };
    std::vector<Key> keys;

    /// By a column that says where a row stands in the input.
    static RunOrder byPlace(std::size_t column) { return {{{column, {false, true}}}}; }
};

/// Rows of sorted runs in their common order, through a tree of losers. Holds one block a run.
class RunMerger {
public:
    RunMerger(std::vector<SpillRun> runs, RunOrder order, Run& run);
    /// Up to `most` rows without selection, or nothing at the end.
    Result<std::optional<Batch>> next(std::size_t most);

private:
    struct Source {
        explicit Source(SpillRun run) : reader(std::move(run)) {}
        RunReader reader;
        std::size_t block = 0;     ///< in m_blocks
        std::uint32_t row = 0;
        bool ended = false;
    };
    Result<void> open();
    Result<void> load(std::size_t source);
    bool before(std::size_t a, std::size_t b) const;
    void replay(std::size_t source);
    void build();
    void forgetReadBlocks();
    Batch assemble() const;

    Run& m_run;
    RunOrder m_order;
    MemoryShare m_memory;
    std::vector<Source> m_sources;
    std::vector<std::unique_ptr<CrossComparer>> m_comparers; ///< one a key, made with the first block
    std::vector<std::size_t> m_losers;                       ///< inner nodes of the tree; 0 is the winner
    std::vector<Batch> m_blocks;                             ///< that rows at hand come from
    std::vector<RowPick> m_picks;
    bool m_opened = false;
};

/// Merges runs until few enough are left for one RunMerger; keeps the order of runs.
Result<std::vector<SpillRun>> fewerRuns(std::vector<SpillRun> runs, const RunOrder& order, Run& run);

/// The merged rows of runs as an operator hands them on. Cursors share them.
class MergedRows {
public:
    struct Shape {
        std::size_t columns = 0;                          ///< the first so many are handed on
        std::uint64_t limit = ~std::uint64_t{0};          ///< rows
        /// Batches never cross the ordinal in this column of places, and have it; without it they are numbered.
        std::optional<std::size_t> ordinalsFrom;
        std::uint64_t ordinals = 0;                       ///< only with `ordinalsFrom`
    };
    /// May merge some runs first.
    static Result<std::unique_ptr<MergedRows>> make(std::vector<SpillRun> runs, RunOrder order, Shape shape, Run& run);
    std::unique_ptr<Cursor> cursor();
    std::uint64_t ordinals() const { return m_ordinals; }

private:
    friend class MergedRowsCursor;
    MergedRows(std::vector<SpillRun> runs, RunOrder order, Shape shape, Run& run);
    /// Of the cursor that asks: batches of one ordinal come from one cursor.
    Result<std::optional<Batch>> next(const Cursor* asking, std::uint64_t& ordinal);
    Result<std::optional<Batch>> nextWithin(std::uint64_t& ordinal);

    std::mutex m_mutex;
    RunMerger m_merger;
    Shape m_shape;
    std::uint64_t m_ordinals;
    std::uint64_t m_next = 0;
    std::uint64_t m_left;
    std::optional<Batch> m_rest; ///< rows of a later ordinal
    const Cursor* m_owner = nullptr;
};

} // namespace tocsin::kql
