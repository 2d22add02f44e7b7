// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Keywords.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

template <std::size_t N> constexpr std::array<std::string_view, N> sorted(std::array<std::string_view, N> words)
{
    std::sort(words.begin(), words.end());
    return words;
}

constexpr auto kSoft = sorted(std::to_array<std::string_view>(
    {"access", "alias", "best_effort", "bin", "bool", "consume", "count", "database", "dataformat", "datetime_pattern", "declare", "default", "distinct",
     "edges", "entity_group", "evaluate", "extend", "facet", "filter", "fork", "from", "getschema", "graph", "guid", "id", "inline_external_table", "join",
     "let", "limit", "lookup", "mvapply", "mvexpand", "nodes", "null", "nulls", "on", "optional", "order", "output", "pack", "parse", "__partitionby",
     "partition", "pattern", "plotly", "query_parameters", "range", "reduce", "regex", "render", "restrict", "scan", "serialize", "sort", "step",
     "summarize", "take", "top", "typeof", "uuid", "view", "with", "with_node_id"}));

constexpr auto kDeclared = sorted(std::to_array<std::string_view>(
    {"accumulate", "as", "by", "contains", "datatable", "earliest", "externaldata", "find", "has", "in", "invoke", "latest", "materialize", "mdm", "of",
     "print", "sample", "sample-distinct", "search", "set", "sql", "title", "to", "top-hitters", "top-nested", "toscalar", "totable", "verbose", "viewers",
     "where"}));

constexpr auto kOperand = sorted(std::to_array<std::string_view>({"kind", "with_source", "withsource"}));

constexpr auto kReserved = sorted(std::to_array<std::string_view>(
    {"3Dchart", "__contextual_datatable", "__crossCluster", "__crossDB", "__executeAndCache", "__id", "__isFuzzy", "__noWithSource", "__packedColumn",
     "__projectAway", "__sourceColumnIndex", "and", "anomalychart", "areachart", "asc", "assert-schema", "bagexpansion", "barchart", "between", "boolean",
     "byte", "cachingpolicy", "callout", "cancel", "card", "char", "columnchart", "commands-and-queries", "contains_cs", "containscs", "cycles",
     "dataexport", "datascope", "date", "datetime", "decimal", "decodeblocks", "desc", "double", "dynamic", "encodingpolicy", "endswith", "endswith_cs",
     "expandoutput", "extent_tags_retention", "external_data", "first", "flags", "float", "force_remote", "granny-asc", "granny-desc",
     "graph-mark-components", "graph-match", "graph-shortest-paths", "graph-to-table", "graph-where-edges", "graph-where-nodes", "harddelete",
     "hardretention", "has_all", "has_any", "has_cs", "hasprefix", "hasprefix_cs", "hassuffix", "hassuffix_cs", "hotcache", "in~", "int", "int16", "int32",
     "int64", "int8", "isfuzzy", "journal", "ladderchart", "last", "like", "likecs", "linechart", "long", "macro-expand", "make-graph", "make-series",
     "materialized-view-combine", "materialized-views", "missing", "mv-apply", "mv-expand", "nooptimization", "notcontains", "notcontainscs",
     "notlike", "notlikecs", "or", "others", "parse-kv", "parse-where", "partitioned-by", "pathformat", "piechart", "pivotchart", "project",
     "project-away", "project-by-names", "project-keep", "project-rename", "project-reorder", "project-smart", "queries", "query_results", "real",
     "relaxed", "restricted_view_access", "row_level_security", "rowstore", "rowstore_references", "rowstore_sealinfo", "rowstorepolicy", "rowstores",
     "scatterchart", "seal", "seals", "set-or-append", "set-or-replace", "shards", "simple", "softdelete", "softretention", "stackedareachart",
     "startswith", "startswith_cs", "statistics", "storedqueryresultcontainers", "string", "tablepurge", "time", "timechart", "timeline", "timepivot",
     "timespan", "treemap", "uint", "uint16", "uint32", "uint64", "uint8", "ulong", "union", "uniqueid", "unrestrictedviewers", "views", "with_itemindex",
     "with_match_id", "with_step_name", "writeaheadlog"}));

template <std::size_t N> bool holds(const std::array<std::string_view, N>& words, std::string_view word)
{
    return std::binary_search(words.begin(), words.end(), word);
}

} // namespace

WordClass classifyWord(std::string_view word)
{
    if (holds(kSoft, word))
        return WordClass::Soft;
    if (holds(kReserved, word))
        return WordClass::Reserved;
    if (holds(kDeclared, word))
        return WordClass::Declared;
    return holds(kOperand, word) ? WordClass::Operand : WordClass::Plain;
}

} // namespace tocsin::kql
