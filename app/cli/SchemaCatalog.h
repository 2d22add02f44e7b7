// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/MemoryTable.h"

#include <string>

namespace tocsin::app::cli {

/// Empty tables of published columns: the built-in ones, or those of a folder of `<Table>.json` files.
Result<catalog::MemoryCatalog> schemaCatalog(const std::string& folder);

} // namespace tocsin::app::cli
