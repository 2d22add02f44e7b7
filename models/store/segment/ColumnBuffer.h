// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"
#include "store/segment/EncodedColumn.h"

#include <memory>

namespace tocsin::store {

/// One column of a segment being filled. Text is not copied: the vectors it came in are kept.
class ColumnBuffer {
public:
    virtual ~ColumnBuffer() = default;
    static std::unique_ptr<ColumnBuffer> make(DataType type);

    /// All rows of a vector of the buffer's type.
    virtual void append(const Vector& vector) = 0;
    /// Nulls, or empty strings.
    virtual void appendNulls(std::size_t count) = 0;
    virtual std::size_t rows() const = 0;
    virtual std::size_t bytes() const = 0;
    virtual EncodedColumn encode() const = 0;
    /// A column of nothing but nulls, or empty strings.
    static EncodedColumn encodeNulls(DataType type, std::size_t rows);
};

} // namespace tocsin::store
