// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Utf8.h"
#include "column/Dynamic.h"
#include "kql/functions/Declaration.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

/// Conversions of single values between types, as the KQL conversion functions define them; nothing where a value does not fit.
namespace tocsin::kql {

std::optional<std::int64_t> longFromText(std::string_view text);
std::optional<double> realFromText(std::string_view text);
std::optional<bool> boolFromText(std::string_view text);
/// Cut towards zero; nothing for NaN and what is outside the range of long.
std::optional<std::int64_t> longFromReal(double value);

/// Appends the value as tostring() prints it.
template <DataType From> void appendText(std::string& out, const Physical<From>& value)
{
    if constexpr (From == DataType::Bool) {
        out += value ? "true" : "false";
    } else if constexpr (From == DataType::Int || From == DataType::Long) {
        char digits[24];
        out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    } else if constexpr (From == DataType::Real) {
        out += Value::real(value).toString();
    } else if constexpr (From == DataType::Decimal) {
        out += value.toString();
    } else if constexpr (From == DataType::DateTime) {
        appendDateTime(out, value);
    } else if constexpr (From == DataType::TimeSpan) {
        appendTimeSpan(out, value);
    } else if constexpr (From == DataType::Guid) {
        appendGuid(out, value);
    } else if constexpr (From == DataType::String) {
        out += value;
    } else {
        const DynamicView view(value);
        if (view.isString())
            out += view.asString();
        else
            out += view.toString();
    }
}

/// To a type of fixed size.
template <DataType To, DataType From> std::optional<Physical<To>> convertValue(const Physical<From>& value);
/// The scalar inside a dynamic as a type of fixed size; arrays and bags fit none.
template <DataType To> std::optional<Physical<To>> fromDynamic(DynamicView view);

template <DataType To, DataType From> std::optional<Physical<To>> numberFrom(const Physical<From>& value)
{
    if constexpr (To == DataType::Int) {
        const auto wide = convertValue<DataType::Long, From>(value);
        if (!wide || *wide < std::numeric_limits<std::int32_t>::min() || *wide > std::numeric_limits<std::int32_t>::max())
            return std::nullopt;
        return static_cast<std::int32_t>(*wide);
    } else if constexpr (To == DataType::Long) {
        if constexpr (From == DataType::Real)
            return longFromReal(value);
        else if constexpr (From == DataType::Decimal)
            return value.toLong();
        else if constexpr (From == DataType::String)
            return longFromText(value);
        else
            return static_cast<std::int64_t>(value);
    } else if constexpr (To == DataType::Real) {
        if constexpr (From == DataType::Decimal)
            return value.toDouble();
        else if constexpr (From == DataType::String)
            return realFromText(value);
        else
            return static_cast<double>(value);
    } else {
        if constexpr (From == DataType::Real)
            return std::isfinite(value) ? std::optional(Decimal::fromDouble(value)) : std::nullopt;
        else if constexpr (From == DataType::String)
            return Decimal::parse(trimSpaces(value));
        else
            return Decimal(static_cast<std::int64_t>(value));
    }
}

template <DataType To, DataType From> std::optional<Physical<To>> convertValue(const Physical<From>& value)
{
    using enum DataType;
    static_assert(To != String && To != Dynamic);
    if constexpr (To == From)
        return value;
    else if constexpr (From == Dynamic)
        return fromDynamic<To>(DynamicView(value));
    else if constexpr (From == Guid)
        return std::nullopt;
    else if constexpr (To == Guid) {
        if constexpr (From == String)
            return parseGuid(trimSpaces(value));
        else
            return std::nullopt;
    } else if constexpr (To == Bool) {
        if constexpr (From == String) {
            const auto read = boolFromText(value);
            return read ? std::optional<std::uint8_t>(*read) : std::nullopt;
        } else if constexpr (From == Decimal)
            return static_cast<std::uint8_t>(!value.isZero());
        else
            return static_cast<std::uint8_t>(value != 0);
    } else if constexpr (To == DateTime) {
        if constexpr (From == String)
            return parseDateTime(value);
        else if constexpr (From == TimeSpan || From == Bool)
            return std::nullopt;
        else {
            const auto ticks = convertValue<Long, From>(value);
            return ticks && inDateTimeRange(*ticks) ? ticks : std::nullopt;
        }
    } else if constexpr (To == TimeSpan) {
        if constexpr (From == String)
            return parseTimeSpan(value);
        else if constexpr (From == DateTime || From == Bool)
            return std::nullopt;
        else
            return convertValue<Long, From>(value);
    } else
        return numberFrom<To, From>(value);
}

template <DataType To> std::optional<Physical<To>> fromDynamic(DynamicView view)
{
    using enum DataType;
    switch (view.tag()) {
    case DynamicTag::False: return convertValue<To, Bool>(0);
    case DynamicTag::True: return convertValue<To, Bool>(1);
    case DynamicTag::Long: return convertValue<To, Long>(view.asLong());
    case DynamicTag::Real: return convertValue<To, Real>(view.asReal());
    case DynamicTag::String: return convertValue<To, String>(view.asString());
    case DynamicTag::DateTime: return convertValue<To, DateTime>(view.asLong());
    case DynamicTag::TimeSpan: return convertValue<To, TimeSpan>(view.asLong());
    case DynamicTag::Guid: return convertValue<To, Guid>(view.asGuid());
    case DynamicTag::Decimal: return convertValue<To, Decimal>(view.asDecimal());
    case DynamicTag::Null:
    case DynamicTag::Array:
    case DynamicTag::Object: break;
    }
    return std::nullopt;
}

} // namespace tocsin::kql
