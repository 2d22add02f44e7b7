// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/Expectation.h"
#include "kql/syntax/SyntaxErrors.h"
#include "kql/syntax/SyntaxTree.h"

#include <initializer_list>
#include <span>

namespace tocsin::kql {

/// Recursive descent over the tokens that are not trivia. Goes on behind an error at the next `|`, `;` or closing bracket, and says nothing more
/// until it is there. Use parseQuery(); this header is for the parser's own files.
class Parser {
public:
    /// With `probe` the parser notes there what it would take at the end.
    explicit Parser(std::string text, Expectation* probe = nullptr);
    std::shared_ptr<const SyntaxTree> parse();

private:
    using Expr = const ExpressionSyntax*;
    using Kind = ExpressionSyntax::Kind;
    using Op = OperatorSyntax;
    using Words = std::initializer_list<std::string_view>;
    static constexpr int kMaxDepth = 200;        ///< brackets and prefixes inside one another
    static constexpr int kMaxChain = 1000;       ///< operators in a row, other than and / or
    static constexpr std::size_t kMaxOperators = 1000; ///< of one pipeline
    static constexpr std::size_t kMaxErrors = 50;

    // --- tokens (Parser.cpp)
    const Token& peek(std::size_t ahead = 0) const;
    std::string_view textAt(std::size_t ahead = 0) const;
    bool at(std::string_view text, std::size_t ahead = 0) const;
    bool atAny(Words texts, std::size_t ahead = 0) const;
    bool atKind(TokenKind kind, std::size_t ahead = 0) const { return peek(ahead).kind == kind; }
    /// Whether the token `ahead` follows the one before it without anything between.
    bool isAdjacent(std::size_t ahead) const;
    bool atEnd() const { return atKind(TokenKind::End); }
    /// `|`, `;`, a closing bracket or the end: where every list and operator ends.
    bool atListEnd(std::size_t ahead = 0) const;
    /// Whether a list begins that may also be absent.
    bool atItems() const;
    const Token& take();
    bool accept(std::string_view text);
    bool expect(std::string_view text);
    SourceSpan spanFrom(std::size_t start) const;
    std::size_t here() const { return peek().span.start; }
    std::string describe(const Token& token) const;

    // --- what may stand at the end (Parser.cpp)
    bool probing(std::size_t ahead = 0) const { return m_probe && !m_probe->closed && m_at + ahead + 1 == m_tokens.size(); }
    void note(bool Expectation::* what) const { if (probing()) m_probe->*what = true; }
    void noteWords(std::span<const char* const> words) const { if (probing()) m_probe->words.insert(words.begin(), words.end()); }
    void noteProperties(Words names) const;
    void noteName(std::string_view what, std::size_t ahead = 0) const { if (probing(ahead)) m_probe->name = what; }
    void noteValueOf(std::string_view parameter) const { if (probing()) m_probe->valueOf = parameter; }
    void noteStatement(bool inside) const;
    void noteOperator(const OperatorSyntax* op) const;

    // --- errors (Parser.cpp)
    void report(Error error, SourceSpan span);
    void expected(std::string_view what);
    /// Where something is missing: the next token, or right behind the last one if a new line begins.
    SourceSpan gap() const;
    void badTokens();
    /// Skips to the next `|`, `;`, `)` , `}` or `]` of this nesting level.
    void synchronize();
    struct Deeper;
    bool tooDeep();
    bool chainTooLong(int length);
    void stopWithDepthError();

    // --- nodes
    template <typename T> T* make(std::size_t start)
    {
        auto owned = std::make_unique<T>();
        T* node = owned.get();
        node->span = {start, 0};
        m_tree->m_nodes.push_back(std::move(owned));
        return node;
    }
    ExpressionSyntax* expression(Kind kind, std::size_t start);
    template <typename T> T* done(T* node) { node->span = spanFrom(node->span.start); return node; }
    Expr missing();

