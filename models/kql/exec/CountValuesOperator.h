// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

namespace tocsin::kql {

/// A summarize that asks for no more than the different values of one column of a whole table, and how many rows have each, asks the
/// table, if that may know (see catalog::CountsValues). `byRow` computes the same from the rows; any other summarize stays that.
OperatorPtr makeCountValues(const PlanNode& node, OperatorPtr byRow);

} // namespace tocsin::kql
