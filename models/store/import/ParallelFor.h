// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"

#include <functional>

namespace tocsin::store {

/// Calls work(0) … work(count - 1) on the caller's thread and on free threads of the executor; returns when all are done. The caller takes
/// part, so it does not matter whether the executor ever gets to it (it may be running the caller itself). The work must not throw.
void parallelFor(Executor& executor, std::size_t count, const std::function<void(std::size_t)>& work);

} // namespace tocsin::store
