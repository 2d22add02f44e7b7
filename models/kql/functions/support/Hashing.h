// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "column/Vector.h"

#include <cstdint>
#include <vector>

namespace tocsin::kql {

std::uint64_t hashBytes(std::string_view bytes);
/// xxHash64 with seed 0, the hash that KQL shows.
std::uint64_t hashXx64(std::string_view bytes);
/// A good 64-bit hash of a value; equal values (by KQL's ==) hash the same within one type.
template <DataType T> std::uint64_t hashValue(const Physical<T>& value);

/// Spreads the bits of an integer over the whole word (the finaliser of MurmurHash3).
inline std::uint64_t mixBits(std::uint64_t x)
{
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDULL;
    x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53ULL;
    return x ^ (x >> 33);
}

template <DataType T> std::uint64_t hashValue(const Physical<T>& value)
{
    if constexpr (T == DataType::String || T == DataType::Dynamic) {
        return hashBytes(value);
    } else if constexpr (T == DataType::Guid) {
        return hashBytes({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
    } else if constexpr (T == DataType::Decimal) {
        return mixBits(value.hash());
    } else if constexpr (T == DataType::Real) {
        std::uint64_t bits;
        const double plain = value == 0 ? 0.0 : value;
        static_assert(sizeof bits == sizeof plain);
        __builtin_memcpy(&bits, &plain, sizeof bits);
        return mixBits(bits + 0x9E3779B97F4A7C15ULL);
    } else {
        return mixBits(static_cast<std::uint64_t>(value) + 0x9E3779B97F4A7C15ULL);
    }
}

} // namespace tocsin::kql
