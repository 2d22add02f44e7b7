// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/ValueTimes.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/spill/PartitionWriter.h"

#include <memory>
#include <mutex>
#include <vector>

namespace tocsin::kql {

/// What a summarize computes: key expressions and aggregate calls over one layout.
struct Grouping {
    std::vector<ExpressionPtr> keys;
    std::vector<AggregateCall> aggregates;
    /// Set if only the newest (oldest) rows of each key matter, so that others may never have come: the first argument of the first
    /// aggregate is their time, and the groups stand in the order of their times then, the newest (oldest) first.
    std::shared_ptr<catalog::ValueTimes> times;
};

class GroupTable;
class MergedRows;

/// The groups of a summarize, filled by any number of threads and then read: in the order in which they first appear in the input, with
/// the results a single thread would get. Without keys there is exactly one group, even over no rows.
class Groups {
public:
    Groups(const Grouping& grouping, Run& run);
    ~Groups();

    /// Reads the prepared input to its end.
    Result<void> consume(Operator& input);
    /// Whether some of the groups are on disk.
    bool spilled() const;
    /// The groups with their results, if none are on disk. Of these four, one may be called, once.
    Result<std::unique_ptr<const GroupTable>> finishTable();
    /// All groups in batches of up to kBatchRows: key columns, then the result columns of each aggregate.
    Result<std::vector<Batch>> finish();
    /// The same as one batch, with its columns even if there is no group.
    Result<Batch> finishAsOne();
    /// The same from disk, if they have spilled.
    Result<std::unique_ptr<MergedRows>> finishSpilled();

private:
    using Tables = std::vector<std::unique_ptr<GroupTable>>;
    Result<std::unique_ptr<GroupTable>> makeTable(unsigned level) const;
    Result<void> writeGroups(Tables tables, unsigned level);
    Result<void> writePartitions(Tables& tables, std::vector<PartitionWriter::Runs>& spilled, unsigned level);
    Result<void> writeRun(GroupTable& table);

    const Grouping& m_grouping;
    Run& m_run;
    bool m_shared = false;
    MemoryShare m_memory;
    Tables m_tables; ///< one a thread
    std::mutex m_mutex;
    std::shared_ptr<SpillFile> m_file;
    std::vector<SpillRun> m_runs; ///< finished groups, each run in the order of places
};

} // namespace tocsin::kql
