// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

namespace tocsin::kql {

/// Told of every node of a tree, outer ones before those inside, without recursion.
class SyntaxVisitor {
public:
    virtual ~SyntaxVisitor() = default;
    virtual void onStatement(const StatementSyntax&) {}
    virtual void onPipeline(const PipelineSyntax&) {}
    virtual void onOperator(const OperatorSyntax&) {}
    virtual void onExpression(const ExpressionSyntax&) {}
};

void walkSyntax(const SyntaxTree& tree, SyntaxVisitor& visitor);
/// One expression and what is inside.
void walkSyntax(const ExpressionSyntax& expression, SyntaxVisitor& visitor);

} // namespace tocsin::kql
