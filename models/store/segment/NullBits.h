// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Vector.h"
#include "store/segment/Bytes.h"

#include <memory>

namespace tocsin::store {

/// Which rows of a growing column are null. Costs nothing while none is.
class NullBits {
public:
    void append(bool null)
    {
        if (null)
            markLast();
        ++m_size;
    }
    void appendValid(std::size_t count) { m_size += count; }
    void appendNulls(std::size_t count);
    bool isNull(std::size_t row) const { return row / 64 < m_words.size() && ((m_words[row / 64] >> (row % 64)) & 1); }
    std::size_t size() const { return m_size; }
    std::size_t count() const { return m_count; }
    /// 64 rows a word; rows behind the last null may be missing.
    std::span<const std::uint64_t> words() const { return m_words; }

private:
    void markLast();

    std::vector<std::uint64_t> m_words;
    std::size_t m_size = 0;
    std::size_t m_count = 0;
};

/// u8 kind (0 none, 1 bits, 2 bits as LZ4), then u32 size and bytes.
void writeNullBits(ByteWriter& out, const NullBits& nulls);

/// The nulls of a stored column.
class StoredNulls {
public:
    static Result<StoredNulls> open(ByteReader& in, std::size_t rows);
    bool any() const { return !m_words.empty(); }
    bool isNull(std::size_t row) const { return any() && ((m_words[row / 64] >> (row % 64)) & 1); }
    /// The mask of rows [start, start + count), or nothing if none is null; start is a multiple of 64.
    std::shared_ptr<const NullMask> mask(std::size_t start, std::size_t count) const;
    std::size_t memoryBytes() const { return m_words.size() * 8; }

private:
    std::vector<std::uint64_t> m_words;
};

} // namespace tocsin::store
