// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/SchemaLibrary.h"

#include "ingest/Errors.h"

#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// The table file as bytes between two symbols, so that the program needs no file at run time.
asm(".pushsection .rodata\n"
    ".balign 16\n"
    "tocsinSchemaTables:\n"
    ".incbin \"" TOCSIN_SCHEMA_TABLES "\"\n"
    "tocsinSchemaTablesEnd:\n"
    ".byte 0\n"
    ".popsection\n"
    ".globl tocsinSchemaTables\n"
    ".globl tocsinSchemaTablesEnd\n");

extern "C" {
extern const char tocsinSchemaTables[] __attribute__((visibility("hidden")));
extern const char tocsinSchemaTablesEnd[] __attribute__((visibility("hidden")));
}

namespace tocsin::ingest {

namespace {

std::optional<DataType> typeOfLetter(char letter)
{
    switch (letter) {
    case 's': return DataType::String;
    case 'i': return DataType::Int;
    case 'l': return DataType::Long;
    case 'r': return DataType::Real;
    case 'b': return DataType::Bool;
    case 't': return DataType::DateTime;
    case 'p': return DataType::TimeSpan;
    case 'g': return DataType::Guid;
    case 'y': return DataType::Dynamic;
    case 'm': return DataType::Decimal;
    default: return {};
    }
}

/// The text up to the separator; `rest` moves behind it.
std::string_view cut(std::string_view& rest, char separator)
{
    const std::size_t at = rest.find(separator);
    const std::string_view part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    return part;
}

bool parseColumns(std::string_view text, catalog::TableSchema& table)
{
    table.columns.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '|')) + 1);
    while (!text.empty()) {
        const std::string_view column = cut(text, '|');
        if (column.size() < 3 || column[column.size() - 2] != ':')
            return false;
        const std::optional<DataType> type = typeOfLetter(column.back());
        if (!type)
            return false;
        table.columns.push_back({std::string(column.substr(0, column.size() - 2)), *type, {}});
    }
    return !table.columns.empty();
}

bool parseTableLine(std::string_view line, catalog::TableSchema& table)
{
    table.name = cut(line, '\t');
    std::string_view kind = cut(line, '\t');
    table.isFunction = cut(kind, ',') == "function";
    table.open = kind == "open";
    for (std::string_view aliases = cut(line, '\t'); !aliases.empty();) {
        std::string_view alias = cut(aliases, ' ');
        const std::string_view name = cut(alias, '=');
        table.aliases.emplace_back(name, alias);
    }
    return !table.name.empty() && parseColumns(line, table);
}

Result<catalog::TableSchema> parseTableFile(const std::string& path)
{
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    if (const auto error = parser.load(path).get(document); error != simdjson::SUCCESS)
        return fail(kBadSchemaFile, path, simdjson::error_message(error));
    catalog::TableSchema table;
    std::string_view text;
    simdjson::dom::array columns;
    if (document["table"].get(text) != simdjson::SUCCESS || document["columns"].get(columns) != simdjson::SUCCESS)
        return fail(kBadSchemaFile, path, "\"table\" or \"columns\" is missing");
    table.name = text;
    table.isFunction = document["kind"].get(text) == simdjson::SUCCESS && text == "function";
    if (bool open = false; document["open"].get(open) == simdjson::SUCCESS)
        table.open = open;
    if (simdjson::dom::object aliases; document["aliases"].get(aliases) == simdjson::SUCCESS)
        for (const auto field : aliases)
            if (field.value.get(text) == simdjson::SUCCESS)
                table.aliases.emplace_back(field.key, text);
    for (const auto column : columns) {
        std::string_view name;
        std::string_view type;
        if (column["name"].get(name) != simdjson::SUCCESS || column["type"].get(type) != simdjson::SUCCESS || !parseTypeName(type))
            return fail(kBadSchemaFile, path, "a column lacks its name or has an unknown type");
        table.columns.push_back({std::string(name), *parseTypeName(type), {}});
    }
    return table;
}

} // namespace

Result<SchemaLibrary> SchemaLibrary::builtIn()
{
    SchemaLibrary library;
    std::string_view text(tocsinSchemaTables, static_cast<std::size_t>(tocsinSchemaTablesEnd - tocsinSchemaTables));
    while (!text.empty()) {
        const std::string_view line = cut(text, '\n');
        if (line.empty() || line.front() == '#')
            continue;
        catalog::TableSchema table;
        if (!parseTableLine(line, table))
            return fail(kBadSchemaFile, "tables.tsv", "a line cannot be read: " + std::string(line.substr(0, 40)));
        std::string name = table.name;
        library.m_tables.emplace(std::move(name), std::make_shared<const catalog::TableSchema>(std::move(table)));
    }
    return library;
}

Result<SchemaLibrary> SchemaLibrary::fromFolder(const std::string& folder)
{
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error)
        return fail(kFileUnreadable, folder, error.message());
    std::vector<std::filesystem::path> files;
    for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        if (error)
            return fail(kFileUnreadable, folder, error.message());
        if (entries->path().extension() == ".json")
            files.push_back(entries->path());
    }
    SchemaLibrary library;
    for (const std::filesystem::path& file : files) {
        TOCSIN_TRY_ASSIGN(catalog::TableSchema table, parseTableFile(file.string()));
        std::string name = table.name;
        library.m_tables.insert_or_assign(std::move(name), std::make_shared<const catalog::TableSchema>(std::move(table)));
    }
    return library;
}

const catalog::TableSchema* SchemaLibrary::find(std::string_view table) const
{
    const auto found = m_tables.find(table);
    return found == m_tables.end() ? nullptr : found->second.get();
}

std::vector<std::string> SchemaLibrary::names() const
{
    std::vector<std::string> names;
    names.reserve(m_tables.size());
    for (const auto& [name, table] : m_tables)
        names.push_back(name);
    return names;
}

std::vector<std::shared_ptr<const catalog::TableSchema>> SchemaLibrary::tables() const
{
    std::vector<std::shared_ptr<const catalog::TableSchema>> tables;
    tables.reserve(m_tables.size());
    for (const auto& [name, table] : m_tables)
        tables.push_back(table);
    return tables;
}

} // namespace tocsin::ingest
