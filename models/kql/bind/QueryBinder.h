// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/bind/BindErrors.h"
#include "kql/bind/BindMemory.h"
#include "kql/bind/BindObserver.h"
#include "kql/bind/Binder.h"
#include "kql/bind/Overload.h"
#include "kql/bind/ResultNames.h"
#include "kql/bind/Scope.h"
#include "kql/bind/UnionColumns.h"
#include "kql/functions/Plugins.h"
#include "kql/syntax/SyntaxTree.h"

#include <functional>
#include <initializer_list>
#include <deque>
#include <set>
#include <span>
#include <unordered_set>

namespace tocsin::kql {

/// The name of the hidden column of a scan behind ingestion_time().
inline constexpr std::string_view kIngestionTimeColumn = "$IngestionTime";

/// What the names in an expression can mean: the columns of the rows at hand.
struct RowContext {
    const Relation* rows = nullptr;  ///< null: no row (let, print, toscalar …)
    const Relation* right = nullptr; ///< the other side of a join
    const Relation* outer = nullptr; ///< the row around a subquery of mv-apply
    /// Set while the expression may hold aggregates: they are added here and become columns.
    std::vector<PlanNode::AggregateResult>* aggregates = nullptr;
    const std::vector<Assignment>* groupKeys = nullptr; ///< what stands outside of an aggregate sees only these
    bool search = false;             ///< a bare string is a predicate over all columns
};

/// Binds one text. Errors are collected; after one, work goes on with the bad expression or a broken relation, about which nothing
/// more is said. One use only.
class QueryBinder {
public:
    QueryBinder(const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options);
    BoundQuery bind(std::shared_ptr<const SyntaxTree> tree);
    /// Columns that plugins must give because the query names them; see BindOptions. Filled by a first pass.
    using OpenColumns = std::map<std::size_t, std::vector<std::string>>;
    OpenColumns openColumns;
    bool sawNewOpenColumn() const { return m_sawNewOpenColumn; }

private:
    using Expr = const ExpressionSyntax&;
    using Op = const OperatorSyntax&;
    using Kind = ExpressionSyntax::Kind;
    using ScopePtr = Scope*; ///< into m_scopes
    using Node = std::shared_ptr<PlanNode>;

    /// An argument of a plugin: what it can stand for, and the parameter it turned out to be for.
    struct PluginArgument {
        const ExpressionSyntax* syntax = nullptr;
        std::string name;              ///< as given with `name = …`
        ExpressionPtr value;           ///< over the row
        ExpressionPtr constant;        ///< without a row, if that is possible
        ExpressionPtr tableColumn;     ///< the column of that name in the table argument
        std::optional<Relation> table;
        bool schema = false;           ///< typeof(…)
        bool isDefault = false;        ///< '~'
        const PluginParameter* parameter = nullptr;
    };

    // --- messages (QueryBinder.cpp)
    template <typename... Args> ExpressionPtr error(const ErrorKind& kind, SourceSpan span, Args&&... args)
    {
        report(makeError(kind, std::forward<Args>(args)...), span);
        return m_bad;
    }
    void report(Error error, SourceSpan span);
    /// Whether the text, or a saved function it calls, has a name or a text of that content.
    bool mentions(std::string_view name) const { return m_mentioned.contains(name); }
    void noteMentions(const SyntaxTree& tree);
    /// Whether a piece of the text holds its last token.
    bool reachesEnd(SourceSpan span) const;
    void warn(Error error, SourceSpan span);
    /// Null where nothing is to be told: without an observer, and inside of saved functions.
    BindObserver* observer() const { return m_storedCalls.empty() ? m_options.observer : nullptr; }
    bool isBad(const ExpressionPtr& expression) const { return expression == m_bad; }
    /// Whether a place of the text is in a part that cannot be understood.
    bool isFaulty(std::size_t place) const;
    bool isBindable(Op op) const;
    std::string text(SourceSpan span) const;

