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

/// The groups of a summarize, filled by any number of threads and then read. Without keys there is exactly one group, even over no rows.
class Groups {
public:
    explicit Groups(const Grouping& grouping);
    ~Groups();

    /// Reads the prepared input to its end.
    Result<void> consume(Operator& input, Run& run);
    std::size_t size() const;
    /// Groups [from, from + count): key columns, then the result columns of each aggregate.
    Result<Batch> batch(std::size_t from, std::size_t count);

private:
    class Local;
    const Grouping& m_grouping;
    std::vector<std::unique_ptr<Local>> m_locals;
};

} // namespace tocsin::kql
