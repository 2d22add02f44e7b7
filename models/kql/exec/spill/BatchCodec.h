// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <memory>
#include <span>
#include <vector>

namespace tocsin::kql {

/// Writes rows of columns as one block of bytes that only this build reads back. Fixed-width values stand as they are, text as lengths
/// and one heap, a dictionary as the values that occur and 16-bit codes; every array begins at a multiple of 8.
class BatchEncoder {
public:
    static constexpr std::size_t kMaxRows = 65'536;

    /// The given rows, at most kMaxRows; the bytes stay valid until the next call.
    std::span<const char> encode(std::span<const Vector> columns, std::span<const std::uint32_t> rows);

private:
    void column(const Vector& column, std::span<const std::uint32_t> rows);
    bool dictionary(const Vector& column, std::span<const std::uint32_t> rows);
    void values(const Vector& source, std::span<const std::uint32_t> rows);
    template <typename T> std::span<T> array(std::size_t count);

    std::vector<char> m_bytes;
    std::vector<std::uint32_t> m_numbers;  ///< of a dictionary's codes in this block, + 1; all 0 between columns
    std::vector<std::uint32_t> m_codes;    ///< those that occur
};

/// A block's rows; the columns point into the bytes and keep them alive. The bytes must be what an encoder gave.
Batch decodeBatch(std::shared_ptr<const char[]> bytes);

} // namespace tocsin::kql
