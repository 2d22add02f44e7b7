// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"

#include <optional>
#include <string_view>

namespace tocsin::kql {

/// The functions of the Advanced Security Information Model that every Sentinel workspace has (`_Im_Dns`, `_ASim_Dns`, `imDns` …), here over the native
/// table of each schema. Parameters filter as the documentation of each schema says. Nothing for another name, or when the snapshot lacks the table.
std::optional<catalog::StoredFunction> asimFunction(std::string_view name, const catalog::Snapshot& snapshot);

} // namespace tocsin::kql
