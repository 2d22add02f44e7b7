// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/SchemaLibrary.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// The column a name of an export stands for: without the zone the portal adds (`TimeGenerated [UTC]`), without blanks around it.
std::string_view exportColumnName(std::string_view name);

/// Finds the known table whose rows have these columns. Nothing unless the time column is there and at least five names and four of
/// five fit, or ten names and two of three (rows that a query extended).
const catalog::TableSchema* matchTable(const SchemaLibrary& schemas, std::span<const std::string_view> columns);

/// The table somebody names: letters, digits and underscores, other characters become `_`.
std::string chosenTableName(std::string_view text);
/// A name for the table of a file nobody named: the file's own without folder and ending, with the suffix `_CL` that custom tables carry.
std::string customTableNameOfFile(std::string_view path);
/// A column name from any text: other characters than letters, digits and underscores become `_`.
std::string customColumnName(std::string_view text);

} // namespace tocsin::ingest
