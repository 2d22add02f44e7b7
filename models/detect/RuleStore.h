// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/RuleReader.h"
#include "store/Workspace.h"

#include <vector>

namespace tocsin::detect {

/// The rules the program ships, by file name.
Result<std::vector<QueryRule>> builtInRules();

/// The rules of a workspace: those the program ships and those imported, each switched on or off.
class RuleStore {
public:
    static Result<RuleStore> open(store::Workspace& workspace);

    /// Built-in rules first, then imported ones by name. An imported rule replaces a built-in one of the same id.
    Result<std::vector<QueryRule>> all() const;
    /// Adds or replaces by id. Gives how many ids were new.
    Result<std::uint64_t> add(const std::vector<QueryRule>& rules);
    Result<void> setEnabled(const std::string& id, bool enabled);

private:
    explicit RuleStore(store::Workspace& workspace) : m_workspace(&workspace) {}
    store::Workspace* m_workspace;
};

} // namespace tocsin::detect
