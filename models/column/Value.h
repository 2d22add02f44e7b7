// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"

#include <string>
#include <variant>

namespace tocsin {

/// One value of any type, or null, on its own: literals, parameters, results cell by cell. Not for hot loops.
class Value {
public:
    /// A null of the type; for a string, the empty string (strings are never null).
    static Value null(DataType type);
    static Value boolean(bool value) { return {DataType::Bool, static_cast<std::uint8_t>(value)}; }
    static Value int32(std::int32_t value) { return {DataType::Int, value}; }
    static Value int64(std::int64_t value) { return {DataType::Long, value}; }
    static Value real(double value) { return {DataType::Real, value}; }
    static Value decimal(Decimal value) { return {DataType::Decimal, value}; }
    static Value dateTime(Ticks value) { return {DataType::DateTime, value}; }
    static Value timeSpan(Ticks value) { return {DataType::TimeSpan, value}; }
    static Value guid(Guid value) { return {DataType::Guid, value}; }
    static Value string(std::string value) { return {DataType::String, std::move(value)}; }
    /// `encoded` are bytes in the form of Dynamic.h.
    static Value dynamic(std::string encoded) { return {DataType::Dynamic, std::move(encoded)}; }
    /// From the physical form of a type.
    template <DataType T> static Value of(Physical<T> value);

    DataType type() const { return m_type; }
    bool isNull() const { return std::holds_alternative<std::monostate>(m_data); }

    bool asBool() const { return std::get<std::uint8_t>(m_data) != 0; }
    std::int32_t asInt() const { return std::get<std::int32_t>(m_data); }
    /// long, datetime and timespan.
    std::int64_t asLong() const { return std::get<std::int64_t>(m_data); }
    double asReal() const { return std::get<double>(m_data); }
    const Decimal& asDecimal() const { return std::get<Decimal>(m_data); }
    const Guid& asGuid() const { return std::get<Guid>(m_data); }
    /// string and dynamic (encoded).
    const std::string& asText() const { return std::get<std::string>(m_data); }
    /// The physical form; the value must not be null. Text is viewed, so the Value must outlive it.
    template <DataType T> Physical<T> get() const;

    /// As KQL's tostring() prints it: null is "", datetime with seven decimals, bool as `true`/`false`.
    std::string toString() const;
    /// As one JSON value in the command line's conventions: long exact, decimal as a string, null as `null`.
    void appendJson(std::string& out) const;

    bool operator==(const Value& other) const = default;

private:
    using Data = std::variant<std::monostate, std::uint8_t, std::int32_t, std::int64_t, double, Decimal, Guid, std::string>;
    Value(DataType type, Data data) : m_type(type), m_data(std::move(data)) {}

    DataType m_type;
    Data m_data;
};

template <DataType T> Value Value::of(Physical<T> value)
{
    if constexpr (T == DataType::String || T == DataType::Dynamic)
        return {T, std::string(value)};
    else
        return {T, value};
}

template <DataType T> Physical<T> Value::get() const
{
    if constexpr (T == DataType::String || T == DataType::Dynamic)
        return std::get<std::string>(m_data);
    else
        return std::get<Physical<T>>(m_data);
}

} // namespace tocsin
