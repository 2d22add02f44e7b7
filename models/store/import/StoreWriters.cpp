// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import/StoreWriters.h"

#include "store/file/SegmentRows.h"

namespace tocsin::store {

void StoreWriters::sweep()
{
    const std::vector<std::int64_t> unneeded = pins->takeUnneeded();
    if (unneeded.empty())
        return;
    const Result<void> deleted = writer.transact(Writer::Durability::Later, [&](Connection& connection) { return deleteSegments(connection, unneeded); });
    if (!deleted)
        log.warn("{} dropped segments could not be deleted yet: {}", unneeded.size(), errorMessage(deleted.error()));
}

bool StoreWriters::startDigest(const std::string& digest)
{
    const std::lock_guard lock(digestMutex);
    return digest.empty() || digests.insert(digest).second;
}

void StoreWriters::endDigest(const std::string& digest)
{
    const std::lock_guard lock(digestMutex);
    digests.erase(digest);
}

} // namespace tocsin::store
