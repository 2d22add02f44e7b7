// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::catalog {

/// A function saved in the workspace: `name(parameters) { body }` in KQL.
struct StoredFunction {
    std::string name;
    std::string parameters; ///< KQL text between the parentheses; may be empty
    std::string body;       ///< KQL text between the braces
    std::string description;
};

/// Everything a query can name, as it was at one moment.
class Snapshot {
public:
    virtual ~Snapshot() = default;
    /// Null if there is no such table. Names are case-sensitive.
    virtual std::shared_ptr<const TableSource> findTable(std::string_view name) const = 0;
    virtual const StoredFunction* findFunction(std::string_view name) const = 0;
    /// Sorted by name.
    virtual std::vector<std::string> tableNames() const = 0;
    virtual std::vector<std::string> functionNames() const = 0;
    /// What `database()` and current_database() call it.
    virtual std::string databaseName() const = 0;
};

/// Where snapshots come from. Any thread.
class Catalog {
public:
    virtual ~Catalog() = default;
    virtual Result<std::shared_ptr<const Snapshot>> snapshot() const = 0;
};

} // namespace tocsin::catalog
