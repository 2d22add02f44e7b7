// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

#include <filesystem>
#include <optional>
#include <string>

namespace tocsin::session {

/// Keeps the network inventory's own text in the workspace, so that a case is one file.
class InventoryStore {
public:
    static Result<void> prepare(store::Workspace& workspace);
    /// A file as it is; a folder as one JSON list of its files' contents.
    static Result<void> save(store::Workspace& workspace, const std::filesystem::path& path);
    static Result<std::optional<std::string>> load(const store::Workspace& workspace);
};

} // namespace tocsin::session
