// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/FixedEncoder.h"

#include "store/index/ColumnFilters.h"
#include "store/segment/IntegerBlocks.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace tocsin::store {
namespace {

constexpr std::size_t kIntegerDictionary = 256; ///< more distinct integers are packed nearly as well without a dictionary

template <DataType T> constexpr bool kIsInteger = T != DataType::Real && T != DataType::Decimal && T != DataType::Guid;

template <typename Type>
bool sameBits(const Type& a, const Type& b) { return std::memcmp(&a, &b, sizeof(Type)) == 0; }

template <typename Type>
struct Distinct {
    std::vector<Type> values;
    std::vector<std::uint32_t> codes;
};

/// The distinct values by their bits, or nothing if there are more than `limit`.
template <typename Type>
std::optional<Distinct<Type>> findDistinct(std::span<const Type> values, std::size_t limit)
{
    Distinct<Type> result;
    result.codes.reserve(values.size());
    const std::size_t mask = std::bit_ceil(2 * limit + 2) - 1;
    std::vector<std::uint32_t> slots(mask + 1); // code + 1; 0: free
    for (const Type& value : values) {
        std::size_t at = XXH3_64bits(&value, sizeof value) & mask;
        while (slots[at] != 0 && !sameBits(result.values[slots[at] - 1], value))
            at = (at + 1) & mask;
        if (slots[at] == 0) {
            if (result.values.size() == limit)
                return std::nullopt;
            result.values.push_back(value);
            slots[at] = static_cast<std::uint32_t>(result.values.size());
        }
        result.codes.push_back(slots[at] - 1);
    }
    return result;
}

template <DataType T>
Bytes beginFixed(Encoding encoding, const NullBits& nulls)
{
    Bytes chunk = beginChunk(encoding, T, nulls.size());
    ByteWriter out(chunk);
    writeNullBits(out, nulls);
    return chunk;
}

template <DataType T>
Bytes dictionaryChunk(const Distinct<Physical<T>>& distinct, const NullBits& nulls)
{
    Bytes chunk = beginFixed<T>(Encoding::Dictionary, nulls);
    ByteWriter out(chunk);
    const unsigned width = packedWidth(distinct.values.size() - 1);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(distinct.values.size()));
    out.putArray<Physical<T>>(distinct.values);
    out.put(static_cast<std::uint8_t>(width));
    packBits<std::uint32_t>(out, distinct.codes, width);
    return chunk;
}

template <DataType T>
Bytes integerChunk(Encoding encoding, std::span<const std::int64_t> values, const NullBits& nulls)
{
    Bytes chunk = beginFixed<T>(encoding, nulls);
    ByteWriter out(chunk);
    writeIntegerBlocks(out, values);
    return chunk;
}

/// The values as integers if all of them are whole numbers that a double holds exactly; minus zero is not.
std::optional<std::vector<std::int64_t>> wholeNumbers(std::span<const double> values)
{
    constexpr double kExact = 9007199254740992.0; // 2^53
    std::vector<std::int64_t> result;
    result.reserve(values.size());
    for (const double value : values) {
        if (!(std::fabs(value) <= kExact) || value != std::floor(value) || (value == 0 && std::signbit(value)))
            return std::nullopt;
        result.push_back(static_cast<std::int64_t>(value));
    }
    return result;
}

template <DataType T>
Bytes smallestChunk(std::span<const Physical<T>> values, const NullBits& nulls)
{
    using Type = Physical<T>;
    Bytes best;
    const auto offer = [&best](Bytes chunk) {
        if (best.empty() || chunk.size() < best.size())
            best = std::move(chunk);
    };
    if constexpr (kIsInteger<T>) {
        const std::vector<std::int64_t> integers(values.begin(), values.end());
        offer(integerChunk<T>(Encoding::Integers, integers, nulls));
    } else {
        offer(beginFixed<T>(Encoding::Plain, nulls));
        ByteWriter(best).putArray<Type>(values);
    }
    if constexpr (T == DataType::Real)
        if (const auto whole = wholeNumbers(values))
            offer(integerChunk<T>(Encoding::WholeReals, *whole, nulls));
    if constexpr (T != DataType::Bool)
        if (const auto distinct = findDistinct<Type>(values, kIsInteger<T> ? kIntegerDictionary : std::max<std::size_t>(16, values.size() / 2)))
            offer(dictionaryChunk<T>(*distinct, nulls));
    return best;
}

template <DataType T>
void findRange(std::span<const Physical<T>> values, const NullBits& nulls, Zone& zone)
{
    const Physical<T>* least = nullptr;
    const Physical<T>* largest = nullptr;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (nulls.isNull(i))
            continue;
        if constexpr (T == DataType::Real)
            if (std::isnan(values[i])) {
                zone.hasNan = true;
                continue;
            }
        if (!least || values[i] < *least)
            least = &values[i];
        if (!largest || *largest < values[i])
            largest = &values[i];
    }
    if (least) {
        zone.min = Value::of<T>(*least);
        zone.max = Value::of<T>(*largest);
    }
}

} // namespace

template <DataType T>
EncodedColumn encodeFixed(std::span<const Physical<T>> values, const NullBits& nulls)
{
    using Type = Physical<T>;
    EncodedColumn result;
    result.zone.type = T;
    result.zone.nulls = nulls.count();
    if (nulls.count() == values.size())
        return result;
    result.zone.stored = true;
    findRange<T>(values, nulls, result.zone);

    // Nulls take the value before them (the first ones that of the first row with a value), which costs least in every encoding.
    std::vector<Type> filled(values.begin(), values.end());
    if (nulls.count() > 0) {
        std::size_t from = 0;
        while (nulls.isNull(from))
            ++from;
        Type last = filled[from];
        for (std::size_t i = 0; i < filled.size(); ++i)
            last = filled[i] = nulls.isNull(i) ? last : filled[i];
    }
    const bool constant = std::all_of(filled.begin(), filled.end(), [&](const Type& value) { return sameBits(value, filled[0]); });
    Bytes chunk;
    if (constant) {
        chunk = beginFixed<T>(Encoding::Constant, nulls);
        ByteWriter(chunk).put(filled[0]);
    } else {
        chunk = smallestChunk<T>(filled, nulls);
    }
    result.parts.push_back({part::kValues, std::move(chunk)});
    if constexpr (T == DataType::Guid)
        addGuidFilter(result, filled);
    return result;
}

template EncodedColumn encodeFixed<DataType::Bool>(std::span<const std::uint8_t>, const NullBits&);
template EncodedColumn encodeFixed<DataType::Int>(std::span<const std::int32_t>, const NullBits&);
template EncodedColumn encodeFixed<DataType::Long>(std::span<const std::int64_t>, const NullBits&);
template EncodedColumn encodeFixed<DataType::Real>(std::span<const double>, const NullBits&);
template EncodedColumn encodeFixed<DataType::Decimal>(std::span<const Decimal>, const NullBits&);
template EncodedColumn encodeFixed<DataType::DateTime>(std::span<const Ticks>, const NullBits&);
template EncodedColumn encodeFixed<DataType::TimeSpan>(std::span<const Ticks>, const NullBits&);
template EncodedColumn encodeFixed<DataType::Guid>(std::span<const Guid>, const NullBits&);

} // namespace tocsin::store
