// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

struct sqlite3;

namespace tocsin::store {

/// The Error for a result code of SQLite, with the file of the connection as the argument.
Error sqliteError(sqlite3* database, int resultCode);
/// The same before there is a connection to ask.
Error sqliteError(int resultCode, const std::string& file, const std::string& message, int systemError);

} // namespace tocsin::store
