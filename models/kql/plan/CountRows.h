// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Lets the table count its rows, all or those of a period, where a query asks for no more than their number.
PlanPtr countInTable(const PlanPtr& plan);

} // namespace tocsin::kql
