// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/BindMemory.h"

#include <set>

namespace tocsin::kql {

namespace {

constexpr std::size_t kMaxKept = 200; ///< of each; then all is forgotten

template <typename Map> auto lookUp(const Map& map, const auto& key) -> typename Map::mapped_type
{
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
}

template <typename Map> void put(Map& map, std::string key, typename Map::mapped_type value)
{
    if (map.size() >= kMaxKept)
        map.clear();
    map.insert_or_assign(std::move(key), std::move(value));
}

} // namespace

BindMemory::BindMemory(const catalog::Snapshot& snapshot)
{
    std::set<std::string> aliases;
    for (const std::string& name : snapshot.tableNames())
        if (const auto table = snapshot.findTable(name))
            for (const auto& [alias, column] : table->schema().aliases)
                aliases.insert(alias);
    m_aliases.assign(aliases.begin(), aliases.end());
}

std::shared_ptr<const BindMemory::Rows> BindMemory::rows(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    return lookUp(m_rows, key);
}

void BindMemory::keepRows(std::string key, Rows rows)
{
    auto kept = std::make_shared<const Rows>(std::move(rows));
    const std::lock_guard lock(m_mutex);
    put(m_rows, std::move(key), std::move(kept));
}

std::shared_ptr<const SyntaxTree> BindMemory::function(std::string_view name) const
{
    const std::lock_guard lock(m_mutex);
    return lookUp(m_functions, name);
}

void BindMemory::keepFunction(std::string_view name, std::shared_ptr<const SyntaxTree> tree)
{
    const std::lock_guard lock(m_mutex);
    put(m_functions, std::string(name), std::move(tree));
}

} // namespace tocsin::kql
