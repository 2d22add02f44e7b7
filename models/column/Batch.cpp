// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Batch.h"

#include <algorithm>

namespace tocsin {

Batch Batch::compacted() const
{
    if (!selection)
        return *this;
    Batch result;
    result.storedRows = rows();
    result.columns.reserve(columns.size());
    for (const Vector& column : columns)
        result.columns.push_back(column.gather(*selection));
    return result;
}

Batch Batch::slice(std::size_t start, std::size_t count) const
{
    if (selection) {
        Batch result = *this;
        const auto from = selection->begin() + static_cast<std::ptrdiff_t>(start);
        result.selection = std::make_shared<const std::vector<std::uint32_t>>(from, from + static_cast<std::ptrdiff_t>(count));
        return result;
    }
    Batch result;
    result.storedRows = count;
    result.columns.reserve(columns.size());
    for (const Vector& column : columns)
        result.columns.push_back(column.slice(start, count));
    return result;
}

Batch concatenate(std::span<const Batch> batches, std::size_t columnCount)
{
    Batch result;
    for (const Batch& batch : batches)
        result.storedRows += batch.rows();
    std::vector<Vector> parts;
    for (std::size_t c = 0; c < columnCount; ++c) {
        parts.clear();
        for (const Batch& batch : batches)
            parts.push_back(batch.column(c));
        result.columns.push_back(concatenate(parts));
    }
    return result;
}

} // namespace tocsin
