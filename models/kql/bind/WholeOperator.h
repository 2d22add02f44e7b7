// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxOperators.h"

namespace tocsin::kql {

/// Whether an operator of a text that does not parse has the parts that its kind must have.
bool isWholeOperator(const OperatorSyntax& op);

} // namespace tocsin::kql