    // --- statements (QueryBinder.cpp)
    void bindStatement(const StatementSyntax& statement, const ScopePtr& scope);
    void bindLet(const StatementSyntax& statement, const ScopePtr& scope);
    void bindQueryStatement(const ExpressionSyntax& expression, const ScopePtr& scope);
    void bindParameters(const StatementSyntax& statement, const ScopePtr& scope);
    void bindRestrict(const StatementSyntax& statement, const ScopePtr& scope);
    /// Whether a request property of the kind that is on or off was set.
    bool isSet(std::string_view property) const;
    void addResult(Relation relation, std::string name = {});
    void bindFork(const Relation& input, Op op, const ScopePtr& scope);
    void bindFacet(const Relation& input, Op op, const ScopePtr& scope);

    // --- scalars (BindExpressions.cpp, BindCalls.cpp)
    ExpressionPtr bindScalar(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindLiteral(Expr expression);
    ExpressionPtr bindName(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr asBag(ExpressionPtr value, SourceSpan span);
    ExpressionPtr bindMember(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindIndex(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindBinary(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindLogic(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindList(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindBetween(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindStarPredicate(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindSearchText(Expr expression, const RowContext& row);
    ExpressionPtr bindCondition(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr access(ExpressionPtr base, ExpressionPtr key, SourceSpan span);
    ExpressionPtr columnNamed(const Relation& relation, std::string_view name, SourceSpan span);
    ExpressionPtr unknownName(std::string_view name, SourceSpan span, const RowContext& row, const ScopePtr& scope);
    bool isExpectedlyBroken(const RowContext& row) const;

    ExpressionPtr bindCall(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindScalarFunction(const ScalarFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindAggregateCall(const AggregateFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindToScalar(Expr expression, const ScopePtr& scope);
    ExpressionPtr bindIsColumn(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindColumnIfExists(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindPackColumns(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindBinAuto(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindNow(std::string_view name, Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindPackAll(Expr expression, const RowContext& row, const ScopePtr& scope);
    ExpressionPtr bindSpecialCall(std::string_view name, Expr expression, const RowContext& row, const ScopePtr& scope, bool& handled);
    ExpressionPtr callFunction(std::string_view name, std::vector<ExpressionPtr> arguments, SourceSpan span, Leniency leniency = Leniency::Operator);
    /// `sign`: where the operator itself stands, for messages.
    ExpressionPtr callOperator(std::string_view name, std::vector<ExpressionPtr> arguments, SourceSpan span, SourceSpan sign = {});
    ExpressionPtr callResolved(const ScalarFunction& function, std::vector<ExpressionPtr> arguments, SourceSpan span, Leniency leniency);
    void alignOperands(std::vector<ExpressionPtr>& arguments);
    /// Whether the rows have columns of which only a plugin's data will tell the types.
    bool isOpen(const RowContext& row) const { return (row.rows && row.rows->openAt) || (row.right && row.right->openAt) || (row.outer && row.outer->openAt); }
    bool checkCommonType(const ScalarFunction& function, std::span<const ExpressionPtr> arguments, const RowContext& row);
    bool checkOrder(std::string_view op, const ExpressionPtr& left, const ExpressionPtr& right, const RowContext& row, SourceSpan span);
    std::optional<PlanNode::AggregateResult> bindAggregate(const AggregateFunction& function, Expr expression, const RowContext& row, const ScopePtr& scope);
    void nameAggregate(PlanNode::AggregateResult& result, Expr call, const std::vector<NameSyntax>& names, bool tuple, NameTable& table, const Relation& rows);

    // --- user functions (BindFunctions.cpp)
    struct FunctionCall {
        ScopePtr scope = nullptr;                  ///< with the parameters; null if the call could not be entered
        const ExpressionSyntax* body = nullptr;    ///< expression of the last statement; null after an error
    };
    FunctionCall enterFunction(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope);
    void leaveFunction(const Symbol& symbol);
    void observeFunction(const ExpressionSyntax& function, const ScopePtr& scope);
    void define(const ScopePtr& scope, const NameSyntax& name, Symbol symbol);
    /// The part of enterFunction before the body: a scope with the arguments, null after an error.
    ScopePtr bindArguments(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope);
    FunctionCall enterBody(const Symbol& symbol, Expr call, const ScopePtr& inner);
    std::shared_ptr<const SyntaxTree> storedTree(std::string_view name);
    std::string callKey(const Symbol& symbol, const Scope& arguments) const;
    /// What `bind` gives; where no plan is wanted, rows of the columns that it gave once under this key.
    Relation remembered(std::string key, SourceSpan span, const std::function<Relation()>& bind);
    std::shared_ptr<Symbol> findFunction(std::string_view name, const ScopePtr& scope);
    ScopePtr newScope(const Scope* parent = nullptr) { return &m_scopes.emplace_back(parent); }
    ExpressionPtr bindScalarUserFunction(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope);
    Relation bindTabularUserFunction(const Symbol& symbol, Expr call, const ScopePtr& scope, const RowContext& row);
    bool bindArgument(const ExpressionSyntax::FunctionParameter& parameter, const ExpressionSyntax* argument, Scope& into, const RowContext& row, const ScopePtr& scope, SourceSpan callSpan);

    // --- macro-expand and patterns (BindMacros.cpp)
    bool isPlace(Expr expression, const ScopePtr& scope) const;
    std::string placeName(Expr place, std::string_view call) const;
    ExpressionPtr bindPlaceMember(Expr expression, const ScopePtr& scope);
    void listEntities(Expr group, const ScopePtr& scope, std::vector<const ExpressionSyntax*>& entities, int depth);
    bool bindEntityGroup(const StatementSyntax& let, const ScopePtr& scope);
    Relation bindExpansion(Op op, Expr entity, const ScopePtr& scope);
    Relation bindMacroExpand(Op op, const ScopePtr& scope);
    void bindPatternStatement(const StatementSyntax& statement, const ScopePtr& scope);
    const ExpressionSyntax* patternCall(Expr expression, const ScopePtr& scope, const ExpressionSyntax** path = nullptr) const;
    Relation bindPatternCall(Expr expression, const ScopePtr& scope);
    Relation bindPatternBody(const Symbol& symbol, const StatementSyntax::PatternMatch& match, const std::vector<std::string>& given, SourceSpan span);

    // --- tables (BindTables.cpp)
    bool isTabular(Expr expression, const ScopePtr& scope, int depth = 0);
    bool bodyGivesTable(const Symbol& symbol, int depth);
    Relation bindTable(Expr expression, const ScopePtr& scope, const RowContext& row = {});
    Relation bindTableName(std::string_view name, SourceSpan span, const ScopePtr& scope);
    Relation bindTableCall(Expr expression, const ScopePtr& scope, const RowContext& row);
    Relation bindSymbolTable(Symbol& symbol, const ScopePtr& scope, SourceSpan span);
    Relation bindPipeline(const PipelineSyntax& pipeline, const ScopePtr& scope, const RowContext& row, const Relation* input = nullptr);
    Relation scan(std::shared_ptr<const catalog::TableSource> table, SourceSpan span);
    Relation bindDataTable(Expr expression, const ScopePtr& scope);
    Relation bindExternalData(Expr expression, const ScopePtr& scope);
    Relation share(const Relation& relation, const std::string& key, SourceSpan span);
    Relation broken(SourceSpan span);
    using Tables = std::vector<std::pair<std::string, std::shared_ptr<const catalog::TableSource>>>;
    Tables tablesLike(std::string_view pattern, const ScopePtr& scope) const;
    /// Whether a name of the workspace may be used; see `restrict`.
    static bool isAllowed(std::string_view name, const ScopePtr& scope);
    std::shared_ptr<const catalog::TableSource> findTable(std::string_view name, const ScopePtr& scope) const { return isAllowed(name, scope) ? m_snapshot.findTable(name) : nullptr; }
    /// For a name that only the workspace can explain.
    ScopePtr workspaceScope(const ScopePtr& scope);
    /// All tables and views, as search and find see them.
    std::vector<std::pair<std::string, Relation>> bindAllTables(SourceSpan span, const ScopePtr& scope);
    /// Whether those are the tables of the workspace and nothing else.
    bool seesPlainWorkspace(const ScopePtr& scope) const { return !scope->restriction() && viewsLike("*", scope).empty(); }
    /// The other names of columns that the text uses, with the places of the columns.
    std::vector<std::pair<std::string_view, std::size_t>> aliasesUsed(const catalog::TableSchema& schema) const;
    std::vector<std::string> viewsLike(std::string_view pattern, const ScopePtr& scope) const;
    /// Tables without a name are called union_arg and a number, which counts on from `first`.
    std::vector<std::pair<std::string, Relation>> bindTableList(const std::vector<const ExpressionSyntax*>& tables, bool fuzzy, const ScopePtr& scope, std::size_t first = 0);
    /// Binds with errors kept apart: on an unknown table the relation is given up and `missing` names it.
    std::optional<Relation> tryTable(const std::function<Relation()>& bind, std::string& missing);

    // --- operators (BindOperators.cpp and others)
    Relation bindOperator(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindWhere(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindExtend(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindProject(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindPrint(Op op, const ScopePtr& scope);
    Relation bindProjectAway(const Relation& input, Op op);
    Relation bindProjectByNames(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindProjectRename(const Relation& input, Op op);
    Relation bindProjectReorder(const Relation& input, Op op);
    Relation bindSummarize(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindDistinct(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindCount(const Relation& input, Op op);
    Relation bindSort(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindTake(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindSerialize(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindJoin(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindUnion(const Relation* input, Op op, const ScopePtr& scope);
    Relation bindFind(Op op, const ScopePtr& scope);
    Relation bindFindTables(Op op, const ScopePtr& scope);
    Relation bindSearch(const Relation* input, Op op, const ScopePtr& scope);
    Relation bindSearchEverywhere(Op op, const ScopePtr& scope);
    Relation bindMvExpand(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindParse(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindParseKv(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindMakeSeries(const Relation& input, Op op, const ScopePtr& scope, const RowContext& outer);
    Relation bindRange(Op op, const ScopePtr& scope);
    Relation bindAs(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindGetSchema(const Relation& input, Op op);
    Relation bindAssertSchema(const Relation& input, Op op);
    Relation bindTopNested(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindTopHitters(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindSample(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindPartition(const Relation& input, Op op, const ScopePtr& scope);
    void numberSubquery(PlanNode& node, PlanNode& leaf);
    void defineKey(const Relation& rows, Expr name, const ExpressionPtr& key, const ScopePtr& scope);
    Relation bindScan(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindReduce(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindInvoke(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindEvaluate(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindPivot(const Relation& input, Op op, Expr call, const Node& node, const ScopePtr& scope);
    void bindPluginSchema(const Node& node, Expr cast, const Relation& input);
    Relation bindBagUnpack(const Relation& input, const Node& node, Op op, Expr call, const std::vector<PluginArgument>& arguments);
    void addOpenColumns(PlanNode& node, std::size_t place);
    void noteOpenPlugin(const Relation& input, const Node& node, std::size_t place);
    Relation bindMvApplySubquery(const Relation& input, const Node& node, Op op, const ScopePtr& scope, const std::set<std::string>& expanded);
    void bindRender(Op op, BoundResult& result);

    // --- plugins (BindPlugins.cpp)
    std::vector<PluginArgument> bindPluginArguments(const Plugin& plugin, Expr call, const Relation& input, const ScopePtr& scope);
    bool fits(const PluginParameter& parameter, const PluginArgument& argument) const;
    bool matchSignature(const PluginSignature& signature, std::vector<PluginArgument>& arguments, std::string& complaint) const;
    void checkPluginTypes(const Plugin& plugin, std::vector<PluginArgument>& arguments);
    static std::vector<const PluginArgument*> argumentsOf(const std::vector<PluginArgument>& arguments, std::string_view parameter);
    void addPluginColumns(const Plugin& plugin, const std::vector<PluginArgument>& arguments, NameTable& names, PlanNode& node);
    void addTableColumns(const std::vector<PluginArgument>& arguments, NameTable& names, PlanNode& node);
    Relation bindPluginNode(const Plugin& plugin, const Relation& input, Op op, Expr call, const Node& node, const std::vector<PluginArgument>& arguments);
    Relation castColumns(const Relation& relation, Expr cast);
    Relation bindPreview(const Relation& input, Op op, const Expression& rows);
    Relation bindFunnelTables(const Relation& input, Op op, const Node& node);
    void bindGeoLookup(const std::vector<PluginArgument>& arguments, SourceSpan span, PlanNode& node);
    void checkPluginIsLast(const Relation& input, SourceSpan span);

    // --- graphs (BindGraph.cpp)
    struct Graph {
        Node node;                            ///< make-graph
        std::vector<PlanColumn> edgeColumns;
        std::vector<PlanColumn> nodeColumns;
        bool broken = false;
    };
    struct GraphVariable {
        bool edge = false;
        bool path = false; ///< several edges: each column is an array
        std::vector<PlanColumn> columns;
        std::size_t element = 0; ///< in the pattern
    };
    Relation bindMakeGraph(const Relation& input, Op op, const ScopePtr& scope);
    Relation bindGraphOperator(const Relation& input, Op op, const ScopePtr& scope);
    bool addGraphFilter(const Graph& graph, Op op, const ScopePtr& scope, PlanNode& node);
    std::vector<PlanColumn> elementColumns(const Graph& graph, bool node, const std::string& prefix, bool arrays);
    ExpressionPtr bindElementValue(const std::vector<PlanColumn>& columns, const std::string& name, Expr value, bool condition, const ScopePtr& scope);
    Relation bindGraphToTable(const Graph& graph, Op op, const ScopePtr& scope);
    Relation bindGraphMatch(const Graph& graph, Op op, const ScopePtr& scope);
    ExpressionPtr bindGraphMember(Expr expression);
    ExpressionPtr bindGraphVariable(const std::string& name, SourceSpan span);
    ExpressionPtr bindGraphCall(std::string_view name, Expr expression, const ScopePtr& scope);
    ExpressionPtr bindPathValue(std::string_view name, Expr expression, const ScopePtr& scope);
    ExpressionPtr addPathValue(PlanNode::GraphPathValue::Kind kind, const GraphVariable& path, bool innerNodes, Expr value, const ScopePtr& scope);
    ExpressionPtr bindGraphCondition(Expr condition, const RowContext& row, const ScopePtr& scope);
    void bindGraphPattern(const Graph& graph, Op op, const ScopePtr& scope, PlanNode& node, PlanNode& leaf);

    // --- pieces of operators
    struct UnionBranch {
        std::string name;
        Relation relation;
    };
    void alignBranch(UnionBranch& branch, UnionColumns& columns, SourceSpan span);
    void addUnionColumns(PlanNode& node, const std::vector<UnionColumns::Column>& columns, const std::string& sourceColumn);
    /// Rows with the columns that a union of tables has; for texts of which no plan is wanted.
    Relation unionOfSchemas(const Tables& tables, SourceSpan span, bool inner, const std::string& sourceColumn);
    Relation makeUnion(std::vector<UnionBranch> branches, SourceSpan span, bool inner, const std::string& sourceColumn);
    Relation findColumns(std::vector<UnionBranch> branches, const std::vector<UnionBranch>& tables, const std::vector<std::string>& referred, Op op, const std::string& source);
    Relation finish(Node node, const Relation& input);
    Node newNode(PlanNode::Kind kind, SourceSpan span, std::initializer_list<PlanPtr> inputs = {});
    PlanColumn newColumn(std::string name, DataType type) { return {m_nextColumn++, std::move(name), type}; }
    Assignment keep(const PlanColumn& column) const { return {column, columnRef(column.id, column.type)}; }
    std::vector<PlanColumn> visible(const Relation& relation) const;
    Relation project(const Relation& input, std::vector<Assignment> assignments, SourceSpan span);
    Relation extended(const Relation& input, std::map<std::size_t, Assignment> replaced, std::vector<Assignment> added, SourceSpan span);
    /// Adds what an item of extend, project, print gives; several for a tuple.
    std::vector<std::pair<std::string, ExpressionPtr>> bindItem(Expr item, const RowContext& row, const ScopePtr& scope, std::vector<bool>* explicitNames = nullptr);
    ExpressionPtr bindCount(const ExpressionSyntax* expression, const ScopePtr& scope, std::string_view what);
    SortKey bindSortKey(const OrderSyntax& order, const RowContext& row, const ScopePtr& scope);
    std::vector<Assignment> bindGroupKeys(const std::vector<const ExpressionSyntax*>& by, const RowContext& row, const ScopePtr& scope, NameTable& names, std::string_view what);
    const ExpressionSyntax* parameter(Op op, std::string_view name) const;
    std::string parameterText(Op op, std::string_view name) const;
    bool parameterFlag(Op op, std::string_view name) const;
    void checkPlanSize(SourceSpan span);
    std::vector<PlanColumn> matchColumns(Expr pattern, const std::vector<PlanColumn>& columns);
    ExpressionPtr evaluated(const ExpressionPtr& expression) const { return foldConstant(expression); }

    const catalog::Snapshot& m_snapshot;
    const FunctionRegistry& m_functions;
    const BindOptions& m_options;
    BoundQuery m_query;
    std::shared_ptr<const SyntaxTree> m_tree;
    std::vector<SourceSpan> m_faultyParts; ///< see FaultyParts.h
    std::vector<std::shared_ptr<const SyntaxTree>> m_otherTrees; ///< of saved functions
    std::unordered_set<std::string_view> m_mentioned;            ///< names and texts of all trees
    std::map<std::string, std::shared_ptr<Symbol>, std::less<>> m_storedFunctions;
    ExpressionPtr m_bad;
    ColumnId m_nextColumn = 1;
    std::size_t m_nodeCount = 0;
    std::size_t m_functionCalls = 0;
    int m_nextShared = 0;
    int m_depth = 0;
    bool m_usesIngestionTime = false;
    bool m_sawNewOpenColumn = false;
    bool m_caseSensitiveSearch = false;
    const std::vector<OperatorSyntax::StepSyntax>* m_scanSteps = nullptr; ///< of the scan operator being bound
    const std::vector<std::vector<PlanColumn>>* m_scanStates = nullptr;
    std::vector<Relation> m_pluginResults;                   ///< what the last plugin gives beside its first table
    std::set<ColumnId> m_numberedColumns;                    ///< named Column1, Column2, … for want of a name
    std::map<const PlanNode*, Graph> m_graphs;               ///< what a make-graph node's graph holds
    std::map<std::string, const ExpressionSyntax*, std::less<>> m_settings; ///< of `set` statements; null without a value
    std::map<std::string, GraphVariable> m_graphVariables;   ///< of the pattern being bound
    const Graph* m_graph = nullptr;                          ///< whose pattern is being bound
    std::vector<PlanNode::GraphPathValue> m_graphPathValues; ///< of that pattern, so far
    std::vector<PlanColumn> m_graphInnerColumns;             ///< inside map(), all(), any(): what the expression may name
    std::string m_graphInnerName;                            ///< and the path by which it may name them
    std::vector<std::string> m_callStack;
    struct StoredCall {
        std::string name;
        SourceSpan span;
    };
    std::vector<StoredCall> m_storedCalls; ///< saved functions being put in: errors inside are reported at their call
    std::deque<Scope> m_scopes; ///< all scopes of the query; they and their symbols point at each other
    ScopePtr m_global = nullptr;
    std::set<std::pair<std::size_t, std::string_view>> m_reported;
};

} // namespace tocsin::kql
