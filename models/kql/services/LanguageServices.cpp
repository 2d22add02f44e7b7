// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LanguageServices.h"

#include "kql/syntax/Literals.h"

#include <algorithm>
#include <map>

namespace tocsin::kql::services {

namespace {

struct NameLess {
    bool operator()(const TableName& table, std::string_view name) const { return table.name < name; }
    bool operator()(std::string_view name, const TableName& table) const { return name < table.name; }
};

} // namespace

LanguageServices::LanguageServices(std::shared_ptr<const catalog::Snapshot> snapshot, const FunctionRegistry& functions)
    : m_snapshot(std::move(snapshot)), m_functions(functions), m_memory(std::make_unique<BindMemory>(*m_snapshot)), m_functionNames(services::functionNames(functions))
{
    std::map<std::string_view, DataType> columns;
    std::vector<std::shared_ptr<const catalog::TableSource>> kept;
    for (const std::string& name : m_snapshot->tableNames())
        if (auto table = m_snapshot->findTable(name)) {
            m_tables.push_back({name, encodeName(name), table->schema().description, table->schema().isFunction});
            for (const catalog::ColumnSchema& column : table->schema().columns)
                columns.emplace(column.name, column.type);
            kept.push_back(std::move(table));
        }
    for (const auto& [name, type] : columns)
        m_columns.push_back({std::string(name), type});
    for (const std::string& name : m_snapshot->functionNames())
        if (const auto* function = m_snapshot->findFunction(name))
            m_stored.push_back({name, name + "(" + function->parameters + ")", function->description, !function->parameters.empty()});
}

const FunctionName* LanguageServices::findFunction(std::string_view name) const
{
    const auto found = std::lower_bound(m_functionNames.begin(), m_functionNames.end(), name, [](const FunctionName& f, std::string_view n) { return f.name < n; });
    return found != m_functionNames.end() && found->name == name ? &*found : nullptr;
}

bool LanguageServices::isTable(std::string_view name) const 
{
    return std::binary_search(m_tables.begin(), m_tables.end(), name, NameLess());
}

bool LanguageServices::isColumn(std::string_view name) const
{
    const auto found = std::lower_bound(m_columns.begin(), m_columns.end(), name, [](const ColumnInfo& column, std::string_view n) { return column.name < n; });
    return found != m_columns.end() && found->name == name;
}

} // namespace tocsin::kql::services
