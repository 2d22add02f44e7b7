// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Folding.h"
#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Rewrites the plans of a query so that they give the same answer with less work:
/// constants are computed (with `now` of the context, if given), conditions move towards the tables, scans learn what they may leave out,
/// and columns that nothing reads are dropped. Results keep their columns, names and order.
void optimize(BoundQuery& query, const FoldContext& context);
PlanPtr optimize(PlanPtr plan, const FoldContext& context);

/// What a condition over the columns of a scan lets the source leave out. Only comparisons with constants count; the condition itself
/// must still be checked, row by row.
std::vector<catalog::ScanPredicate> derivePredicates(const Expression& condition, const PlanNode& scan);

} // namespace tocsin::kql
