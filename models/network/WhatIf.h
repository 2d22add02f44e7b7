// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Connectivity.h"
#include "network/JsonTree.h"

namespace tocsin::network {

/// Applies edits to a copy of the inventory. Each edit is an object with `op`:
///   addRule {nsg, rule}   removeRule {nsg, ruleName}   setRule {nsg, rule} (by name)
///   addRoute {routeTable, route}   removeRoute {routeTable, routeName}
///   setPeering {vnet, peeringName, properties}   removePeering {vnet, peeringName}
///   setSubnet {vnet, subnet, nsg?, routeTable?} (null takes it away)   setNic {nic, nsg?, enableIPForwarding?}
/// Rules, routes and peerings are written as in REST. Errors: kBadQuestion, kUnknownResource, kAmbiguousResource.
Result<Inventory> applyEdits(const Inventory& inventory, const JsonTree& edits);

struct PortChange {
    PortSet gained;
    PortSet lost;
    PortReach before;
    PortReach after;
};
Result<PortChange> whatIf(const Inventory& inventory, const JsonTree& edits, const ConnectivityRequest& request);

} // namespace tocsin::network
