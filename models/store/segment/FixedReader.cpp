// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/FixedReader.h"

#include "store/StoreErrors.h"
#include "store/segment/CodeCounts.h"
#include "store/segment/IntegerBlocks.h"
#include "store/segment/NullBits.h"
#include "store/segment/Zone.h"

#include <algorithm>
#include <array>

namespace tocsin::store {
namespace {

/// What the fixed encodings share: the chunk's bytes and the null map.
template <DataType T>
class FixedReader : public ColumnReader {
public:
    using Type = Physical<T>;
    FixedReader(Bytes chunk, StoredNulls nulls) : m_chunk(std::move(chunk)), m_nulls(std::move(nulls)) {}
    std::size_t memoryBytes() const override { return m_chunk.size() + m_nulls.memoryBytes(); }

protected:
    Vector vector(std::shared_ptr<Type[]> values, std::size_t start, std::size_t count) const
    {
        return Vector::flat<Type>(T, std::move(values), count, m_nulls.mask(start, count));
    }
    bool hasNulls() const { return m_nulls.any(); }

private:
    Bytes m_chunk;
    StoredNulls m_nulls;
};

template <DataType T>
class ConstantReader final : public FixedReader<T> {
public:
    using Type = Physical<T>;
    ConstantReader(Bytes chunk, StoredNulls nulls, Type value) : FixedReader<T>(std::move(chunk), std::move(nulls)), m_value(value) {}
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        if (!this->hasNulls())
            return Vector::constant(Value::of<T>(m_value), count);
        auto values = makeBuffer<Type>(count);
        std::fill_n(values.get(), count, m_value);
        return this->vector(std::move(values), start, count);
    }

private:
    Type m_value;
};

template <DataType T>
class IntegerReader final : public FixedReader<T> {
public:
    using Type = Physical<T>;
    IntegerReader(Bytes chunk, StoredNulls nulls, IntegerBlocks blocks) : FixedReader<T>(std::move(chunk), std::move(nulls)), m_blocks(std::move(blocks)) {}
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        auto values = makeBuffer<Type>(count);
        if constexpr (std::is_same_v<Type, std::int64_t>) {
            m_blocks.read(start, count, values.get());
        } else {
            std::array<std::int64_t, kBlockRows> block;
            for (std::size_t at = 0; at < count; at += kBlockRows) {
                const std::size_t rows = std::min(kBlockRows, count - at);
                m_blocks.read(start + at, rows, block.data());
                std::transform(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(rows), values.get() + at, [](std::int64_t value) { return static_cast<Type>(value); });
            }
        }
        return this->vector(std::move(values), start, count);
    }
    Result<Vector> readSome(std::size_t start, std::size_t count, std::span<const std::uint32_t> rows) const override
    {
        if constexpr (std::is_same_v<Type, std::int64_t>) {
            if (!this->hasNulls()) {
                auto values = makeBuffer<Type>(rows.size());
                m_blocks.readSome(start, rows, values.get());
                return Vector::flat<Type>(T, std::move(values), rows.size());
            }
        }
        return ColumnReader::readSome(start, count, rows);
    }

private:
    IntegerBlocks m_blocks;
};

template <DataType T>
class DictionaryReader final : public FixedReader<T> {
public:
    using Type = Physical<T>;
    DictionaryReader(Bytes chunk, StoredNulls nulls, std::vector<Type> distinct, const std::byte* codes, unsigned width)
        : FixedReader<T>(std::move(chunk), std::move(nulls)), m_distinct(std::move(distinct)), m_codes(codes), m_width(width)
    {
        if (!kStaysDictionary || this->hasNulls())
            return;
        auto shared = makeBuffer<Type>(m_distinct.size());
        std::copy(m_distinct.begin(), m_distinct.end(), shared.get());
        m_dictionary = std::make_shared<const Vector>(Vector::flat<Type>(T, std::move(shared), m_distinct.size()));
    }
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        if (m_dictionary) {
            auto codes = makeBuffer<std::uint32_t>(count);
            if (!unpack(start, {codes.get(), count}))
                return fail(kBadChunk, "a code is out of range");
            return Vector::dictionary(m_dictionary, std::move(codes), count);
        }
        auto values = makeBuffer<Type>(count);
        std::array<std::uint32_t, kBlockRows> codes;
        for (std::size_t at = 0; at < count; at += kBlockRows) {
            const std::size_t rows = std::min(kBlockRows, count - at);
            unpackBits(m_codes, m_width, start + at, rows, codes.data());
            for (std::size_t i = 0; i < rows; ++i) {
                if (codes[i] >= m_distinct.size())
                    return fail(kBadChunk, "a code is out of range");
                values[at + i] = m_distinct[codes[i]];
            }
        }
        return this->vector(std::move(values), start, count);
    }
    Result<std::optional<catalog::ValueCounts>> valueCounts(std::size_t rows) const override
    {
        if (!m_dictionary || !paysToCount(rows, m_distinct.size()))
            return std::nullopt;
        if (!m_counts.count(rows, m_distinct.size(), [this](std::size_t start, std::span<std::uint32_t> out) { return unpack(start, out); }))
            return fail(kBadChunk, "a code is out of range");
        return countedValues(m_counts, m_dictionary);
    }
    bool mayEqual(const std::vector<Value>& values) const override
    {
        if (T == DataType::Real || m_distinct.size() * values.size() > this->kMostComparisons)
            return true; // equal reals may differ in their bits
        return std::any_of(values.begin(), values.end(), [this](const Value& value) {
            const std::optional<Value> wanted = convertExactly(value, T);
            return !wanted || std::find(m_distinct.begin(), m_distinct.end(), wanted->get<T>()) != m_distinct.end();
        });
    }
    std::size_t memoryBytes() const override { return FixedReader<T>::memoryBytes() + m_distinct.size() * sizeof(Type); }

