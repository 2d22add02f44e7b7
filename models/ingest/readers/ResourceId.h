// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tocsin::ingest {

/// The parts of an Azure Resource Manager id, as spelled in it. Views into the id; empty where the id has no such part.
struct ResourceIdParts {
    std::string_view subscription;
    std::string_view tenant;   ///< of `/tenants/{id}/…`
    std::string_view group;
    std::string_view provider; ///< namespace: `Microsoft.Network`
    std::string_view type;     ///< last type segment: `networkSecurityGroups`
    std::string_view name;     ///< last name
};

/// Any letter case; never fails: what is not understood stays empty.
ResourceIdParts splitResourceId(std::string_view id);

std::string lowerAscii(std::string_view text);
std::string upperAscii(std::string_view text);

} // namespace tocsin::ingest
