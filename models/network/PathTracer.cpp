// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/PathTracer.h"

#include "base/Utf8.h"
#include "network/Assumptions.h"
#include "network/ResourceId.h"

#include <algorithm>

namespace tocsin::network {
namespace {

constexpr std::size_t kMostHops = 32;

} // namespace

Path tracePath(const Inventory& inventory, const PathQuestion& question) { return PathTracer(inventory, question, false).run(); }

PathTracer::PathTracer(const Inventory& inventory, const PathQuestion& question, bool isReply)
    : m_inventory(inventory), m_question(question), m_isReply(isReply), m_destination(question.destination.address),
      m_source(AddressSet::of(question.source.address)), m_sourceAddress(question.source.address)
{
}

Path PathTracer::run()
{
    switch (m_question.source.kind) {
    case PathEnd::Kind::Interface:
    case PathEnd::Kind::Address: startInside(); break;
    case PathEnd::Kind::OnPremises: startOnPremises(); break;
    case PathEnd::Kind::Internet: {
        addHop("Source", formatIp(m_question.source.address), "Internet");
        const auto owner = m_inventory.publicOwners.find(m_destination);
        if (owner != m_inventory.publicOwners.end()) {
            enterFromInternet(owner->second);
        } else {
            addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "System"}, {"Reason", "the destination has no public address"}});
            addUnknownDestination();
        }
        break;
    }
    }
    return std::move(m_path);
}

void PathTracer::startInside()
{
    const PathEnd& source = m_question.source;
    if (source.kind == PathEnd::Kind::Interface)
        addInterfaceHop("Source", source.nic, source.address);
    else
        addHop("Source", formatIp(source.address), "Unknown");
    if (source.address == m_destination) {
        m_path.arrives = true;
        return;
    }
    walk(source.position, true);
}

void PathTracer::startOnPremises()
{
    addHop("Source", formatIp(m_question.source.address), "Unknown");
    const VirtualNetworkGateway& gateway = m_inventory.gateways[static_cast<std::size_t>(m_question.source.gateway)];
    addHop("VirtualNetworkGateway", gateway.bgp.peeringAddress, gateway.info.id, gateway.info.name);
    m_viaGateway = true;
    m_sourceInside = false;
    walk({gateway.subnet, kNone}, false);
}

void PathTracer::walk(Position position, bool filterFirst)
{
    for (bool filter = filterFirst;; filter = true) {
        const bool gatewayOrFirewall = position.nic == kNone && m_question.source.kind != PathEnd::Kind::Address;
        if (filter && !gatewayOrFirewall)
            addFilter(position, Direction::Outbound, m_port);
        if (position.subnet == kNone || !m_visited.emplace(position.subnet, position.nic).second || m_path.hops.size() > kMostHops) {
            addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "User"}, {"Reason", position.subnet == kNone ? "the interface has no subnet" : "routing loop"}});
            addUnknownDestination();
            return;
        }
        if (!step(position))
            return;
    }
}

bool PathTracer::step(Position& position)
{
    const Index vnet = vnetOf(m_inventory, position);
    const EffectiveRoutes routes = effectiveRoutes(m_inventory, position.subnet);
    for (const std::string& text : routes.assumptions)
        assume(text);
    const NextHop hop = findNextHop(routes, m_destination);
    switch (hop.type()) {
    case NextHopType::VnetLocal: deliver(vnet, "VnetLocal"); return false;
    case NextHopType::VNetPeering:
    case NextHopType::VNetGlobalPeering:
        if (forwardingBlocked(vnet, hop.route->peerVnet))
            addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "System"}, {"PeeringName", std::string(lastSegment(hop.route->peeringId))}, {"Reason", "the peering of the receiving network does not allow forwarded traffic"}});
        if (hop.route->peerVnet == kNone) {
            m_path.uncertain = true;
            addUnknownDestination();
            return false;
        }
        deliver(hop.route->peerVnet, "VirtualNetwork");
        return false;
    case NextHopType::InterfaceEndpoint: deliver(hop.route->peerVnet == kNone ? vnet : hop.route->peerVnet, "InterfaceEndpoint"); return false;
    case NextHopType::VirtualNetworkServiceEndpoint:
        addHop("VirtualNetworkServiceEndpoint", formatIp(m_destination), hop.route->tag, hop.route->tag);
        m_path.arrives = true;
        return false;
    case NextHopType::Internet: leaveToInternet(position, hop); return false;
    case NextHopType::VirtualNetworkGateway: return leaveByGateway(position, hop);
    case NextHopType::VirtualAppliance: return toAppliance(position, hop);
    case NextHopType::None:
    case NextHopType::HyperNetGateway: break;
    }
    addRouteIssue(hop, "the next hop is None: packets are dropped");
    addUnknownDestination();
    return false;
}

