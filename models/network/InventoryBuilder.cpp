// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/InventoryBuilder.h"

#include "base/Utf8.h"
#include "network/InventoryChecks.h"
#include "network/ResourceId.h"
#include "network/RuleReading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::network {
namespace {

/// Types of children that may stand alone, and the member of the parent they belong to.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kChildTypes{
    {{"microsoft.network/virtualnetworks/subnets", "subnets"},
     {"microsoft.network/virtualnetworks/virtualnetworkpeerings", "virtualNetworkPeerings"},
     {"microsoft.network/networksecuritygroups/securityrules", "securityRules"},
     {"microsoft.network/routetables/routes", "routes"},
     {"microsoft.network/loadbalancers/inboundnatrules", "inboundNatRules"},
     {"microsoft.network/loadbalancers/backendaddresspools", "backendAddressPools"},
     {"microsoft.network/firewallpolicies/rulecollectiongroups", "ruleCollectionGroups"},
     {"microsoft.network/networkinterfaces/ipconfigurations", "ipConfigurations"}}};

const std::string kAssumedGroup = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/unknown";

} // namespace

void InventoryBuilder::addResource(RawResource resource) { m_raw.push_back(std::move(resource)); }

void InventoryBuilder::addServiceTags(ServiceTagFile tags)
{
    if (tags.refusedPrefixes() > 0)
        m_inventory.findings.push_back({FindingSeverity::Warning, "badServiceTagPrefix", {}, "serviceTags",
                                        std::to_string(tags.refusedPrefixes()) + " prefixes of the service tag file are not addresses and were left out."});
    m_inventory.serviceTags = std::make_shared<ServiceTagFile>(std::move(tags));
}

void InventoryBuilder::addLearnedRoutes(const JsonTree& byGateway)
{
    for (const JsonMember& gateway : byGateway.members()) {
        auto& prefixes = m_learned[resourceKey(gateway.name)];
        const JsonTree& list = gateway.value.isArray() ? gateway.value : gateway.value.get("value");
        for (const JsonTree& route : list.items()) {
            // Origin Network is the gateway's own virtual network, not something learned.
            if (equalsIgnoringCase(route.get("origin").view(), "Network"))
                continue;
            if (const auto prefix = parsePrefix(route.get("network").view()))
                prefixes.push_back(prefix->normalized());
            else
                m_inventory.findings.push_back({FindingSeverity::Warning, "badAddress", gateway.name, "learnedRoutes",
                                                "The learned network '" + route.get("network").text() + "' is not a prefix."});
        }
    }
}

void InventoryBuilder::addAdminRules(const JsonTree& byNetwork, const std::string& source)
{
    for (const JsonMember& network : byNetwork.members()) {
        auto& rules = m_inventory.adminRules[resourceKey(network.name)];
        const JsonTree& list = network.value.isArray() ? network.value : network.value.get("value");
        for (const JsonTree& item : list.items())
            rules.push_back(readAdminRule(item, [&](std::string code, std::string text) {
                m_inventory.findings.push_back({FindingSeverity::Warning, std::move(code), network.name, source, std::move(text)});
            }));
        std::stable_sort(rules.begin(), rules.end(), [](const SecurityRule& a, const SecurityRule& b) { return a.priority < b.priority; });
    }
}

void InventoryBuilder::addLatencies(const JsonTree& list, const std::string& source)
{
    for (const JsonTree& item : list.items()) {
        LatencyRecord record;
        record.source = item.get("source").text();
        record.destination = item.get("destination").text();
        record.protocol = parseProtocol(item.get("protocol").view());
        if (const auto port = item.get("port").integer(); port && *port >= 0 && *port <= 65535)
            record.port = static_cast<std::uint16_t>(*port);
        record.average = item.get("avgLatencyInMs").real();
        record.minimum = item.get("minLatencyInMs").real();
        record.maximum = item.get("maxLatencyInMs").real();
        record.probesSent = item.get("probesSent").integer();
        record.probesFailed = item.get("probesFailed").integer();
        if (record.source.empty() || record.destination.empty())
            m_inventory.findings.push_back({FindingSeverity::Warning, "badLatency", {}, source, "A latency record needs source and destination; it was left out."});
        else
            m_inventory.latencies.push_back(std::move(record));
    }
}

void InventoryBuilder::addObservations(const JsonTree& list, const std::string& source)
{
    for (const JsonTree& item : list.items()) {
        ObservedIssue issue;
        issue.resource = item.get("resource").text();
        issue.type = item.get("type").text();
        issue.origin = item.get("origin").isNull() ? "Local" : item.get("origin").text();
        issue.severity = item.get("severity").isNull() ? "Error" : item.get("severity").text();
        issue.protocol = parseProtocol(item.get("protocol").view());
        if (const auto port = item.get("port").integer(); port && *port >= 0 && *port <= 65535)
            issue.port = static_cast<std::uint16_t>(*port);
        for (const JsonMember& entry : item.get("context").members())
            issue.context.emplace_back(entry.name, entry.value.text());
        if (issue.resource.empty() || issue.type.empty())
            m_inventory.findings.push_back({FindingSeverity::Warning, "badObservation", {}, source, "An observation needs resource and type; it was left out."});
        else
            m_inventory.observations.push_back(std::move(issue));
    }
}

