// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/PathTrace.h"

#include <set>

namespace tocsin::network {

/// The walk behind tracePath(): where the packet is, what it looks like there, and the hops so far. One object, one walk.
class PathTracer {
public:
    PathTracer(const Inventory& inventory, const PathQuestion& question, bool isReply);
    Path run();

private:
    // The walk (PathTracer.cpp)
    void startInside();
    void startOnPremises();
    void walk(Position position, bool filterFirst);
    bool step(Position& position); ///< false if the walk has ended
    bool toAppliance(Position& position, const NextHop& hop);
    bool toFirewall(Position& position, const AddressOwner& owner, const NextHop& hop);
    void deliver(Index vnet, std::string_view type);
    bool forwardingBlocked(Index from, Index to);

    // Ways in and out (PathBorders.cpp)
    void leaveToInternet(Position position, const NextHop& hop);
    bool leaveByGateway(Position& position, const NextHop& hop);
    Index gatewayFor(Index vnet, const NextHop& hop) const;
    void enterFromInternet(const PublicOwner& owner);
    void throughDnat(Index firewall);
    void balance(Index balancer, Index frontend, bool fromInternet, std::string_view type);
    void arriveAt(Index nic, const IpAddress& address, std::string_view type, std::optional<std::uint16_t> port);
    void closedByDefault(Index nic, bool standard);
    void checkReply(Index nic);

    // Hops and issues
    PathHop& addHop(std::string_view type, std::string address, std::string resourceId, std::string name = {});
    PathHop& addInterfaceHop(std::string_view type, Index nic, const IpAddress& address);
    void addFilter(Position position, Direction direction, std::optional<std::uint16_t> port = {});
    void addIssue(std::string_view origin, std::string_view type, std::vector<std::pair<std::string, std::string>> context, bool error = true);
    void addRouteIssue(const NextHop& hop, std::string_view reason);
    void addUnknownDestination();
    void assume(std::string_view text);
    std::string tableContext(const NextHop& hop) const;
    const NetworkInterface& nicAt(Index nic) const { return m_inventory.interfaces[static_cast<std::size_t>(nic)]; }

    const Inventory& m_inventory;
    const PathQuestion& m_question;
    bool m_isReply;
    IpAddress m_destination;      ///< as the packet carries it now
    AddressSet m_source;          ///< likewise; a set if the address is not known
    IpAddress m_sourceAddress;    ///< of the opening packet, for the reply
    bool m_sourceInside = true;   ///< whether the source is in the network that sends (else the packet is forwarded)
    bool m_viaGateway = false;
    bool m_fromInternet = false;
    std::optional<std::uint16_t> m_port; ///< destination port if translated
    std::set<std::pair<Index, Index>> m_visited;
    Path m_path;
};

} // namespace tocsin::network
