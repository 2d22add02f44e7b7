// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/coverage/DocumentedNames.h"

#define TOCSIN_GRAPH "let E = datatable(a:string, b:string)['x', 'y', 'y', 'z']; let N = datatable(n:string)['x', 'y', 'z']; E | make-graph a --> b with N on n | "
#define TOCSIN_EDGES "datatable(a:string, b:string)['x', 'y', 'y', 'z'] | make-graph a --> b | "

namespace tocsin::kql {
namespace {

constexpr std::string_view kServer = "a service on the network";

constexpr DocumentedForm kOperators[] = {
    {"as", "print x = 1 | as T | count"},
    {"assert-schema", "print x = 1 | assert-schema (x:long)"},
    {"consume", "print x = 1 | consume"},
    {"count", "print x = 1 | count"},
    {"datatable", "datatable(x:long)[1, 2]"},
    {"distinct", "print x = 1 | distinct x"},
    {"evaluate", "print x = 1 | evaluate narrow()"},
    {"extend", "print x = 1 | extend y = x"},
    {"externaldata", "externaldata(x:long)['x.csv']"},
    {"facet", "print x = 1, y = 2 | facet by x"},
    {"find", "let T = print x = 1; find in (T) where x == 1"},
    {"fork", "print x = 1 | fork (take 1) (count)"},
    {"getschema", "print x = 1 | getschema"},
    {"graph-mark-components", TOCSIN_EDGES "graph-mark-components | graph-to-table nodes"},
    {"graph-match", TOCSIN_GRAPH "graph-match (p)-->(q) project p.n, q.n"},
    {"graph-shortest-paths", TOCSIN_GRAPH "graph-shortest-paths (p)-[e*1..3]->(q) where p.n == 'x' and q.n == 'z' project p.n, q.n"},
    {"graph-to-table", TOCSIN_GRAPH "graph-to-table nodes"},
    {"graph-where-edges", TOCSIN_GRAPH "graph-where-edges a == 'x' | graph-to-table edges"},
    {"graph-where-nodes", TOCSIN_GRAPH "graph-where-nodes n != 'x' | graph-to-table nodes"},
    {"invoke", "let f = (T:(x:long)) { T | count }; print x = 1 | invoke f()"},
    {"join", "print x = 1 | join (print x = 1, y = 2) on x"},
    {"limit", "print x = 1 | limit 1"},
    {"lookup", "print x = 1 | lookup (print x = 1, y = 2) on x"},
    {"macro-expand", "", "several clusters on the network"},
    {"make-graph", TOCSIN_EDGES "graph-to-table edges"},
    {"make-series", "datatable(t:long, v:long)[1, 2, 3, 4] | make-series sum(v) on t from 1 to 4 step 1"},
    {"materialize", "let T = materialize(print x = 1); union T, T"},
    {"mv-apply", "print a = dynamic([1, 2]) | mv-apply a to typeof(long) on (summarize sum(a))"},
    {"mv-expand", "print a = dynamic([1, 2]) | mv-expand a"},
    {"order", "print x = 1 | order by x"},
    {"parse", "print s = 'a=1' | parse s with 'a=' x:long"},
    {"parse-kv", "print s = 'a=1' | parse-kv s as (a:long) with (pair_delimiter = ',', kv_delimiter = '=')"},
    {"parse-where", "print s = 'a=1' | parse-where s with 'a=' x:long"},
    {"partition", "datatable(x:long)[1, 2] | partition by x (take 1)"},
    {"print", "print x = 1"},
    {"project", "print x = 1 | project x"},
    {"project-away", "print x = 1, y = 2 | project-away y"},
    {"project-by-names", "print x = 1, y = 2 | project-by-names 'x'"},
    {"project-keep", "print x = 1, y = 2 | project-keep x"},
    {"project-rename", "print x = 1 | project-rename y = x"},
    {"project-reorder", "print x = 1, y = 2 | project-reorder y"},
    {"range", "range x from 1 to 3 step 1"},
    {"reduce", "datatable(s:string)['a b', 'a c'] | reduce by s"},
    {"render", "print x = 1 | render table"},
    {"sample", "print x = 1 | sample 1"},
    {"sample-distinct", "print x = 1 | sample-distinct 1 of x"},
    {"scan", "datatable(x:long)[1, 2] | sort by x asc | scan with (step s: true;)"},
    {"search", "let T = print s = 'a'; search in (T) 'a'"},
    {"serialize", "print x = 1 | serialize n = row_number()"},
    {"sort", "print x = 1 | sort by x"},
    {"summarize", "print x = 1 | summarize count() by x"},
    {"take", "print x = 1 | take 1"},
    {"top", "print x = 1 | top 1 by x"},
    {"top-hitters", "print x = 1 | top-hitters 1 of x"},
    {"top-nested", "print x = 1 | top-nested 1 of x by count()"},
    {"union", "union (print x = 1), (print x = 2)"},
    {"where", "print x = 1 | where x == 1"}};

constexpr DocumentedForm kStatements[] = {
    {"alias database", "alias database d = cluster('c').database('d'); print 1"},
    {"declare pattern", "", "patterns are names that a service resolves"},
    {"declare query_parameters", "declare query_parameters(x:long = 1); print x"},
    {"let", "let x = 1; print x"},
    {"restrict access", "restrict access to (T); print 1"},
    {"set", "set notruncation; print 1"}};

constexpr DocumentedForm kBinder[] = {
    {"all", TOCSIN_GRAPH "graph-match (p)-[e*1..2]->(q) where all(e, a != 'q') project p.n"},
    {"any", TOCSIN_GRAPH "graph-match (p)-[e*1..2]->(q) where any(e, a == 'x') project p.n"},
    {"bin_auto", "set query_bin_auto_size = 10; print x = 17 | extend y = bin_auto(x)"},
    {"column_ifexists", "print x = 1 | extend y = column_ifexists('z', 2)"},
    {"column_names_of", "let T = datatable(x:long)[1]; print column_names_of(T)"},
    {"columnifexists", "print x = 1 | extend y = columnifexists('z', 2)"},
    {"current_database", "print current_database()"},
    {"ingestion_time", "datatable(x:long)[1] | extend t = ingestion_time()"},
    {"inner_nodes", TOCSIN_GRAPH "graph-match (p)-[e*1..2]->(q) where all(inner_nodes(e), n != 'q') project p.n"},
    {"iscolumnexists", "print x = 1 | extend y = iscolumnexists('x')"},
    {"labels", TOCSIN_GRAPH "graph-match (p)-->(q) project labels(p)"},
    {"map", TOCSIN_GRAPH "graph-match (p)-[e*1..2]->(q) project map(e, a)"},
    {"node_degree_in", TOCSIN_GRAPH "graph-match (p)-->(q) project node_degree_in(q)"},
    {"node_degree_out", TOCSIN_GRAPH "graph-match (p)-->(q) project node_degree_out(p)"},
    {"node_id", TOCSIN_GRAPH "graph-match (p)-->(q) project node_id(p)"},
    {"pack_all", "print x = 1 | extend y = pack_all()"},
    {"table", "table('T')"},
    {"toscalar", "print toscalar(print 1)"}};

constexpr std::string_view kCursors = "the cursors of a cluster's database";
constexpr std::string_view kSignIn = "a sign-in to a cluster";
constexpr std::string_view kShards = "the data shards of a cluster";

constexpr DocumentedForm kOutside[] = {
    {"cluster", "", kServer},
    {"current_cluster_endpoint", "", "a cluster"},
    {"current_cursor", "", kCursors},
    {"current_node_id", "", "the nodes of a cluster"},
    {"current_principal", "", kSignIn},
    {"current_principal_details", "", kSignIn},
    {"current_principal_is_member_of", "", kSignIn},
    {"cursor_after", "", kCursors},
    {"cursor_before_or_at", "", kCursors},
    {"cursor_current", "", kCursors},
    {"database", "", kServer},
    {"entity_group", "", kServer},
    {"extent_id", "", kShards},
    {"extent_tags", "", kShards},
    {"extentid", "", kShards},
    {"external_table", "", "an external table of a cluster"},
    {"graph", "", "a graph model stored in a cluster"},
    {"materialized_view", "", "a materialized view stored in a cluster"},
    {"row_id", "", kShards},
    {"rowstore_ordinal_range", "", "the row store of a cluster"},
    {"stored_query_result", "", "a result stored in a cluster"}};

} // namespace

std::span<const DocumentedForm> documentedOperators() { return kOperators; }
std::span<const DocumentedForm> documentedStatements() { return kStatements; }
std::span<const DocumentedForm> binderFunctions() { return kBinder; }
std::span<const DocumentedForm> outsideFunctions() { return kOutside; }

} // namespace tocsin::kql
