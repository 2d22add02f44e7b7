// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "store/sqlite/Connection.h"

#include <vector>

namespace tocsin::store {

/// A table as the file describes it.
struct StoredTable {
    std::int64_t id = 0;
    catalog::TableSchema schema;
    std::vector<std::int64_t> columnIds; ///< physical numbers, in the order of the schema's columns
};

/// All tables, by name.
Result<std::vector<StoredTable>> readTables(Connection& connection);

/// The id of the table, which is created if it is new.
Result<std::int64_t> ensureTable(Connection& connection, const catalog::TableSchema& schema);

/// The physical number of the column, which is created if it is new. When the name is taken by another type, the column is called by its
/// name and type (`x_long`).
Result<std::int64_t> ensureColumn(Connection& connection, std::int64_t table, const std::string& tableName, const catalog::ColumnSchema& column);

} // namespace tocsin::store
