// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

/// One maker per kind of plan node, each in its own file. Expressions given are free of subqueries.
namespace tocsin::kql {

OperatorPtr makeScan(const PlanNode& node);
OperatorPtr makeCountRows(const PlanNode& node);
OperatorPtr makeFetch(const PlanNode& node, OperatorPtr input);
OperatorPtr makeRows(const PlanNode& node);
OperatorPtr makeRange(const PlanNode& node);
OperatorPtr makeFilter(const PlanNode& node, OperatorPtr input);
OperatorPtr makeProject(const PlanNode& node, OperatorPtr input);
/// Collects its input into one batch, so that window functions see all rows.
OperatorPtr makeSingleBatch(OperatorPtr input, const PlanNode& inputNode);
OperatorPtr makeAggregate(const PlanNode& node, OperatorPtr input);
OperatorPtr makeSort(const PlanNode& node, OperatorPtr input);
OperatorPtr makeTop(const PlanNode& node, OperatorPtr input);
OperatorPtr makeTake(const PlanNode& node, OperatorPtr input);
OperatorPtr makeJoin(const PlanNode& node, OperatorPtr left, OperatorPtr right);
OperatorPtr makeUnion(const PlanNode& node, std::vector<OperatorPtr> inputs);
OperatorPtr makeMvExpand(const PlanNode& node, OperatorPtr input);
OperatorPtr makeParse(const PlanNode& node, OperatorPtr input);
OperatorPtr makeSerialize(const PlanNode& node, OperatorPtr input);
OperatorPtr makeShared(const PlanNode& node, OperatorPtr input, const PlanNode& inputNode);
OperatorPtr makeSeries(const PlanNode& node, OperatorPtr input);

} // namespace tocsin::kql
