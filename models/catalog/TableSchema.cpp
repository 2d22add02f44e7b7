// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/TableSchema.h"

namespace tocsin::catalog {

std::optional<std::size_t> TableSchema::indexOf(std::string_view column) const
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == column)
            return i;
    for (const auto& [alias, target] : aliases)
        if (alias == column && alias != target)
            return indexOf(target);
    return std::nullopt;
}

} // namespace tocsin::catalog
