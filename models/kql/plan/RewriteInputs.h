// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// The plan with its inputs rewritten; itself if none changes.
template <typename Rewrite>
PlanPtr rewriteInputs(const PlanPtr& plan, const Rewrite& rewrite)
{
    std::shared_ptr<PlanNode> copy;
    for (std::size_t i = 0; i < plan->inputs.size(); ++i) {
        PlanPtr input = rewrite(plan->inputs[i]);
        if (input == plan->inputs[i])
            continue;
        if (!copy)
            copy = std::make_shared<PlanNode>(*plan);
        copy->inputs[i] = std::move(input);
    }
    return copy ? PlanPtr(std::move(copy)) : plan;
}

} // namespace tocsin::kql
