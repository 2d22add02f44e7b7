// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

namespace tocsin::store {

/// Gives one cell to SQLite: bool as 0 or 1, numbers as they are, datetime as `2024-06-15T12:34:56.1234567Z`, timespan, decimal and guid in
/// their KQL text, dynamic as JSON.
void giveCell(sqlite3_context* context, const Vector& column, std::size_t row);

} // namespace tocsin::store
