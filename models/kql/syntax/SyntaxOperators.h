// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxExpressions.h"

namespace tocsin::kql {

/// `expr asc|desc nulls first|last`
struct OrderSyntax {
    const ExpressionSyntax* expression = nullptr;
    std::optional<bool> descending;
    std::optional<bool> nullsFirst;
    bool naturalOrder = false; ///< granny-asc, granny-desc of project-reorder
};

/// A tabular operator. The fields in use depend on `kind`; the comment of each kind says which.
struct OperatorSyntax : SyntaxNode {
    enum class Kind {
        Bad,            ///< not understood; reported
        Where,          ///< expressions[0]
        Extend,         ///< expressions
        Project,        ///< expressions
        ProjectAway,    ///< expressions (names, wildcards)
        ProjectKeep,    ///< expressions
        ProjectRename,  ///< expressions (Assign)
        ProjectReorder, ///< orders
        ProjectSmart,   ///< expressions
        ProjectByNames, ///< expressions
        Summarize,      ///< expressions, by
        Sort,           ///< orders
        Top,            ///< count, orders (one)
        TopNested,      ///< levels
        TopHitters,     ///< count, expressions[0] of …, by[0] optional weight
        Take,           ///< count
        Count,          ///< asName optional
        Distinct,       ///< expressions (Star alone for all)
        Sample,         ///< count
        SampleDistinct, ///< count, expressions[0]
        Join,           ///< table, on
        Lookup,         ///< table, on
        Union,          ///< expressions (tables)
        Find,           ///< inTables, expressions[0] predicate, project, projectSmart, projectAway
        Search,         ///< inTables, expressions[0]
        MvExpand,       ///< expansions, count optional (limit)
        MvApply,        ///< expansions, count optional, subquery
        Parse,          ///< expressions[0], pattern
        ParseWhere,     ///< expressions[0], pattern
        ParseKv,        ///< expressions[0], columns
        MakeSeries,     ///< series, by
        Partition,      ///< by[0], subquery; `legacyQuery` when the braces form is used
        Fork,           ///< branches
        Facet,          ///< by, subquery optional
        Scan,           ///< orders, by (partition), scanDeclares, steps, asName (with_match_id is a parameter)
        Serialize,      ///< expressions
        Reduce,         ///< by[0]
        Invoke,         ///< expressions[0] (Call)
        Evaluate,       ///< expressions[0] (Call or SchemaCast)
        Print,          ///< expressions
        Range,          ///< asName, expressions: from, to, step
        Render,         ///< visualization, parameters
        As,             ///< asName
        Consume,
        GetSchema,
        MacroExpand,    ///< expressions[0], asName, statements in `body`
        ExecuteAndCache,
        AssertSchema,   ///< columns, openColumns
        MakeGraph,      ///< graph
        GraphMatch,     ///< graph
        GraphShortestPaths,
        GraphToTable,
        GraphMarkComponents,
        GraphMerge,
        GraphWhereNodes,
        GraphWhereEdges,
    };
    Kind kind = Kind::Bad;
    SourceSpan keyword;
    std::vector<ParameterSyntax> parameters;
    std::vector<const ExpressionSyntax*> expressions;
    std::vector<const ExpressionSyntax*> by;
    std::vector<OrderSyntax> orders;
    const ExpressionSyntax* count = nullptr;
    NameSyntax asName;
    std::vector<ColumnDeclaration> columns;
    bool openColumns = false;

    const ExpressionSyntax* table = nullptr;
    std::vector<const ExpressionSyntax*> on;

    std::vector<const ExpressionSyntax*> inTables;
    std::vector<const ExpressionSyntax*> project;
    std::vector<const ExpressionSyntax*> projectAway;
    bool projectSmart = false;

    /// `[name =] expression [to typeof(type)]`
    struct ExpandSyntax {
        const ExpressionSyntax* expression = nullptr;
        std::optional<DataType> type;
    };
    std::vector<ExpandSyntax> expansions;
    const PipelineSyntax* subquery = nullptr; ///< may be null

    /// One piece of a parse pattern: a star, a literal, or a column.
    struct PatternPiece {
        enum class Kind { Star, Text, Column } kind = Kind::Star;
        std::string text;
        ColumnDeclaration column;
        bool typed = false;
        SourceSpan span;
    };
    std::vector<PatternPiece> pattern;

    /// `[name =] aggregate [default = value]` of make-series
    struct SeriesSyntax {
        const ExpressionSyntax* aggregate = nullptr;
        const ExpressionSyntax* fill = nullptr;
    };
    std::vector<SeriesSyntax> series;
    const ExpressionSyntax* axis = nullptr;
    const ExpressionSyntax* from = nullptr;
    const ExpressionSyntax* to = nullptr;
    const ExpressionSyntax* step = nullptr;

    /// `[n] of expr [with others = x] by aggregate [asc|desc]` of top-nested
    struct LevelSyntax {
        const ExpressionSyntax* count = nullptr;  ///< may be null
        const ExpressionSyntax* of = nullptr;
        const ExpressionSyntax* others = nullptr; ///< may be null
        OrderSyntax by;
    };
    std::vector<LevelSyntax> levels;

    /// `[name =] (operators)` of fork
    struct BranchSyntax {
        NameSyntax name;
        const PipelineSyntax* query = nullptr;
    };
    std::vector<BranchSyntax> branches;

    /// `step name [optional] [output=…]: condition [=> a = b, …];` of scan
    struct StepSyntax {
        NameSyntax name;
        bool optional = false;
        std::string output; ///< all, last, none; empty without
        const ExpressionSyntax* condition = nullptr;
        std::vector<const ExpressionSyntax*> assignments;
    };
    std::vector<StepSyntax> steps;
    std::vector<ExpressionSyntax::FunctionParameter> scanDeclares;

    NameSyntax visualization;
    std::vector<const StatementSyntax*> body;

    /// A node or edge of a graph pattern, in the order written.
    struct GraphElement {
        bool edge = false;
        NameSyntax name;             ///< may be missing
        bool toRight = false;        ///< `-[e]->`
        bool toLeft = false;         ///< `<-[e]-`; neither: any direction
        const ExpressionSyntax* least = nullptr; ///< of `*1..5`; may be null
        const ExpressionSyntax* most = nullptr;
        SourceSpan span;
    };
    struct GraphSyntax {
        const ExpressionSyntax* source = nullptr; ///< make-graph
        const ExpressionSyntax* target = nullptr;
        struct NodeTable {
            const ExpressionSyntax* table = nullptr;
            const ExpressionSyntax* key = nullptr;
        };
        std::vector<NodeTable> nodeTables;
        NameSyntax nodeId;                        ///< `with_node_id=`
        std::vector<std::vector<GraphElement>> patterns;
        const ExpressionSyntax* where = nullptr;  ///< may be null
        std::vector<const ExpressionSyntax*> project;
        struct Output {
            bool edges = false;
            NameSyntax name;
            std::vector<ParameterSyntax> parameters;
        };
        std::vector<Output> outputs;              ///< graph-to-table
    };
    GraphSyntax graph;
};

/// The word an operator is written with (`where`, `mv-expand`).
std::string_view operatorName(OperatorSyntax::Kind kind);

} // namespace tocsin::kql
