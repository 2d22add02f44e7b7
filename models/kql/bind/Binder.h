// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"
#include "kql/plan/Plan.h"

#include <map>
#include <string>
#include <string_view>

namespace tocsin::kql {

class BindMemory;
class BindObserver;
class SyntaxTree;

struct BindOptions {
    std::map<std::string, std::string> parameters; ///< values of `declare query_parameters`
    bool advice = false;                           ///< also warn of what is costly or suspicious (see Advice.h)
    /// Columns that bag_unpack or pivot turned out to give, by the place of the plugin's call in the text (see BoundQuery::openPlugins).
    std::map<std::size_t, std::vector<catalog::ColumnSchema>> discoveredColumns;
    /// Is told what names mean (see BindObserver.h). With one, a text that does not parse is bound as far as its tree goes, and the bodies of functions
    /// that nothing calls are bound too; nothing is to be run then. Not owned.
    BindObserver* observer = nullptr;
    /// For an observer of what stands at the end of a text that is cut off: earlier queries are left out, a table of let is bound where it is first used
    /// and once, and errors suggest no names.
    bool endOnly = false;
    /// Of the same snapshot; may be null. Not owned.
    BindMemory* memory = nullptr;
};

/// Parses and binds a text against the tables of a snapshot. Never fails: what is wrong is in `errors`, with positions.
BoundQuery bindQuery(std::string_view text, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options = {});
/// The same for a text parsed already.
BoundQuery bindTree(const std::shared_ptr<const SyntaxTree>& tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options = {});

} // namespace tocsin::kql
