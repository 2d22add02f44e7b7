// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/DataType.h"

#include <array>

namespace tocsin {

std::string_view typeName(DataType type)
{
    static constexpr std::array<std::string_view, kDataTypeCount> kNames{"bool", "int", "long", "real", "decimal", "datetime", "timespan", "guid", "string", "dynamic"};
    return kNames[static_cast<std::size_t>(type)];
}

std::optional<DataType> parseTypeName(std::string_view name)
{
    struct Known { std::string_view name; DataType type; };
    static constexpr Known kKnown[] = {
        {"bool", DataType::Bool}, {"boolean", DataType::Bool}, {"int", DataType::Int}, {"int8", DataType::Int}, {"int16", DataType::Int},
        {"int32", DataType::Int}, {"uint8", DataType::Int}, {"uint16", DataType::Int}, {"uint32", DataType::Int},
        {"long", DataType::Long}, {"int64", DataType::Long}, {"uint64", DataType::Long}, {"ulong", DataType::Long}, {"uint", DataType::Int},
        {"real", DataType::Real}, {"double", DataType::Real}, {"float", DataType::Real}, {"decimal", DataType::Decimal},
        {"datetime", DataType::DateTime}, {"date", DataType::DateTime}, {"timespan", DataType::TimeSpan}, {"time", DataType::TimeSpan},
        {"guid", DataType::Guid}, {"uuid", DataType::Guid}, {"uniqueid", DataType::Guid}, {"string", DataType::String}, {"dynamic", DataType::Dynamic}};
    for (const Known& known : kKnown)
        if (known.name == name)
            return known.type;
    return std::nullopt;
}

} // namespace tocsin
