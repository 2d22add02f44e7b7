// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <memory>

namespace tocsin::items {

/// A row of a result held in batches.
struct RowPlace {
    std::uint32_t batch = 0;
    std::uint32_t row = 0;
};

using RowOrder = std::vector<RowPlace>;

/// All rows ordered by one column, stable; nulls last in both directions, as KQL's `sort by … desc` has them. Text by bytes.

std::shared_ptr<const RowOrder> orderRows(const std::vector<Batch>& batches, std::size_t column, bool descending);

} // namespace tocsin::items
