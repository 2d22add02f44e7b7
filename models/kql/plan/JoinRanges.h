// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Tells joins how far apart two times of their pairs may lie, where a filter above compares them (`where Ok > Fail and Ok < Fail + 10m`),
/// so that pairs which it would drop are never made. The filter stays.
PlanPtr boundPairs(const PlanPtr& plan);

} // namespace tocsin::kql