bool PathTracer::forwardingBlocked(Index from, Index to)
{
    if (from == kNone || to == kNone || from == to || m_viaGateway)
        return false;
    // Forwarded is what does not come from the network that sends it over the peering.
    if (m_sourceInside && m_inventory.vnets[static_cast<std::size_t>(from)].space().covers(m_source))
        return false;
    const Peering* back = m_inventory.peeringTo(to, from);
    if (!back || back->allowForwarded)
        return false;
    assume(assumed::kForwardedTraffic);
    return true;
}

bool PathTracer::toAppliance(Position& position, const NextHop& hop)
{
    const Index vnet = vnetOf(m_inventory, position);
    const auto address = parseIp(hop.route->nextHopAddress);
    const AddressOwner* owner = address ? m_inventory.ownerIn(vnet, *address) : nullptr;
    for (const Peering& peering : m_inventory.vnets[static_cast<std::size_t>(vnet)].peerings)
        if (!owner && address && peering.remote != kNone && m_inventory.isEstablished(vnet, peering))
            owner = m_inventory.ownerIn(peering.remote, *address);
    if (!owner || owner->kind == OwnerKind::PrivateEndpoint) {
        addRouteIssue(hop, "nobody in this network or one peered with it has the next hop address " + hop.route->nextHopAddress);
        addUnknownDestination();
        return false;
    }
    if (forwardingBlocked(vnet, owner->vnet))
        addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "User"}, {"RouteName", hop.route->name}, {"Reason", "the peering of the appliance's network does not allow forwarded traffic"}});
    if (owner->kind == OwnerKind::Firewall)
        return toFirewall(position, *owner, hop);
    Index nic = owner->kind == OwnerKind::Interface ? owner->index : kNone;
    IpAddress at = *address;
    if (owner->kind == OwnerKind::Frontend) {
        // An internal load balancer in front of appliances: any member will do, one that forwards is better.
        const LoadBalancer& balancer = m_inventory.balancers[static_cast<std::size_t>(owner->index)];
        const std::string& frontend = balancer.frontends[static_cast<std::size_t>(owner->part)].key;
        for (const LoadBalancerRule& rule : balancer.rules)
            for (std::size_t i = 0; rule.frontend == frontend && i < m_inventory.interfaces.size(); ++i)
                for (const IpConfiguration& one : m_inventory.interfaces[i].configurations)
                    if (one.address && std::find(one.pools.begin(), one.pools.end(), rule.pool) != one.pools.end() && (nic == kNone || (!nicAt(nic).ipForwarding && m_inventory.interfaces[i].ipForwarding))) {
                        nic = static_cast<Index>(i);
                        at = *one.address;
                    }
        if (nic == kNone) {
            addRouteIssue(hop, "the load balancer " + balancer.info.name + " has no appliance behind it");
            addUnknownDestination();
            return false;
        }
    }
    if (at == m_destination) {
        arriveAt(nic, at, "VnetLocal", m_port);
        return false;
    }
    addInterfaceHop("VirtualAppliance", nic, at);
    position = positionOf(m_inventory, nic, at);
    addFilter(position, Direction::Inbound, m_port);
    if (!nicAt(nic).ipForwarding)
        addIssue("Inbound", "UserDefinedRoute", {{"RouteType", "User"}, {"RouteName", hop.route->name}, {"Reason", "IP forwarding is off at " + nicAt(nic).info.name}});
    m_sourceInside = vnetOf(m_inventory, position) == vnet && m_sourceInside;
    return true;
}

