// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/IntegerBlocks.h"

#include "base/Ticks.h"
#include "store/StoreErrors.h"

#include <algorithm>
#include <array>

namespace tocsin::store {
namespace {

constexpr std::uint8_t kFrame = 0;
constexpr std::uint8_t kDelta = 1;

// Differences wrap around in 64 bits on purpose: the way back wraps the same.
std::uint64_t difference(std::int64_t a, std::int64_t b) { return static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b); }
std::int64_t sum(std::int64_t a, std::uint64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + b); }

/// Sensors record seconds, milliseconds or microseconds; nothing finer than that is worth a search for the true common factor.
std::int64_t commonFactor(std::span<const std::int64_t> values)
{
    for (const std::int64_t factor : {kTicksPerSecond, kTicksPerMillisecond, kTicksPerMicrosecond})
        if (std::all_of(values.begin(), values.end(), [factor](std::int64_t value) { return value % factor == 0; }))
            return factor;
    return 1;
}

void writeBlock(ByteWriter& out, std::span<const std::int64_t> values)
{
    const auto [least, largest] = std::minmax_element(values.begin(), values.end());
    const unsigned frameWidth = packedWidth(difference(*largest, *least));
    std::array<std::uint64_t, kBlockRows> packed;
    std::int64_t leastDelta = 0;
    unsigned deltaWidth = 64;
    if (values.size() > 1 && frameWidth > 0) {
        std::int64_t largestDelta = leastDelta = static_cast<std::int64_t>(difference(values[1], values[0]));
        for (std::size_t i = 2; i < values.size(); ++i) {
            const auto delta = static_cast<std::int64_t>(difference(values[i], values[i - 1]));
            leastDelta = std::min(leastDelta, delta);
            largestDelta = std::max(largestDelta, delta);
        }
        deltaWidth = packedWidth(difference(largestDelta, leastDelta));
    }
    // A delta block has to be summed up when read: it must earn that.
    if (deltaWidth + 2 <= frameWidth) {
        for (std::size_t i = 1; i < values.size(); ++i)
            packed[i - 1] = difference(values[i], values[i - 1]) - static_cast<std::uint64_t>(leastDelta);
        out.put(kDelta);
        out.put(static_cast<std::uint8_t>(deltaWidth));
        out.put(leastDelta);
        out.put(values[0]);
        packBits<std::uint64_t>(out, {packed.data(), values.size() - 1}, deltaWidth);
        return;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        packed[i] = difference(values[i], *least);
    out.put(kFrame);
    out.put(static_cast<std::uint8_t>(frameWidth));
    out.put(*least);
    packBits<std::uint64_t>(out, {packed.data(), values.size()}, frameWidth);
}

} // namespace

void writeIntegerBlocks(ByteWriter& out, std::span<const std::int64_t> values)
{
    const std::int64_t factor = commonFactor(values);
    std::vector<std::int64_t> divided;
    if (factor != 1) {
        divided.resize(values.size());
        std::transform(values.begin(), values.end(), divided.begin(), [factor](std::int64_t value) { return value / factor; });
        values = divided;
    }
    Bytes blocks;
    ByteWriter writer(blocks);
    std::vector<std::uint32_t> ends;
    for (std::size_t start = 0; start < values.size(); start += kBlockRows) {
        writeBlock(writer, values.subspan(start, std::min(kBlockRows, values.size() - start)));
        ends.push_back(static_cast<std::uint32_t>(blocks.size()));
    }
    out.put<std::uint64_t>(static_cast<std::uint64_t>(factor));
    out.putArray<std::uint32_t>(ends);
    out.putBytes(blocks);
}

Result<IntegerBlocks> IntegerBlocks::open(ByteReader& in, std::size_t rows)
{
    const std::size_t count = (rows + kBlockRows - 1) / kBlockRows;
    IntegerBlocks result;
    result.m_rows = rows;
    result.m_factor = in.get<std::uint64_t>();
    ByteReader ends(in.getArray<std::uint32_t>(count));
    std::uint32_t start = 0;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const auto end = ends.get<std::uint32_t>();
        if (end < start)
            return fail(kBadChunk, "its blocks are out of order");
        ByteReader bytes(in.getBytes(end - start));
        start = end;
        Block block;
        block.kind = bytes.get<std::uint8_t>();
        block.width = bytes.get<std::uint8_t>();
        block.base = bytes.get<std::int64_t>();
        if (block.kind == kDelta)
            block.first = bytes.get<std::int64_t>();
        const std::size_t blockRows = std::min(kBlockRows, rows - i * kBlockRows);
        const std::size_t packed = blockRows - (block.kind == kDelta ? 1 : 0);
        if (!bytes.ok() || block.kind > kDelta || !isPackedWidth(block.width) || bytes.rest().size() < packedBytes(packed, block.width))
            return fail(kBadChunk, "a block of integers is not valid");
        block.packed = bytes.rest().data();
        result.m_blocks.push_back(block);
    }
    if (!in.ok())
        return fail(kBadChunk, "its blocks are cut short");
    return result;
}

void IntegerBlocks::readBlock(const Block& block, std::size_t count, std::int64_t* out) const
{
    if (block.kind == kFrame) {
        unpackBits(block.packed, block.width, 0, count, out);
        for (std::size_t i = 0; i < count; ++i)
            out[i] = sum(block.base, static_cast<std::uint64_t>(out[i]));
    } else {
        unpackBits(block.packed, block.width, 0, count - 1, out + 1);
        out[0] = block.first;
        for (std::size_t i = 1; i < count; ++i)
            out[i] = sum(sum(out[i - 1], static_cast<std::uint64_t>(block.base)), static_cast<std::uint64_t>(out[i]));
    }
    if (m_factor != 1)
        for (std::size_t i = 0; i < count; ++i)
            out[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(out[i]) * m_factor);
}

void IntegerBlocks::read(std::size_t start, std::size_t count, std::int64_t* out) const
{
    for (std::size_t block = start / kBlockRows; count > 0; ++block) {
        const std::size_t rows = std::min(kBlockRows, count);
        readBlock(m_blocks[block], rows, out);
        out += rows;
        count -= rows;
    }
}

void IntegerBlocks::readSome(std::size_t start, std::span<const std::uint32_t> places, std::int64_t* out) const
{
    std::array<std::int64_t, kBlockRows> values;
    for (std::size_t i = 0; i < places.size();) {
        const std::size_t number = (start + places[i]) / kBlockRows, first = number * kBlockRows;
        const auto inBlock = [&] { return i < places.size() && start + places[i] < first + kBlockRows; };
        const Block& block = m_blocks[number];
        if (block.kind == kFrame) {
            for (; inBlock(); ++i)
                *out++ = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum(block.base, unpackOne(block.packed, block.width, start + places[i] - first))) * m_factor);
            continue;
        }
        readBlock(block, std::min(kBlockRows, m_rows - first), values.data()); // each depends on those before
        for (; inBlock(); ++i)
            *out++ = values[start + places[i] - first];
    }
}

} // namespace tocsin::store
