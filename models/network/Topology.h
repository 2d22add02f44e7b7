// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <string>
#include <vector>

namespace tocsin::network {

enum class TopologyEdgeKind {
    Contains,   ///< virtual network → subnet → interface; machine → interface
    Associated, ///< interface or subnet → group, route table, public address, gateway …
    Peering,    ///< virtual network → virtual network
    Connection, ///< gateway → local network gateway or gateway
    NextHop     ///< subnet → interface that is the next hop of a user route
};

std::string_view name(TopologyEdgeKind kind);

struct TopologyNode {
    std::string id;
    std::string name;
    std::string type; ///< Microsoft.Network/virtualNetworks …
    std::string location;
    std::string resourceGroup;
    std::string address; ///< prefixes of a network or subnet, addresses of an interface
    Index parent = kNone; ///< node that draws around this one: the subnet of an interface, the network of a subnet
};

struct TopologyEdge {
    Index from = kNone;
    Index to = kNone;
    TopologyEdgeKind kind = TopologyEdgeKind::Associated;
    std::string label;   ///< name of a peering, connection or route
    bool active = true;  ///< a peering or connection that is up
};

/// The resources of an inventory and how they hang together; no coordinates. Nodes and edges are in a stable order.
struct TopologyGraph {
    std::vector<TopologyNode> nodes;
    std::vector<TopologyEdge> edges;
    Index find(std::string_view id) const;
};

TopologyGraph buildTopology(const Inventory& inventory);

} // namespace tocsin::network
