// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/VpnDiagnostics.h"

#include "base/Utf8.h"
#include "network/ResourceId.h"

#include <algorithm>

namespace tocsin::network {
namespace {

const VirtualNetworkGateway* gatewayOf(const Inventory& inventory, const std::string& key)
{
    const auto found = std::find_if(inventory.gateways.begin(), inventory.gateways.end(), [&key](const VirtualNetworkGateway& one) { return one.info.key == key; });
    return found == inventory.gateways.end() ? nullptr : &*found;
}

const LocalNetworkGateway* siteOf(const Inventory& inventory, const std::string& key)
{
    const auto found = std::find_if(inventory.localGateways.begin(), inventory.localGateways.end(), [&key](const LocalNetworkGateway& one) { return one.info.key == key; });
    return found == inventory.localGateways.end() ? nullptr : &*found;
}

bool isDown(const GatewayConnection& connection)
{
    if (equalsIgnoringCase(connection.status, "NotConnected"))
        return true;
    return !connection.tunnelStates.empty() && std::all_of(connection.tunnelStates.begin(), connection.tunnelStates.end(), [](const std::string& state) { return equalsIgnoringCase(state, "NotConnected"); });
}

bool isMultiTunnelVpn(const GatewayConnection& connection) { return equalsIgnoringCase(connection.connectionType, "Vnet2Vnet"); }

/// The connection of the other gateway that points back.
const GatewayConnection* mirrorOf(const Inventory& inventory, const GatewayConnection& connection)
{
    for (const GatewayConnection& other : inventory.connections)
        if (other.gateway1 == connection.gateway2 && other.gateway2 == connection.gateway1)
            return &other;
    return nullptr;
}

/// Gathers the faults of one target.
class Examination {
public:
    explicit Examination(const Inventory& inventory) : m_inventory(inventory) {}

    VpnReport run(std::string_view id)
    {
        const std::string key = resourceKey(id);
        if (const VirtualNetworkGateway* gateway = gatewayOf(m_inventory, key)) {
            examineGateway(*gateway);
        } else {
            const auto connection = std::find_if(m_inventory.connections.begin(), m_inventory.connections.end(), [&key](const GatewayConnection& one) { return one.info.key == key; });
            if (connection != m_inventory.connections.end())
                examineConnection(*connection, true);
            else
                missing(id);
        }
        std::stable_sort(m_report.faults.begin(), m_report.faults.end(), [](const VpnFault& a, const VpnFault& b) { return a.isWarning < b.isWarning; });
        m_report.healthy = m_report.faults.empty() || m_report.faults.front().isWarning;
        return std::move(m_report);
    }

private:
    void add(std::string type, const std::string& id, std::string summary, std::string detail, std::string action, bool warning = false)
    {
        m_report.faults.push_back({std::move(type), id, std::move(summary), std::move(detail), std::move(action), warning});
    }

    void missing(std::string_view id)
    {
        const bool connection = lowered(id).find("/connections/") != std::string::npos;
        add(connection ? "ConnectionEntityNotFound" : "GatewayNotFound", std::string(id), connection ? "The connection was not found" : "The gateway was not found",
            "The inventory has no such resource.", "Check the id, or export the resource group again.");
    }

    void examineGateway(const VirtualNetworkGateway& gateway)
    {
        if (!gateway.provisioningState.empty() && !equalsIgnoringCase(gateway.provisioningState, "Succeeded"))
            add(equalsIgnoringCase(gateway.provisioningState, "Updating") ? "UserDrivenUpdate" : "PlatformInActive", gateway.info.id, "The gateway is not ready",
                "Its provisioning state is " + gateway.provisioningState + ".", "Wait for the update to end, or reset the gateway.");
        std::vector<const GatewayConnection*> connections;
        for (const GatewayConnection& connection : m_inventory.connections)
            if (connection.gateway1 == gateway.info.key || connection.gateway2 == gateway.info.key)
                connections.push_back(&connection);
        if (connections.empty()) {
            add("NoConnectionsFoundForGateway", gateway.info.id, "The gateway has no connection", "No connection of the inventory uses the gateway " + gateway.info.name + ".",
                "Create a connection to a local network gateway or to another virtual network gateway.");
        }
        std::string down;
        for (const GatewayConnection* connection : connections)
            if (isDown(*connection))
                down += (down.empty() ? "" : ", ") + connection->info.name;
        if (!down.empty())
            add("ConnectionsNotConnected", gateway.info.id, "Not all connections are up", "Not connected: " + down + ".", "Check the devices and shared keys of these connections.");
        for (const GatewayConnection* connection : connections)
            examineConnection(*connection, false);
        examineSubnet(gateway);
    }

