// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"
#include "kql/plan/Expression.h"

#include <limits>
#include <map>
#include <optional>
#include <string>

namespace tocsin::kql {

/// A column that an operator gives.
struct PlanColumn {
    ColumnId id = 0;
    std::string name;
    DataType type = DataType::String;
};

/// The column of a scan that holds the ids of the table's rows, until a Fetch takes it.
inline constexpr ColumnId kRowIdColumn = ~ColumnId{0};

/// Names under which the number of edges that lead to a node of a graph, and from it, and its id as text follow the node's columns.
inline constexpr std::string_view kGraphDegreeIn = "$degree_in";
inline constexpr std::string_view kGraphDegreeOut = "$degree_out";
inline constexpr std::string_view kGraphNodeId = "$node_id";
/// Those columns, in order.
inline std::vector<std::pair<std::string_view, DataType>> graphNodeExtras() { return {{kGraphDegreeIn, DataType::Long}, {kGraphDegreeOut, DataType::Long}, {kGraphNodeId, DataType::String}}; }

/// `column` = `value` over the input's rows.
struct Assignment {
    PlanColumn column;
    ExpressionPtr value;
};

struct SortKey {
    ExpressionPtr value;
    bool descending = true;
    bool nullsFirst = false;
};

enum class JoinKind { InnerUnique, Inner, LeftOuter, RightOuter, FullOuter, LeftSemi, RightSemi, LeftAnti, RightAnti };

/// A relational operator. The binder makes the tree, the optimiser rewrites it, the executor runs it. Immutable once bound.
/// `columns` are what it gives, in order. Only the fields of its kind are filled.
struct PlanNode {
    enum class Kind {
        Scan,       ///< `source`: the table; scanColumns[i] is its schema column behind columns[i]; `predicates` prune. A last column kRowIdColumn: the rows' ids
        Fetch,      ///< `source`: columns of inputs[0] without kRowIdColumn, then its scanColumns of the rows with these ids; keeps the order
        CountRows,  ///< `source`: the number of its rows whose TimeGenerated lies in `period`
        Rows,       ///< `rows`: constant rows (datatable, and the one empty row under print)
        Range,      ///< from `expressions[0]` to [1] step [2]: one column
        Filter,     ///< `expressions[0]` is true
        Project,    ///< `assignments`: all columns given (pass-through columns keep their id as a plain Column expression)
        Aggregate,  ///< group by `assignments` (keys), compute `aggregates`; columns = keys, then results
        Sort,       ///< `sortKeys`; output is serialized
        Top,        ///< first `count` by `sortKeys`; output is serialized
        Take,       ///< any `count` rows
        Join,       ///< inputs[0] ⋈ inputs[1] on pairs (leftKeys[i], rightKeys[i]); `joinKind`
        Union,      ///< all inputs; unionSources[i][c] = column of input i for columns[c], absent: null
        MvExpand,   ///< `expansions` side by side
        Parse,      ///< `parse`
        Serialize,  ///< the same rows, one ordered stream
        Shared,     ///< materialize(): inputs[0] computed once per `sharedKey`; sharedColumns map its columns
        Named,      ///< `as name`: passes through
        MakeSeries, ///< `series`
        Extension,  ///< an operator or plugin known by `name`, with `expressions`, `assignments` and `options` in a form its executor defines
    };
    Kind kind = Kind::Rows;
    SourceSpan span;
    std::vector<PlanColumn> columns;
    std::vector<std::shared_ptr<const PlanNode>> inputs;
    bool serialized = false; ///< rows have a meaningful order (window functions allowed)

    std::shared_ptr<const catalog::TableSource> source;
    std::vector<std::size_t> scanColumns;
    std::vector<catalog::ScanPredicate> predicates;
    catalog::TimePeriod period;             ///< CountRows

    std::vector<std::vector<Value>> rows;
    std::vector<ExpressionPtr> expressions;
    std::vector<Assignment> assignments;

    struct AggregateResult {
        std::vector<PlanColumn> columns; ///< as many as the call's resultTypes
        AggregateCall call;
    };
    std::vector<AggregateResult> aggregates;

    std::vector<SortKey> sortKeys;
    ExpressionPtr count; ///< Take, Top: constant

    JoinKind joinKind = JoinKind::InnerUnique;
    std::vector<ExpressionPtr> leftKeys;  ///< over inputs[0]
    std::vector<ExpressionPtr> rightKeys; ///< over inputs[1]; same types
    /// Join: what each output column takes: side 0 or 1 and the column id there.
    std::vector<std::pair<int, ColumnId>> joinColumns;
    /// Join: pairs whose times (a column of each side, as ticks) do not lie so far apart, right - left, are not wanted by what is above.
    struct JoinRange {
        ColumnId left;
        ColumnId right;
        std::int64_t least = std::numeric_limits<std::int64_t>::min();
        std::int64_t most = std::numeric_limits<std::int64_t>::max();
    };
    std::optional<JoinRange> joinRange;

    std::vector<std::vector<std::optional<ColumnId>>> unionSources;
    /// Union: the column that holds the source's name (withsource), and the names.
    std::optional<ColumnId> unionSourceColumn;
    std::vector<std::string> unionNames;

