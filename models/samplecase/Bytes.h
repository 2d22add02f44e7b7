// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::samplecase {

/// Appends a number in little-endian order.
template <typename T>
void appendLittle(std::string& out, T value)
{
    for (unsigned i = 0; i < sizeof(T); ++i)
        out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU);
}

/// Overwrites bytes that are there already.
template <typename T>
void putLittle(std::string& out, std::size_t position, T value)
{
    for (unsigned i = 0; i < sizeof(T); ++i)
        out[position + i] = static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU);
}

template <typename T>
T readLittle(std::string_view in, std::size_t position)
{
    std::uint64_t value = 0;
    for (unsigned i = 0; i < sizeof(T); ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(in[position + i])) << (8 * i);
    return static_cast<T>(value);
}

/// UTF-8 to UTF-16, little endian, no terminator; invalid bytes become U+FFFD.
std::string utf16Bytes(std::string_view utf8);
/// 64-bit FNV-1a: the stable hash behind identifiers.
std::uint64_t fnv1a(std::string_view text, std::uint64_t basis = 14695981039346656037ULL);

} // namespace tocsin::samplecase
