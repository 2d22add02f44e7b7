// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"
#include "kql/syntax/SyntaxTree.h"

#include <vector>

namespace tocsin::kql {

/// What is allowed but costs more than it has to, or probably means something else than it seems to. For queries without errors.
std::vector<Error> advice(const SyntaxTree& tree, const catalog::Snapshot& snapshot);

} // namespace tocsin::kql
