// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tocsin::network {

/// The parts of an Azure resource id: /subscriptions/S/resourceGroups/G/providers/P/type/name[/type/name …].
/// Parts that are missing are empty. Ids are compared without regard to letter case (see lowered()); spelling is kept.
struct ResourceId {
    std::string subscription;
    std::string resourceGroup;
    std::string type; ///< provider and types, `Microsoft.Network/virtualNetworks/subnets`
    std::string name; ///< the last name
};

ResourceId parseResourceId(std::string_view id);
/// The last segment of an id, or the text itself.
std::string_view lastSegment(std::string_view id);
/// The id without its last type and name: the subnet's virtual network, the rule's group.
std::string_view parentId(std::string_view id);
/// Lower case, with exactly one leading slash and none behind, so that the spellings of one id are one key.
std::string resourceKey(std::string_view id);

} // namespace tocsin::network
