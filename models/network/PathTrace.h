// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/ConnectivityIssue.h"
#include "network/FlowVerify.h"
#include "network/Routes.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tocsin::network {

/// Rules a packet has to pass at a hop: those of a place, or of an Azure Firewall.
struct PathFilter {
    Position position;
    Index firewall = kNone; ///< if set, its rules and not those of the place
    Direction direction = Direction::Inbound;
    AddressSet source;
    AddressSet destination;
    std::optional<std::uint16_t> port; ///< destination port here, if a translation has set it
    bool isProbe = false;              ///< the health probe of a load balancer, not the packet itself
    Protocol probeProtocol = Protocol::Tcp;
};

struct PathHop {
    std::string type;       ///< Source, VirtualAppliance, VnetLocal, VirtualNetwork, Internet, VirtualNetworkGateway, Destination …
    std::string name;       ///< of the interface, gateway …; "" if it has none
    std::string address;    ///< "" if not known
    std::string resourceId; ///< of the ipConfiguration; `Internet` or `Unknown`
    Index nic = kNone;
    std::vector<std::variant<PathFilter, ConnectivityIssue>> events; ///< in the order the packet meets them
};

/// One end of a path.
struct PathEnd {
    enum class Kind { Interface, Address, Internet, OnPremises };
    Kind kind = Kind::Internet;
    IpAddress address;
    Index nic = kNone;
    Index gateway = kNone; ///< the one an on-premises address comes in by
    Position position;     ///< of an interface, or of a subnet whose address nobody has
    std::string fqdn;      ///< if the user gave a name
};

/// The way routing gives a packet, before any rule is asked. Rules do not change the way; they only stop it.
struct Path {
    std::vector<PathHop> hops;
    bool arrives = false;
    bool uncertain = false;       ///< leaves what the inventory describes
    PortSet applicable = PortSet::everything(); ///< destination ports that take this very way (load balancers and DNAT choose by port)
    std::vector<std::string> assumptions;
};

struct PathQuestion {
    PathEnd source;
    PathEnd destination;
    Protocol protocol = Protocol::Tcp;
    std::uint16_t port = 0; ///< destination port, for load balancers and DNAT
};

/// Walks the routes hop by hop, through appliances, peerings, gateways, load balancers and firewalls; also walks the reply.
Path tracePath(const Inventory& inventory, const PathQuestion& question);

} // namespace tocsin::network