    // --- names, types, schemas (ParserNames.cpp)
    enum class Names { Referred, Declared };
    /// How many tokens the name at hand takes; 0 if there is none.
    std::size_t nameLength(std::size_t ahead = 0, Names names = Names::Referred) const;
    std::size_t wildcardLength(std::size_t ahead = 0) const;
    bool atName(std::size_t ahead = 0, Names names = Names::Referred) const { return nameLength(ahead, names) > 0; }
    bool atWord(std::size_t ahead = 0) const;
    NameSyntax name(std::string_view what, Names names = Names::Referred);
    NameSyntax takeName(std::size_t length);
    NameSyntax takeWildcard(std::size_t length);
    NameSyntax wildcardName(std::string_view what);
    NameSyntax dottedName();
    std::optional<DataType> typeName();
    std::vector<ColumnDeclaration> columnDeclarations(bool* star = nullptr);
    std::vector<ColumnDeclaration> rowSchema(bool* star = nullptr);
    ColumnDeclaration columnDeclaration();
    std::vector<ExpressionSyntax::FunctionParameter> functionParameters();
    ExpressionSyntax::FunctionParameter functionParameter();

    // --- expressions (ParserExpressions.cpp)
    Expr scalar();                 ///< without `a = b` and pipes
    Expr namedExpression();        ///< `a = expr`, `(a, b) = expr` or expr
    Expr parseOr();
    Expr parseAnd();
    Expr parseEquality();
    Expr parseRelational();
    Expr parseAdditive();
    Expr parseMultiplicative();
    Expr parseStringOperation();
    Expr parseUnary();
    Expr binary(Expr left, Expr (Parser::*right)());
    Expr listOperation(Expr left);
    Expr betweenOperation(Expr left);
    std::vector<Expr> expressionList(Expr (Parser::*item)());
    Expr assignment(std::size_t nameTokens);
    std::size_t tupleLength() const;

    // --- operands (ParserOperands.cpp)
    Expr parsePostfix();
    Expr parsePrimary();
    Expr parsePathElement();
    Expr member(Expr base);
    Expr index(Expr base);
    Expr nameExpression();
    Expr callArguments(Expr callee, Expr (Parser::*item)());
    Expr argument();
    Expr starExpression();
    Expr parenthesis();
    Expr tableCall();              ///< toscalar(…), totable(…): a whole query inside
    Expr requiredCall();
    Expr entityPath();             ///< a table or function with its database, the last name may be a wildcard
    Expr simplePath();             ///< names with dots and brackets, no calls
    Expr unionOperand();
    Expr columnPattern();          ///< a column name that may hold `*`

    // --- literals (ParserLiterals.cpp)
    bool atLiteral() const;
    Expr literal();                ///< a literal with its sign; null if there is none
    Expr numberLiteral();
    Expr typedLiteral();
    Expr stringLiteral();
    Expr booleanLiteral();
    Expr dynamicLiteral();
    bool dynamicValue(class DynamicSink& out);
    bool dynamicArray(DynamicSink& out);
    bool dynamicObject(DynamicSink& out);
    Expr typeOf();

    // --- tables written out (ParserTables.cpp)
    Expr dataTable();
    Expr contextualDataTable();
    Expr externalData();
    Expr inlineExternalTable();
    void partitionColumns(ExpressionSyntax& table);
    void pathFormat(ExpressionSyntax& table);
    Expr viewCombine();
    Expr entityGroup();
    std::vector<ParameterSyntax> propertyList();

    // --- statements (ParserStatements.cpp)
    void statements(std::vector<const StatementSyntax*>& out, bool parentheses);
    const StatementSyntax* statement();
    bool atExpressionStart() const;
    StatementSyntax* letStatement();
    StatementSyntax* setStatement();
    StatementSyntax* aliasStatement();
    StatementSyntax* parametersStatement();
    StatementSyntax* patternStatement();
    StatementSyntax* restrictStatement();
    bool atFunctionLiteral() const;
    Expr functionLiteral();
    std::vector<const StatementSyntax*> functionBody();

    // --- management commands (ParserCommands.cpp)
    StatementSyntax* commandStatement();
    CommandSyntax::Part commandPart();

