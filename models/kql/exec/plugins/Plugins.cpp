// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/Plugins.h"

#include "kql/exec/Compile.h"
#include "kql/functions/Plugins.h"

#include <array>

namespace tocsin::kql {
namespace {

struct Runner {
    std::string_view name;
    PluginFunction run;
};
constexpr std::array kRunners{
    Runner{"active_users_count", runActiveUsersCount}, Runner{"activity_counts_metrics", runActivityCountsMetrics}, Runner{"activity_engagement", runActivityEngagement},
    Runner{"activity_metrics", runActivityMetrics},    Runner{"new_activity_metrics", runNewActivityMetrics},       Runner{"session_count", runSessionCount},
    Runner{"sliding_window_counts", runSlidingWindowCounts}, Runner{"rolling_percentile", runRollingPercentile},    Runner{"funnel_sequence", runFunnelSequence},
    Runner{"funnel_sequence_completion", runFunnelSequenceCompletion}, Runner{"sequence_detect", runSequenceDetect}, Runner{"rows_near", runRowsNear},
    Runner{"narrow", runNarrow},                       Runner{"dcount_intersect", runDcountIntersect},              Runner{"schema_merge", runSchemaMerge},
    Runner{"estimate_rows_count", runEstimateRowsCount}, Runner{"autocluster", runAutocluster},                     Runner{"basket", runBasket},
    Runner{"diffpatterns", runDiffpatterns},           Runner{"diffpatterns_text", runDiffpatternsText},
    Runner{"infer_storage_schema", runInferSchema},    Runner{"infer_storage_schema_with_suggestions", runInferSchemaSuggestions}};

struct Maker {
    std::string_view name;
    Result<OperatorPtr> (*make)(const PlanNode& node, Run& run);
};
Result<OperatorPtr> makeIdentity(const PlanNode& node, Run& run) { return compile(node.inputs[0], run); }
constexpr std::array kMakers{Maker{"bag_unpack", makeBagUnpack},          Maker{"pivot", makePivot},
                             Maker{"identity", makeIdentity},             Maker{"identity_v3", makeIdentity},
                             Maker{"ipv4_lookup", makeLookupPlugin},      Maker{"ipv6_lookup", makeLookupPlugin},
                             Maker{"geo_polygon_lookup", makeLookupPlugin}, Maker{"geo_line_lookup", makeLookupPlugin}};

Result<OperatorPtr> makeRunner(const PlanNode& node, PluginFunction function, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    std::shared_ptr<Operator> table;
    if (node.inputs.size() > 1) {
        TOCSIN_TRY_ASSIGN(table, compile(node.inputs[1], run));
    }
    const std::vector<PlanColumn> columns = input->columns();
    return makeWholeInput(node, std::move(input), [node, columns, table, function](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        PluginCall call(node, columns, r);
        if (!table)
            return function(call, rows, nullptr, out);
        TOCSIN_TRY(table->prepare(r));
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*table, r, call.memory));
        const Batch joined = joinBatches(batches, table->columns());
        return function(call, rows, &joined, out);
    });
}

} // namespace

Result<OperatorPtr> makePlugin(const PlanNode& node, Run& run)
{
    const std::string_view name = std::string_view(node.name).substr(node.name.find(':') + 1);
    for (const Maker& maker : kMakers)
        if (maker.name == name)
            return maker.make(node, run);
    for (const Runner& runner : kRunners)
        if (runner.name == name)
            return makeRunner(node, runner.run, run);
    const Plugin* plugin = findPlugin(name);
    Error error = plugin && !plugin->needs.empty() ? makeError(kPluginNeeds, std::string(name), std::string(plugin->needs)) : makeError(kUnsupportedOperator, node.name);
    error.at(node.span);
    return std::unexpected(std::move(error));
}

} // namespace tocsin::kql
