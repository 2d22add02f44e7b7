// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/KqlVocabulary.h"

namespace tocsin::items {

KqlVocabulary languageVocabulary()
{
    KqlVocabulary v;
    v.keywords = {"let", "set", "declare", "query_parameters", "pattern", "restrict", "access", "to", "alias", "by", "on", "asc", "desc", "nulls", "first", "last",
                  "kind", "with", "of", "from", "step", "default", "materialize", "datatable", "externaldata", "inner", "innerunique", "outer", "leftouter",
                  "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti", "true", "false", "null", "dynamic", "datetime", "timespan",
                  "string", "long", "int", "real", "bool", "guid", "decimal", "withsource", "isfuzzy", "hint.strategy", "typeof", "database", "cluster", "table",
                  "toscalar", "view"};
    v.operators = {"where", "filter", "extend", "project", "project-away", "project-keep", "project-rename", "project-reorder", "summarize", "distinct", "count",
                   "take", "limit", "top", "top-nested", "top-hitters", "sort", "order", "join", "lookup", "union", "parse", "parse-where", "parse-kv", "mv-expand",
                   "mv-apply", "make-series", "make-graph", "graph-match", "render", "search", "find", "sample", "sample-distinct", "evaluate", "invoke", "as",
                   "consume", "facet", "fork", "getschema", "print", "range", "reduce", "scan", "serialize", "partition", "externaldata", "and", "or", "not", "in",
                   "in~", "!in", "!in~", "has", "!has", "has_cs", "has_any", "has_all", "hasprefix", "hassuffix", "contains", "!contains", "contains_cs",
                   "startswith", "!startswith", "startswith_cs", "endswith", "endswith_cs", "matches", "regex", "between", "!between", "like"};
    v.functions = {"abs", "acos", "ago", "any", "arg_max", "arg_min", "array_concat", "array_index_of", "array_length", "array_slice", "array_sort_asc",
                   "array_sort_desc", "array_split", "asin", "atan", "avg", "avgif", "bag_has_key", "bag_keys", "bag_merge", "bag_pack", "base64_decode_tostring",
                   "base64_encode_tostring", "bin", "bin_at", "binary_and", "binary_or", "binary_xor", "case", "ceiling", "coalesce", "column_ifexists", "cos",
                   "count", "count_distinct", "countif", "countof", "current_database", "datetime_add", "datetime_diff", "datetime_part",
                   "datetime_utc_to_local", "dayofmonth", "dayofweek", "dayofyear", "dcount", "dcountif", "endofday", "endofmonth", "endofweek", "endofyear",
                   "estimate_data_size", "exp", "extract", "extract_all", "extractjson", "floor", "format_datetime", "format_ipv4", "format_timespan",
                   "geo_distance_2points", "getmonth", "gettype", "getyear", "hash", "hash_md5", "hash_sha1", "hash_sha256", "has_any_ipv4", "has_ipv4",
                   "hourofday", "iff", "iif", "indexof", "ingestion_time", "ipv4_compare", "ipv4_is_in_any_range", "ipv4_is_in_range", "ipv4_is_match",
                   "ipv4_is_private", "ipv6_is_match", "isempty", "isnan", "isnotempty", "isnotnull", "isnull", "log", "log10", "log2", "make_bag", "make_datetime",
                   "make_list", "make_list_if", "make_set", "make_set_if", "make_string", "make_timespan", "max", "maxif", "min", "minif", "monthofyear",
                   "new_guid", "next", "now", "pack_all", "pack_array", "parse_command_line", "parse_csv", "parse_ipv4", "parse_json", "parse_path", "parse_url",
                   "parse_urlquery", "parse_user_agent", "parse_version", "parse_xml", "percentile", "percentiles", "pow", "prev", "rand", "range", "replace_regex",
                   "replace_string", "reverse", "round", "row_cumsum", "row_number", "row_rank_dense", "series_add", "series_decompose",
                   "series_decompose_anomalies", "series_fir", "series_fit_line", "series_outliers", "series_stats", "set_difference", "set_has_element",
                   "set_intersect", "set_union", "sign", "sin", "split", "sqrt", "startofday", "startofmonth", "startofweek", "startofyear", "stdev", "strcat",
                   "strcat_array", "strcat_delim", "strcmp", "strlen", "strrep", "substring", "sum", "sumif", "take_any", "tan", "tobool", "todatetime",
                   "todecimal", "todouble", "toguid", "toint", "tolong", "tolower", "toreal", "tostring", "totimespan", "toupper", "translate", "treepath",
                   "trim", "trim_end", "trim_start", "unixtime_seconds_todatetime", "url_decode", "url_encode", "variance", "week_of_year", "zip"};
    v.plugins = {"autocluster", "bag_unpack", "basket", "diffpatterns", "ipv4_lookup", "narrow", "pivot", "sequence_detect", "session_count", "rolling_percentile",
                 "activity_counts_metrics", "sliding_window_counts", "funnel_sequence"};
    return v;
}

} // namespace tocsin::items
