// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/maintenance/Vacuum.h"

#include "store/StoreErrors.h"
#include "store/import/StoreWriters.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kIncremental = 2; ///< what PRAGMA auto_vacuum says of a file that can shrink in steps

Result<std::uint64_t> fileBytes(Connection& connection)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t pages, connection.scalar("PRAGMA page_count"));
    TOCSIN_TRY_ASSIGN(const std::int64_t size, connection.scalar("PRAGMA page_size"));
    return static_cast<std::uint64_t>(pages * size);
}

} // namespace

Result<VacuumResult> vacuum(Workspace& workspace, std::stop_token stop)
{
    StoreWriters* store = workspace.writers();
    if (!store)
        return fail(kOpenedReadOnly);
    store->sweep();
    VacuumResult result;
    bool inSteps = true;
    TOCSIN_TRY(store->writer.outside([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(result.bytesBefore, fileBytes(connection));
        TOCSIN_TRY_ASSIGN(const std::int64_t mode, connection.scalar("PRAGMA auto_vacuum"));
        inSteps = mode == kIncremental;
        return inSteps ? Result<void>() : connection.execute("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    }));
    while (inSteps) {
        std::int64_t free = 0;
        TOCSIN_TRY(store->writer.transact(Writer::Durability::Later, [&](Connection& connection) -> Result<void> {
            TOCSIN_TRY(connection.execute("PRAGMA incremental_vacuum(256)"));
            TOCSIN_TRY_ASSIGN(free, connection.scalar("PRAGMA freelist_count"));
            return {};
        }));
        if (free == 0)
            break;
        if (stop.stop_requested()) {
            result.complete = false;
            break;
        }
    }
    TOCSIN_TRY(store->writer.outside([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        TOCSIN_TRY_ASSIGN(result.bytesAfter, fileBytes(connection));
        return {};
    }));
    return result;
}

} // namespace tocsin::store
