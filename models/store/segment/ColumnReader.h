// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Vector.h"
#include "store/segment/Chunk.h"

#include <functional>
#include <memory>

namespace tocsin::store {

/// Gets the bytes of one part of a column from the file.
using PartLoader = std::function<Result<Bytes>(unsigned part)>;

/// One column of one segment, checked and ready to be read from any thread.
class ColumnReader {
public:
    virtual ~ColumnReader() = default;
    /// Reads what stands at (segment, column) of the file. kBadChunk if it is not what it should be.
    static Result<std::shared_ptr<const ColumnReader>> open(std::int64_t segment, std::int64_t column, DataType type, std::size_t rows, const PartLoader& load);
    /// A column without values.
    static std::shared_ptr<const ColumnReader> absent(DataType type);

    /// Rows [start, start + count); start is a multiple of kBlockRows, and the rows are there.
    virtual Result<Vector> read(std::size_t start, std::size_t count) const = 0;
    virtual std::size_t memoryBytes() const = 0;
};

} // namespace tocsin::store
