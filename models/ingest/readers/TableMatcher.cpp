// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TableMatcher.h"

#include "base/Utf8.h"

namespace tocsin::ingest {

namespace {

bool isNameChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

std::string_view exportColumnName(std::string_view name)
{
    name = trimSpaces(name);
    if (name.ends_with(']'))
        if (const std::size_t open = name.rfind(" ["); open != std::string_view::npos)
            name = trimSpaces(name.substr(0, open));
    return name;
}

const catalog::TableSchema* matchTable(const SchemaLibrary& schemas, std::span<const std::string_view> columns)
{
    bool hasTime = false;
    for (const std::string_view column : columns)
        hasTime = hasTime || column == "TimeGenerated" || column == "Timestamp";
    if (!hasTime)
        return nullptr;
    const catalog::TableSchema* best = nullptr;
    std::size_t bestCount = 0;
    for (const std::string& name : schemas.names()) {
        const catalog::TableSchema* table = schemas.find(name);
        if (table->isFunction)
            continue;
        std::size_t count = 0;
        for (const std::string_view column : columns)
            count += !column.empty() && table->indexOf(column).has_value();
        // Of two tables that fit alike the one with fewer other columns is meant.
        if (count > bestCount || (best && count == bestCount && table->columns.size() < best->columns.size())) {
            best = table;
            bestCount = count;
        }
    }
    std::size_t named = 0;
    for (const std::string_view column : columns)
        named += !column.empty();
    const bool fits = (bestCount >= 5 && bestCount * 5 >= named * 4) || (bestCount >= 10 && bestCount * 3 >= named * 2);
    return fits ? best : nullptr;
}

std::string customColumnName(std::string_view text)
{
    std::string name;
    for (const char c : exportColumnName(text))
        name += isNameChar(c) ? c : '_';
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        name.insert(0, "_");
    if (name.size() > 128)
        name.resize(128);
    return name;
}

std::string chosenTableName(std::string_view text)
{
    std::string name;
    for (const char c : text)
        name += isNameChar(c) ? c : '_';
    if (name.empty())
        name = "Custom";
    if (name[0] >= '0' && name[0] <= '9')
        name.insert(0, "T");
    if (name.size() > 60)
        name.resize(60);
    return name;
}

std::string customTableNameOfFile(std::string_view path)
{
    if (const std::size_t slash = path.find_last_of("/\\"); slash != std::string_view::npos)
        path.remove_prefix(slash + 1);
    if (const std::size_t dot = path.find('.', 1); dot != std::string_view::npos)
        path = path.substr(0, dot);
    std::string name = chosenTableName(path);
    return name.ends_with("_CL") ? name : name + "_CL";
}

} // namespace tocsin::ingest
