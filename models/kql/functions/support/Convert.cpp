// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Convert.h"

#include "kql/functions/support/Kernels.h"

#include <limits>

namespace tocsin::kql {
namespace {

using kernels::ResultWriter;

template <DataType To, DataType From> Vector converted(const Vector& vector)
{
    const std::size_t rows = vector.size();
    ResultWriter<To> writer(rows);
    const VectorReader<Physical<From>> reader(vector);
    for (std::size_t row = 0; row < rows; ++row) {
        if (reader.isNull(row))
            writer.putNull(row);
        else
            writer.put(row, convertValue<To, From>(reader[row]));
    }
    return writer.finish();
}

template <DataType From> Vector toText(const Vector& vector)
{
    const std::size_t rows = vector.size();
    ResultWriter<DataType::String> writer(rows);
    const VectorReader<Physical<From>> reader(vector);
    std::string scratch;
    if constexpr (From == DataType::Dynamic)
        writer.keep(kernels::ownerOf(vector));
    for (std::size_t row = 0; row < rows; ++row) {
        if (reader.isNull(row)) {
            writer.putNull(row);
            continue;
        }
        if constexpr (From == DataType::Dynamic) {
            if (const DynamicView view(reader[row]); view.isString()) {
                writer.putView(row, view.asString());
                continue;
            }
        }
        scratch.clear();
        appendText<From>(scratch, reader[row]);
        writer.put(row, std::string_view(scratch));
    }
    return writer.finish();
}

Vector toDynamic(const Vector& vector)
{
    ResultWriter<DataType::Dynamic> writer(vector.size());
    DynamicBuilder builder;
    for (std::size_t row = 0; row < vector.size(); ++row) {
        if (vector.isNull(row)) {
            writer.putNull(row);
            continue;
        }
        kernels::writeDynamic(builder, vector, row);
        writer.put(row, builder.take());
    }
    return writer.finish();
}

} // namespace

std::optional<std::int64_t> longFromText(std::string_view text)
{
    text = trimSpaces(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex)
        text.remove_prefix(2);
    std::uint64_t magnitude = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), magnitude, hex ? 16 : 10);
    if (failed != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    constexpr std::uint64_t kMaxLong = std::numeric_limits<std::int64_t>::max();
    if (!hex && magnitude > kMaxLong + (negative ? 1 : 0))
        return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

std::optional<double> realFromText(std::string_view text)
{
    text = trimSpaces(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    if (text.starts_with("0x") || text.starts_with("0X")) {
        const auto whole = longFromText(text);
        return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
    }
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || text.empty())
        return std::nullopt;
    if (failed == std::errc::result_out_of_range)
        return text.starts_with('-') ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (failed != std::errc())
        return std::nullopt;
    return value;
}

std::optional<bool> boolFromText(std::string_view text)
{
    text = trimSpaces(text);
    if (equalsIgnoringCase(text, "true"))
        return true;
    if (equalsIgnoringCase(text, "false"))
        return false;
    if (const auto number = longFromText(text))
        return *number != 0;
    return std::nullopt;
}

std::optional<std::int64_t> longFromReal(double value)
{
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

Result<Vector> convertVector(const Vector& vector, DataType to)
{
    if (vector.type() == to)
        return vector;
    if (vector.isConstant() && vector.size() != 1) {
        TOCSIN_TRY_ASSIGN(const Vector one, convertVector(vector.resizedConstant(1), to));
        return Vector::constant(one.valueAt(0), vector.size());
    }
    if (vector.isConstant()) {
        TOCSIN_TRY_ASSIGN(const Vector one, convertVector(vector.flatten(), to));
        return Vector::constant(one.valueAt(0), 1);
    }
    if (vector.isDictionary() && vector.dictionaryValues().size() <= vector.size() * 2) {
        TOCSIN_TRY_ASSIGN(Vector values, convertVector(vector.dictionaryValues(), to));
        auto codes = makeBuffer<std::uint32_t>(vector.size());
        std::copy(vector.codes().begin(), vector.codes().end(), codes.get());
        return Vector::dictionary(values.flatten(), std::move(codes), vector.size());
    }
    if (to == DataType::Dynamic)
        return toDynamic(vector);
    return visitType(vector.type(), [&]<DataType From>() -> Vector {
        if (to == DataType::String)
            return toText<From>(vector);
        return visitType(to, [&]<DataType To>() -> Vector {
            if constexpr (To == DataType::String || To == DataType::Dynamic)
                return toText<From>(vector);
            else
                return converted<To, From>(vector);
        });
    });
}

} // namespace tocsin::kql
