// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/ReaderPool.h"
#include "store/file/SegmentRows.h"
#include "store/scan/ColumnCache.h"
#include "store/scan/SnapshotPins.h"
#include "store/segment/TextDomain.h"

namespace tocsin::store {

/// What reading needs of an open workspace. Shared by snapshots and scans, which may outlive the Workspace.
struct StoreReaders {
    StoreReaders(ReadAccess access, std::size_t cacheBytes) : connections(std::move(access)), columns(cacheBytes) {}

    ReaderPool connections;
    SegmentInfoCache segments;
    ColumnCache columns;
    TextDomains domains;
    std::shared_ptr<SnapshotPins> pins = std::make_shared<SnapshotPins>();
};

} // namespace tocsin::store
