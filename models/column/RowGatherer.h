// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tocsin {

/// A row of one of several batches.
struct RowPick {
    std::uint32_t batch;
    std::uint32_t row;
};

/// Puts rows of several batches of the same columns, without selections, together in any order, without making one batch of them
/// before. A column that is the same constant in all of them stays one. The batches must outlive the gatherer, not what it gives.
class RowGatherer {
public:
    explicit RowGatherer(std::span<const Batch> batches);
    ~RowGatherer();
    Batch gather(std::span<const RowPick> picks) const;

private:
    class Column;
    template <DataType T> class TypedColumn;
    std::vector<std::unique_ptr<Column>> m_columns;
};

} // namespace tocsin
