// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

#include <set>
#include <string>
#include <vector>

namespace tocsin::kql {

/// The parts of a text with syntax errors about whose meaning nothing is to be said: from the operator an error is in up to the next statement;
/// in a statement without operators all of it.
std::vector<SourceSpan> faultyParts(const SyntaxTree& tree);

/// What `let` and `as` name anywhere in the text, also where the parser lost its way.
std::set<std::string> namesMade(const SyntaxTree& tree);

} // namespace tocsin::kql
