// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/Optimizer.h"

#include "kql/plan/CountRows.h"
#include "kql/plan/JoinRanges.h"
#include "kql/plan/JsonMembers.h"
#include "kql/plan/LateFetch.h"
#include "kql/plan/Pruning.h"
#include "kql/plan/PushDown.h"

namespace tocsin::kql {

void optimize(BoundQuery& query, const FoldContext& context)
{
    PushDown pushDown(context);
    Pruning pruning;
    for (BoundResult& result : query.results)
        result.plan = pushDown.rewrite(result.plan);
    readMembers(query);
    for (BoundResult& result : query.results)
        pruning.collect(result.plan);
    for (BoundResult& result : query.results)
        result.plan = fetchLate(boundPairs(countInTable(pruning.prune(result.plan))));
}

PlanPtr optimize(PlanPtr plan, const FoldContext& context)
{
    BoundQuery query;
    query.results.push_back({std::move(plan), {}, {}, {}});
    optimize(query, context);
    return query.results[0].plan;
}

} // namespace tocsin::kql