    // --- pipelines and operators (ParserOperators.cpp)
    Expr pipelineExpression();             ///< source with operators; the bare source when there are none
    Expr pipelineFrom(Expr source, PipelineSyntax* pipeline);
    const PipelineSyntax* subPipeline();   ///< operators that go on from an outer pipeline, or a whole pipeline
    void operatorChain(PipelineSyntax& pipeline);
    bool atSourceOperator() const;
    bool atOperatorWord() const;
    const OperatorSyntax* tabularOperator();
    void operatorBody(OperatorSyntax& op);
    void operatorEnd();
    void columnOperatorBody(OperatorSyntax& op);
    void rowOperatorBody(OperatorSyntax& op);
    std::vector<OrderSyntax> orders();
    OrderSyntax order();
    void reorderColumns(OperatorSyntax& op);
    void parenthesizedQuery(OperatorSyntax& op);

    // --- parameters of operators (ParserParameters.cpp)
    void parameters(OperatorSyntax& op, Words names);
    ParameterSyntax parameter();
    Expr parameterValue();
    std::vector<ParameterSyntax> parameterList(Words names);
    void renderProperties(OperatorSyntax& op, Words names, Words columnLists);

    void parseJoin(OperatorSyntax& op);
    void parseUnion(OperatorSyntax& op);
    void parseFind(OperatorSyntax& op);
    void findColumns(std::vector<Expr>& out);
    void parseSearch(OperatorSyntax& op);
    void inTables(OperatorSyntax& op);
    void dataScope(OperatorSyntax& op);
    void parseSummarize(OperatorSyntax& op);
    void parseTop(OperatorSyntax& op);
    void parseTopNested(OperatorSyntax& op);
    void parseTopHitters(OperatorSyntax& op);
    void parseSampleDistinct(OperatorSyntax& op);
    void parseCount(OperatorSyntax& op);
    void parseMvExpand(OperatorSyntax& op);
    void expandedColumns(OperatorSyntax& op);
    void parseMvApply(OperatorSyntax& op);
    void parseParse(OperatorSyntax& op);
    bool parsePatternPiece(OperatorSyntax& op);
    void parseParseKv(OperatorSyntax& op);
    void parseMakeSeries(OperatorSyntax& op);
    void seriesRange(OperatorSyntax& op);
    void parsePartition(OperatorSyntax& op);
    void parsePartitionBy(OperatorSyntax& op);
    void parseFork(OperatorSyntax& op);
    void parseFacet(OperatorSyntax& op);
    void parseScan(OperatorSyntax& op);
    void scanStep(OperatorSyntax& op);
    void parseReduce(OperatorSyntax& op);
    void parseEvaluate(OperatorSyntax& op);
    void parseInvoke(OperatorSyntax& op);
    void parseRange(OperatorSyntax& op);
    void parseRender(OperatorSyntax& op);
    void parseMacroExpand(OperatorSyntax& op);

    void parseMakeGraph(OperatorSyntax& op);
    void parseGraphMatch(OperatorSyntax& op);
    void parseGraphToTable(OperatorSyntax& op);
    void graphPattern(OperatorSyntax& op);
    void graphNode(std::vector<OperatorSyntax::GraphElement>& path);
    bool graphEdge(OperatorSyntax::GraphElement& edge);

    std::shared_ptr<SyntaxTree> m_tree;
    Expectation* m_probe = nullptr;      ///< not owned; null while a text is parsed for its tree alone
    std::string_view m_text;
    std::vector<std::uint32_t> m_tokens; ///< those that are not trivia
    std::size_t m_at = 0;
    std::size_t m_lastEnd = 0;           ///< end of the token taken last
    std::size_t m_lexicalErrors = 0;     ///< how many of the errors are about tokens
    int m_depth = 0;
    bool m_panic = false;                ///< an error was reported and the parser is not yet back on firm ground
    bool m_aggregates = false;           ///< aggregates are allowed here
    bool m_stopped = false;              ///< nested too deeply: everything else is skipped
};

/// Counts nesting for the time of a scope.
struct Parser::Deeper {
    explicit Deeper(Parser& parser) : parser(parser) { ++parser.m_depth; }
    ~Deeper() { --parser.m_depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Parser& parser;
};

} // namespace tocsin::kql