ResourceInfo InventoryBuilder::readInfo(const RawResource& raw) const
{
    const JsonTree& tree = raw.tree;
    ResourceInfo info;
    info.id = tree.get("id").text();
    info.name = tree.get("name").text();
    info.type = tree.get("type").text();
    if (info.id.empty() && !info.name.empty() && !info.type.empty())
        info.id = kAssumedGroup + "/providers/" + info.type + "/" + info.name;
    const ResourceId parts = parseResourceId(info.id);
    if (info.type.empty())
        info.type = parts.type;
    if (info.name.empty())
        info.name = parts.name;
    info.key = resourceKey(info.id);
    info.location = tree.get("location").text();
    info.subscription = parts.subscription.empty() ? tree.get("subscriptionId").text() : parts.subscription;
    info.resourceGroup = parts.resourceGroup.empty() ? tree.get("resourceGroup").text() : parts.resourceGroup;
    info.sku = tree.get("sku").get("name").text();
    info.source = raw.source;
    return info;
}

void InventoryBuilder::sortByType()
{
    std::set<std::string> seen;
    for (const RawResource& raw : m_raw) {
        ResourceInfo info = readInfo(raw);
        const bool isNew = seen.insert(info.key).second;
        if (!isNew)
            note(FindingSeverity::Warning, "duplicateResource", info, "The resource occurs twice; the first one is used.");
        const std::string type = lowered(info.type);
        const auto child = std::find_if(kChildTypes.begin(), kChildTypes.end(), [&type](const auto& entry) { return entry.first == type; });
        if (isNew && child != kChildTypes.end())
            m_children[resourceKey(parentId(info.id)) + "|" + std::string(child->second)].push_back(&raw);
        else if (isNew)
            m_byType[type].push_back(&raw);
        if (isNew)
            m_inventory.resources.push_back(info);
        m_infos.push_back(std::move(info));
    }
}

const InventoryBuilder::Raws& InventoryBuilder::ofType(std::string_view type) const
{
    static const Raws kNothing;
    const auto found = m_byType.find(std::string(type));
    return found == m_byType.end() ? kNothing : found->second;
}

const ResourceInfo& InventoryBuilder::infoOf(const RawResource& raw) const { return m_infos[static_cast<std::size_t>(&raw - m_raw.data())]; }

std::vector<const JsonTree*> InventoryBuilder::childrenOf(const RawResource& parent, const std::string& parentKey, std::string_view member) const
{
    std::vector<const JsonTree*> children;
    std::set<std::string> seen;
    const auto add = [&](const JsonTree& child) {
        const std::string key = lowered(child.get("name").isNull() ? lastSegment(child.get("id").view()) : lastSegment(child.get("name").view()));
        if (seen.insert(key).second)
            children.push_back(&child);
    };
    // A bare reference says less than the child standing alone.
    const auto alone = m_children.find(parentKey + "|" + std::string(member));
    for (const JsonTree& child : parent.tree.property(member).items())
        if (child.members().size() > 1 || alone == m_children.end())
            add(child);
    if (alone != m_children.end())
        for (const RawResource* raw : alone->second)
            add(raw->tree);
    return children;
}

Index InventoryBuilder::lookUp(const std::unordered_map<std::string, Index>& map, const JsonTree& reference, const ResourceInfo& from, std::string_view what)
{
    const std::string_view id = reference.isString() ? reference.view() : reference.get("id").view();
    if (id.empty())
        return kNone;
    const std::string key = resourceKey(id);
    if (const auto found = map.find(key); found != map.end())
        return found->second;
    if (m_reported.insert(from.key + "|" + key).second)
        note(FindingSeverity::Warning, "missingReference", from, "It refers to the " + std::string(what) + " " + std::string(id) + ", which is not in the inventory.");
    return kNone;
}

void InventoryBuilder::note(FindingSeverity severity, std::string code, const ResourceInfo& info, std::string text)
{
    m_inventory.findings.push_back({severity, std::move(code), info.id, info.source, std::move(text)});
}

Inventory InventoryBuilder::build()
{
    sortByType();
    buildSecurityGroups();
    buildRouteTables();
    buildPublicIps();
    buildVnets();
    associate();
    buildInterfaces();
    buildMachines();
    assignTemplateAddresses();
    buildGateways();
    buildLocalGateways();
    buildConnections();
    buildBalancers();
    buildPrivateEndpoints();
    buildFirewalls();
    resolvePeerings();
    indexOwners();
    checkInventory(m_inventory);
    return std::move(m_inventory);
}

} // namespace tocsin::network
