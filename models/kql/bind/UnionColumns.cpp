// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/UnionColumns.h"

#include "kql/bind/Overload.h"
#include "kql/bind/ResultNames.h"

#include <algorithm>

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
    if (std::find(known.types.begin(), known.types.end(), type) == known.types.end())
        known.types.push_back(type);
    return type;
}

const std::vector<UnionColumns::Column>& UnionColumns::finish(std::size_t everywhere)
{
    NameTable names;
    for (const Name& known : m_names)
        names.reserve(std::string(known.name));
    m_columns.reserve(m_names.size());
    for (Name& known : m_names) {
        if (known.count < everywhere)
            continue;
        known.place = m_columns.size();
        for (const DataType type : known.types)
            m_columns.push_back({known.types.size() == 1 ? std::string(known.name) : names.unique(std::string(known.name) + "_" + std::string(typeName(type))), type});
    }
    return m_columns;
}

std::size_t UnionColumns::place(std::string_view name, DataType type) const
{
    const Name& known = m_names[m_places.find(name)->second];
    return known.place == kNowhere ? kNowhere : known.place + static_cast<std::size_t>(std::find(known.types.begin(), known.types.end(), type) - known.types.begin());
}

} // namespace tocsin::kql
