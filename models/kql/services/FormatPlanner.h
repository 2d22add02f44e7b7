// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/FormatPlan.h"

namespace tocsin::kql::services {

/// Walks a tree and notes where lines may end. For planFormat() only.
class FormatPlanner {
public:
    explicit FormatPlanner(const SyntaxTree& tree);
    FormatPlan plan();

private:
    using Expr = const ExpressionSyntax*;
    using Kind = ExpressionSyntax::Kind;
    using Op = OperatorSyntax;
    static constexpr std::size_t kNone = FormatPlan::kNone;

    // --- tokens (FormatPlanner.cpp)
    /// The token that begins at or behind a byte.
    std::size_t tokenFrom(std::size_t byte) const;
    std::size_t first(SourceSpan span) const { return tokenFrom(span.start); }
    std::size_t last(SourceSpan span) const { return std::max(tokenFrom(span.end()), std::size_t(1)) - 1; }
    std::string_view text(std::size_t token) const;
    bool is(std::size_t token, std::string_view word) const { return token < m_plan.tokens.size() && text(token) == word; }
    std::size_t matching(std::size_t open) const { return open < m_match.size() ? m_match[open] : kNone; }
    bool newLineBefore(std::size_t token) const;

    // --- marks (FormatPlanner.cpp)
    void tight(std::size_t gap) { space(gap, Spacing::Tight); }
    void spaced(std::size_t gap) { space(gap, Spacing::Space); }
    void space(std::size_t gap, Spacing spacing);
    std::size_t group(std::size_t first, std::size_t last, bool forced = false);
    void soft(std::size_t gap, std::size_t group, bool fill = false);
    void nest(std::size_t group, std::size_t firstGap, std::size_t lastGap);
    void hard(std::size_t gap);
    /// Whether a list was written with one item a line: the line ends before its first or its second item.
    bool writtenBroken(std::size_t firstItem, std::size_t secondItem) const;
    /// `( a, b )` with the items' first tokens; `perLine` items stand on a line.
    std::size_t bracketList(std::size_t open, const std::vector<std::size_t>& items, bool fill = false, std::size_t perLine = 1);
    /// `keyword a, b`; the line may end before the first item only if there are more.
    void wordList(std::size_t keyword, const std::vector<std::size_t>& items, std::size_t last);
    std::vector<std::size_t> starts(const std::vector<Expr>& expressions) const;
    std::vector<std::size_t> starts(const std::vector<ColumnDeclaration>& columns) const;
    std::vector<std::size_t> starts(const std::vector<ExpressionSyntax::FunctionParameter>& parameters) const;

    // --- expressions (FormatExpressions.cpp)
    void expressions(const std::vector<Expr>& list);
    void expression(Expr e);
    void name(const NameSyntax& name);
    void call(const ExpressionSyntax& e);
    void binary(const ExpressionSyntax& e, bool nested);
    void inList(const ExpressionSyntax& e);
    void parenthesis(const ExpressionSyntax& e);
    void dynamicLiteral(std::size_t first, std::size_t last);
    void dataTable(const ExpressionSyntax& e);
    void externalData(const ExpressionSyntax& e);
    void declarations(std::size_t open, const std::vector<ColumnDeclaration>& columns);
    void functionParameters(const std::vector<ExpressionSyntax::FunctionParameter>& parameters, std::size_t open);
    void parameters(const std::vector<ParameterSyntax>& list);
    void parameter(const ParameterSyntax& p);
    bool isSimple(const std::vector<Expr>& list, std::size_t from) const;

    // --- pipelines and statements (FormatStatements.cpp)
    void statements(const std::vector<const StatementSyntax*>& list, std::size_t group);
    void statement(const StatementSyntax& s);
    void let(const StatementSyntax& s);
    void pattern(const StatementSyntax& s);
    void functionBody(const std::vector<const StatementSyntax*>& body, std::size_t open);
    /// `( source | operator … )`, also with other brackets.
    void subquery(std::size_t open, const PipelineSyntax& pipeline);
    void pipeline(const PipelineSyntax& p);
    void pipes(const PipelineSyntax& p, std::size_t group);
    static bool hasPipes(const PipelineSyntax& p) { return p.operators.size() > (p.source ? 0u : 1u); }
    bool pipesWrittenBroken(const PipelineSyntax& p) const;

    // --- operators (FormatOperators.cpp)
    void operation(const OperatorSyntax& op);
    void contents(const OperatorSyntax& op);
    void summarize(const OperatorSyntax& op);
    void clauses(const OperatorSyntax& op, const std::vector<std::size_t>& items, const std::vector<std::size_t>& clauseStarts);
    void join(const OperatorSyntax& op);
    void expand(const OperatorSyntax& op);
    void parse(const OperatorSyntax& op);
    void scan(const OperatorSyntax& op);
    void fork(const OperatorSyntax& op);
    void topNested(const OperatorSyntax& op);
    void makeSeries(const OperatorSyntax& op);
    void macroExpand(const OperatorSyntax& op);
    void graphMatch(const OperatorSyntax& op);
    std::size_t wordBefore(std::size_t token, std::string_view word) const { return token > 0 && is(token - 1, word) ? token - 1 : kNone; }

    const SyntaxTree& m_tree;
    FormatPlan m_plan;
    std::vector<std::size_t> m_match; ///< the closing bracket of each opening one
};

} // namespace tocsin::kql::services
