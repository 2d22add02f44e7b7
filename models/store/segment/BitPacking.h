// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/Bytes.h"

#include <algorithm>
#include <bit>
#include <span>

namespace tocsin::store {

/// Bits needed for values up to `largest`; widths over 56 become 64 so that every value lies within eight bytes of its first one.
inline unsigned packedWidth(std::uint64_t largest)
{
    const auto width = static_cast<unsigned>(std::bit_width(largest));
    return width > 56 ? 64 : width;
}

/// Bytes taken by `count` values.
inline std::size_t packedBytes(std::size_t count, unsigned width) { return (count * width + 7) / 8; }

/// unpackBits reads whole words and may touch this many bytes behind the packed ones; the checksum of a chunk provides them.
inline constexpr std::size_t kPackSlack = 8;

inline bool isPackedWidth(unsigned width) { return width <= 56 || width == 64; }

/// Appends the values, each in `width` bits, the first in the lowest bits of the first byte.
template <typename T>
void packBits(ByteWriter& out, std::span<const T> values, unsigned width)
{
    std::byte* target = out.grow(packedBytes(values.size(), width));
    std::uint64_t word = 0;
    unsigned filled = 0;
    for (const T value : values) {
        const auto bits = static_cast<std::uint64_t>(value);
        word |= filled < 64 ? bits << filled : 0;
        filled += width;
        if (filled < 64)
            continue;
        std::memcpy(target, &word, 8);
        target += 8;
        filled -= 64;
        word = filled ? bits >> (width - filled) : 0;
    }
    std::memcpy(target, &word, (filled + 7) / 8);
}

/// Reads `count` values from place `start`. The caller has checked the size (see kPackSlack).
template <typename T>
void unpackBits(const std::byte* packed, unsigned width, std::size_t start, std::size_t count, T* out)
{
    const auto load = [](const std::byte* from) {
        std::uint64_t word;
        std::memcpy(&word, from, 8);
        return word;
    };
    switch (width) {
    case 0:
        for (std::size_t i = 0; i < count; ++i)
            out[i] = 0;
        return;
    case 8:
        for (std::size_t i = 0; i < count; ++i)
            out[i] = static_cast<T>(packed[start + i]);
        return;
    case 16: {
        const std::byte* from = packed + 2 * start;
        for (std::size_t i = 0; i < count; ++i) {
            std::uint16_t value;
            std::memcpy(&value, from + 2 * i, 2);
            out[i] = static_cast<T>(value);
        }
        return;
    }
    case 64:
        for (std::size_t i = 0; i < count; ++i)
            out[i] = static_cast<T>(load(packed + 8 * (start + i)));
        return;
    default: break;
    }
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    std::size_t bit = start * width;
    for (std::size_t i = 0; i < count; ++i, bit += width)
        out[i] = static_cast<T>((load(packed + bit / 8) >> (bit % 8)) & mask);
}

/// The same for codes; false if one is not below `bound`.
inline bool unpackBelow(const std::byte* packed, unsigned width, std::size_t start, std::span<std::uint32_t> out, std::size_t bound)
{
    unpackBits(packed, width, start, out.size(), out.data());
    std::uint32_t largest = 0;
    for (const std::uint32_t code : out)
        largest = std::max(largest, code);
    return out.empty() || largest < bound;
}

/// The value at one place.
inline std::uint64_t unpackOne(const std::byte* packed, unsigned width, std::size_t at)
{
    const std::size_t bit = at * width;
    std::uint64_t word;
    std::memcpy(&word, packed + bit / 8, 8);
    return width == 64 ? word : (word >> (bit % 8)) & ((std::uint64_t{1} << width) - 1);
}

} // namespace tocsin::store
