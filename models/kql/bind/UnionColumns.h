// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tocsin::kql {

/// Which columns a union has, found column by column of its branches: they meet by name and type; where types differ, each type gets a column of its own
/// that is named after it. No step for each pair of branch and column, as a union may be of a thousand tables with ten thousand columns.
class UnionColumns {
public:
    struct Column {
        std::string name;
        DataType type = DataType::String;
    };

    /// Takes in a column of the next branch; gives the type it takes part with. A name that at least two branches give with one type, before any gives it
    /// with another, keeps that type; what comes later is converted where that loses nothing. The name must outlive this.
    DataType add(std::string_view name, DataType type);
    /// After all were added. `everywhere`: only names that so many columns have (kind=inner); 0 for all.
    const std::vector<Column>& finish(std::size_t everywhere);
    /// Where a branch's column goes, by its name and the type that add() gave; absent if it goes nowhere.
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    std::size_t place(std::string_view name, DataType type) const;

private:
    static constexpr std::size_t kMaxTypes = 16; ///< more than there are
    struct Name {
        const DataType* find(DataType type) const { return std::find(types.data(), end(), type); }
        const DataType* end() const { return types.data() + typeCount; }

        std::string_view name;
        DataType first;
        std::size_t count = 0;
        bool mixed = false;
        std::array<DataType, kMaxTypes> types = {};
        std::uint8_t typeCount = 0;
        std::size_t place = kNowhere; ///< of the first type; the others follow
    };
    std::string unique(const std::string& wanted);

    std::vector<Name> m_names;
    std::unordered_map<std::string_view, std::size_t> m_places; ///< in m_names
    std::set<std::string> m_made; ///< names that are none of a branch
    std::vector<Column> m_columns;
};

} // namespace tocsin::kql
