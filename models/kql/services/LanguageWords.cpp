// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LanguageWords.h"

#include "kql/functions/Operators.h"
#include "kql/functions/Plugins.h"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace tocsin::kql::services {

namespace {

std::vector<WordHelp> operators(bool (OperatorDeclaration::*stands)() const)
{
    std::vector<WordHelp> words;
    for (const OperatorDeclaration& op : builtInOperators())
        if ((op.*stands)())
            words.push_back({op.name, op.form, op.help, op.example});
    return words;
}

constexpr WordHelp kStatements[] = {
    {"let", "let name = expression;", "Gives a value, a table or a function a name."},
    {"set", "set option = value;", "Sets an option of the query."},
    {"declare", "declare query_parameters(name:type = value, …);", "Declares what is given from outside."},
    {"alias", "alias database name = …;", "Another name for a database."},
    {"restrict", "restrict access to (table, …);", "Hides all other tables from the rest of the query."},
};

constexpr WordHelp kInnerWords[] = {
    {"by", "", "What to group or order by."},
    {"on", "", "The keys, or the axis, or the items to work on."},
    {"and", "condition and condition", "True if both are."},
    {"or", "condition or condition", "True if one is."},
    {"asc", "", "Smallest first."},
    {"desc", "", "Largest first."},
    {"nulls first", "", "Nulls come first."},
    {"nulls last", "", "Nulls come last."},
    {"with", "", "What belongs to it."},
    {"to", "", "The end, or the type of an item."},
    {"from", "", "The begin."},
    {"step", "", "The distance from one to the next."},
    {"of", "", "The column that is counted."},
    {"default", "default = value", "What stands in steps without rows."},
    {"==", "left == right", "Equal."},
    {"!=", "left != right", "Not equal."},
    {"=~", "text =~ text", "Equal, whatever the letter case."},
    {"!~", "text !~ text", "Not equal, whatever the letter case."},
    {"<", "left < right", "Less."},
    {"<=", "left <= right", "Less or equal."},
    {">", "left > right", "Greater."},
    {">=", "left >= right", "Greater or equal."},
    {"has", "text has term", "Holds the word, whatever the letter case; fast."},
    {"!has", "text !has term", "Does not hold the word."},
    {"has_cs", "text has_cs term", "Holds the word in this letter case; fast."},
    {"has_any", "text has_any (term, …)", "Holds one of the words."},
    {"has_all", "text has_all (term, …)", "Holds all of the words."},
    {"contains", "text contains part", "Holds the text anywhere, whatever the letter case."},
    {"!contains", "text !contains part", "Does not hold the text."},
    {"contains_cs", "text contains_cs part", "Holds the text anywhere in this letter case."},
    {"startswith", "text startswith part", "Begins with it, whatever the letter case."},
    {"endswith", "text endswith part", "Ends with it, whatever the letter case."},
    {"hasprefix", "text hasprefix part", "Holds a word that begins with it."},
    {"hassuffix", "text hassuffix part", "Holds a word that ends with it."},
    {"matches regex", "text matches regex pattern", "Holds what the RE2 expression describes."},
    {"in", "value in (value, …)", "Is one of the values."},
    {"!in", "value !in (value, …)", "Is none of the values."},
    {"in~", "text in~ (text, …)", "Is one of the texts, whatever the letter case."},
    {"!in~", "text !in~ (text, …)", "Is none of the texts, whatever the letter case."},
    {"between", "value between (low .. high)", "Lies between two values, both included."},
    {"!between", "value !between (low .. high)", "Lies outside of two values."},
};

constexpr WordHelp kSpecialCalls[] = {
    {"toscalar", "toscalar(query)", "The first value of the first row of a query."},
    {"materialize", "materialize(query)", "Computes a query once for all its uses."},
    {"datatable", "datatable(name:type, …)[value, …]", "A table written in the query."},
    {"externaldata", "externaldata(name:type, …)[\"address\"] with (format=…)", "A table read from files."},
    {"database", "database(\"name\")", "The tables of a database."},
    {"cluster", "cluster(\"name\")", "The databases of a cluster."},
    {"workspace", "workspace(\"name\")", "The tables of a workspace."},
    {"table", "table(\"name\")", "The table of that name."},
    {"view", "view () { query }", "A function without parameters that union and search see."},
    {"dynamic", "dynamic(json)", "A literal array, bag or value of type dynamic."},
    {"typeof", "typeof(type)", "A type as an argument."},
    {"column_ifexists", "column_ifexists(\"name\", default)", "The column, or the other value if there is none."},
    {"pack_all", "pack_all([ignore_empty])", "All columns of the row as a bag."},
    {"ingestion_time", "ingestion_time()", "When the row came into the workspace."},
    {"current_database", "current_database()", "The name of the database in use."},
};

/// Words of the plugins' declarations, with the text of their forms.
struct PluginWords {
    std::deque<std::string> forms;
    std::vector<WordHelp> words;

