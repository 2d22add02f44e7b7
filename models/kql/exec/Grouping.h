// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Evaluator.h"
#include "kql/exec/KeyTable.h"

#include <memory>
#include <vector>

namespace tocsin::kql {

/// What a summarize computes: key expressions and aggregate calls over one layout.
struct Grouping {
    std::vector<ExpressionPtr> keys;
    std::vector<AggregateCall> aggregates;
};

/// The groups of a summarize, filled by any number of threads and then read: in the order in which they first appear in the input, with
/// the results a single thread would get. Without keys there is exactly one group, even over no rows.
class Groups {
public:
    explicit Groups(const Grouping& grouping);
    ~Groups();

    /// Reads the prepared input to its end.
    Result<void> consume(Operator& input, Run& run);
    std::size_t size() const;
    /// All groups in batches of up to kBatchRows: key columns, then the result columns of each aggregate. To be called once.
    Result<std::vector<Batch>> finish(Run& run);
    /// The same as one batch, with its columns even if there is no group.
    Result<Batch> finishAsOne(Run& run);
    /// Groups [from, from + count) as they are numbered, which is their order only if the input was ordered.
    Result<Batch> batch(std::size_t from, std::size_t count);

private:
    class Local;
    Result<void> mergeLocals(Run& run);

    const Grouping& m_grouping;
    std::vector<std::unique_ptr<Local>> m_locals;
};

} // namespace tocsin::kql
