// SPDX-License-Identifier: GPL-3.0-or-later
// How a packet enters and leaves: the Internet, gateways, load balancers, DNAT, and the last interface with its reply.
#include "base/Utf8.h"
#include "network/Assumptions.h"
#include "network/Firewall.h"
#include "network/PathTracer.h"

#include <algorithm>

namespace tocsin::network {
namespace {

/// Rules of a frontend for a protocol, the more particular first.
std::vector<const LoadBalancerRule*> rulesOf(const LoadBalancer& balancer, const std::string& frontend, Protocol protocol)
{
    std::vector<const LoadBalancerRule*> rules;
    for (const LoadBalancerRule& rule : balancer.rules)
        if (rule.frontend == frontend && (rule.protocol == Protocol::Any || rule.protocol == protocol))
            rules.push_back(&rule);
    return rules;
}

struct Member {
    Index nic;
    IpAddress address;
};

std::vector<Member> membersOf(const Inventory& inventory, const LoadBalancer& balancer, const LoadBalancerRule& rule)
{
    std::vector<Member> members;
    for (std::size_t i = 0; i < inventory.interfaces.size(); ++i)
        for (const IpConfiguration& one : inventory.interfaces[i].configurations) {
            const bool pooled = !rule.pool.empty() && std::find(one.pools.begin(), one.pools.end(), rule.pool) != one.pools.end();
            const bool target = !rule.target.empty() && equalsIgnoringCase(one.id, rule.target);
            if (one.address && (pooled || target))
                members.push_back({static_cast<Index>(i), *one.address});
        }
    if (const auto listed = balancer.poolAddresses.find(rule.pool); listed != balancer.poolAddresses.end())
        for (const IpAddress& address : listed->second)
            if (const auto owners = inventory.privateOwners.find(address); owners != inventory.privateOwners.end() && owners->second[0].kind == OwnerKind::Interface)
                members.push_back({owners->second[0].index, address});
    return members;
}

const LoadBalancerProbe* probeOf(const LoadBalancer& balancer, const LoadBalancerRule& rule)
{
    for (const LoadBalancerProbe& probe : balancer.probes)
        if (probe.key == rule.probe)
            return &probe;
    return nullptr;
}

FlowVerdict probeVerdict(const Inventory& inventory, const Member& member, const LoadBalancerProbe& probe)
{
    return verifyFlow(inventory, positionOf(inventory, member.nic, member.address),
                      {Direction::Inbound, Protocol::Tcp, AddressSet::of(*parseIp(kPlatformAddress)), AddressSet::of(member.address), {kFirstEphemeralPort, 65535}, {probe.port, probe.port}});
}

/// Appliances and gateways between the two ends.
std::vector<std::string> middle(const Path& path)
{
    std::vector<std::string> names;
    for (std::size_t i = 1; i + 1 < path.hops.size(); ++i)
        names.push_back(lowered(path.hops[i].name));
    return names;
}

} // namespace

void PathTracer::leaveToInternet(Position position, const NextHop& hop)
{
    const Subnet& subnet = m_inventory.subnets[static_cast<std::size_t>(position.subnet)];
    const IpConfiguration* one = position.nic == kNone ? nullptr : nicAt(position.nic).configuration();
    const Index publicIp = one ? one->publicIp : kNone;
    const bool balanced = one && std::any_of(m_inventory.balancers.begin(), m_inventory.balancers.end(), [one](const LoadBalancer& balancer) {
        return balancer.hasOutboundRules && std::any_of(one->pools.begin(), one->pools.end(), [&](const std::string& pool) { return pool.starts_with(balancer.info.key + "/"); });
    });
    if (position.nic != kNone && !subnet.defaultOutboundAccess && subnet.natGateway.empty() && publicIp == kNone && !balanced)
        addRouteIssue(hop, "the subnet is private and has no NAT gateway, public address or outbound rule");
    const auto owner = m_inventory.publicOwners.find(m_destination);
    if (owner == m_inventory.publicOwners.end()) {
        if (isPrivateIp(m_destination)) {
            addRouteIssue(hop, "private addresses are not routed on the Internet");
            addUnknownDestination();
            return;
        }
        addHop("Internet", formatIp(m_destination), "Internet");
        m_path.arrives = true;
        return;
    }
    const auto known = publicIp == kNone ? std::nullopt : m_inventory.publicIps[static_cast<std::size_t>(publicIp)].address;
    if (known) {
        m_source = AddressSet::of(*known);
        m_sourceAddress = *known;
    } else {
        m_source = TagScope(m_inventory, kNone, kNone).internet();
        m_sourceAddress = *parseIp("1.0.0.1"); // any public address: only the next hop towards it matters
        assume(assumed::kUnknownPublicSource);
    }
    enterFromInternet(owner->second);
}

Index PathTracer::gatewayFor(Index vnet, const NextHop& hop) const
{
    if (hop.route->gateway != kNone)
        return hop.route->gateway;
    Index lent = kNone;
    for (std::size_t i = 0; i < m_inventory.gateways.size(); ++i) {
        const Index home = m_inventory.gateways[i].vnet;
        if (home == vnet)
            return static_cast<Index>(i);
        const Peering* peering = home == kNone ? nullptr : m_inventory.peeringTo(vnet, home);
        if (peering && peering->useRemoteGateways && m_inventory.isEstablished(vnet, *peering))
            lent = static_cast<Index>(i);
    }
    return lent;
}

bool PathTracer::leaveByGateway(Position& position, const NextHop& hop)
{
    const Index index = gatewayFor(vnetOf(m_inventory, position), hop);
    if (index == kNone) {
        addRouteIssue(hop, "the virtual network has no virtual network gateway");
        addUnknownDestination();
        return false;
    }
    const VirtualNetworkGateway& gateway = m_inventory.gateways[static_cast<std::size_t>(index)];
    addHop("VirtualNetworkGateway", gateway.bgp.peeringAddress, gateway.info.id, gateway.info.name);
    m_viaGateway = true;
    m_sourceInside = false;
    const GatewayConnection* used = nullptr;
    const VirtualNetworkGateway* partner = nullptr;
    int longest = -1;
    const auto consider = [&](const GatewayConnection& connection, const std::vector<IpPrefix>& prefixes, const VirtualNetworkGateway* other) {
        for (const IpPrefix& prefix : prefixes)
            if (prefix.contains(m_destination) && prefix.length > longest) {
                longest = prefix.length;
                used = &connection;
                partner = other;
            }
    };
    for (const GatewayConnection& connection : m_inventory.connections) {
        if (connection.gateway1 != gateway.info.key && connection.gateway2 != gateway.info.key)
            continue;
        for (const LocalNetworkGateway& site : m_inventory.localGateways)
            if (site.info.key == connection.localGateway)
                consider(connection, site.prefixes, nullptr);
        const std::string& otherKey = connection.gateway1 == gateway.info.key ? connection.gateway2 : connection.gateway1;
        for (const VirtualNetworkGateway& other : m_inventory.gateways)
            if (other.info.key == otherKey && other.vnet != kNone)
                consider(connection, m_inventory.vnets[static_cast<std::size_t>(other.vnet)].prefixes, &other);
    }
    if (used && equalsIgnoringCase(used->status, "NotConnected"))
        addIssue("Outbound", "Platform", {{"ConnectionName", used->info.name}, {"ConnectionStatus", used->status}, {"Reason", "the connection is down"}});
    if (partner && partner->subnet != kNone) {
        addHop("VirtualNetworkGateway", partner->bgp.peeringAddress, partner->info.id, partner->info.name);
        position = {partner->subnet, kNone};
        return true;
    }
    const bool reachable = used || std::any_of(gateway.learned.begin(), gateway.learned.end(), [&](const IpPrefix& prefix) { return prefix.length > 0 && prefix.contains(m_destination); })
        || std::any_of(gateway.clientPool.begin(), gateway.clientPool.end(), [&](const IpPrefix& prefix) { return prefix.contains(m_destination); });
    addUnknownDestination();
    m_path.arrives = reachable;
    m_path.uncertain = !reachable;
    if (!reachable)
        assume(assumed::kForcedTunnel);
    return false;
}

void PathTracer::enterFromInternet(const PublicOwner& owner)
{
    m_fromInternet = true;
    m_sourceInside = false;
    switch (owner.kind) {
    case OwnerKind::Frontend: balance(owner.index, owner.part, true, "VnetLocal"); return;
    case OwnerKind::Firewall: throughDnat(owner.index); return;
    case OwnerKind::PrivateEndpoint: return;
    case OwnerKind::Interface: break;
    }
    const IpConfiguration& one = nicAt(owner.index).configurations[static_cast<std::size_t>(owner.part)];
    if (!one.address) {
        addUnknownDestination();
        addIssue("Inbound", "Unknown", {{"Reason", "the private address of " + nicAt(owner.index).info.name + " is not known"}});
        return;
    }
    // Rules see the packet after its public address was replaced by the private one.
    m_destination = *one.address;
    arriveAt(owner.index, *one.address, "VnetLocal", m_port);
    if (one.publicIp != kNone)
        closedByDefault(owner.index, m_inventory.publicIps[static_cast<std::size_t>(one.publicIp)].standard);
}

void PathTracer::closedByDefault(Index nic, bool standard)
{
    const Position position = positionOf(m_inventory, nic, m_destination);
    const bool guarded = nicAt(nic).securityGroup != kNone
        || (position.subnet != kNone && m_inventory.subnets[static_cast<std::size_t>(position.subnet)].securityGroup != kNone);
    if (standard && !guarded)
        addIssue("Inbound", "NetworkSecurityRule", {{"Reason", "a Standard public address is closed until a network security group allows the traffic"}});
}

void PathTracer::throughDnat(Index index)
{
    const AzureFirewall& firewall = m_inventory.firewalls[static_cast<std::size_t>(index)];
    const std::string address = firewall.addresses.empty() ? formatIp(m_destination) : formatIp(firewall.addresses.front());
    addHop("VirtualAppliance", address, firewall.info.id, firewall.info.name);
    TagScope scope(m_inventory, firewall.subnet == kNone ? kNone : m_inventory.subnets[static_cast<std::size_t>(firewall.subnet)].vnet, firewall.subnet);
    const FlowQuestion packet{Direction::Inbound, m_question.protocol, m_source, AddressSet::of(m_destination), {}, {m_question.port, m_question.port}};
    const FirewallRule* rule = findDnat(firewall, packet, scope);
    m_path.applicable = PortSet({{m_question.port, m_question.port}});
    const auto target = rule ? parseIp(rule->translatedAddress) : std::nullopt;
    if (!target || firewall.addresses.empty()) {
        addIssue("Inbound", "NetworkSecurityRule", {{"RuleName", rule ? rule->name : "DefaultDeny"}, {"Reason", "no DNAT rule of the firewall takes this packet"}});
        addUnknownDestination();
        return;
    }
    // The firewall also puts its own address in place of the client's, so the reply comes back to it.
    m_destination = *target;
    m_port = rule->translatedPort;
    m_source = AddressSet::of(firewall.addresses.front());
    m_sourceAddress = firewall.addresses.front();
    m_fromInternet = false;
    walk({firewall.subnet, kNone}, false);
}

void PathTracer::balance(Index balancerIndex, Index frontendIndex, bool fromInternet, std::string_view type)
{
    const LoadBalancer& balancer = m_inventory.balancers[static_cast<std::size_t>(balancerIndex)];
    const std::string& frontend = balancer.frontends[static_cast<std::size_t>(frontendIndex)].key;
    const std::uint16_t port = m_port.value_or(m_question.port);
    const LoadBalancerRule* rule = nullptr;
    PortSet others = PortSet::everything();
    for (const LoadBalancerRule* one : rulesOf(balancer, frontend, m_question.protocol)) {
        if (one->frontendPorts.contains(port) && others.contains(port)) {
            rule = one;
            break;
        }
        others = others.minus(PortSet({one->frontendPorts}));
    }
    const auto members = rule ? membersOf(m_inventory, balancer, *rule) : std::vector<Member>();
    if (!m_port)
        m_path.applicable = !rule ? others : rule->keepsPort ? others.intersected(PortSet({rule->frontendPorts})) : PortSet({{port, port}});
    if (members.empty()) {
        addHop("Destination", formatIp(m_destination), balancer.info.id, balancer.info.name);
        addIssue("Inbound", "Unknown", {{"LoadBalancer", balancer.info.name}, {"Reason", rule ? "the backend pool is empty" : "no rule of the load balancer takes this port"}});
        return;
    }
    const LoadBalancerProbe* probe = probeOf(balancer, *rule);
    const Member* chosen = &members.front();
    if (probe)
        for (const Member& member : members)
            if (probeVerdict(m_inventory, member, *probe).access == Access::Allow) {
                chosen = &member;
                break;
            }
    m_destination = chosen->address;
    const auto shift = static_cast<std::uint16_t>(port - rule->frontendPorts.first);
    if (!rule->keepsPort)
        m_port = static_cast<std::uint16_t>(rule->backendPort + shift);
    m_fromInternet = fromInternet;
    arriveAt(chosen->nic, chosen->address, type, m_port);
    if (probe) {
        const FlowVerdict verdict = probeVerdict(m_inventory, *chosen, *probe);
        if (verdict.access == Access::Deny)
            addIssue("Inbound", "NetworkSecurityRule", {{"RuleName", std::string(verdict.ruleName())}, {"NetworkSecurityGroup", verdict.groupName}, {"Probe", probe->name}, {"Reason", "the health probe from 168.63.129.16 is denied"}});
    }
    if (fromInternet)
        closedByDefault(chosen->nic, balancer.standard);
}

void PathTracer::arriveAt(Index nic, const IpAddress& address, std::string_view type, std::optional<std::uint16_t> port)
{
    addInterfaceHop(type, nic, address);
    m_destination = address;
    addFilter(positionOf(m_inventory, nic, address), Direction::Inbound, port);
    m_path.arrives = true;
    if (!m_isReply)
        checkReply(nic);
}

void PathTracer::checkReply(Index nic)
{
    const Position position = positionOf(m_inventory, nic, m_destination);
    if (position.subnet == kNone)
        return;
    if (m_fromInternet || m_question.source.kind == PathEnd::Kind::OnPremises) {
        const EffectiveRoutes routes = effectiveRoutes(m_inventory, position.subnet);
        const NextHop back = findNextHop(routes, m_sourceAddress);
        const NextHopType wanted = m_fromInternet ? NextHopType::Internet : NextHopType::VirtualNetworkGateway;
        if (back.type() == wanted)
            return;
        // From on-premises an appliance in the way back only makes the path lopsided; on the Internet the reply gets lost.
        if (!m_fromInternet && back.type() == NextHopType::VirtualAppliance)
            addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "User"}, {"RouteName", back.route->name}, {"Reason", "asymmetric: the reply goes through an appliance the packet did not pass"}}, false);
        else
            addRouteIssue(back, "the reply does not go back the way the packet came; its next hop is " + std::string(name(back.type())));
        return;
    }
    if (m_question.source.kind != PathEnd::Kind::Interface || m_sourceAddress != m_question.source.address)
        return;
    PathQuestion reply = m_question;
    reply.source = {PathEnd::Kind::Interface, m_destination, nic, kNone, position, {}};
    reply.destination = m_question.source;
    const Path back = PathTracer(m_inventory, reply, true).run();
    const auto lost = [&]() -> const ConnectivityIssue* {
        for (const PathHop& hop : back.hops)
            for (const auto& event : hop.events)
                if (const auto* issue = std::get_if<ConnectivityIssue>(&event); issue && issue->isError())
                    return issue;
        return nullptr;
    }();
    if (lost) {
        auto context = lost->context;
        context.emplace_back("Path", "reply");
        addIssue("Outbound", lost->type, std::move(context));
        return;
    }
    auto there = middle(m_path);
    std::reverse(there.begin(), there.end());
    if (back.arrives && there != middle(back))
        addIssue("Outbound", "UserDefinedRoute", {{"RouteType", "System"}, {"Reason", "asymmetric: the reply takes another way than the packet"}}, false);
}

} // namespace tocsin::network
