// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::catalog {

struct ColumnSchema {
    std::string name; ///< case-sensitive
    DataType type = DataType::String;
    std::string description;

    bool operator==(const ColumnSchema&) const = default;
};

/// A source with ingestion times hands them out as one more datetime column, with the index `columns.size()` of its schema, under this
/// name. It is never listed in `columns`; KQL reads it by ingestion_time().
inline constexpr std::string_view kIngestionTimeColumn = "$IngestionTime";

struct TableSchema {
    std::string name;
    std::vector<ColumnSchema> columns;
    std::string description;
    /// Another name a column answers to (the Defender tables' `Timestamp` for `TimeGenerated`).
    std::vector<std::pair<std::string, std::string>> aliases;
    /// An open table (AzureDiagnostics) grows: an unknown column ending in _s _d _b _g _t is string, real, bool, guid or datetime.
    bool open = false;
    /// The output of a saved or vendor function that is called by name, with or without parentheses.
    bool isFunction = false;

    /// Place of a column or alias by exact name.
    std::optional<std::size_t> indexOf(std::string_view column) const;
    bool operator==(const TableSchema&) const = default;
};

} // namespace tocsin::catalog
