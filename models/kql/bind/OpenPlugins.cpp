// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/OpenPlugins.h"

#include "column/Dynamic.h"

#include <algorithm>
#include <map>
#include <set>

namespace tocsin::kql {

namespace {

constexpr std::size_t kMaxColumns = 5'000; ///< a bag with more keys than this is data, not a row

DataType typeOf(DynamicView value)
{
    switch (value.tag()) {
    case DynamicTag::False: case DynamicTag::True: return DataType::Bool;
    case DynamicTag::Long: return DataType::Long;
    case DynamicTag::Real: return DataType::Real;
    case DynamicTag::String: return DataType::String;
    case DynamicTag::DateTime: return DataType::DateTime;
    case DynamicTag::TimeSpan: return DataType::TimeSpan;
    case DynamicTag::Guid: return DataType::Guid;
    case DynamicTag::Decimal: return DataType::Decimal;
    default: return DataType::Dynamic;
    }
}

void addKeys(DynamicView bag, const std::string& prefix, const std::set<std::string, std::less<>>& ignored, std::map<std::string, std::optional<DataType>>& columns)
{
    if (!bag.isObject())
        return;
    for (std::size_t i = 0; i < bag.size() && columns.size() < kMaxColumns; ++i) {
        if (ignored.contains(bag.key(i)))
            continue;
        std::optional<DataType>& type = columns[prefix + std::string(bag.key(i))];
        const DynamicView value = bag.item(i);
        if (value.isNull())
            continue;
        const DataType found = typeOf(value);
        if (!type)
            type = found;
        else if (*type != found)
            type = isNumeric(*type) && isNumeric(found) ? std::max(*type, found) : DataType::Dynamic;
    }
}

} // namespace

std::vector<catalog::ColumnSchema> discoverColumns(const OpenPlugin& plugin, std::span<const Batch> rows, const std::stop_token& stop)
{
    const bool bags = plugin.plugin->name == "evaluate:bag_unpack";
    std::string prefix;
    if (const auto option = plugin.plugin->options.find("prefix"); option != plugin.plugin->options.end() && option->second.type() == DataType::String)
        prefix = option->second.asText();
    std::set<std::string, std::less<>> ignored;
    if (const auto option = plugin.plugin->options.find("ignored"); option != plugin.plugin->options.end() && option->second.type() == DataType::Dynamic && !option->second.isNull()) {
        const DynamicView names(option->second.asText());
        for (std::size_t i = 0; i < names.size(); ++i)
            ignored.insert(names.item(i).toString());
    }
    const DataType valueType = plugin.plugin->aggregates.empty() ? DataType::Long : plugin.plugin->aggregates[0].columns[0].type;
    std::map<std::string, std::optional<DataType>> columns;
    for (const Batch& batch : rows) {
        if (stop.stop_requested())
            break;
        const Vector values = batch.column(0);
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const Value value = values.valueAt(row);
            if (value.isNull())
                continue;
            if (bags && value.type() == DataType::Dynamic)
                addKeys(DynamicView(value.asText()), prefix, ignored, columns);
            else if (!bags && columns.size() < kMaxColumns)
                columns[value.toString()] = valueType;
        }
    }
    std::vector<catalog::ColumnSchema> result;
    for (const auto& [name, type] : columns)
        result.push_back({name, type.value_or(DataType::Dynamic), {}});
    return result;
}

} // namespace tocsin::kql
