// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Topology.h"

#include "base/Utf8.h"
#include "network/ResourceId.h"

#include <algorithm>
#include <unordered_map>

namespace tocsin::network {
namespace {

std::string joined(const std::vector<IpPrefix>& prefixes)
{
    std::string text;
    for (const IpPrefix& prefix : prefixes)
        text += (text.empty() ? "" : ", ") + formatPrefix(prefix);
    return text;
}

class GraphMaker {
public:
    explicit GraphMaker(const Inventory& inventory) : m_inventory(inventory) {}

    TopologyGraph run()
    {
        for (const ResourceInfo& info : m_inventory.resources)
            if (!isChild(info.type))
                node(info.key, {info.id, info.name, info.type, info.location, info.resourceGroup, {}});
        addNetworks();
        addInterfaces();
        addGateways();
        addOthers();
        return std::move(m_graph);
    }

private:
    /// Subnets, peerings and rules that stand alone are drawn as parts of their parents.
    static bool isChild(const std::string& type) { return std::count(type.begin(), type.end(), '/') > 1; }

    Index node(const std::string& key, TopologyNode made)
    {
        const auto [entry, isNew] = m_byKey.try_emplace(key, static_cast<Index>(m_graph.nodes.size()));
        if (isNew)
            m_graph.nodes.push_back(std::move(made));
        return entry->second;
    }

    Index at(const std::string& key) const
    {
        const auto found = m_byKey.find(key);
        return found == m_byKey.end() ? kNone : found->second;
    }

    TopologyNode& made(Index index) { return m_graph.nodes[static_cast<std::size_t>(index)]; }

    void edge(Index from, Index to, TopologyEdgeKind kind, std::string label = {}, bool active = true)
    {
        if (from != kNone && to != kNone)
            m_graph.edges.push_back({from, to, kind, std::move(label), active});
    }

    Index subnetNode(Index subnet) const { return subnet == kNone ? kNone : at(m_inventory.subnets[static_cast<std::size_t>(subnet)].key); }
    Index publicIpNode(Index ip) const { return ip == kNone ? kNone : at(m_inventory.publicIps[static_cast<std::size_t>(ip)].info.key); }

    void addNetworks()
    {
        for (const VirtualNetwork& vnet : m_inventory.vnets) {
            const Index home = at(vnet.info.key);
            made(home).address = joined(vnet.prefixes);
            for (const Index index : vnet.subnets) {
                const Subnet& subnet = m_inventory.subnets[static_cast<std::size_t>(index)];
                const Index made = node(subnet.key, {subnet.id, subnet.name, "Microsoft.Network/virtualNetworks/subnets", vnet.info.location, vnet.info.resourceGroup, joined(subnet.prefixes), home});
                edge(home, made, TopologyEdgeKind::Contains);
                if (subnet.securityGroup != kNone)
                    edge(made, at(m_inventory.securityGroups[static_cast<std::size_t>(subnet.securityGroup)].info.key), TopologyEdgeKind::Associated);
                if (subnet.routeTable != kNone)
                    edge(made, at(m_inventory.routeTables[static_cast<std::size_t>(subnet.routeTable)].info.key), TopologyEdgeKind::Associated);
                edge(made, at(subnet.natGateway), TopologyEdgeKind::Associated);
            }
        }
        for (const VirtualNetwork& vnet : m_inventory.vnets)
            for (const Peering& peering : vnet.peerings) {
                const ResourceId parts = parseResourceId(peering.remoteId);
                const Index remote = node(peering.remoteKey, {peering.remoteId, parts.name, "Microsoft.Network/virtualNetworks", {}, parts.resourceGroup, joined(peering.remotePrefixes)});
                edge(at(vnet.info.key), remote, TopologyEdgeKind::Peering, peering.name, peering.connected);
            }
    }

    void addInterfaces()
    {
        for (const NetworkInterface& nic : m_inventory.interfaces) {
            const Index self = at(nic.info.key);
            for (const IpConfiguration& one : nic.configurations) {
                if (one.address)
                    made(self).address += (made(self).address.empty() ? "" : ", ") + formatIp(*one.address);
                edge(self, publicIpNode(one.publicIp), TopologyEdgeKind::Associated);
            }
            const Index home = subnetNode(nic.subnet());
            made(self).parent = home;
            edge(home, self, TopologyEdgeKind::Contains);
            if (nic.securityGroup != kNone)
                edge(self, at(m_inventory.securityGroups[static_cast<std::size_t>(nic.securityGroup)].info.key), TopologyEdgeKind::Associated);
        }
        for (const VirtualMachine& machine : m_inventory.machines)
            for (const Index nic : machine.interfaces) {
                const Index part = at(m_inventory.interfaces[static_cast<std::size_t>(nic)].info.key);
                edge(at(machine.info.key), part, TopologyEdgeKind::Contains);
                if (made(at(machine.info.key)).parent == kNone)
                    made(at(machine.info.key)).parent = made(part).parent;
            }
        for (const Subnet& subnet : m_inventory.subnets)
            if (subnet.routeTable != kNone)
                for (const Route& route : m_inventory.routeTables[static_cast<std::size_t>(subnet.routeTable)].routes)
                    addNextHop(subnet, route);
    }

