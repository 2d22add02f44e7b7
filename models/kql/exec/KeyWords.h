// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <bit>
#include <cmath>
#include <string>

/// What makes key values equal: fixed-width ones by a word, wide ones by their bytes.
namespace tocsin::kql {

constexpr bool isWideKey(DataType type) { return type == DataType::String || type == DataType::Dynamic || type == DataType::Guid || type == DataType::Decimal; }

/// The bytes that make two wide values equal.
template <DataType T>
std::string keyBytes(const Physical<T>& value)
{
    if constexpr (T == DataType::Guid)
        return std::string(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    else if constexpr (T == DataType::Decimal)
        return value.toString();
    else
        return std::string(value);
}

template <DataType T>
std::uint64_t wordOf(Physical<T> value)
{
    if constexpr (T == DataType::Real) {
        if (std::isnan(value))
            return std::bit_cast<std::uint64_t>(std::nan("")); // all NaNs are one group
        return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value); // -0 equals 0
    } else {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    }
}

} // namespace tocsin::kql
