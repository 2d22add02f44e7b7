// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Plugins.h"

#include <algorithm>
#include <iterator>

namespace tocsin::kql {
namespace {

using enum DataType;
using Kind = PluginParameter::Kind;

constexpr TypeSet kTime{Int, Long, Real, Decimal, DateTime, TimeSpan};
/// A length on a timeline, or the name of a calendar unit.
constexpr TypeSet kPeriod{Int, Long, Real, Decimal, DateTime, TimeSpan, String};
constexpr TypeSet kKey{Bool, Int, Long, Real, Decimal, DateTime, TimeSpan, Guid, String};
constexpr TypeSet kWhole{Long, Int};
constexpr TypeSet kRatio{Real, Int, Long, Decimal};

constexpr std::string_view kServer = "a database server on the network";
constexpr std::string_view kCode = "a sandbox that runs program code";
constexpr std::string_view kModel = "a language model on the network";

constexpr PluginParameter column(std::string_view name, TypeSet accepts = types::any) { return {name, Kind::Column, accepts}; }
constexpr PluginParameter constant(std::string_view name, TypeSet accepts) { return {name, Kind::Constant, accepts}; }
constexpr PluginParameter maybe(PluginParameter parameter)
{
    parameter.optional = true;
    return parameter;
}
constexpr PluginParameter many(PluginParameter parameter)
{
    parameter.repeated = true;
    return parameter;
}

/// Parameters that many plugins have.
constexpr PluginParameter kId = column("IdColumn", types::any);
constexpr PluginParameter kTimeline = column("TimelineColumn", kTime);
constexpr PluginParameter kStart = constant("Start", kTime);
constexpr PluginParameter kEnd = constant("End", kTime);
constexpr PluginParameter kDimensions = maybe(many(column("Dimension", kKey)));
constexpr PluginParameter kWeight = maybe(column("WeightColumn", types::number));
constexpr PluginParameter kWildcards = maybe(many(constant("CustomWildcard", types::any)));
constexpr PluginParameter kMaxDimensions = maybe(constant("MaxDimensions", kWhole));
constexpr PluginParameter kThreshold = maybe(constant("Threshold", kRatio));
constexpr PluginParameter kLookupTable{"LookupTable", Kind::Table};
constexpr PluginParameter kUnmatched = maybe(constant("return_unmatched", Bool));
constexpr PluginColumn kTimelineColumn{"{TimelineColumn}", Long, "TimelineColumn"};
constexpr PluginColumn kDimensionColumns{"{Dimension}", Long, "Dimension"};

PluginSignature connection(std::string_view text)
{
    return {constant("connection_string", String), constant(text, String), maybe(constant("sql_parameters", Dynamic)), maybe(constant("options", Dynamic))};
}

void addLearning(std::vector<Plugin>& all)
{
    all.push_back({"autocluster", "Finds a few patterns of column values that together describe much of the rows",
                   {{maybe(constant("SizeWeight", kRatio)), kWeight, maybe(constant("NumSeeds", kWhole)), kWildcards}},
                   {{"SegmentId"}, {"Count"}, {"Percent", Real}}, Plugin::Input::Behind});
    all.push_back({"basket", "Finds all patterns of column values that a given part of the rows has",
                   {{kThreshold, kWeight, kMaxDimensions, kWildcards}},
                   {{"SegmentId"}, {"Count"}, {"Percent", Real}}, Plugin::Input::Behind});
    all.push_back({"diffpatterns", "Finds patterns of column values that tell two sets of rows apart",
                   {{column("SplitColumn"), constant("SplitValueA", types::any), constant("SplitValueB", types::any), kWeight, kThreshold, kMaxDimensions, kWildcards}},
                   {{"SegmentId"}, {"CountA"}, {"CountB"}, {"PercentA", Real}, {"PercentB", Real}, {"PercentDiffAB", Real}}, Plugin::Input::Behind});
    all.push_back({"diffpatterns_text", "Finds runs of words that tell two sets of texts apart",
                   {{column("TextColumn", String), {"BooleanCondition", Kind::Condition, Bool}, maybe(constant("MinTokens", kWhole)), kThreshold,
                     maybe(constant("MaxTokens", kWhole))}},
                   {{"Count_of_True"}, {"Count_of_False"}, {"Percent_of_True", Real}, {"Percent_of_False", Real}, {"Pattern", String}}});
}

void addActivity(std::vector<Plugin>& all)
{
    const PluginParameter window = constant("Window", kPeriod), step = constant("Step", kPeriod), lookback = constant("LookbackWindow", kTime);
    all.push_back({"active_users_count", "Counts ids that were seen in enough periods of a lookback window",
                   {{kId, kTimeline, kStart, kEnd, lookback, constant("Period", kTime), constant("ActivePeriodsCount", kWhole), constant("Bin", kPeriod), kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"dcount"}}});
    all.push_back({"activity_counts_metrics", "Counts rows, ids and new ids of each window, and ids so far",
                   {{kId, kTimeline, kStart, kEnd, step, kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"count"}, {"dcount"}, {"new_dcount"}, {"aggregated_dcount"}}});
    const PluginParameter inner = constant("InnerActivityWindow", kPeriod), outer = constant("OuterActivityWindow", kTime);
    all.push_back({"activity_engagement", "Relates the ids of each window to those of a longer window that ends with it",
                   {{kId, kTimeline, inner, outer, kDimensions}, {kId, kTimeline, kStart, kEnd, inner, outer, kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"dcount_activities_inner"}, {"dcount_activities_outer"}, {"activity_ratio", Real}}});
    all.push_back({"activity_metrics", "Counts ids and new ids of each window, and how many of the window before came back",
                   {{kId, kTimeline, window, kDimensions}, {kId, kTimeline, kStart, kEnd, window, kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"dcount_values"}, {"dcount_newvalues"}, {"retention_rate", Real}, {"churn_rate", Real}}});
    all.push_back({"new_activity_metrics", "Follows the ids first seen in each window through all later ones",
                   {{kId, kTimeline, kStart, kEnd, window, maybe(constant("Cohort", kTime)), kDimensions, maybe({"Lookback", Kind::Table})}},
                   {{"from_{TimelineColumn}", Long, "TimelineColumn"}, {"to_{TimelineColumn}", Long, "TimelineColumn"}, kDimensionColumns, {"dcount_new_values"},
                    {"dcount_retained_values"}, {"dcount_churn_values"}, {"retention_rate", Real}, {"churn_rate", Real}}});
    all.push_back({"session_count", "Counts the sessions that begin in each window",
                   {{kId, kTimeline, kStart, kEnd, constant("Bin", kPeriod), constant("LookBackWindow", kTime), kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"count_sessions"}}});
    all.push_back({"sliding_window_counts", "Counts rows and ids of a window that slides over time",
                   {{kId, kTimeline, kStart, kEnd, lookback, constant("Bin", kPeriod), kDimensions}},
                   {kTimelineColumn, kDimensionColumns, {"Count"}, {"Dcount"}}});
    all.push_back({"rolling_percentile", "A percentile of the values of the last bins, for each bin",
                   {{column("ValueColumn", types::summable | TypeSet(DateTime)), constant("Percentile", types::number), column("IndexColumn", kTime), constant("BinSize", kTime),
                     constant("BinsPerWindow", kWhole), kDimensions}},
                   {{"{IndexColumn}", Long, "IndexColumn"}, kDimensionColumns, {"rolling_{BinsPerWindow}_percentile_{ValueColumn}_{Percentile}", Long, "ValueColumn"}}});
}

void addSequences(std::vector<Plugin>& all)
{
    const PluginParameter state = column("StateColumn", kKey), sequence = constant("Sequence", Dynamic);
    all.push_back({"funnel_sequence", "Counts ids that went through a sequence of states, and what came before and after it",
                   {{kId, kTimeline, kStart, kEnd, constant("MaxSequenceStepWindow", kTime), constant("Step", kPeriod), state, sequence}},
                   {kTimelineColumn, {"prev", Long, "StateColumn"}, {"next", Long, "StateColumn"}, {"dcount"}, {"samples", Dynamic}}});
    all.push_back({"funnel_sequence_completion", "Counts ids that reached each state of a sequence within given times",
                   {{kId, kTimeline, kStart, kEnd, constant("BinSize", kPeriod), state, sequence, constant("MaxSequencePeriods", Dynamic)}},
                   {kTimelineColumn, {"{StateColumn}", String}, {"Period", TimeSpan}, {"dcount"}}});
    all.push_back({"sequence_detect", "Finds rows that meet conditions one after the other within given times",
                   {{kTimeline, constant("MaxSequenceStepWindow", kTime), constant("MaxSequenceSpan", kTime), many({"Expr", Kind::Condition, Bool}), kDimensions}},
                   {kDimensionColumns, {"{Expr}_{TimelineColumn}", Long, "TimelineColumn"}, {"Duration", TimeSpan}}});
    all.push_back({"rows_near", "The rows near those that meet a condition",
                   {{{"Condition", Kind::Condition, Bool}, constant("NumRows", kWhole), maybe(constant("RowsAfter", kWhole))}}, {}, Plugin::Input::Kept});
}

void addShaping(std::vector<Plugin>& all)
{
    all.push_back({"bag_unpack", "Turns the properties of a bag into columns",
                   {{{"Column", Kind::Value, types::any}, maybe(constant("OutputColumnPrefix", String)), maybe(constant("columnsConflict", String)),
                     maybe(constant("ignoredProperties", Dynamic))}}, {}, Plugin::Input::Kept, false, true});
    all.push_back({"pivot", "Turns the values of a column into columns",
                   {{column("pivotColumn"), maybe({"aggregationFunction", Kind::Aggregate}), maybe(many({"column", Kind::Value}))}}, {}, Plugin::Input::Dropped, false, true});
    all.push_back({"narrow", "One row for each cell", {{}}, {{"Row"}, {"Column", String}, {"Value", String}}});
    all.push_back({"preview", "The first rows, and how many there are", {{constant("NumberOfRows", kWhole)}}, {}, Plugin::Input::Kept});
    all.push_back({"identity", "The rows as they are", {{}}, {}, Plugin::Input::Kept});
    all.push_back({"identity_v3", "The rows as they are", {{constant("mode", String), constant("exceptionText", String)}}, {}, Plugin::Input::Kept});
    all.push_back({"estimate_rows_count", "How many rows there are", {{}}, {{"EstimatedRowsCount"}}});
    all.push_back({"dcount_intersect", "How many different values the sets behind hll() values share", {{many({"hll", Kind::Value, Dynamic})}}, {{"s{#hll}"}}, Plugin::Input::Kept});
    all.push_back({"schema_merge", "Merges schemas that getschema gave", {{maybe(constant("PreserveOrder", Bool))}},
                   {{"ColumnName", String}, {"ColumnOrdinal", Int}, {"DataType", String}, {"ColumnType", String}}});
}

void addFiles(std::vector<Plugin>& all)
{
    all.push_back({"infer_storage_schema", "Infers the schema of files", {{constant("Options", Dynamic)}}, {{"CslSchema", String}}});
    all.push_back({"infer_storage_schema_with_suggestions", "Infers the schema of files and better types", {{constant("Options", Dynamic)}}, {{"SuggestedTableSchema", String}}});
}

void addLookups(std::vector<Plugin>& all)
{
    const PluginParameter common = maybe(many({"ExtraKey", Kind::CommonColumn}));
    all.push_back({"ipv4_lookup", "Joins rows with the IPv4 networks of a table that hold their address",
                   {{kLookupTable, column("SourceIPv4Key", types::text), {"IPv4LookupKey", Kind::TableColumn, types::text}, common, kUnmatched}}, {}, Plugin::Input::Kept, true});
    all.push_back({"ipv6_lookup", "Joins rows with the IPv6 networks of a table that hold their address",
                   {{kLookupTable, column("SourceIPv6Key", types::text), {"IPv6LookupKey", Kind::TableColumn, types::text}, kUnmatched}}, {}, Plugin::Input::Kept, true});
    const PluginParameter longitude = column("SourceLongitude", types::number), latitude = column("SourceLatitude", types::number);
    const PluginParameter area = maybe(constant("lookup_area_radius", types::number)), returnKey = maybe(constant("return_lookup_key", Bool));
    all.push_back({"geo_polygon_lookup", "Joins points with the polygons of a table that hold them",
                   {{kLookupTable, {"LookupPolygonKey", Kind::TableColumn, Dynamic}, longitude, latitude, maybe(constant("radius", types::number)), kUnmatched, area, returnKey}},
                   {}, Plugin::Input::Kept, true});
    all.push_back({"geo_line_lookup", "Joins points with the lines of a table that are near",
                   {{kLookupTable, {"LookupLineKey", Kind::TableColumn, Dynamic}, longitude, latitude, constant("radius", types::number), kUnmatched, area, returnKey}},
                   {}, Plugin::Input::Kept, true});
}

void addOutside(std::vector<Plugin>& all)
{
    using enum Plugin::Input;
    const auto service = [&](std::string_view name, std::string_view help, PluginSignature signature, std::vector<PluginColumn> columns, Plugin::Input input, bool open, std::string_view needs) {
        all.push_back({name, help, {std::move(signature)}, std::move(columns), input, false, open, needs});
    };
    service("sql_request", "Asks a SQL Server database", connection("sql_query"), {}, Dropped, true, kServer);
    service("mysql_request", "Asks a MySQL database", connection("sql_query"), {}, Dropped, true, kServer);
    service("postgresql_request", "Asks a PostgreSQL database", connection("sql_query"), {}, Dropped, true, kServer);
    service("cosmosdb_sql_request", "Asks an Azure Cosmos DB", connection("sql_query"), {}, Dropped, true, kServer);
    service("dax_request", "Asks a Power BI model", connection("dax_query"), {}, Dropped, true, kServer);
    service("azure_digital_twins_query_request", "Asks Azure Digital Twins", {constant("endpoint", String), constant("sql_query", String)}, {}, Dropped, true, "the Azure Digital Twins service");
    service("execute_query", "Asks another cluster", {constant("connection_string", String), constant("query", String)}, {}, Dropped, true, "another Kusto cluster");
    service("execute_show_command", "Runs a management command on another cluster", {constant("connection_string", String), constant("command", String)}, {}, Dropped, true, "another Kusto cluster");
    service("external_datatable", "Rows that a client sends along", {}, {}, Dropped, true, "rows that a client of a Kusto cluster sends with its request");
    const PluginParameter schema{"OutputSchema", Kind::Schema}, script = constant("Script", String), arguments = maybe(constant("Arguments", Dynamic));
    service("python", "Runs a Python script over the rows", {schema, script, arguments, maybe(constant("Artifacts", Dynamic)), maybe(constant("SpillToDisk", Bool))}, {}, Dropped, false, kCode);
    service("r", "Runs an R script over the rows", {schema, script, arguments, maybe(constant("Artifacts", Dynamic))}, {}, Dropped, false, kCode);
    service("csharp", "Runs a C# script over the rows", {schema, script, arguments}, {}, Dropped, false, kCode);
    const std::vector<PluginColumn> response = {{"ResponseHeaders", Dynamic}, {"ResponseBody", Dynamic}};
    const PluginParameter headers = maybe(constant("RequestHeaders", Dynamic)), options = maybe(constant("Options", Dynamic));
    service("http_request", "Gets a web address", {constant("Uri", String), headers, options}, response, Dropped, false, "a web server");
    service("http_request_post", "Posts to a web address", {constant("Uri", String), headers, options, maybe(constant("Content", String))}, response, Dropped, false, "a web server");
    const PluginParameter connect = constant("ConnectionString", String), errors = maybe(constant("IncludeErrorMessages", Bool));
    const PluginParameter text{"Text", Kind::Value, String}, prompt{"Prompt", Kind::Value, types::text};
    service("ai_embed_text", "Embeds texts", {text, connect, options, errors}, {{"{Text}_embedding", Dynamic}}, Kept, false, kModel);
    service("ai_embeddings", "Embeds texts", {text, connect, options, errors}, {{"{Text}_embeddings", Dynamic}}, Kept, false, kModel);
    service("ai_chat_completion", "Continues conversations", {prompt, connect, options, errors}, {{"{Prompt}_completion", String}}, Kept, false, kModel);
    service("ai_chat_completion_prompt", "Answers prompts", {prompt, connect, options, errors}, {{"{Prompt}_completion", String}}, Kept, false, kModel);
}

std::vector<Plugin> declare()
{
    std::vector<Plugin> all;
    addLearning(all);
    addActivity(all);
    addSequences(all);
    addShaping(all);
    addFiles(all);
    addLookups(all);
    addOutside(all);
    std::sort(all.begin(), all.end(), [](const Plugin& a, const Plugin& b) { return a.name < b.name; });
    return all;
}

} // namespace

const std::vector<Plugin>& builtInPlugins()
{
    static const std::vector<Plugin> kPlugins = declare();
    return kPlugins;
}

const Plugin* findPlugin(std::string_view name)
{
    const std::vector<Plugin>& all = builtInPlugins();
    const auto found = std::lower_bound(all.begin(), all.end(), name, [](const Plugin& plugin, std::string_view wanted) { return plugin.name < wanted; });
    return found != all.end() && found->name == name ? &*found : nullptr;
}

} // namespace tocsin::kql
