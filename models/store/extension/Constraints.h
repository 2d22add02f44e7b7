// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/extension/RowWalk.h"

#include <span>

namespace tocsin::store {

/// Which conditions of a SQL statement a table can use, in the words of SQLite's xBestIndex. `columns` are the declared ones, the ingestion
/// time last; `rows` are all the table has. What is chosen stands in idxStr as `column operator` pairs, in the order of the arguments.
int chooseConstraints(sqlite3_index_info& info, std::span<const DataType> columns, std::uint64_t rows);

/// The question that the text of chooseConstraints asks of the values. `declared` columns were known when the table was declared.
RowQuestion questionFrom(std::string_view chosen, std::span<sqlite3_value* const> values, const SegmentTableContent& content, std::size_t declared);

} // namespace tocsin::store
