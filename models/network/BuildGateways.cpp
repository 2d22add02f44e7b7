// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual network gateways, local network gateways and the connections between them.
#include "base/Utf8.h"
#include "network/InventoryBuilder.h"
#include "network/ResourceId.h"
#include "network/RuleReading.h"

#include <functional>

namespace tocsin::network {
namespace {

std::vector<IpPrefix> readPrefixes(const JsonTree& space)
{
    std::vector<IpPrefix> prefixes;
    for (const std::string& token : tokensOf(space, "addressPrefix", "addressPrefixes"))
        if (const auto prefix = parsePrefix(token))
            prefixes.push_back(prefix->normalized());
    return prefixes;
}

BgpSettings readBgp(const JsonTree& node)
{
    return {node.get("asn").integer(), node.get("bgpPeeringAddress").text()};
}

std::string keyOf(const JsonTree& reference)
{
    const std::string_view id = reference.get("id").view();
    return id.empty() ? std::string() : resourceKey(id);
}

/// FNV-1a: two keys can be told apart without keeping them.
std::uint64_t digest(std::string_view secret)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : secret)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

} // namespace

void InventoryBuilder::buildGateways()
{
    for (const RawResource* raw : ofType("microsoft.network/virtualnetworkgateways")) {
        VirtualNetworkGateway gateway;
        gateway.info = infoOf(*raw);
        const JsonTree& tree = raw->tree;
        gateway.gatewayType = tree.property("gatewayType").text();
        gateway.vpnType = tree.property("vpnType").text();
        gateway.provisioningState = tree.property("provisioningState").text();
        gateway.defaultSite = keyOf(tree.property("gatewayDefaultSite"));
        gateway.clientPool = readPrefixes(tree.property("vpnClientConfiguration").get("vpnClientAddressPool"));
        gateway.bgp = readBgp(tree.property("bgpSettings"));
        if (gateway.info.sku.empty())
            gateway.info.sku = tree.property("sku").get("name").text();
        for (const JsonTree& one : tree.property("ipConfigurations").items()) {
            gateway.subnet = lookUp(m_subnetByKey, one.property("subnet"), gateway.info, "subnet");
            if (gateway.subnet != kNone)
                gateway.vnet = m_inventory.subnets[static_cast<std::size_t>(gateway.subnet)].vnet;
            const Index publicIp = lookUp(m_publicIpByKey, one.property("publicIPAddress"), gateway.info, "public IP address");
            if (publicIp != kNone)
                gateway.publicIps.push_back(publicIp);
        }
        if (const auto learned = m_learned.find(gateway.info.key); learned != m_learned.end())
            gateway.learned = learned->second;
        m_inventory.gateways.push_back(std::move(gateway));
    }
}

void InventoryBuilder::buildLocalGateways()
{
    for (const RawResource* raw : ofType("microsoft.network/localnetworkgateways")) {
        LocalNetworkGateway gateway;
        gateway.info = infoOf(*raw);
        gateway.prefixes = readPrefixes(raw->tree.property("localNetworkAddressSpace"));
        gateway.address = raw->tree.property("gatewayIpAddress").text();
        gateway.bgp = readBgp(raw->tree.property("bgpSettings"));
        m_inventory.localGateways.push_back(std::move(gateway));
    }
}

void InventoryBuilder::buildConnections()
{
    for (const RawResource* raw : ofType("microsoft.network/connections")) {
        const JsonTree& tree = raw->tree;
        GatewayConnection connection;
        connection.info = infoOf(*raw);
        connection.connectionType = tree.property("connectionType").text();
        connection.status = tree.property("connectionStatus").text();
        connection.provisioningState = tree.property("provisioningState").text();
        connection.gateway1 = keyOf(tree.property("virtualNetworkGateway1"));
        connection.gateway2 = keyOf(tree.property("virtualNetworkGateway2"));
        connection.localGateway = keyOf(tree.property("localNetworkGateway2"));
        connection.enableBgp = tree.property("enableBgp").boolean(false);
        const std::string_view key = tree.property("sharedKey").view();
        connection.hasSharedKey = !key.empty();
        connection.sharedKeyDigest = digest(key);
        connection.ipsecPolicies = tree.property("ipsecPolicies").items().empty() ? std::string() : tree.property("ipsecPolicies").dump();
        for (const JsonTree& tunnel : tree.property("tunnelConnectionStatus").items())
            connection.tunnelStates.push_back(tunnel.get("connectionStatus").text());
        m_inventory.connections.push_back(std::move(connection));
    }
}

} // namespace tocsin::network
