// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "kql/functions/Declaration.h"

#include <memory>
#include <optional>
#include <vector>

namespace tocsin::kql {

/// Identifies a column within one plan; unique over the whole plan, so that rewriting never confuses equal names.
using ColumnId = std::uint32_t;

struct PlanNode;

/// A typed expression, evaluated over the rows of one input. Conversions are explicit.
struct Expression {
    enum class Kind {
        Literal,  ///< `value`
        Column,   ///< `column` of the input
        Call,     ///< `function` with `signature` over `arguments`
        Convert,  ///< arguments[0] to `type`
        Scalar,   ///< first column of the first row of `subplan`, computed once before the query runs (toscalar)
        ValueSet, ///< first column of all rows of `subplan` as a dynamic array, computed once (tabular right side of `in`, `has_any` …)
    };
    Kind kind = Kind::Literal;
    DataType type = DataType::String;
    SourceSpan span;
    Value value = Value::null(DataType::String);
    ColumnId column = 0;
    const ScalarFunction* function = nullptr;
    const Signature* signature = nullptr;
    std::vector<std::shared_ptr<const Expression>> arguments;
    std::shared_ptr<const PlanNode> subplan;
    std::size_t size = 1; ///< nodes from here down, shared ones as often as they are used; a bound for what walks the tree
};
using ExpressionPtr = std::shared_ptr<const Expression>;

ExpressionPtr literal(Value value, SourceSpan span = {});
ExpressionPtr columnRef(ColumnId column, DataType type, SourceSpan span = {});
ExpressionPtr convert(ExpressionPtr expression, DataType type);
ExpressionPtr call(const ScalarFunction& function, const Signature& signature, DataType type, std::vector<ExpressionPtr> arguments, SourceSpan span = {});

/// Calls `visit` for the expression and everything below it (not into subplans).
void visitExpression(const Expression& expression, const std::function<void(const Expression&)>& visit);
/// Whether it reads no column (it may still be non-deterministic).
bool isConstant(const Expression& expression);
bool isDeterministic(const Expression& expression);

/// The parts of a condition that must all hold.
void splitAnd(const ExpressionPtr& condition, std::vector<ExpressionPtr>& out);

/// One aggregate in a summarize, make-series, top-nested …
struct AggregateCall {
    const AggregateFunction* function = nullptr;
    const AggregateSignature* signature = nullptr;
    std::vector<ExpressionPtr> arguments; ///< converted to what the signature wants; constants are literals
    std::vector<DataType> resultTypes;
    SourceSpan span;
};

} // namespace tocsin::kql
