// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

#include <map>
#include <set>

namespace tocsin::kql {

/// Drops columns that nothing reads. First collect() every plan of the query, then prune() each: parts that are computed once for
/// several places must give what all of them read.
class Pruning {
public:
    void collect(const PlanPtr& plan);
    PlanPtr prune(const PlanPtr& plan);

private:
    using Ids = std::set<ColumnId>;
    void collect(const PlanNode& node, const Ids& required);
    PlanPtr prune(const PlanPtr& plan, const Ids& required);
    std::vector<Ids> inputRequirements(const PlanNode& node, const Ids& required) const;
    void pruneOwnColumns(PlanNode& node, const Ids& required) const;
    void collectSubplans(const PlanNode& node);
    void pruneSubplans(PlanNode& node);
    ExpressionPtr pruneSubplans(const ExpressionPtr& expression);

    std::map<std::string, Ids> m_shared;         ///< what is read of each shared part
    std::map<std::string, PlanPtr> m_prunedShared;
};

} // namespace tocsin::kql
