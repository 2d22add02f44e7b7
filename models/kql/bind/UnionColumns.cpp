// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/UnionColumns.h"

#include "kql/bind/Overload.h"

namespace tocsin::kql {

DataType UnionColumns::add(std::string_view name, DataType type)
{
    const auto [found, isNew] = m_places.emplace(name, m_names.size());
    if (isNew)
        m_names.push_back({name, type});
    Name& known = m_names[found->second];
    if (type != known.first) {
        if (!known.mixed && known.count > 1 && keepsValues(type, known.first))
            type = known.first;
        else
            known.mixed = true;
    }
    ++known.count;
    if (known.find(type) == known.end())
        known.types[known.typeCount++] = type;
    return type;
}

const std::vector<UnionColumns::Column>& UnionColumns::finish(std::size_t everywhere)
{
    m_columns.reserve(m_names.size());
    for (Name& known : m_names) {
        if (known.count < everywhere)
            continue;
        known.place = m_columns.size();
        for (std::size_t i = 0; i < known.typeCount; ++i)
            m_columns.push_back({known.typeCount == 1 ? std::string(known.name) : unique(std::string(known.name) + "_" + std::string(typeName(known.types[i]))), known.types[i]});
    }
    return m_columns;
}

std::size_t UnionColumns::place(std::string_view name, DataType type) const
{
    const Name& known = m_names[m_places.find(name)->second];
    return known.place == kNowhere ? kNowhere : known.place + static_cast<std::size_t>(known.find(type) - known.types.data());
}

std::string UnionColumns::unique(const std::string& wanted)
{
    std::string name = wanted;
    for (int i = 1; m_places.contains(name) || !m_made.insert(name).second; ++i)
        name = wanted + std::to_string(i);
    return name;
}

} // namespace tocsin::kql