    struct Expansion {
        ExpressionPtr value;               ///< dynamic
        PlanColumn column;                 ///< of columns
        bool converts = false;             ///< to typeof(column.type), else stays dynamic
    };
    std::vector<Expansion> expansions;
    bool expandBagsAsArrays = false;       ///< mv-expand kind=array
    std::optional<ColumnId> itemIndexColumn;
    std::optional<std::int64_t> expandLimit;
    /// mv-apply: runs over each row's expanded rows; inputs[1] is the subquery whose leaf is an Extension node named "mv-apply-rows".

    struct ParseStep {
        std::string literal;                ///< text (or regex) before the column
        std::optional<std::size_t> column;  ///< index in parseColumns; absent: skip with * or end
        bool star = false;
    };
    enum class ParseMode { Simple, Relaxed, Regex };
    ParseMode parseMode = ParseMode::Simple;
    std::string parseFlags;
    bool parseFilters = false;              ///< parse-where
    std::vector<ParseStep> parseSteps;
    std::vector<PlanColumn> parseColumns;   ///< over expressions[0]

    std::string sharedKey;
    std::vector<std::pair<ColumnId, ColumnId>> sharedColumns; ///< outer id, inner id

    struct Series {
        ExpressionPtr axis;
        ExpressionPtr from, to, step;       ///< from, to may be absent
        std::vector<Value> defaults;        ///< fill value per aggregate
        bool nonEmpty = false;
    };
    std::optional<Series> series;           ///< keys in `assignments`, values in `aggregates`

    /// A step of the scan operator.
    struct ScanStep {
        std::string name;
        bool optional = false;
        std::string output;                 ///< all, last, none
        ExpressionPtr condition;            ///< over the input's columns, the declared ones and the states of steps
        std::vector<PlanColumn> state;      ///< the columns by which `step.column` is named: those of the row that matched the step last
        std::vector<Assignment> assignments; ///< to declared columns
    };
    std::vector<ScanStep> scanSteps;        ///< Extension "scan"

    /// A node or edge of a graph pattern.
    struct GraphElement {
        bool edge = false;
        bool first = false;                 ///< begins a path of the pattern
        std::string name;                   ///< may be empty; the same name means the same node
        bool toRight = false;               ///< `-[e]->`
        bool toLeft = false;                ///< `<-[e]-`; neither: any direction
        ExpressionPtr least, most;          ///< of a path of several edges, constants; else absent
        std::vector<PlanColumn> columns;    ///< by which its columns are named: those of the node or edge tables, in order
    };
    std::vector<GraphElement> graphPattern; ///< Extension "graph-match", "graph-shortest-paths"
    ExpressionPtr graphCondition;           ///< where of the pattern, over the columns of its elements; may be absent

    /// A column of the pattern that map(), all() or any() makes of each edge of a path, or of each node between them.
    struct GraphPathValue {
        enum class Kind { Map, All, Any };
        Kind kind = Kind::Map;
        PlanColumn column;                  ///< Map: an array; else bool
        std::size_t element = 0;            ///< the edge, in graphPattern
        bool innerNodes = false;
        ExpressionPtr value;                ///< over `columns`
        std::vector<PlanColumn> columns;    ///< those of the edge or node tables, in order
    };
    std::vector<GraphPathValue> graphPathValues;
    /// What graph operators between make-graph and the last one do to the graph, in order.
    struct GraphStep {
        enum class Kind { Components, StrongComponents, WhereNodes, WhereEdges };
        Kind kind = Kind::Components;
        ColumnId column = 0;                ///< Components: the one among parseColumns that gets the number
        ExpressionPtr condition;            ///< Where…: over `columns`
        std::vector<PlanColumn> columns;    ///< those of the node (with the extras) or edge tables, in order
    };
    std::vector<GraphStep> graphSteps;
    /// By what the graph falls into parts, each a graph of its own: over inputs[i]. Empty: one graph.
    std::vector<ExpressionPtr> graphPartition;

    std::string name;                       ///< Named, Extension
    std::map<std::string, Value> options;   ///< Extension
};
using PlanPtr = std::shared_ptr<const PlanNode>;

/// One result of a bound query.
struct BoundResult {
    PlanPtr plan;
    std::string name = "PrimaryResult";
    std::string visualization;                         ///< of render; empty without
    std::map<std::string, std::string> visualizationProperties;
};

/// A plugin whose columns depend on the data (bag_unpack, pivot): until they are known, the plan gives only those the query names.
struct OpenPlugin {
    std::size_t place = 0;  ///< of the call in the text: the key of BindOptions::discoveredColumns
    PlanPtr plugin;
    PlanPtr discovery;      ///< one column: the bags, or the values that become columns (each once)
};

/// A text after binding: zero or more results, and what is to be said about it. With an error there is nothing to run.
struct BoundQuery {
    std::vector<BoundResult> results;
    /// Not yet discovered; a plugin inside another's input stands before it. With discoverColumns() (bind/OpenPlugins.h) and a second
    /// binding the plan becomes complete.
    std::vector<OpenPlugin> openPlugins;
    std::vector<Error> errors;   ///< each with a span
    std::vector<Error> warnings;
    bool ok() const { return errors.empty(); }
};

} // namespace tocsin::kql