    PluginWords()
    {
        static constexpr std::string_view kUsedMost[] = {"bag_unpack", "pivot", "ipv4_lookup", "autocluster", "basket", "diffpatterns"};
        for (const std::string_view name : kUsedMost)
            add(*findPlugin(name));
        for (const Plugin& plugin : builtInPlugins())
            if (std::find(std::begin(kUsedMost), std::end(kUsedMost), plugin.name) == std::end(kUsedMost))
                add(plugin);
    }

private:
    void add(const Plugin& plugin)
    {
        std::string& form = forms.emplace_back(std::string(plugin.name) + "(");
        for (std::size_t i = 0; !plugin.signatures.empty() && i < plugin.signatures[0].size(); ++i) {
            const PluginParameter& parameter = plugin.signatures[0][i];
            const std::string name = parameter.kind == PluginParameter::Kind::Schema ? "typeof(…)" : std::string(parameter.name);
            form += (i ? ", " : "") + (parameter.optional ? "[" + name + "]" : name) + (parameter.repeated ? ", …" : "");
        }
        words.push_back({plugin.name, form += ")", plugin.help});
    }
};

constexpr WordHelp kCharts[] = {
    {"timechart", "", "Lines over time."},
    {"columnchart", "", "Upright bars by category."},
    {"barchart", "", "Lying bars by category."},
    {"piechart", "", "Shares of a whole."},
    {"areachart", "", "Filled lines."},
    {"stackedareachart", "", "Filled lines on top of one another."},
    {"linechart", "", "Lines."},
    {"scatterchart", "", "Points."},
    {"table", "", "Rows and columns."},
    {"card", "", "The first row, large."},
    {"anomalychart", "", "A time chart with marked anomalies."},
    {"ladderchart", "", "Periods from begin to end."},
    {"pivotchart", "", "A pivot table and chart."},
    {"treemap", "", "Nested rectangles."},
    {"timepivot", "", "Events on a time line, by groups."},
    {"plotly", "", "A chart described by JSON."},
    {"graph", "", "Nodes and edges."},
};

constexpr WordHelp kChartProperties[] = {
    {"title", "string", "The heading."},
    {"xtitle", "string", "The text of the x axis."},
    {"ytitle", "string", "The text of the y axis."},
    {"xcolumn", "column", "The column of the x axis."},
    {"ycolumns", "columns", "The columns with values."},
    {"series", "columns", "The columns that tell the series apart."},
    {"kind", "word", "The variety of the chart."},
    {"legend", "visible|hidden", "Whether the legend is shown."},
    {"accumulate", "bool", "Whether each value adds those before it."},
    {"xaxis", "linear|log", "The scale of the x axis."},
    {"yaxis", "linear|log", "The scale of the y axis."},
    {"ymin", "number", "Where the y axis begins."},
    {"ymax", "number", "Where the y axis ends."},
    {"ysplit", "none|axes|panels", "How several values are put apart."},
    {"anomalycolumns", "columns", "The columns with anomalies."},
};

constexpr WordHelp kHints[] = {
    {"strategy", "word", "How the operator spreads its work."},
    {"shufflekey", "column", "The key by which rows are spread."},
    {"num_partitions", "number", "Into how many parts rows are spread."},
    {"remote", "auto|left|local|right", "Where a join of several clusters runs."},
    {"distribution", "word", "How the work is spread over nodes."},
    {"concurrency", "number", "How many parts run at a time."},
    {"spread", "number", "How many nodes take part."},
    {"materialized", "bool", "Whether the rows are kept for further use."},
    {"pass_filters", "bool", "Whether filters are handed on."},
    {"pass_filters_column", "column", "The columns whose filters are handed on."},
    {"progressive_top", "bool", "Whether first results are shown early."},
};

constexpr WordHelp kOptions[] = {
    {"query_now", "datetime", "What now() gives."},
    {"notruncation", "", "No limit on the rows of the result."},
    {"truncationmaxrecords", "long", "Most rows of the result."},
    {"truncationmaxsize", "long", "Most bytes of the result."},
    {"norequesttimeout", "", "No limit on the time."},
    {"servertimeout", "timespan", "Most time the query may take."},
    {"maxmemoryconsumptionperiterator", "long", "Most bytes of an operator."},
    {"query_datetimescope_column", "string", "The column the time range is about."},
    {"query_datetimescope_from", "datetime", "Begin of the time range."},
    {"query_datetimescope_to", "datetime", "End of the time range."},
    {"query_results_cache_max_age", "timespan", "How old a kept result may be."},
    {"best_effort", "bool", "Leave out tables that cannot be read."},
    {"materialized_view_shuffle", "dynamic", "How materialized views are spread."},
};

constexpr WordHelp kTypes[] = {
    {"string", "\"text\"", "A text."},
    {"long", "long(12)", "A whole number of 64 bits."},
    {"int", "int(12)", "A whole number of 32 bits."},
    {"real", "real(1.5)", "A floating point number."},
    {"bool", "true, false", "A truth value."},
    {"datetime", "datetime(2024-01-31 12:00)", "A moment, in UTC."},
    {"timespan", "1d, timespan(1.02:03:04)", "A length of time."},
    {"dynamic", "dynamic({\"a\":[1,2]})", "An array, a bag, or any other value."},
    {"guid", "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "A unique identifier."},
    {"decimal", "decimal(0.1)", "A decimal number of 34 digits."},
    {"double", "double(1.5)", "A floating point number; the same as real."},
    {"boolean", "true, false", "A truth value; the same as bool."},
    {"date", "date(2024-01-31)", "A moment; the same as datetime."},
    {"time", "time(1.02:03:04)", "A length of time; the same as timespan."},
    {"uuid", "uuid(…)", "A unique identifier; the same as guid."},
    {"uniqueid", "uniqueid(…)", "A unique identifier; the same as guid."},
};

constexpr WordHelp kJoinKinds[] = {
    {"inner", "", "All pairs of rows with equal keys."},
    {"innerunique", "", "One left row for each key, with all right rows; the default."},
    {"leftouter", "", "All left rows, with the right ones where there are any."},
    {"rightouter", "", "All right rows, with the left ones where there are any."},
    {"fullouter", "", "All rows of both sides."},
    {"leftanti", "", "Left rows without a right one."},
    {"rightanti", "", "Right rows without a left one."},
    {"leftsemi", "", "Left rows that have a right one."},
    {"rightsemi", "", "Right rows that have a left one."},
    {"anti", "", "The same as leftanti."},
    {"semi", "", "The same as leftsemi."},
    {"leftantisemi", "", "The same as leftanti."},
    {"rightantisemi", "", "The same as rightanti."},
};
constexpr WordHelp kLookupKinds[] = {{"leftouter", "", "All left rows; the default."}, {"inner", "", "Only rows with equal keys."}};
constexpr WordHelp kUnionKinds[] = {{"outer", "", "The columns of all tables; the default."}, {"inner", "", "Only columns that all tables have."}};
constexpr WordHelp kParseKinds[] = {{"simple", "", "Plain text; the default."}, {"regex", "", "The literals are regular expressions."}, {"relaxed", "", "A value of the wrong type becomes null."}};
constexpr WordHelp kSearchKinds[] = {{"case_insensitive", "", "Whatever the letter case; the default."}, {"case_sensitive", "", "In this letter case."}, {"default", "", "The same as case_insensitive."}};
constexpr WordHelp kExpandKinds[] = {{"bag", "", "Items of bags as bags; the default."}, {"array", "", "Items of bags as arrays of name and value."}};
constexpr WordHelp kSeriesKinds[] = {{"nonempty", "", "One empty series where there are no rows."}};
constexpr WordHelp kChartVarieties[] = {{"default", "", ""}, {"stacked", "", "On top of one another."}, {"unstacked", "", "Side by side."}, {"stacked100", "", "On top of one another, as shares."}, {"map", "", "On a map."}};
constexpr WordHelp kLegend[] = {{"visible", "", ""}, {"hidden", "", ""}};
constexpr WordHelp kScale[] = {{"linear", "", ""}, {"log", "", ""}};
constexpr WordHelp kSplit[] = {{"none", "", ""}, {"axes", "", ""}, {"panels", "", ""}};
constexpr WordHelp kBool[] = {{"true", "", ""}, {"false", "", ""}};
constexpr WordHelp kStrategies[] = {{"shuffle", "", "Rows are spread by key."}, {"broadcast", "", "The left side is sent everywhere."}, {"centralized", "", ""}, {"legacy", "", ""}, {"native", "", ""}};
constexpr WordHelp kRemote[] = {{"auto", "", ""}, {"left", "", ""}, {"local", "", ""}, {"right", "", ""}};
constexpr WordHelp kDistribution[] = {{"per_node", "", ""}, {"per_shard", "", ""}, {"single", "", ""}};
constexpr WordHelp kFormats[] = {{"csv", "", ""}, {"tsv", "", ""}, {"json", "", ""}, {"multijson", "", ""}, {"txt", "", ""}, {"psv", "", ""}, {"parquet", "", ""}, {"raw", "", ""}, {"scsv", "", ""}, {"sohsv", "", ""}, {"tsve", "", ""}, {"avro", "", ""}, {"orc", "", ""}, {"w3clogfile", "", ""}};
constexpr WordHelp kGraphCycles[] = {{"all", "", ""}, {"none", "", ""}, {"unique_edges", "", ""}};
constexpr WordHelp kGraphOutput[] = {{"any", "", ""}, {"all", "", ""}};
constexpr WordHelp kComponents[] = {{"weak", "", ""}, {"strong", "", ""}};
constexpr WordHelp kStepOutput[] = {{"last", "", "The last row that matched; the default."}, {"all", "", "All rows that matched."}, {"none", "", "No rows."}};
constexpr WordHelp kDataScope[] = {{"all", "", ""}, {"hotcache", "", ""}};

constexpr WordHelp kExternalProperties[] = {{"format", "word", "The format of the files."}, {"ignoreFirstRecord", "bool", "Whether the first line holds names."}, {"ingestionMapping", "string", "How fields become columns."}, {"ingestionMappingReference", "string", "The name of a mapping."}, {"folder", "string", ""}, {"docstring", "string", ""}};
constexpr WordHelp kKeyValueProperties[] = {{"pair_delimiter", "string", "What stands between pairs."}, {"kv_delimiter", "string", "What stands between name and value."}, {"quote", "string", "What stands around values."}, {"escape", "string", "What stands before a quote inside a value."}, {"greedy", "bool", "Whether values may hold delimiters."}, {"regex", "string", "A pattern of name and value."}};
constexpr WordHelp kReduceProperties[] = {{"threshold", "real", "How many rows a pattern needs, 0 to 1."}, {"characters", "string", "Characters that do not part words."}};

constexpr WordHelp kOptionWords[] = {
    {"kind", "kind=word", "The variety of the operator."},
    {"withsource", "withsource=name", "A column with the name of the table of each row."},
    {"with_source", "with_source=name", "A column with the name of the table of each row."},
    {"isfuzzy", "isfuzzy=true", "Tables that do not exist are left out."},
    {"with_itemindex", "with_itemindex=name", "A column with the place of the item."},
    {"with_match_id", "with_match_id=name", "A column with the number of the match."},
    {"bagexpansion", "bagexpansion=bag|array", "How bags are expanded."},
    {"flags", "flags=letters", "Flags of the regular expression."},
    {"datascope", "datascope=all|hotcache", "Which data is read."},
    {"cycles", "cycles=all|none|unique_edges", "Which cycles may be in a path."},
    {"output", "output=word", "Which paths are given."},
    {"with_component_id", "with_component_id=name", "The column with the number of the part."},
    {"decodeblocks", "decodeblocks=bool", "Whether the data is decoded."},
    {"hint.", "hint.name=value", "A hint for the service."},
};

} // namespace

std::span<const WordHelp> tabularOperators()
{
    static const std::vector<WordHelp> words = operators(&OperatorDeclaration::follows);
    return words;
}

std::span<const WordHelp> prefixOperators()
{
    static const std::vector<WordHelp> words = operators(&OperatorDeclaration::begins);
    return words;
}

std::span<const WordHelp> pluginWords()
{
    static const PluginWords all;
    return all.words;
}

std::span<const WordHelp> statementWords() { return kStatements; }
std::span<const WordHelp> innerWords() { return kInnerWords; }
std::span<const WordHelp> specialCalls() { return kSpecialCalls; }
std::span<const WordHelp> chartKinds() { return kCharts; }
std::span<const WordHelp> chartProperties() { return kChartProperties; }
std::span<const WordHelp> hints() { return kHints; }
std::span<const WordHelp> queryOptions() { return kOptions; }
std::span<const WordHelp> typeWords() { return kTypes; }
std::span<const WordHelp> optionWords() { return kOptionWords; }

std::span<const WordHelp> propertiesOf(std::string_view owner)
{
    if (owner == "render")
        return kChartProperties;
    if (owner == "externaldata" || owner == "external_data")
        return kExternalProperties;
    if (owner == "parse-kv")
        return kKeyValueProperties;
    if (owner == "reduce")
        return kReduceProperties;
    return {};
}

std::span<const std::string_view> optionsOf(std::string_view operatorWord)
{
    struct Entry {
        std::string_view word;
        std::span<const std::string_view> options;
    };
    static constexpr std::string_view kKind[] = {"kind"}, kUnion[] = {"kind", "withsource", "isfuzzy"}, kFind[] = {"withsource", "datascope"}, kParse[] = {"kind", "flags"},
                                      kExpand[] = {"kind", "bagexpansion", "with_itemindex"}, kScan[] = {"with_match_id"}, kGraph[] = {"cycles", "output"},
                                      kComponent[] = {"kind", "with_component_id"}, kConsume[] = {"decodeblocks"};
    static constexpr Entry kOptionsOf[] = {
        {"join", kKind}, {"lookup", kKind}, {"union", kUnion}, {"find", kFind}, {"search", kKind}, {"parse", kParse}, {"parse-where", kParse}, {"mv-expand", kExpand},
        {"mvexpand", kExpand}, {"mv-apply", kExpand}, {"mvapply", kExpand}, {"make-series", kKind}, {"scan", kScan}, {"reduce", kKind}, {"getschema", kKind},
        {"consume", kConsume}, {"graph-match", kGraph}, {"graph-shortest-paths", kGraph}, {"graph-mark-components", kComponent}};
    for (const Entry& entry : kOptionsOf)
        if (entry.word == operatorWord)
            return entry.options;
    return {};
}

std::span<const WordHelp> valuesOf(std::string_view owner, std::string_view option)
{
    struct Entry {
        std::string_view owner, option; ///< an empty owner stands for any
        std::span<const WordHelp> values;
    };
    static constexpr Entry kValues[] = {
        {"join", "kind", kJoinKinds}, {"lookup", "kind", kLookupKinds}, {"union", "kind", kUnionKinds}, {"parse", "kind", kParseKinds},
        {"parse-where", "kind", kParseKinds}, {"search", "kind", kSearchKinds}, {"mv-expand", "kind", kExpandKinds}, {"mv-apply", "kind", kExpandKinds},
        {"", "bagexpansion", kExpandKinds}, {"make-series", "kind", kSeriesKinds}, {"render", "kind", kChartVarieties}, {"render", "legend", kLegend},
        {"render", "xaxis", kScale}, {"render", "yaxis", kScale}, {"render", "ysplit", kSplit}, {"", "isfuzzy", kBool}, {"render", "accumulate", kBool},
        {"", "hint.strategy", kStrategies}, {"", "hint.remote", kRemote}, {"", "hint.distribution", kDistribution}, {"", "hint.materialized", kBool},
        {"", "hint.pass_filters", kBool}, {"", "hint.progressive_top", kBool}, {"externaldata", "format", kFormats},
        {"externaldata", "ignoreFirstRecord", kBool}, {"parse-kv", "greedy", kBool}, {"", "cycles", kGraphCycles}, {"scan", "output", kStepOutput},
        {"", "output", kGraphOutput}, {"graph-mark-components", "kind", kComponents}, {"", "datascope", kDataScope}, {"", "decodeblocks", kBool}};
    for (const Entry& entry : kValues)
        if (entry.option == option && (entry.owner.empty() || entry.owner == owner))
            return entry.values;
    return {};
}

const WordHelp* findWord(std::span<const WordHelp> words, std::string_view word)
{
    for (const WordHelp& entry : words)
        if (entry.word == word)
            return &entry;
    return nullptr;
}

} // namespace tocsin::kql::services
