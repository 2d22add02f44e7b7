// SPDX-License-Identifier: GPL-3.0-or-later
// Load balancers and Azure Firewalls.
#include "base/Utf8.h"
#include "network/InventoryBuilder.h"
#include "network/ResourceId.h"
#include "network/RuleReading.h"

#include <algorithm>

namespace tocsin::network {
namespace {

std::uint16_t portOf(const JsonTree& node) { return static_cast<std::uint16_t>(std::clamp<std::int64_t>(node.integer().value_or(0), 0, 65535)); }

std::string keyOf(const JsonTree& reference)
{
    const std::string_view id = reference.get("id").view();
    return id.empty() ? std::string() : resourceKey(id);
}

std::vector<std::string> texts(const JsonTree& list)
{
    std::vector<std::string> result;
    for (const JsonTree& item : list.items())
        result.push_back(item.text());
    return result;
}

/// A collection of rules with the priorities that order it among all others.
struct Collection {
    std::int64_t groupPriority;
    std::int64_t priority;
    const JsonTree* tree;
    FirewallRuleKind kind;
};

FirewallRuleKind kindOf(const JsonTree& rule, FirewallRuleKind otherwise)
{
    const std::string_view type = rule.get("ruleType").view();
    if (equalsIgnoringCase(type, "NatRule"))
        return FirewallRuleKind::Dnat;
    if (equalsIgnoringCase(type, "ApplicationRule"))
        return FirewallRuleKind::Application;
    return equalsIgnoringCase(type, "NetworkRule") ? FirewallRuleKind::Network : otherwise;
}

} // namespace

void InventoryBuilder::buildBalancers()
{
    for (const RawResource* raw : ofType("microsoft.network/loadbalancers")) {
        LoadBalancer balancer;
        balancer.info = infoOf(*raw);
        balancer.standard = !equalsIgnoringCase(balancer.info.sku, "Basic") && !balancer.info.sku.empty();
        balancer.hasOutboundRules = !raw->tree.property("outboundRules").items().empty();
        for (const JsonTree& node : raw->tree.property("frontendIPConfigurations").items()) {
            LoadBalancerFrontend frontend;
            frontend.name = node.get("name").text();
            frontend.key = node.get("id").isNull() ? balancer.info.key + "/frontendipconfigurations/" + lowered(frontend.name) : keyOf(node);
            frontend.address = parseIp(node.property("privateIPAddress").view());
            frontend.subnet = lookUp(m_subnetByKey, node.property("subnet"), balancer.info, "subnet");
            frontend.publicIp = lookUp(m_publicIpByKey, node.property("publicIPAddress"), balancer.info, "public IP address");
            balancer.frontends.push_back(std::move(frontend));
        }
        for (const JsonTree& node : raw->tree.property("probes").items()) {
            const std::string key = node.get("id").isNull() ? balancer.info.key + "/probes/" + lowered(node.get("name").view()) : keyOf(node);
            balancer.probes.push_back({key, node.get("name").text(), parseProtocol(node.property("protocol").view()).value_or(Protocol::Tcp), portOf(node.property("port"))});
        }
        buildBalancerRules(balancer, *raw);
        m_inventory.balancers.push_back(std::move(balancer));
    }
}

void InventoryBuilder::buildBalancerRules(LoadBalancer& balancer, const RawResource& raw)
{
    for (const JsonTree* pool : childrenOf(raw, balancer.info.key, "backendAddressPools")) {
        const std::string poolKey = pool->get("id").isNull() ? balancer.info.key + "/backendaddresspools/" + lowered(lastSegment(pool->get("name").view())) : keyOf(*pool);
        auto& addresses = balancer.poolAddresses[poolKey];
        for (const JsonTree& member : pool->property("loadBalancerBackendAddresses").items())
            if (const auto address = parseIp(member.property("ipAddress").view()))
                addresses.push_back(*address);
        // Some exports name the members here instead of at the interface.
        for (const JsonTree& reference : pool->property("backendIPConfigurations").items()) {
            const std::string key = keyOf(reference);
            for (NetworkInterface& nic : m_inventory.interfaces)
                for (IpConfiguration& one : nic.configurations)
                    if (resourceKey(one.id) == key && std::find(one.pools.begin(), one.pools.end(), poolKey) == one.pools.end())
                        one.pools.push_back(poolKey);
        }
    }
    const auto read = [&](const JsonTree& node, bool nat) {
        LoadBalancerRule rule;
        rule.name = node.get("name").text();
        rule.frontend = keyOf(node.property("frontendIPConfiguration"));
        rule.pool = keyOf(node.property("backendAddressPool"));
        rule.probe = keyOf(node.property("probe"));
        rule.target = keyOf(node.property("backendIPConfiguration"));
        const std::string_view protocol = node.property("protocol").view();
        rule.protocol = parseProtocol(protocol.empty() ? "tcp" : protocol).value_or(Protocol::Any);
        rule.floatingIp = node.property("enableFloatingIP").boolean(false);
        const std::uint16_t port = portOf(node.property("frontendPort"));
        rule.frontendPorts = {port, port};
        rule.backendPort = portOf(node.property("backendPort"));
        if (nat && !node.property("frontendPortRangeStart").isNull())
            rule.frontendPorts = {portOf(node.property("frontendPortRangeStart")), portOf(node.property("frontendPortRangeEnd"))};
        if (!nat && port == 0) {
            rule.frontendPorts = {};
            rule.keepsPort = true;
        }
        rule.keepsPort = rule.keepsPort || rule.floatingIp;
        balancer.rules.push_back(std::move(rule));
    };
    for (const JsonTree* node : childrenOf(raw, balancer.info.key, "inboundNatRules"))
        read(*node, true);
    for (const JsonTree& node : raw.tree.property("loadBalancingRules").items())
        read(node, false);
}

void InventoryBuilder::buildFirewalls()
{
    for (const RawResource* raw : ofType("microsoft.network/azurefirewalls")) {
        AzureFirewall firewall;
        firewall.info = infoOf(*raw);
        for (const JsonTree& one : raw->tree.property("ipConfigurations").items()) {
            if (const Index subnet = lookUp(m_subnetByKey, one.property("subnet"), firewall.info, "subnet"); subnet != kNone)
                firewall.subnet = subnet;
            if (const auto address = parseIp(one.property("privateIPAddress").view()))
                firewall.addresses.push_back(*address);
            const Index publicIp = lookUp(m_publicIpByKey, one.property("publicIPAddress"), firewall.info, "public IP address");
            if (publicIp != kNone)
                firewall.publicIps.push_back(publicIp);
        }
        // A template leaves the address to the deployment; it is always the first free one of AzureFirewallSubnet.
        if (firewall.addresses.empty() && firewall.subnet != kNone)
            if (const auto& prefixes = m_inventory.subnets[static_cast<std::size_t>(firewall.subnet)].prefixes; !prefixes.empty() && prefixes[0].address.isV4())
                firewall.addresses.push_back(IpAddress::fromV4(prefixes[0].address.v4() + 4));
        firewall.policy = keyOf(raw->tree.property("firewallPolicy"));
        addFirewallRules(firewall, *raw);
        m_inventory.firewalls.push_back(std::move(firewall));
    }
}

void InventoryBuilder::addFirewallRules(AzureFirewall& firewall, const RawResource& raw)
{
    std::vector<Collection> collections;
    const auto addClassic = [&](std::string_view member, FirewallRuleKind kind) {
        for (const JsonTree& tree : raw.tree.property(member).items())
            collections.push_back({0, tree.property("priority").integer().value_or(65000), &tree, kind});
    };
    addClassic("natRuleCollections", FirewallRuleKind::Dnat);
    addClassic("networkRuleCollections", FirewallRuleKind::Network);
    addClassic("applicationRuleCollections", FirewallRuleKind::Application);
    // A parent policy's groups are read before the child's, whatever their priorities.
    std::string policyKey = firewall.policy;
    for (int depth = 0; !policyKey.empty() && depth < 4; ++depth) {
        std::string parent;
        for (const RawResource* policy : ofType("microsoft.network/firewallpolicies")) {
            if (infoOf(*policy).key != policyKey)
                continue;
            parent = keyOf(policy->tree.property("basePolicy"));
            for (const JsonTree* group : childrenOf(*policy, policyKey, "ruleCollectionGroups"))
                for (const JsonTree& tree : group->property("ruleCollections").items())
                    collections.push_back({group->property("priority").integer().value_or(65000) - 100'000LL * depth,
                                           tree.get("priority").integer().value_or(65000), &tree, FirewallRuleKind::Network});
        }
        policyKey = parent;
    }
    std::stable_sort(collections.begin(), collections.end(), [](const Collection& a, const Collection& b) {
        return std::pair(a.groupPriority, a.priority) < std::pair(b.groupPriority, b.priority);
    });
    const auto ipGroups = [&](const JsonTree& list, std::vector<std::string>& tokens) {
        for (const JsonTree& reference : list.items())
            for (const RawResource* group : ofType("microsoft.network/ipgroups"))
                if (infoOf(*group).key == resourceKey(reference.view()))
                    for (const JsonTree& address : group->tree.property("ipAddresses").items())
                        tokens.push_back(address.text());
    };
    const auto complain = [&](std::string code, std::string text) { note(FindingSeverity::Warning, std::move(code), firewall.info, std::move(text)); };
    for (const Collection& collection : collections)
        for (const JsonTree& node : collection.tree->property("rules").items()) {
            FirewallRule rule;
            rule.name = node.get("name").text();
            rule.collection = collection.tree->get("name").text();
            rule.kind = kindOf(node, collection.kind);
            rule.access = equalsIgnoringCase(collection.tree->property("action").get("type").view(), "Deny") ? Access::Deny : Access::Allow;
            auto sources = texts(node.get("sourceAddresses"));
            ipGroups(node.get("sourceIpGroups"), sources);
            auto destinations = texts(node.get("destinationAddresses"));
            ipGroups(node.get("destinationIpGroups"), destinations);
            rule.source = parseAddressSpec(sources, {}, false);
            rule.destination = parseAddressSpec(destinations, {}, false);
            rule.destinationPorts = parsePorts(texts(node.get("destinationPorts")), complain);
            rule.fqdns = texts(node.get(rule.kind == FirewallRuleKind::Application ? "targetFqdns" : "destinationFqdns"));
            const JsonTree& protocols = node.get("ipProtocols").isNull() ? node.get("protocols") : node.get("ipProtocols");
            std::vector<PortRange> applicationPorts;
            for (const JsonTree& protocol : protocols.items()) {
                const JsonTree& type = protocol.isObject() ? protocol.get("protocolType") : protocol;
                rule.protocols.push_back(parseProtocol(type.view()).value_or(Protocol::Any));
                if (protocol.isObject())
                    applicationPorts.push_back({portOf(protocol.get("port")), portOf(protocol.get("port"))});
            }
            if (rule.kind == FirewallRuleKind::Application)
                rule.destinationPorts = PortSet(std::move(applicationPorts));
            rule.translatedAddress = node.get("translatedAddress").text();
            rule.translatedPort = portOf(node.get("translatedPort"));
            firewall.rules.push_back(std::move(rule));
        }
    std::stable_sort(firewall.rules.begin(), firewall.rules.end(), [](const FirewallRule& a, const FirewallRule& b) { return a.kind < b.kind; });
}

} // namespace tocsin::network
