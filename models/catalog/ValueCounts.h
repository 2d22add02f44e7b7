// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Vector.h"

#include <optional>

namespace tocsin::catalog {

/// The values of a column in a piece of a table, in the order in which they first appear there, and how many rows have each (long).
struct ValueCounts {
    Vector values;
    Vector counts;
};

/// A table that knows, for columns with few different values, how many rows have each, without giving the rows. Any thread.
class CountsValues {
public:
    virtual ~CountsValues() = default;
    /// The rows stand in so many pieces, one after the other.
    virtual std::size_t pieces() const = 0;
    /// Nothing if that would be no less than reading the rows.
    virtual Result<std::optional<ValueCounts>> countValues(std::size_t piece, std::size_t column) const = 0;
};

} // namespace tocsin::catalog