private:
    /// Whole numbers stay what they are stored as: what is computed of them is computed once for each that is different.
    static constexpr bool kStaysDictionary = T == DataType::Int || T == DataType::Long;

    /// The codes of rows; false if one is out of range.
    bool unpack(std::size_t start, std::span<std::uint32_t> out) const { return unpackBelow(m_codes, m_width, start, out, m_distinct.size()); }

    std::vector<Type> m_distinct;
    std::shared_ptr<const Vector> m_dictionary; ///< the same, unless a vector of values is given
    const std::byte* m_codes;
    unsigned m_width;
    CodeCounts m_counts;
};

template <DataType T>
class PlainReader final : public FixedReader<T> {
public:
    using Type = Physical<T>;
    PlainReader(Bytes chunk, StoredNulls nulls, const std::byte* values) : FixedReader<T>(std::move(chunk), std::move(nulls)), m_values(values) {}
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        auto values = makeBuffer<Type>(count);
        std::memcpy(values.get(), m_values + start * sizeof(Type), count * sizeof(Type));
        return this->vector(std::move(values), start, count);
    }

private:
    const std::byte* m_values;
};

using Opened = Result<std::shared_ptr<const ColumnReader>>;

template <DataType T>
Opened openDictionary(Bytes chunk, StoredNulls nulls, ByteReader in, std::size_t rows)
{
    const std::size_t count = in.get<std::uint32_t>();
    const auto stored = in.getArray<Physical<T>>(count);
    const auto width = in.get<std::uint8_t>();
    if (!in.ok() || width > 32 || in.rest().size() < packedBytes(rows, width))
        return fail(kBadChunk, "its dictionary is not valid");
    std::vector<Physical<T>> distinct(count);
    std::memcpy(distinct.data(), stored.data(), stored.size());
    return std::make_shared<DictionaryReader<T>>(std::move(chunk), std::move(nulls), std::move(distinct), in.rest().data(), width);
}

template <DataType T>
Opened openFixed(Bytes chunk, const ChunkView& view)
{
    using Type = Physical<T>;
    const std::size_t rows = view.header.rows;
    ByteReader in(view.payload);
    TOCSIN_TRY_ASSIGN(StoredNulls nulls, StoredNulls::open(in, rows));
    switch (view.header.encoding) {
    case Encoding::Constant: {
        const Type value = in.get<Type>();
        if (in.ok())
            return std::make_shared<ConstantReader<T>>(std::move(chunk), std::move(nulls), value);
        break;
    }
    case Encoding::Integers:
    case Encoding::WholeReals:
        if constexpr (T != DataType::Decimal && T != DataType::Guid) {
            TOCSIN_TRY_ASSIGN(IntegerBlocks blocks, IntegerBlocks::open(in, rows));
            return std::make_shared<IntegerReader<T>>(std::move(chunk), std::move(nulls), std::move(blocks));
        }
        break;
    case Encoding::Dictionary: return openDictionary<T>(std::move(chunk), std::move(nulls), in, rows);
    case Encoding::Plain:
        if (in.rest().size() >= rows * sizeof(Type))
            return std::make_shared<PlainReader<T>>(std::move(chunk), std::move(nulls), in.rest().data());
        break;
    default: break;
    }
    return fail(kBadChunk, "its encoding does not suit its type");
}

} // namespace

Result<std::shared_ptr<const ColumnReader>> openFixedColumn(Bytes chunk, const ChunkView& view, DataType type)
{
    return visitType(type, [&]<DataType T>() -> Opened {
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            return fail(kBadChunk, "its encoding does not suit its type");
        else
            return openFixed<T>(std::move(chunk), view);
    });
}

} // namespace tocsin::store
