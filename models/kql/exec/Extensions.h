// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

namespace tocsin::kql {

/// Nodes that are known by name, and mv-apply, which is an expansion with a subquery.
inline bool isExtension(const PlanNode& node)
{
    return node.kind == PlanNode::Kind::Extension || (node.kind == PlanNode::Kind::MvExpand && node.inputs.size() == 2);
}

/// Compiles an operator or plugin that is known by name, whose expressions are free of subqueries, with its inputs.
/// kUnsupportedOperator for one that has no executor.
Result<OperatorPtr> compileExtension(const PlanNode& node, Run& run);

/// One maker per name of bind/ExtensionForms.h, each in its own file; plugins are in plugins/.
Result<OperatorPtr> makeMvApply(const PlanNode& node, Run& run);
Result<OperatorPtr> makePartition(const PlanNode& node, Run& run);
Result<OperatorPtr> makeSample(const PlanNode& node, Run& run);
Result<OperatorPtr> makeSampleDistinct(const PlanNode& node, Run& run);
Result<OperatorPtr> makeTopHitters(const PlanNode& node, Run& run);
Result<OperatorPtr> makeTopNested(const PlanNode& node, Run& run);
Result<OperatorPtr> makeParseKv(const PlanNode& node, Run& run);
Result<OperatorPtr> makeScanSteps(const PlanNode& node, Run& run);
Result<OperatorPtr> makeExternalData(const PlanNode& node, Run& run);
Result<OperatorPtr> makeReduce(const PlanNode& node, Run& run);
Result<OperatorPtr> makeGraphMatch(const PlanNode& node, Run& run);
Result<OperatorPtr> makeGraphShortestPaths(const PlanNode& node, Run& run);
Result<OperatorPtr> makeGraphNodes(const PlanNode& node, Run& run);
Result<OperatorPtr> makeGraphEdges(const PlanNode& node, Run& run);

} // namespace tocsin::kql
