// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxErrors.h"
#include "kql/syntax/SyntaxTree.h"

#include <initializer_list>

namespace tocsin::kql {

/// Recursive descent over the tokens that are not trivia. Goes on behind an error at the next `|`, `;` or closing bracket, and says nothing more
/// until it is there. Use parseQuery(); this header is for the parser's own files.
class Parser {
public:
    explicit Parser(std::string text);
    std::shared_ptr<const SyntaxTree> parse();

private:
    using Expr = const ExpressionSyntax*;
    using Kind = ExpressionSyntax::Kind;
    using Op = OperatorSyntax;
    static constexpr int kMaxDepth = 200;        ///< brackets and prefixes inside one another
    static constexpr int kMaxChain = 1000;       ///< operators in a row, other than and / or
    static constexpr std::size_t kMaxOperators = 1000; ///< of one pipeline

    // --- tokens (Parser.cpp)
    const Token& peek(std::size_t ahead = 0) const;
    std::string_view textAt(std::size_t ahead = 0) const;
    bool at(std::string_view text, std::size_t ahead = 0) const;
    bool atAny(std::initializer_list<std::string_view> texts) const;
    bool atKind(TokenKind kind, std::size_t ahead = 0) const { return peek(ahead).kind == kind; }
    bool atName(std::size_t ahead = 0) const;
    /// Whether the token `ahead` follows the one before it without anything between.
    bool isAdjacent(std::size_t ahead) const;
    bool atEnd() const { return atKind(TokenKind::End); }
    const Token& take();
    bool accept(std::string_view text);
    bool expect(std::string_view text);
    SourceSpan spanFrom(std::size_t start) const;
    std::size_t here() const { return peek().span.start; }
    std::string describe(const Token& token) const;

    // --- errors (Parser.cpp)
    void report(Error error, SourceSpan span);
    void expected(std::string_view what);
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

    // --- names, types, small things (ParserExpressions.cpp)
    NameSyntax name(std::string_view what, bool wildcards = false);
    NameSyntax dottedName();
    std::optional<DataType> typeName();
    std::vector<ColumnDeclaration> columnDeclarations(bool* open);
    ColumnDeclaration columnDeclaration();

    // --- expressions (ParserExpressions.cpp)
    Expr scalar();                 ///< without `a = b` and pipes
    Expr namedExpression();        ///< `a = expr`, `(a, b) = expr` or expr
    Expr argument();               ///< a named expression, or a whole pipeline
    Expr parseOr();
    Expr parseAnd();
    Expr parseEquality();
    Expr parseRelational();
    Expr parseAdditive();
    Expr parseMultiplicative();
    Expr parseStringOperation();
    Expr parseUnary();
    Expr parsePostfix();
    Expr parsePrimary();
    Expr parseName();
    Expr binary(Expr left, Expr (Parser::*right)());
    Expr listOperation(Expr left);
    Expr betweenOperation(Expr left);
    Expr callArguments(Expr callee);
    Expr literalToken();
    Expr typedLiteral();
    Expr stringLiteral();
    Expr dynamicLiteral();
    bool dynamicValue(class DynamicSink& out);
    Expr typeOf();
    Expr dataTable();
    Expr externalData();
    Expr parenthesis();
    Expr functionLiteral();
    bool atFunctionLiteral() const;
    std::vector<ExpressionSyntax::FunctionParameter> functionParameters();
    std::vector<Expr> expressionList(Expr (Parser::*item)());

    // --- statements (ParserStatements.cpp)
    void statements(std::vector<const StatementSyntax*>& out, bool braces);
    const StatementSyntax* statement();
    StatementSyntax* letStatement();
    StatementSyntax* setStatement();
    StatementSyntax* aliasStatement();
    StatementSyntax* declareStatement();
    StatementSyntax* patternStatement();
    StatementSyntax* restrictStatement();
    std::vector<const StatementSyntax*> braceBody();

    // --- pipelines and operators
    Expr pipelineExpression();             ///< source with operators; the bare source when there are none
    const PipelineSyntax* subPipeline();   ///< operators that go on from an outer pipeline, or a whole pipeline
    void operatorChain(PipelineSyntax& pipeline);
    bool atPrefixOperator() const;
    const OperatorSyntax* tabularOperator();
    void operatorBody(OperatorSyntax& op);
    void parameters(OperatorSyntax& op, std::initializer_list<std::string_view> names);
    ParameterSyntax parameter();
    std::vector<OrderSyntax> orders();
    OrderSyntax order();
    void simpleExpressions(OperatorSyntax& op, Expr (Parser::*item)());

    void parseJoin(OperatorSyntax& op);
    void parseUnion(OperatorSyntax& op);
    void parseFind(OperatorSyntax& op);
    void parseSearch(OperatorSyntax& op);
    void parseSummarize(OperatorSyntax& op);
    void parseTop(OperatorSyntax& op);
    void parseTopNested(OperatorSyntax& op);
    void parseTopHitters(OperatorSyntax& op);
    void parseSampleDistinct(OperatorSyntax& op);
    void parseCount(OperatorSyntax& op);
    void parseMvExpand(OperatorSyntax& op);
    void parseParse(OperatorSyntax& op);
    void parseParseKv(OperatorSyntax& op);
    void parseMakeSeries(OperatorSyntax& op);
    void parsePartition(OperatorSyntax& op);
    void parseFork(OperatorSyntax& op);
    void parseFacet(OperatorSyntax& op);
    void parseScan(OperatorSyntax& op);
    void parseReduce(OperatorSyntax& op);
    void parseEvaluate(OperatorSyntax& op);
    void parseRange(OperatorSyntax& op);
    void parseRender(OperatorSyntax& op);
    void parseMacroExpand(OperatorSyntax& op);
    void parseAssertSchema(OperatorSyntax& op);
    Expr tableReference();
    Expr wildcardExpression();

    void parseMakeGraph(OperatorSyntax& op);
    void parseGraphMatch(OperatorSyntax& op);
    void parseGraphToTable(OperatorSyntax& op);
    void graphPattern(OperatorSyntax& op);
    bool graphEdge(OperatorSyntax::GraphElement& edge);

    std::shared_ptr<SyntaxTree> m_tree;
    std::string_view m_text;
    std::vector<std::uint32_t> m_tokens; ///< those that are not trivia
    std::size_t m_at = 0;
    std::size_t m_lastEnd = 0;           ///< end of the token taken last
    int m_depth = 0;
    bool m_panic = false;                ///< an error was reported and the parser is not yet back on firm ground
    bool m_inSearch = false;             ///< `column:"text"` is an operator
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