    void addNextHop(const Subnet& subnet, const Route& route)
    {
        const auto address = route.nextHopType == NextHopType::VirtualAppliance ? parseIp(route.nextHopAddress) : std::nullopt;
        const auto owners = address ? m_inventory.privateOwners.find(*address) : m_inventory.privateOwners.end();
        if (owners == m_inventory.privateOwners.end())
            return;
        const AddressOwner& owner = owners->second.front();
        const auto place = static_cast<std::size_t>(owner.index);
        const std::string& key = owner.kind == OwnerKind::Interface ? m_inventory.interfaces[place].info.key
            : owner.kind == OwnerKind::Frontend                     ? m_inventory.balancers[place].info.key
            : owner.kind == OwnerKind::Firewall                     ? m_inventory.firewalls[place].info.key
                                                                    : m_inventory.privateEndpoints[place].info.key;
        edge(at(subnet.key), at(key), TopologyEdgeKind::NextHop, route.name);
    }

    void addGateways()
    {
        for (const VirtualNetworkGateway& gateway : m_inventory.gateways) {
            const Index self = at(gateway.info.key);
            made(self).parent = subnetNode(gateway.subnet);
            edge(subnetNode(gateway.subnet), self, TopologyEdgeKind::Contains);
            for (const Index ip : gateway.publicIps)
                edge(self, publicIpNode(ip), TopologyEdgeKind::Associated);
        }
        for (const GatewayConnection& connection : m_inventory.connections) {
            const bool up = !equalsIgnoringCase(connection.status, "NotConnected");
            const Index other = connection.localGateway.empty() ? at(connection.gateway2) : at(connection.localGateway);
            edge(at(connection.gateway1), other, TopologyEdgeKind::Connection, connection.info.name, up);
        }
    }

    void addOthers()
    {
        for (const LoadBalancer& balancer : m_inventory.balancers) {
            const Index self = at(balancer.info.key);
            for (const LoadBalancerFrontend& frontend : balancer.frontends) {
                edge(self, publicIpNode(frontend.publicIp), TopologyEdgeKind::Associated, frontend.name);
                if (made(self).parent == kNone)
                    made(self).parent = subnetNode(frontend.subnet);
                edge(subnetNode(frontend.subnet), self, TopologyEdgeKind::Contains);
            }
            for (const NetworkInterface& nic : m_inventory.interfaces)
                for (const IpConfiguration& one : nic.configurations)
                    for (const std::string& pool : one.pools)
                        if (pool.starts_with(balancer.info.key + "/"))
                            edge(self, at(nic.info.key), TopologyEdgeKind::Associated, std::string(lastSegment(pool)));
        }
        for (const AzureFirewall& firewall : m_inventory.firewalls) {
            const Index self = at(firewall.info.key);
            made(self).parent = subnetNode(firewall.subnet);
            edge(subnetNode(firewall.subnet), self, TopologyEdgeKind::Contains);
            edge(self, at(firewall.policy), TopologyEdgeKind::Associated);
            for (const Index ip : firewall.publicIps)
                edge(self, publicIpNode(ip), TopologyEdgeKind::Associated);
        }
        for (const PrivateEndpoint& endpoint : m_inventory.privateEndpoints) {
            const Index self = at(endpoint.info.key);
            made(self).parent = subnetNode(endpoint.subnet);
            edge(subnetNode(endpoint.subnet), self, TopologyEdgeKind::Contains);
            if (!endpoint.target.empty())
                edge(self, at(resourceKey(endpoint.target)), TopologyEdgeKind::Associated);
        }
    }

    const Inventory& m_inventory;
    TopologyGraph m_graph;
    std::unordered_map<std::string, Index> m_byKey;
};

} // namespace

std::string_view name(TopologyEdgeKind kind)
{
    switch (kind) {
    case TopologyEdgeKind::Contains: return "Contains";
    case TopologyEdgeKind::Peering: return "Peering";
    case TopologyEdgeKind::Connection: return "Connection";
    case TopologyEdgeKind::NextHop: return "NextHop";
    case TopologyEdgeKind::Associated: break;
    }
    return "Associated";
}

Index TopologyGraph::find(std::string_view id) const
{
    const std::string key = resourceKey(id);
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&key](const TopologyNode& one) { return resourceKey(one.id) == key; });
    return found == nodes.end() ? kNone : static_cast<Index>(found - nodes.begin());
}

TopologyGraph buildTopology(const Inventory& inventory) { return GraphMaker(inventory).run(); }

} // namespace tocsin::network
