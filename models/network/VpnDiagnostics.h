// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::network {

struct VpnFault {
    std::string reasonType; ///< GatewayNotFound, NoConnectionsFoundForGateway, ConnectionsNotConnected, Authentication, IkePolicyMismatch …
    std::string resourceId;
    std::string summary;
    std::string detail;
    std::string action;
    bool isWarning = false; ///< worth knowing, but the tunnel works
};

struct VpnReport {
    bool healthy = true;
    std::vector<VpnFault> faults; ///< errors first; a healthy target has none but warnings
};

/// What the configuration tells about a gateway or a connection. An id that is not in the inventory gives the fault GatewayNotFound
/// or ConnectionEntityNotFound. https://learn.microsoft.com/azure/network-watcher/vpn-troubleshoot-overview
VpnReport diagnoseVpn(const Inventory& inventory, std::string_view targetResourceId);

} // namespace tocsin::network
