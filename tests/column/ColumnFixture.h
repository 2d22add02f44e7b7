// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <QByteArray>

#include <initializer_list>

/// Short ways to make and to print columns.
namespace tocsin::test {

inline Vector longs(std::initializer_list<std::int64_t> values)
{
    TypedBuilder<DataType::Long> builder(values.size());
    for (const std::int64_t value : values)
        builder.append(value);
    return builder.finish();
}

inline Vector texts(std::initializer_list<std::string_view> values)
{
    TypedBuilder<DataType::String> builder(values.size());
    for (const std::string_view value : values)
        builder.append(value);
    return builder.finish();
}

inline Vector dictionaryOf(Vector values, std::initializer_list<std::uint32_t> codes)
{
    auto buffer = makeBuffer<std::uint32_t>(codes.size());
    std::copy(codes.begin(), codes.end(), buffer.get());
    return Vector::dictionary(std::move(values), std::move(buffer), codes.size());
}

/// The values between bars, a null as `~`.
inline QByteArray printed(const Vector& vector)
{
    std::string text;
    for (std::size_t row = 0; row < vector.size(); ++row)
        text += (row ? "|" : "") + (vector.isNull(row) ? std::string("~") : vector.valueAt(row).toString());
    return QByteArray::fromStdString(text);
}

/// The rows of a batch, columns side by side.
inline QByteArray printed(const Batch& batch)
{
    QByteArray text;
    for (std::size_t column = 0; column < batch.columns.size(); ++column)
        text += (column ? " / " : "") + printed(batch.column(column));
    return text;
}

/// One value of each type, none of them null.
inline std::vector<Value> oneOfEach()
{
    Guid guid;
    guid.bytes[0] = 0xAB;
    guid.bytes[15] = 1;
    const std::string dynamic("\x05\x02\0\0\0hi", 7);
    return {Value::boolean(true), Value::int32(-7), Value::int64(std::numeric_limits<std::int64_t>::min()), Value::real(1.5), Value::decimal(*Decimal::parse("12.50")),
            Value::dateTime(kUnixEpoch), Value::timeSpan(-kTicksPerDay), Value::guid(guid), Value::string("text"), Value::dynamic(dynamic)};
}

} // namespace tocsin::test
