// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Included before everything else in every source of the extension, also those it shares with the program: from here on each sqlite3_…
// call goes to the SQLite of the program that loaded the extension. A second copy of SQLite in the process would break the file's locks.
#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3
