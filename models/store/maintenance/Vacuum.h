// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

struct VacuumResult {
    std::uint64_t bytesBefore = 0; ///< of the file
    std::uint64_t bytesAfter = 0;
    bool complete = true; ///< false: stopped; what was given back by then is
};

/// Gives the free space inside the file back to the disk. The first time the file is written anew, which needs as much space again; from
/// then on it goes in small steps, between which imports go on and a stop is heard.
Result<VacuumResult> vacuum(Workspace& workspace, std::stop_token stop);

} // namespace tocsin::store
