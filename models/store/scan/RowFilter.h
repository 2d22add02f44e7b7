// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"
#include "store/segment/ColumnReader.h"
#include "store/segment/Zone.h"

#include <memory>
#include <vector>

namespace tocsin::store {

/// One predicate of a scan, looked at row by row in one segment. It leaves out rows that fail for certain, so that other columns need not
/// be read for them.
class RowCondition {
public:
    enum class Verdict { All, None, Some };
    virtual ~RowCondition() = default;
    /// What is known of all rows together.
    virtual Verdict verdict() const = 0;
    /// Clears the marks of rows that fail. The rows begin at `start` of the segment; `column` are their values as the column's reader gave
    /// them, or null if the condition does not need them.
    virtual void apply(std::size_t start, const Vector* column, std::vector<std::uint8_t>& marks) const = 0;
    virtual bool needsValues() const { return true; }
    /// The values of the marked rows. A dictionary shrinks to the values that pass, so that whoever checks them again checks only those.
    virtual Vector keep(const Vector& column, std::span<const std::uint32_t> rows) const { return column.gather(rows); }

    /// Null if the predicate cannot be checked here.
    static std::unique_ptr<RowCondition> make(const catalog::ScanPredicate& predicate, DataType type, const Zone* zone, const std::shared_ptr<const ColumnReader>& reader);
};

} // namespace tocsin::store