bool PathTracer::toFirewall(Position& position, const AddressOwner& owner, const NextHop&)
{
    const AzureFirewall& firewall = m_inventory.firewalls[static_cast<std::size_t>(owner.index)];
    const std::string address = firewall.addresses.empty() ? std::string() : formatIp(firewall.addresses.front());
    addHop("VirtualAppliance", address, firewall.info.id, firewall.info.name);
    addFilter({owner.subnet, kNone}, Direction::Inbound, m_port);
    std::get<PathFilter>(m_path.hops.back().events.back()).firewall = owner.index;
    m_sourceInside = false;
    position = {owner.subnet, kNone};
    return true;
}

void PathTracer::deliver(Index vnet, std::string_view type)
{
    const AddressOwner* owner = m_inventory.ownerIn(vnet, m_destination);
    if (!owner) {
        addUnknownDestination();
        addIssue("Inbound", "Unknown", {{"Reason", "nobody in the inventory has this address"}});
        return;
    }
    switch (owner->kind) {
    case OwnerKind::Interface: arriveAt(owner->index, m_destination, type, m_port); return;
    case OwnerKind::Frontend: balance(owner->index, owner->part, false, type); return;
    case OwnerKind::Firewall: {
        const AzureFirewall& firewall = m_inventory.firewalls[static_cast<std::size_t>(owner->index)];
        addHop(type, formatIp(m_destination), firewall.info.id, firewall.info.name);
        break;
    }
    case OwnerKind::PrivateEndpoint: {
        const PrivateEndpoint& endpoint = m_inventory.privateEndpoints[static_cast<std::size_t>(owner->index)];
        addHop(type, formatIp(m_destination), endpoint.info.id, endpoint.info.name);
        const std::string& policies = m_inventory.subnets[static_cast<std::size_t>(owner->subnet)].privateEndpointPolicies;
        if (equalsIgnoringCase(policies, "Enabled") || equalsIgnoringCase(policies, "NetworkSecurityGroupEnabled"))
            addFilter({owner->subnet, kNone}, Direction::Inbound, m_port);
        break;
    }
    }
    m_path.arrives = true;
}

PathHop& PathTracer::addHop(std::string_view type, std::string address, std::string resourceId, std::string name)
{
    m_path.hops.push_back({std::string(type), std::move(name), std::move(address), std::move(resourceId)});
    return m_path.hops.back();
}

PathHop& PathTracer::addInterfaceHop(std::string_view type, Index nic, const IpAddress& address)
{
    const NetworkInterface& owner = nicAt(nic);
    const IpConfiguration* one = owner.configuration(address);
    if (one && one->assumed)
        assume(assumed::kTemplateAddress);
    PathHop& hop = addHop(type, formatIp(address), one ? one->id : owner.info.id, owner.info.name);
    hop.nic = nic;
    return hop;
}

void PathTracer::addFilter(Position position, Direction direction, std::optional<std::uint16_t> port)
{
    m_path.hops.back().events.emplace_back(PathFilter{position, kNone, direction, m_source, AddressSet::of(m_destination), port});
}

void PathTracer::addIssue(std::string_view origin, std::string_view type, std::vector<std::pair<std::string, std::string>> context, bool error)
{
    m_path.hops.back().events.emplace_back(ConnectivityIssue{std::string(origin), error ? "Error" : "Warning", std::string(type), std::move(context)});
}

void PathTracer::addRouteIssue(const NextHop& hop, std::string_view reason)
{
    std::vector<std::pair<std::string, std::string>> context{{"RouteType", hop.route && hop.route->source == RouteSource::User ? "User" : "System"}};
    if (hop.route && !hop.route->name.empty())
        context.emplace_back("RouteName", hop.route->name);
    if (hop.route)
        context.emplace_back("AddressPrefix", formatPrefix(hop.prefix));
    context.emplace_back("RouteTable", routeTableName(m_inventory, hop.route));
    context.emplace_back("Reason", reason);
    addIssue("Outbound", "UserDefinedRoute", std::move(context));
}

void PathTracer::addUnknownDestination() { addHop("Destination", formatIp(m_destination), "Unknown"); }

void PathTracer::assume(std::string_view text)
{
    if (std::find(m_path.assumptions.begin(), m_path.assumptions.end(), text) == m_path.assumptions.end())
        m_path.assumptions.emplace_back(text);
}

} // namespace tocsin::network
