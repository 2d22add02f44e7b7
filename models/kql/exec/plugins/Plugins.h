// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/plugins/PluginCall.h"

namespace tocsin::kql {

/// Compiles a node named `evaluate:…` (bind/ExtensionForms.h). kUnsupportedOperator for a plugin nobody knows.
Result<OperatorPtr> makePlugin(const PlanNode& node, Run& run);

/// Operators of their own.
Result<OperatorPtr> makeBagUnpack(const PlanNode& node, Run& run);
Result<OperatorPtr> makePivot(const PlanNode& node, Run& run);
Result<OperatorPtr> makeLookupPlugin(const PlanNode& node, Run& run);

/// Plugins that need all rows at once. `table` are the rows of the table argument, if there is one.
using PluginFunction = Result<void> (*)(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runActiveUsersCount(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runActivityCountsMetrics(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runActivityEngagement(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runActivityMetrics(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runNewActivityMetrics(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runSessionCount(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runSlidingWindowCounts(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runRollingPercentile(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runFunnelSequence(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runFunnelSequenceCompletion(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runSequenceDetect(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runRowsNear(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runNarrow(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runDcountIntersect(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runSchemaMerge(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runEstimateRowsCount(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runAutocluster(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runBasket(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runDiffpatterns(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runDiffpatternsText(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runInferSchema(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);
Result<void> runInferSchemaSuggestions(PluginCall& call, const Batch& rows, const Batch* table, BatchCollector& out);

} // namespace tocsin::kql