    void examineSubnet(const VirtualNetworkGateway& gateway)
    {
        const Index table = gateway.subnet == kNone ? kNone : m_inventory.subnets[static_cast<std::size_t>(gateway.subnet)].routeTable;
        if (table == kNone)
            return;
        const RouteTable& routes = m_inventory.routeTables[static_cast<std::size_t>(table)];
        const bool takesAll = std::any_of(routes.routes.begin(), routes.routes.end(), [](const Route& route) {
            const auto prefix = parsePrefix(route.prefix);
            return prefix && prefix->length == 0 && route.nextHopType != NextHopType::Internet;
        });
        if (takesAll || routes.disableBgpRoutePropagation)
            add("PlatformInActive", gateway.info.id, "The route table of GatewaySubnet stops the gateway",
                routes.info.name + (takesAll ? " has a route for 0.0.0.0/0." : " disables gateway route propagation."), "Take the route table " + routes.info.name + " off GatewaySubnet.");
    }

    void examineConnection(const GatewayConnection& connection, bool alone)
    {
        const VirtualNetworkGateway* gateway = gatewayOf(m_inventory, connection.gateway1);
        if (alone && !gateway)
            add("GatewayNotFound", connection.info.id, "The gateway of the connection was not found", "Connection " + connection.info.name + " refers to a gateway that is not in the inventory.",
                "Check whether the gateway was deleted.");
        if (alone && isDown(connection))
            add("ConnectionIsMarkedDisconnected", connection.info.id, "The connection is down", "Connection " + connection.info.name + " is " + (connection.status.empty() ? "NotConnected" : connection.status) + ".",
                "Check the device at the other end, its address and the shared key.");
        const LocalNetworkGateway* site = siteOf(m_inventory, connection.localGateway);
        if (!connection.localGateway.empty() && !site)
            add("ConnectionNotConfiguredOnGateway", connection.info.id, "The local network gateway was not found", "Connection " + connection.info.name + " refers to a site that is not in the inventory.",
                "Check whether the local network gateway was deleted.");
        if (isMultiTunnelVpn(connection))
            examinePartner(connection);
        if (gateway && gateway->vnet != kNone && site)
            for (const IpPrefix& mine : m_inventory.vnets[static_cast<std::size_t>(gateway->vnet)].prefixes)
                for (const IpPrefix& theirs : site->prefixes)
                    if (mine.contains(theirs) || theirs.contains(mine))
                        add("ConnectionNotConfiguredOnGateway", connection.info.id, "Address spaces overlap",
                            formatPrefix(mine) + " of the virtual network and " + formatPrefix(theirs) + " of " + site->info.name + " overlap.", "Give one side other addresses.", true);
    }

    void examinePartner(const GatewayConnection& connection)
    {
        const GatewayConnection* mirror = mirrorOf(m_inventory, connection);
        if (!mirror) {
            add("ConnectionNotConfiguredOnGateway", connection.info.id, "The partner has no connection back", "A VNet-to-VNet tunnel needs a connection on both gateways; " + connection.info.name + " has none opposite.",
                "Create the connection on the other gateway.");
            return;
        }
        if (connection.hasSharedKey && mirror->hasSharedKey && connection.sharedKeyDigest != mirror->sharedKeyDigest)
            add("Authentication", connection.info.id, "The shared keys differ", connection.info.name + " and " + mirror->info.name + " have different keys.", "Set the same shared key on both connections.");
        if (connection.ipsecPolicies != mirror->ipsecPolicies)
            add("IkePolicyMismatch", connection.info.id, "The IPsec policies differ", connection.info.name + " and " + mirror->info.name + " have different policies.", "Set the same IPsec policies on both connections.");
    }

    const Inventory& m_inventory;
    VpnReport m_report;
};

} // namespace

VpnReport diagnoseVpn(const Inventory& inventory, std::string_view targetResourceId) { return Examination(inventory).run(targetResourceId); }

} // namespace tocsin::network
