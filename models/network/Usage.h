// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::network {

struct SubnetUsage {
    std::int64_t limit = 0;        ///< addresses that can be given out; -1 for GatewaySubnet, as Azure answers
    std::int64_t currentValue = 0; ///< addresses that are given out
};
/// https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/list-usage
SubnetUsage subnetUsage(const Inventory& inventory, Index subnet);

/// One row of the subscription limits page: how many of a kind there are, of how many.
struct LimitUsage {
    std::string name;
    std::string scope; ///< location, or the resource it is counted for
    std::int64_t currentValue = 0;
    std::int64_t limit = 0;
    double share() const { return limit > 0 ? static_cast<double>(currentValue) / static_cast<double>(limit) : 0; }
};
/// Counts of the inventory against the documented default limits, fullest first.
/// https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#networking-limits
std::vector<LimitUsage> limitUsages(const Inventory& inventory);

} // namespace tocsin::network
