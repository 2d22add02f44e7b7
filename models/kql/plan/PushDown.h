// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Folding.h"
#include "kql/plan/Plan.h"

#include <map>

namespace tocsin::kql {

/// Computes constants and moves conditions towards the tables; gives scans their predicates.
class PushDown {
public:
    explicit PushDown(const FoldContext& context) : m_context(context) {}
    PlanPtr rewrite(const PlanPtr& plan);

private:
    ExpressionPtr rewrite(const ExpressionPtr& expression);
    void rewriteExpressions(PlanNode& node);
    PlanPtr placeFilter(const PlanNode& filter, const PlanPtr& input);
    /// Puts the condition above or below `input`, as far down as it may go.
    PlanPtr push(const ExpressionPtr& condition, const PlanPtr& input);
    PlanPtr filterOver(const ExpressionPtr& condition, const PlanPtr& input);

    const FoldContext& m_context;
    std::map<const PlanNode*, PlanPtr> m_done; ///< parts that several places share stay shared
};

} // namespace tocsin::kql
