// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "catalog/ValueCounts.h"
#include "column/Vector.h"
#include "store/segment/Chunk.h"
#include "store/segment/StoredPart.h"
#include "store/segment/TextDomain.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace tocsin::store {

/// Gets the bytes of one part of a column from the file.
using PartLoader = std::function<Result<Bytes>(unsigned part)>;

/// One column of one segment, checked and ready to be read from any thread.
class ColumnReader : public StoredPart {
public:
    /// Reads what stands at (segment, column) of the file. kBadChunk if it is not what it should be. Texts are of the domain, if there is one.
    static Result<std::shared_ptr<const ColumnReader>> open(std::int64_t segment, std::int64_t column, DataType type, std::size_t rows, const PartLoader& load,
        const std::shared_ptr<TextDomain>& domain = {});
    /// What parse_json() of a text column has at a key, as a dynamic column. Reads no more than it needs, if the texts are kept by member.
    static Result<std::shared_ptr<const ColumnReader>> openMember(std::int64_t segment, std::int64_t column, std::string_view key, std::size_t rows, const PartLoader& load);
    /// A text column in which only the texts that `mark` marks are kept, all others being empty: for texts too large to be kept as a whole.
    /// Null if the column's texts are no such. Only the `blocks` of texts that are not 0 are read, if that many stand in the file.
    using TextMarker = std::function<void(std::span<const std::string_view> texts, std::vector<std::uint8_t>& marks)>;
    static Result<std::shared_ptr<const ColumnReader>> openMarked(std::int64_t segment, std::int64_t column, std::size_t rows, const PartLoader& load, const TextMarker& mark,
        std::span<const std::uint8_t> blocks = {});
    /// A column without values.
    static std::shared_ptr<const ColumnReader> absent(DataType type);

    /// Rows [start, start + count); start is a multiple of kBlockRows, and the rows are there.
    virtual Result<Vector> read(std::size_t start, std::size_t count) const = 0;
    /// Some of these rows, by their places from `start` on, ascending: for few of them.
    virtual Result<Vector> readSome(std::size_t start, std::size_t count, std::span<const std::uint32_t> rows) const
    {
        TOCSIN_TRY_ASSIGN(const Vector all, read(start, count));
        return all.gather(rows);
    }
    /// Of a text column with values: its distinct texts, which the codes of read() count. Null for other columns.
    virtual std::shared_ptr<const Vector> distinctTexts() const { return nullptr; }
    /// Which of those the segment has, unless it has all of them.
    virtual std::optional<std::vector<std::uint32_t>> usedCodes() const { return std::nullopt; }
    /// The same column in a form that takes longer to make, is smaller and quicker to use; made once a column is read again, or (`isNew`) at
    /// once if that is known to pay. Null if there is none.
    virtual std::shared_ptr<const ColumnReader> settled(bool isNew) const { return (void)isNew, nullptr; }
    /// How many of all the rows have which value, where that is much less than the rows; else nothing.
    virtual Result<std::optional<catalog::ValueCounts>> valueCounts(std::size_t rows) const { return (void)rows, std::nullopt; }
    /// The rows that are equal to one of the values, ascending, where that can be told without reading them; else nothing.
    virtual std::optional<std::vector<std::uint32_t>> rowsEqual(const std::vector<Value>&) const { return std::nullopt; }
    /// Comparisons that mayEqual does at most; beyond that reading the column is cheaper.
    static constexpr std::size_t kMostComparisons = 200'000;
    /// False only if the distinct values, where they are few and known, show that no row is equal to one of these.
    virtual bool mayEqual(const std::vector<Value>&) const { return true; }
};

} // namespace tocsin::store
