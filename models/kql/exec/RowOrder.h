// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Vector.h"
#include "kql/exec/StopCheck.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

namespace tocsin::kql {

struct SortDirection {
    bool descending = true;
    bool nullsFirst = false;
};

/// Compares rows of one key column in its direction: nulls by nullsFirst, NaN beside the nulls on their inner side.
class KeyComparer {
public:
    virtual ~KeyComparer() = default;
    /// Before (< 0), equal (0) or after (> 0).
    virtual int compare(std::uint32_t a, std::uint32_t b) const = 0;
};
std::unique_ptr<KeyComparer> makeKeyComparer(const Vector& key, SortDirection direction);

/// Compares rows of different vectors of one type, as KeyComparer does those of one: source by source, a vector that may be exchanged.
class CrossComparer {
public:
    virtual ~CrossComparer() = default;
    virtual void set(std::size_t source, const Vector& key) = 0;
    virtual int compare(std::size_t sourceA, std::uint32_t a, std::size_t sourceB, std::uint32_t b) const = 0;
};
std::unique_ptr<CrossComparer> makeCrossComparer(DataType type, SortDirection direction, std::size_t sources);

/// The rows of `keys` in order; ties keep their order. With `limit`, only the first `limit` places are right and returned.
std::vector<std::uint32_t> sortedRows(std::span<const Vector> keys, std::span<const SortDirection> directions, std::size_t rows, std::size_t limit);
/// The same for many rows; fails as `check` does.
Result<std::vector<std::uint32_t>> sortedRows(std::span<const Vector> keys, std::span<const SortDirection> directions, std::size_t rows, std::size_t limit, const StopCheck& check);

} // namespace tocsin::kql
