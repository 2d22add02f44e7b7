// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"
#include "kql/plan/Plan.h"

#include <span>
#include <stop_token>

namespace tocsin::kql {

/// The columns a plugin gives, from the rows of its discovery plan: for bag_unpack the keys of the bags with their prefix and the type all
/// values have in common, for pivot one column a value. Sorted by name. Put them into BindOptions::discoveredColumns and bind again. Once
/// told to stop it gives what it has found so far.
std::vector<catalog::ColumnSchema> discoverColumns(const OpenPlugin& plugin, std::span<const Batch> rows, const std::stop_token& stop = {});

} // namespace tocsin::kql
