// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <memory>
#include <vector>

namespace tocsin {

/// Rows a scan and an operator hand on at a time, at most. A multiple of the store's block of 1,024.
inline constexpr std::size_t kBatchRows = 4096;

using Selection = std::shared_ptr<const std::vector<std::uint32_t>>;

/// Some rows of a table, column by column. A filter only adds a selection: the rows that still count, ascending.
struct Batch {
    std::vector<Vector> columns;
    std::size_t storedRows = 0; ///< rows in each column
    Selection selection;        ///< absent: all rows

    std::size_t rows() const { return selection ? selection->size() : storedRows; }
    /// One column with only the selected rows.
    Vector column(std::size_t index) const { return selection ? columns[index].gather(*selection) : columns[index]; }
    /// The same rows without a selection.
    Batch compacted() const;
    Batch slice(std::size_t start, std::size_t count) const;
};

/// The batches one after the other as one; all of the same columns. Selections are applied.
Batch concatenate(std::span<const Batch> batches, std::size_t columnCount);

} // namespace tocsin
