// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TableExportMapper.h"

#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/ResourceId.h"

namespace tocsin::ingest {

namespace {

constexpr std::size_t kMaxMatches = 4096;

DataType inferType(JsonElement value)
{
    switch (value.type()) {
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64: return DataType::Long;
    case simdjson::dom::element_type::DOUBLE: return DataType::Real;
    case simdjson::dom::element_type::BOOL: return DataType::Bool;
    case simdjson::dom::element_type::ARRAY:
    case simdjson::dom::element_type::OBJECT: return DataType::Dynamic;
    default: return DataType::String;
    }
}

std::string_view suffixOf(DataType type)
{
    switch (type) {
    case DataType::Long: return "_long";
    case DataType::Real: return "_real";
    case DataType::Bool: return "_bool";
    case DataType::Dynamic: return "_dynamic";
    default: return "_string";
    }
}

/// A number fits a real column, and anything but a container fits a text column.
bool fits(DataType column, DataType value)
{
    return column == value || column == DataType::String || column == DataType::Dynamic || (column == DataType::Real && value == DataType::Long);
}

} // namespace

const catalog::TableSchema* TableExportMapper::tableOf(const AzureRecord& record) const
{
    if (!m_chosen.empty())
        return m_schemas.find(m_chosen);
    if (const std::string_view type = record.text(AzureKey::Type); !type.empty() && (record.has(AzureKey::TimeGenerated) || record.has(AzureKey::Time)))
        if (const catalog::TableSchema* table = m_schemas.find(type))
            return table;
    if (const catalog::TableSchema* table = m_schemas.find(record.table))
        return table;
    m_keys.clear();
    for (const auto field : record.object) {
        m_keys += field.key;
        m_keys += '\n';
    }
    const catalog::TableSchema* const before = record.has(AzureKey::TimeGenerated) ? m_last : nullptr;
    if (const auto found = m_matches.find(m_keys); found != m_matches.end())
        return found->second ? found->second : before;
    std::vector<std::string_view> columns;
    for (const auto field : record.object)
        columns.push_back(exportColumnName(field.key));
    const catalog::TableSchema* table = matchTable(m_schemas, columns);
    if (m_matches.size() < kMaxMatches)
        m_matches.emplace(m_keys, table);
    return table ? table : before;
}

bool TableExportMapper::claims(const AzureRecord& record) const
{
    return tableOf(record) != nullptr;
}

std::size_t TableExportMapper::columnFor(TableBuilder& table, std::string_view key, JsonElement value)
{
    const std::string_view name = exportColumnName(key);
    if (const auto known = table.findFolded(name))
        return *known;
    const DataType type = inferType(value);
    const std::string column = customColumnName(name);
    const std::size_t index = table.require(column, type);
    return fits(table.typeOf(index), type) ? index : table.require(column + std::string(suffixOf(type)), type);
}

Result<void> TableExportMapper::map(const AzureRecord& record, RowSet& rows)
{
    const catalog::TableSchema* schema = tableOf(record);
    m_last = schema;
    TableBuilder& table = rows.table(schema->name);
    const bool service = !record.has(AzureKey::TimeGenerated) && record.has(AzureKey::Time);
    for (const auto field : record.object) {
        if (field.value.is_null() || (service && (field.key == "time" || field.key == "resourceId")))
            continue;
        // Names that differ only by case are different columns where the table has both.
        const std::size_t column = columnFor(table, field.key, field.value);
        const std::size_t known = schema->columns.size();
        if (column < known && table.isSet(column) && table.schema().columns[column].name != exportColumnName(field.key))
            continue;
        setJson(table, column, field.value);
    }
    RowOrigin origin{0, {}, service ? record.resourceId() : std::string_view(), record.bytes};
    const auto time = table.find("TimeGenerated");
    if (time && !table.isSet(*time))
        origin.time = recordTime(record, rows);
    rows.endRow(table, origin, 1);
    return {};
}

} // namespace tocsin::ingest
