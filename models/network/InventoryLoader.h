// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/ArmScope.h"
#include "network/Inventory.h"

#include <functional>
#include <stop_token>

namespace tocsin::network {

struct LoadOptions {
    std::string baseFolder;     ///< where `{"$file": path}` is looked for first; then beside the inventory and in the folders above it
    std::string parametersFile; ///< of a template; else NAME.parameters.json beside NAME.json is used if it is there
    DeploymentPlace place;      ///< for templates
    std::stop_token stop;
    std::function<void(std::size_t done, std::size_t total)> progress; ///< files read
};

/// Loads a file, or a folder of files as one inventory: REST objects and lists, `az … -o json`, Resource Graph answers and
/// deployment templates, in any mixture. What is odd becomes a finding; a file of a folder that cannot be read becomes one too.
/// Errors: kFileUnreadable, kFileTooLarge, kBadJson (a single file), kEmptyInventory, kCancelled.
Result<Inventory> loadInventory(const std::string& path, const LoadOptions& options = {});
/// The same from text in memory; `$file` is resolved in options.baseFolder.
Result<Inventory> inventoryFromJson(std::string_view json, const std::string& sourceName, const LoadOptions& options = {});

} // namespace tocsin::network
