// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"
#include "column/DataType.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::kql {

class SyntaxTree;

/// What was found out about one snapshot while texts were bound against it, for those who bind one text after another, as an editor does with every
/// key: the columns of unions over many tables and of calls of saved functions, and the trees of those functions. Safe from any thread.
class BindMemory {
public:
    struct Rows {
        std::vector<std::pair<std::string, DataType>> columns;
        bool broken = false;
        std::optional<std::size_t> openAt; ///< see Relation
    };

    explicit BindMemory(const catalog::Snapshot& snapshot);

    /// Null if nothing was kept under that key.
    std::shared_ptr<const Rows> rows(const std::string& key) const;
    void keepRows(std::string key, Rows rows);
    std::shared_ptr<const SyntaxTree> function(std::string_view name) const;
    void keepFunction(std::string_view name, std::shared_ptr<const SyntaxTree> tree);
    /// Other names of columns of any table: where a text uses one, tables have a column more.
    const std::vector<std::string>& aliases() const { return m_aliases; }

private:
    std::vector<std::string> m_aliases;
    mutable std::mutex m_mutex; ///< of what follows
    std::map<std::string, std::shared_ptr<const Rows>> m_rows;
    std::map<std::string, std::shared_ptr<const SyntaxTree>, std::less<>> m_functions;
};

} // namespace tocsin::kql
