// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Expression.h"

namespace tocsin::kql {

/// The expression as a type; a literal is converted right away.
ExpressionPtr convertExpression(const ExpressionPtr& expression, DataType type);

/// What constants may depend on. Without a time, now() and ago() stay as they are.
struct FoldContext {
    std::optional<Ticks> now;
    std::string databaseName;
};
/// Computes calls and conversions of literals. Randomness, and what asks for the user or the row's place, stays.
ExpressionPtr foldConstant(const ExpressionPtr& expression, const FoldContext& context = {});

} // namespace tocsin::kql
