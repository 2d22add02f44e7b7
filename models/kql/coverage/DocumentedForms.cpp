// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/coverage/DocumentedNames.h"

#include "kql/functions/Operators.h"

#include <vector>

#define TOCSIN_GRAPH "let E = datatable(a:string, b:string)['x', 'y', 'y', 'z']; let N = datatable(n:string)['x', 'y', 'z']; E | make-graph a --> b with N on n | "
#define TOCSIN_EDGES "datatable(a:string, b:string)['x', 'y', 'y', 'z'] | make-graph a --> b | "

namespace tocsin::kql {
namespace {

constexpr std::string_view kServer = "a service on the network";

/// What stands for a table and is documented with the operators.
constexpr DocumentedForm kTables[] = {
    {"datatable", "datatable(x:long)[1, 2]"},
    {"externaldata", "externaldata(x:long)['x.csv']"},
    {"materialize", "let T = materialize(print x = 1); union T, T"}};

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

std::span<const DocumentedForm> documentedOperators()
{
    static const std::vector<DocumentedForm> all = [] {
        std::vector<DocumentedForm> forms(std::begin(kTables), std::end(kTables));
        for (const OperatorDeclaration& op : builtInOperators())
            forms.push_back({op.name, op.example, op.needs});
        return forms;
    }();
    return all;
}
std::span<const DocumentedForm> documentedStatements() { return kStatements; }
std::span<const DocumentedForm> binderFunctions() { return kBinder; }
std::span<const DocumentedForm> outsideFunctions() { return kOutside; }

} // namespace tocsin::kql
