// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/support/Kernels.h"

#include <algorithm>
#include <string>
#include <vector>

/// The right side of `in`, `has_any` …: one dynamic array, or several arguments, each a value or an array.
namespace tocsin::kql {

/// Whether the list is the same for all rows.
inline bool isConstantList(std::span<const Vector> arguments)
{
    return std::all_of(arguments.begin() + 1, arguments.end(), [](const Vector& v) { return v.isConstant(); });
}

/// Calls `visit(DynamicView)` for each item of a list argument: the items of an array, or the value itself.
template <typename Visit> void forEachItem(DynamicView list, Visit&& visit)
{
    if (!list.isArray()) {
        visit(list);
        return;
    }
    for (std::size_t i = 0; i < list.size(); ++i)
        visit(list.item(i));
}

/// Calls `visit(std::string_view)` for the text of each list item in one row. Nulls are left out.
template <typename Visit> void forEachListText(std::span<const Vector> arguments, std::size_t row, Visit&& visit)
{
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const VectorReader<std::string_view> reader(arguments[i]);
        if (reader.isNull(row))
            continue;
        if (arguments[i].type() == DataType::String) {
            visit(reader[row]);
            continue;
        }
        forEachItem(DynamicView(reader[row]), [&](DynamicView item) {
            if (item.isString())
                visit(item.asString());
            else if (!item.isNull())
                visit(std::string_view(item.toString()));
        });
    }
}

} // namespace tocsin::kql
