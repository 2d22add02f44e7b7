// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

namespace tocsin::kql {

inline bool isExtension(const PlanNode& node) { return node.kind == PlanNode::Kind::Extension; }

/// Compiles an operator or plugin that is known by name. kUnsupportedOperator for one that has no executor.
Result<OperatorPtr> compileExtension(const PlanPtr& plan, Run& run);

} // namespace tocsin::kql
