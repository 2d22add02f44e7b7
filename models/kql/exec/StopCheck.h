// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <functional>

namespace tocsin::kql {

/// Asks now and then, within milliseconds of work, whether to go on.
using StopCheck = std::function<Result<void>()>;

} // namespace tocsin::kql
