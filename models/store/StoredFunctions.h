// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

namespace tocsin::store {

/// Saves a function, replacing one of the same name; new snapshots know it.
Result<void> saveFunction(Workspace& workspace, const catalog::StoredFunction& function);
/// Removes a function if it is there.
Result<void> removeFunction(Workspace& workspace, const std::string& name);

} // namespace tocsin::store
