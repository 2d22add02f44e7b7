// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "catalog/TableSchema.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// The published column lists of the Log Analytics tables. Facts are kept in resources/schemas/tables.tsv and compiled into the program.
class SchemaLibrary {
public:
    /// The tables the program ships.
    static Result<SchemaLibrary> builtIn();
    /// From a folder of `<Table>.json` files ({table, kind, aliases?, open?, columns:[{name, type}]}).
    static Result<SchemaLibrary> fromFolder(const std::string& folder);

    /// Null if unknown.
    const catalog::TableSchema* find(std::string_view table) const;
    std::vector<std::string> names() const;
    /// All tables, by name.
    std::vector<std::shared_ptr<const catalog::TableSchema>> tables() const;

private:
    std::map<std::string, std::shared_ptr<const catalog::TableSchema>, std::less<>> m_tables;
};

} // namespace tocsin::ingest
