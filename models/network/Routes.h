// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <string>
#include <vector>

namespace tocsin::network {

enum class RouteSource { Default, VirtualNetworkGateway, User };

std::string_view name(RouteSource source);

/// One row of the effective routes of a subnet. Rows made of a service tag hold all its prefixes.
struct EffectiveRoute {
    std::string name;    ///< of a user route
    RouteSource source = RouteSource::Default;
    bool active = true;
    std::vector<IpPrefix> prefixes;
    NextHopType nextHopType = NextHopType::None;
    std::string nextHopAddress; ///< of an appliance
    std::string tag;            ///< service tag the prefixes come from
    int tagRank = 0;            ///< 0 a written prefix, then Tag.Region, Tag, AzureCloud.region, AzureCloud
    bool hasBgpOverride = false;
    Index routeTable = kNone;   ///< of a user route
    Index gateway = kNone;
    Index peerVnet = kNone;
    std::string peeringId;
    std::string why; ///< why it is Invalid
};

struct EffectiveRoutes {
    Index subnet = kNone;
    Index routeTable = kNone;
    bool propagationDisabled = false;
    std::vector<EffectiveRoute> rows;
    std::vector<std::string> assumptions;
};

/// The table the platform makes for every interface of a subnet: system, gateway and user routes with their states.
/// https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
EffectiveRoutes effectiveRoutes(const Inventory& inventory, Index subnet);

/// A row that covers the destination and was not chosen, and why.
struct LosingRoute {
    const EffectiveRoute* route = nullptr;
    IpPrefix prefix;
    std::string reason;
};

struct NextHop {
    const EffectiveRoute* route = nullptr; ///< in the table asked; nullptr if no row covers the destination
    IpPrefix prefix;
    std::vector<LosingRoute> losers;

    NextHopType type() const { return route ? route->nextHopType : NextHopType::None; }
};

NextHop findNextHop(const EffectiveRoutes& routes, const IpAddress& destination);

/// `System Route`, or the name of the user's route table.
std::string routeTableName(const Inventory& inventory, const EffectiveRoute* route);

} // namespace tocsin::network
