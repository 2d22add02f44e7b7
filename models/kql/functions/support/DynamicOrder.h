// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"

namespace tocsin::kql {

/// A total order of dynamic values: numbers by value, texts by characters, times by time; different kinds by kind. Negative, 0 or positive.
int compareDynamics(DynamicView a, DynamicView b);
/// The order of kinds: numbers, datetimes, timespans, texts, guids, all others, nulls. The same for all numbers, and for false and true.
int kindOfDynamic(DynamicView view);

} // namespace tocsin::kql
