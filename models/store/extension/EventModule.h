// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/extension/HostStore.h"

namespace tocsin::store {

/// Registers the module `tocsin`: `CREATE VIRTUAL TABLE temp.X USING tocsin('X')` shows the event table X, read-only. Returns a code of SQLite.
int registerEventModule(sqlite3* host, std::shared_ptr<HostStore> store);

/// A failure as SQLite wants it: text from sqlite3_malloc, and code.
char* sqliteText(const Error& error);
int sqliteCode(const Error& error);

} // namespace tocsin::store
