// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual networks, subnets, peerings, security groups, route tables.
#include "base/Utf8.h"
#include "network/InventoryBuilder.h"
#include "network/ResourceId.h"
#include "network/RuleReading.h"

#include <algorithm>

namespace tocsin::network {
namespace {

std::vector<IpPrefix> prefixesOf(const std::vector<std::string>& tokens, const std::function<void(const std::string&)>& refuse)
{
    std::vector<IpPrefix> prefixes;
    for (const std::string& token : tokens) {
        if (const auto prefix = parsePrefix(token))
            prefixes.push_back(prefix->normalized());
        else
            refuse(token);
    }
    return prefixes;
}

} // namespace

void InventoryBuilder::buildVnets()
{
    for (const RawResource* raw : ofType("microsoft.network/virtualnetworks")) {
        VirtualNetwork vnet;
        vnet.info = infoOf(*raw);
        const JsonTree& space = raw->tree.property("addressSpace");
        vnet.prefixes = prefixesOf(tokensOf(space, "addressPrefix", "addressPrefixes"), [&](const std::string& token) {
            note(FindingSeverity::Warning, "badAddress", vnet.info, "The address space '" + token + "' is not a prefix.");
        });
        for (const JsonTree& server : raw->tree.property("dhcpOptions").get("dnsServers").items())
            vnet.dnsServers.push_back(server.text());
        const auto index = static_cast<Index>(m_inventory.vnets.size());
        m_vnetByKey.emplace(vnet.info.key, index);
        m_inventory.vnets.push_back(std::move(vnet));
        const std::string key = m_inventory.vnets.back().info.key;
        for (const JsonTree* child : childrenOf(*raw, key, "subnets"))
            buildSubnet(index, *child);
        for (const JsonTree* child : childrenOf(*raw, key, "virtualNetworkPeerings"))
            buildPeering(m_inventory.vnets[static_cast<std::size_t>(index)], *child);
    }
}

void InventoryBuilder::buildSubnet(Index vnetIndex, const JsonTree& node)
{
    VirtualNetwork& vnet = m_inventory.vnets[static_cast<std::size_t>(vnetIndex)];
    Subnet subnet;
    subnet.vnet = vnetIndex;
    subnet.id = node.get("id").text();
    subnet.name = lastSegment(node.get("name").isNull() ? std::string_view(subnet.id) : node.get("name").view());
    if (subnet.id.empty())
        subnet.id = vnet.info.id + "/subnets/" + subnet.name;
    subnet.key = resourceKey(subnet.id);
    subnet.prefixes = prefixesOf(tokensOf(node, "addressPrefix", "addressPrefixes"), [&](const std::string& token) {
        note(FindingSeverity::Warning, "badAddress", vnet.info, "The prefix '" + token + "' of subnet " + subnet.name + " is not an address prefix.");
    });
    subnet.securityGroup = lookUp(m_groupByKey, node.property("networkSecurityGroup"), vnet.info, "network security group");
    subnet.routeTable = lookUp(m_tableByKey, node.property("routeTable"), vnet.info, "route table");
    if (const auto id = node.property("natGateway").get("id").view(); !id.empty())
        subnet.natGateway = resourceKey(id);
    for (const JsonTree& endpoint : node.property("serviceEndpoints").items()) {
        ServiceEndpoint one{endpoint.get("service").text(), {}};
        for (const JsonTree& location : endpoint.get("locations").items())
            one.locations.push_back(location.text());
        subnet.serviceEndpoints.push_back(std::move(one));
    }
    subnet.defaultOutboundAccess = node.property("defaultOutboundAccess").boolean(true);
    subnet.privateEndpointPolicies = node.property("privateEndpointNetworkPolicies").text();
    const auto index = static_cast<Index>(m_inventory.subnets.size());
    m_subnetByKey.emplace(subnet.key, index);
    vnet.subnets.push_back(index);
    m_inventory.subnets.push_back(std::move(subnet));
}

void InventoryBuilder::buildPeering(VirtualNetwork& vnet, const JsonTree& node)
{
    Peering peering;
    peering.id = node.get("id").text();
    peering.name = lastSegment(node.get("name").isNull() ? std::string_view(peering.id) : node.get("name").view());
    if (peering.id.empty())
        peering.id = vnet.info.id + "/virtualNetworkPeerings/" + peering.name;
    // A template says nothing of the state; once deployed on both sides the links are Connected.
    peering.state = node.property("peeringState").isNull() ? "Connected" : node.property("peeringState").text();
    peering.connected = equalsIgnoringCase(peering.state, "Connected");
    peering.remoteId = node.property("remoteVirtualNetwork").get("id").text();
    peering.remoteKey = peering.remoteId.empty() ? std::string() : resourceKey(peering.remoteId);
    for (const char* member : {"remoteVirtualNetworkAddressSpace", "remoteAddressSpace"}) {
        if (!peering.remotePrefixes.empty())
            break;
        peering.remotePrefixes = prefixesOf(tokensOf(node.property(member), "addressPrefix", "addressPrefixes"), [&](const std::string& token) {
            note(FindingSeverity::Warning, "badAddress", vnet.info, "The remote address space '" + token + "' is not a prefix.");
        });
    }
    peering.allowAccess = node.property("allowVirtualNetworkAccess").boolean(true);
    peering.allowForwarded = node.property("allowForwardedTraffic").boolean(false);
    peering.allowGatewayTransit = node.property("allowGatewayTransit").boolean(false);
    peering.useRemoteGateways = node.property("useRemoteGateways").boolean(false);
    vnet.peerings.push_back(std::move(peering));
}

void InventoryBuilder::resolvePeerings()
{
    for (VirtualNetwork& vnet : m_inventory.vnets)
        for (Peering& peering : vnet.peerings) {
            const auto found = m_vnetByKey.find(peering.remoteKey);
            if (found != m_vnetByKey.end()) {
                peering.remote = found->second;
                peering.remotePrefixes = m_inventory.vnets[static_cast<std::size_t>(found->second)].prefixes;
            } else {
                note(FindingSeverity::Information, "remoteNetworkMissing", vnet.info,
                     "The peering " + peering.name + " leads to " + peering.remoteId + ", which is not in the inventory.");
            }
        }
}

void InventoryBuilder::buildSecurityGroups()
{
    for (const RawResource* raw : ofType("microsoft.network/networksecuritygroups")) {
        NetworkSecurityGroup group;
        group.info = infoOf(*raw);
        const auto complainer = [&](const JsonTree& rule) {
            return [this, &group, ruleName = rule.get("name").text()](std::string code, std::string text) {
                note(FindingSeverity::Warning, std::move(code), group.info, "Rule " + ruleName + ": " + text);
            };
        };
        for (const JsonTree* child : childrenOf(*raw, group.info.key, "securityRules")) {
            group.rules.push_back(readSecurityRule(*child, false, group.info.id, complainer(*child)));
            group.rules.back().name = lastSegment(group.rules.back().name);
        }
        for (const JsonTree& child : raw->tree.property("defaultSecurityRules").items())
            group.rules.push_back(readSecurityRule(child, true, group.info.id, complainer(child)));
        for (SecurityRule& rule : defaultRules(group.info.id)) {
            const bool present = std::any_of(group.rules.begin(), group.rules.end(), [&rule](const SecurityRule& has) {
                return has.isDefault && equalsIgnoringCase(has.name, rule.name);
            });
            if (!present)
                group.rules.push_back(std::move(rule));
        }
        std::stable_sort(group.rules.begin(), group.rules.end(), [](const SecurityRule& a, const SecurityRule& b) { return a.priority < b.priority; });
        m_groupByKey.emplace(group.info.key, static_cast<Index>(m_inventory.securityGroups.size()));
        m_inventory.securityGroups.push_back(std::move(group));
    }
}

void InventoryBuilder::buildRouteTables()
{
    for (const RawResource* raw : ofType("microsoft.network/routetables")) {
        RouteTable table;
        table.info = infoOf(*raw);
        table.disableBgpRoutePropagation = raw->tree.property("disableBgpRoutePropagation").boolean(false);
        for (const JsonTree* child : childrenOf(*raw, table.info.key, "routes")) {
            Route route;
            route.name = lastSegment(child->get("name").isNull() ? child->get("id").view() : child->get("name").view());
            route.id = child->get("id").isNull() ? table.info.id + "/routes/" + route.name : child->get("id").text();
            route.prefix = child->property("addressPrefix").text();
            const auto type = parseNextHopType(child->property("nextHopType").view());
            if (!type)
                note(FindingSeverity::Warning, "badNextHopType", table.info,
                     "Route " + route.name + ": the next hop type '" + child->property("nextHopType").text() + "' is unknown; it is read as None.");
            route.nextHopType = type.value_or(NextHopType::None);
            route.nextHopAddress = child->property("nextHopIpAddress").text();
            route.hasBgpOverride = child->property("hasBgpOverride").boolean(false);
            table.routes.push_back(std::move(route));
        }
        m_tableByKey.emplace(table.info.key, static_cast<Index>(m_inventory.routeTables.size()));
        m_inventory.routeTables.push_back(std::move(table));
    }
}

void InventoryBuilder::associate()
{
    const auto attach = [this](std::string_view type, std::string_view member, const auto& apply) {
        for (const RawResource* raw : ofType(type))
            for (const JsonTree& reference : raw->tree.property(member).items()) {
                const auto subnet = m_subnetByKey.find(resourceKey(reference.get("id").view()));
                if (subnet != m_subnetByKey.end())
                    apply(m_inventory.subnets[static_cast<std::size_t>(subnet->second)], infoOf(*raw).key);
            }
    };
    attach("microsoft.network/networksecuritygroups", "subnets", [this](Subnet& subnet, const std::string& key) {
        if (subnet.securityGroup == kNone)
            subnet.securityGroup = m_groupByKey.at(key);
    });
    attach("microsoft.network/routetables", "subnets", [this](Subnet& subnet, const std::string& key) {
        if (subnet.routeTable == kNone)
            subnet.routeTable = m_tableByKey.at(key);
    });
    attach("microsoft.network/natgateways", "subnets", [](Subnet& subnet, const std::string& key) {
        if (subnet.natGateway.empty())
            subnet.natGateway = key;
    });
}

} // namespace tocsin::network
