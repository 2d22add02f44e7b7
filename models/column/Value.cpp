// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Value.h"

#include "base/Json.h"
#include "column/Dynamic.h"

#include <cmath>

namespace tocsin {

Value Value::null(DataType type)
{
    if (type == DataType::String)
        return string({});
    return {type, std::monostate()};
}

namespace {

/// Reals print as Kusto does: shortest digits, `1.0` for whole numbers, `NaN`, `Infinity`.
std::string realText(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    std::string text;
    appendJsonNumber(text, value);
    return text;
}

} // namespace

std::string Value::toString() const
{
    if (isNull())
        return {};
    switch (m_type) {
    case DataType::Bool: return asBool() ? "true" : "false";
    case DataType::Int: return std::to_string(asInt());
    case DataType::Long: return std::to_string(asLong());
    case DataType::Real: return realText(asReal());
    case DataType::Decimal: return asDecimal().toString();
    case DataType::DateTime: return formatDateTime(asLong());
    case DataType::TimeSpan: return formatTimeSpan(asLong());
    case DataType::Guid: return formatGuid(asGuid());
    case DataType::String: return asText();
    case DataType::Dynamic: return DynamicView(asText()).toString();
    }
    return {};
}

void Value::appendJson(std::string& out) const
{
    if (isNull()) {
        out += "null";
        return;
    }
    switch (m_type) {
    case DataType::Bool: out += asBool() ? "true" : "false"; break;
    case DataType::Int: out += std::to_string(asInt()); break;
    case DataType::Long: out += std::to_string(asLong()); break;
    case DataType::Real: appendJsonNumber(out, asReal()); break;
    case DataType::Dynamic: DynamicView(asText()).appendJson(out); break;
    default: appendJsonString(out, toString());
    }
}

} // namespace tocsin
