// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "store/file/Writer.h"
#include "store/scan/SnapshotPins.h"

#include <set>
#include <string>

namespace tocsin::store {

/// What writing needs of an open workspace. Owned by the Workspace; imports must end before it.
struct StoreWriters {
    Writer writer;
    std::shared_ptr<SnapshotPins> pins;
    const Clock& clock;
    Executor& executor;
    Log& log;

    /// Deletes the dropped segments that no snapshot needs any more. A failure is logged: the next call or the next opening does it.
    void sweep();

    /// Marks a digest as being imported; false if it is already.
    bool startDigest(const std::string& digest);
    void endDigest(const std::string& digest);

    std::mutex digestMutex;
    std::set<std::string> digests;
};

} // namespace tocsin::store
