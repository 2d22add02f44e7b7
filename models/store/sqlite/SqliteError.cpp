// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite/SqliteError.h"

#include "store/StoreErrors.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace tocsin::store {

Error sqliteError(int resultCode, const std::string& file, const std::string& message, int systemError)
{
    switch (resultCode & 0xFF) {
    case SQLITE_NOTADB: return makeError(kNotAWorkspace, file);
    case SQLITE_CORRUPT: return makeError(kDamaged, file, message);
    case SQLITE_FULL: return makeError(kDiskFull, file);
    case SQLITE_READONLY: return makeError(kReadOnlyMedium, file);
    case SQLITE_INTERRUPT: return makeError(kCancelled);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: {
        Error error = makeError(kLocked, file);
        error.retryable = true;
        return error;
    }
    case SQLITE_IOERR:
        if (systemError == ENOSPC || systemError == EDQUOT)
            return makeError(kDiskFull, file);
        return makeError(kReadFailed, file, systemError ? std::strerror(systemError) : message);
    case SQLITE_CANTOPEN: return makeError(kFileUnreadable, file, systemError ? std::strerror(systemError) : message);
    default: return makeError(kDatabase, message);
    }
}

Error sqliteError(sqlite3* database, int resultCode)
{
    const char* file = database ? sqlite3_db_filename(database, "main") : nullptr;
    return sqliteError(resultCode, file ? file : "", database ? sqlite3_errmsg(database) : sqlite3_errstr(resultCode),
        database ? sqlite3_system_errno(database) : 0);
}

} // namespace tocsin::store
