// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Reads what only the rows of the answer need for those rows alone: below `top`, and below `summarize arg_max(…)` and arg_min, a scan
/// gives the columns that decide, and the ids of its rows; the other columns are fetched by these ids. For plans that are pruned already.
PlanPtr fetchLate(const PlanPtr& plan);

} // namespace tocsin::kql
