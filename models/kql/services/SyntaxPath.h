// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

namespace tocsin::kql::services {

/// The expressions of an operator itself, without its subqueries and the values of its options. Never null.
std::vector<const ExpressionSyntax*> childExpressions(const OperatorSyntax& op);
/// The subqueries of an operator, of partition, mv-apply, facet and fork. Never null.
std::vector<const PipelineSyntax*> childPipelines(const OperatorSyntax& op);

/// One node of a path; exactly one pointer is set.
struct SyntaxStep {
    const StatementSyntax* statement = nullptr;
    const PipelineSyntax* pipeline = nullptr;
    const OperatorSyntax* op = nullptr;
    const ExpressionSyntax* expression = nullptr;
    SourceSpan span() const { return statement ? statement->span : pipeline ? pipeline->span : op ? op->span : expression->span; }
};

/// The nodes that hold a span, from its statement inwards; empty where there is none.
std::vector<SyntaxStep> pathTo(const SyntaxTree& tree, SourceSpan span);

} // namespace tocsin::kql::services
