// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

namespace tocsin::kql {

/// Makes a plan ready for one run: operators in the shape of the plan, with its subqueries (toscalar, tabular right sides) computed.
/// Nothing is read before prepare(), except what subqueries need.
Result<OperatorPtr> compile(const PlanPtr& plan, Run& run);

/// The expression with every subquery replaced by its value.
Result<ExpressionPtr> resolveSubqueries(const ExpressionPtr& expression, Run& run);

} // namespace tocsin::kql
