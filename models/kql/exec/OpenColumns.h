// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "kql/exec/Operator.h"

#include <map>

namespace tocsin::kql {

/// Columns of plugins by the place of their call in the text, as BindOptions::discoveredColumns takes them.
using DiscoveredColumns = std::map<std::size_t, std::vector<catalog::ColumnSchema>>;

/// Finds the columns of the innermost calls of bag_unpack and pivot in a plan that are not in `known` yet, by running their inputs.
/// False if there is none: then the plan is complete. Else the text must be bound again with what is known now.
Result<bool> discoverColumns(const PlanPtr& plan, DiscoveredColumns& known, Run& run);

/// The columns that the bags or pivot values in the rows make.
Result<std::vector<catalog::ColumnSchema>> bagColumns(const PlanNode& node, const Layout& layout, const std::vector<Batch>& rows, Run& run);
Result<std::vector<catalog::ColumnSchema>> pivotColumns(const PlanNode& node, const Layout& layout, const std::vector<Batch>& rows, Run& run);

} // namespace tocsin::kql
