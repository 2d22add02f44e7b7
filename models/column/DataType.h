// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Guid.h"
#include "base/Ticks.h"
#include "column/Decimal.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

/// The ten scalar types of KQL. In memory: bool as uint8_t, int as int32_t, long as int64_t, real as double, decimal as Decimal,
/// datetime and timespan as Ticks, guid as Guid, string as UTF-8 text, dynamic as the bytes of Dynamic.h.
enum class DataType : std::uint8_t { Bool, Int, Long, Real, Decimal, DateTime, TimeSpan, Guid, String, Dynamic };
inline constexpr std::size_t kDataTypeCount = 10;

/// The KQL name: `bool int long real decimal datetime timespan guid string dynamic`.
std::string_view typeName(DataType type);
/// Reads a KQL type name and its aliases (boolean, double, date, time, uniqueid, …).
std::optional<DataType> parseTypeName(std::string_view name);

inline bool isInteger(DataType type) { return type == DataType::Int || type == DataType::Long; }
inline bool isNumeric(DataType type) { return isInteger(type) || type == DataType::Real || type == DataType::Decimal; }
inline bool isTextual(DataType type) { return type == DataType::String || type == DataType::Dynamic; }

/// The C++ type of a value of each DataType, as vectors hold it.
template <DataType> struct PhysicalOf;
template <> struct PhysicalOf<DataType::Bool> { using Type = std::uint8_t; };
template <> struct PhysicalOf<DataType::Int> { using Type = std::int32_t; };
template <> struct PhysicalOf<DataType::Long> { using Type = std::int64_t; };
template <> struct PhysicalOf<DataType::Real> { using Type = double; };
template <> struct PhysicalOf<DataType::Decimal> { using Type = Decimal; };
template <> struct PhysicalOf<DataType::DateTime> { using Type = Ticks; };
template <> struct PhysicalOf<DataType::TimeSpan> { using Type = Ticks; };
template <> struct PhysicalOf<DataType::Guid> { using Type = Guid; };
template <> struct PhysicalOf<DataType::String> { using Type = std::string_view; };
template <> struct PhysicalOf<DataType::Dynamic> { using Type = std::string_view; };
template <DataType T> using Physical = typename PhysicalOf<T>::Type;

/// Calls `visitor.template operator()<DataType>()` for the type at run time; all calls must return the same type.
template <typename Visitor>
decltype(auto) visitType(DataType type, Visitor&& visitor)
{
    switch (type) {
    case DataType::Bool: return visitor.template operator()<DataType::Bool>();
    case DataType::Int: return visitor.template operator()<DataType::Int>();
    case DataType::Long: return visitor.template operator()<DataType::Long>();
    case DataType::Real: return visitor.template operator()<DataType::Real>();
    case DataType::Decimal: return visitor.template operator()<DataType::Decimal>();
    case DataType::DateTime: return visitor.template operator()<DataType::DateTime>();
    case DataType::TimeSpan: return visitor.template operator()<DataType::TimeSpan>();
    case DataType::Guid: return visitor.template operator()<DataType::Guid>();
    case DataType::String: return visitor.template operator()<DataType::String>();
    case DataType::Dynamic: break;
    }
    return visitor.template operator()<DataType::Dynamic>();
}

} // namespace tocsin
