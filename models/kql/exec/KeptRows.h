// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

namespace tocsin::kql {

/// The rows without selection, to be kept: few rows out of many take copies of their text, so that they do not hold the others' in memory.
Batch compactedToKeep(const Batch& batch);

} // namespace tocsin::kql
