// SPDX-License-Identifier: GPL-3.0-or-later
// Public addresses, network interfaces, virtual machines, private endpoints, and who owns which address.
#include "base/Utf8.h"
#include "network/InventoryBuilder.h"
#include "network/ResourceId.h"
#include "network/RuleReading.h"

#include <algorithm>

namespace tocsin::network {
namespace {

std::string powerStateOf(const JsonTree& machine)
{
    const auto shortened = [](std::string_view text) {
        const auto slash = text.rfind('/');
        return lowered(slash == std::string_view::npos ? text : text.substr(slash + 1));
    };
    for (const JsonTree& status : machine.property("instanceView").get("statuses").items())
        if (lowered(status.get("code").view()).starts_with("powerstate/"))
            return shortened(status.get("code").view());
    const JsonTree& extended = machine.property("extended").get("instanceView").get("powerState").get("code");
    if (!extended.isNull())
        return shortened(extended.view());
    const std::string plain = lowered(machine.get("powerState").view()); // az vm list -d: "VM running"
    return plain.starts_with("vm ") ? plain.substr(3) : plain;
}

/// The first four addresses and the last of a subnet belong to Azure, so the first free one ends in .4.
constexpr int kReservedAtStart = 4;

IpAddress plus(IpAddress address, int count)
{
    for (std::size_t i = 16; i-- > 0 && count > 0;) {
        count += address.bytes[i];
        address.bytes[i] = static_cast<std::uint8_t>(count & 0xFF);
        count >>= 8;
    }
    return address;
}

} // namespace

void InventoryBuilder::buildPublicIps()
{
    for (const RawResource* raw : ofType("microsoft.network/publicipaddresses")) {
        PublicIp ip;
        ip.info = infoOf(*raw);
        const std::string text = raw->tree.property("ipAddress").text();
        ip.address = parseIp(text);
        if (!text.empty() && !ip.address)
            note(FindingSeverity::Warning, "badAddress", ip.info, "The address '" + text + "' is not an IP address.");
        ip.standard = equalsIgnoringCase(ip.info.sku, "Standard") || equalsIgnoringCase(ip.info.sku, "StandardV2");
        ip.fqdn = raw->tree.property("dnsSettings").get("fqdn").text();
        m_publicIpByKey.emplace(ip.info.key, static_cast<Index>(m_inventory.publicIps.size()));
        m_inventory.publicIps.push_back(std::move(ip));
    }
}

void InventoryBuilder::buildInterfaces()
{
    for (const RawResource* raw : ofType("microsoft.network/networkinterfaces")) {
        NetworkInterface nic;
        nic.info = infoOf(*raw);
        nic.ipForwarding = raw->tree.property("enableIPForwarding").boolean(false);
        nic.macAddress = raw->tree.property("macAddress").text();
        nic.isPrivateEndpoint = raw->tree.property("privateEndpoint").isObject();
        nic.securityGroup = lookUp(m_groupByKey, raw->tree.property("networkSecurityGroup"), nic.info, "network security group");
        for (const JsonTree* child : childrenOf(*raw, nic.info.key, "ipConfigurations"))
            buildConfiguration(nic, *child);
        const auto index = static_cast<Index>(m_inventory.interfaces.size());
        for (std::size_t i = 0; raw->fromTemplate && i < nic.configurations.size(); ++i)
            if (!nic.configurations[i].address)
                m_unassigned.emplace_back(index, static_cast<Index>(i));
        m_nicByKey.emplace(nic.info.key, index);
        m_inventory.interfaces.push_back(std::move(nic));
    }
    for (const RawResource* raw : ofType("microsoft.network/networksecuritygroups"))
        for (const JsonTree& reference : raw->tree.property("networkInterfaces").items())
            if (const auto nic = m_nicByKey.find(resourceKey(reference.get("id").view())); nic != m_nicByKey.end()) {
                Index& group = m_inventory.interfaces[static_cast<std::size_t>(nic->second)].securityGroup;
                if (group == kNone)
                    group = m_groupByKey.at(infoOf(*raw).key);
            }
}

void InventoryBuilder::buildConfiguration(NetworkInterface& nic, const JsonTree& node)
{
    IpConfiguration one;
    one.name = lastSegment(node.get("name").isNull() ? node.get("id").view() : node.get("name").view());
    one.id = node.get("id").isNull() ? nic.info.id + "/ipConfigurations/" + one.name : node.get("id").text();
    const std::string text = node.property("privateIPAddress").text();
    // A portal export may write a whole prefix for delegated ranges; its first address is the one that answers.
    if (const auto prefix = parsePrefix(text))
        one.address = prefix->address;
    else if (!text.empty())
        note(FindingSeverity::Warning, "badAddress", nic.info, "The address '" + text + "' of " + one.name + " is not an IP address.");
    one.primary = node.property("primary").boolean(nic.configurations.empty());
    one.subnet = lookUp(m_subnetByKey, node.property("subnet"), nic.info, "subnet");
    one.publicIp = lookUp(m_publicIpByKey, node.property("publicIPAddress"), nic.info, "public IP address");
    for (const JsonTree& group : node.property("applicationSecurityGroups").items())
        one.groups.push_back(resourceKey(group.get("id").view()));
    for (const JsonTree& pool : node.property("loadBalancerBackendAddressPools").items())
        one.pools.push_back(resourceKey(pool.get("id").view()));
    nic.configurations.push_back(std::move(one));
}

void InventoryBuilder::buildMachines()
{
    for (const RawResource* raw : ofType("microsoft.compute/virtualmachines")) {
        VirtualMachine machine;
        machine.info = infoOf(*raw);
        machine.powerState = powerStateOf(raw->tree);
        const auto index = static_cast<Index>(m_inventory.machines.size());
        for (const JsonTree& reference : raw->tree.property("networkProfile").get("networkInterfaces").items()) {
            const Index nic = lookUp(m_nicByKey, reference, machine.info, "network interface");
            if (nic == kNone)
                continue;
            m_inventory.interfaces[static_cast<std::size_t>(nic)].machine = index;
            const bool first = reference.property("primary").boolean(false);
            machine.interfaces.insert(first ? machine.interfaces.begin() : machine.interfaces.end(), nic);
        }
        m_machineByKey.emplace(machine.info.key, index);
        m_inventory.machines.push_back(std::move(machine));
    }
    for (const RawResource* raw : ofType("microsoft.network/networkinterfaces")) {
        const auto machine = m_machineByKey.find(resourceKey(raw->tree.property("virtualMachine").get("id").view()));
        const auto nic = m_nicByKey.find(infoOf(*raw).key);
        if (machine == m_machineByKey.end() || nic == m_nicByKey.end())
            continue;
        Index& owner = m_inventory.interfaces[static_cast<std::size_t>(nic->second)].machine;
        if (owner != kNone)
            continue;
        owner = machine->second;
        m_inventory.machines[static_cast<std::size_t>(machine->second)].interfaces.push_back(nic->second);
    }
}

void InventoryBuilder::assignTemplateAddresses()
{
    std::set<std::pair<Index, IpAddress>> taken;
    for (const NetworkInterface& nic : m_inventory.interfaces)
        for (const IpConfiguration& one : nic.configurations)
            if (one.address)
                taken.emplace(one.subnet, *one.address);
    for (const auto& [nic, part] : m_unassigned) {
        IpConfiguration& one = m_inventory.interfaces[static_cast<std::size_t>(nic)].configurations[static_cast<std::size_t>(part)];
        if (one.subnet == kNone || m_inventory.subnets[static_cast<std::size_t>(one.subnet)].prefixes.empty())
            continue;
        const IpPrefix& prefix = m_inventory.subnets[static_cast<std::size_t>(one.subnet)].prefixes.front();
        for (int offset = kReservedAtStart;; ++offset) {
            const IpAddress candidate = plus(prefix.address, offset);
            if (!prefix.contains(candidate))
                break;
            if (!taken.emplace(one.subnet, candidate).second)
                continue;
            one.address = candidate;
            one.assumed = true;
            break;
        }
    }
}

void InventoryBuilder::buildPrivateEndpoints()
{
    for (const RawResource* raw : ofType("microsoft.network/privateendpoints")) {
        PrivateEndpoint endpoint;
        endpoint.info = infoOf(*raw);
        endpoint.subnet = lookUp(m_subnetByKey, raw->tree.property("subnet"), endpoint.info, "subnet");
        const auto add = [&endpoint](const JsonTree& text) {
            if (const auto address = parseIp(text.view()); address && std::find(endpoint.addresses.begin(), endpoint.addresses.end(), *address) == endpoint.addresses.end())
                endpoint.addresses.push_back(*address);
        };
        for (const JsonTree& reference : raw->tree.property("networkInterfaces").items())
            if (const auto nic = m_nicByKey.find(resourceKey(reference.get("id").view())); nic != m_nicByKey.end()) {
                NetworkInterface& owner = m_inventory.interfaces[static_cast<std::size_t>(nic->second)];
                owner.isPrivateEndpoint = true;
                for (const IpConfiguration& one : owner.configurations)
                    if (one.address)
                        endpoint.addresses.push_back(*one.address);
            }
        for (const JsonTree& one : raw->tree.property("ipConfigurations").items())
            add(one.property("privateIPAddress"));
        for (const JsonTree& config : raw->tree.property("customDnsConfigs").items()) {
            endpoint.fqdns.push_back(config.get("fqdn").text());
            for (const JsonTree& address : config.get("ipAddresses").items())
                add(address);
        }
        for (const char* member : {"privateLinkServiceConnections", "manualPrivateLinkServiceConnections"})
            for (const JsonTree& link : raw->tree.property(member).items())
                if (endpoint.target.empty())
                    endpoint.target = link.property("privateLinkServiceId").text();
        m_inventory.privateEndpoints.push_back(std::move(endpoint));
    }
}

void InventoryBuilder::indexOwners()
{
    Inventory& all = m_inventory;
    const auto vnetOf = [&all](Index subnet) { return subnet == kNone ? kNone : all.subnets[static_cast<std::size_t>(subnet)].vnet; };
    const auto own = [&](const std::optional<IpAddress>& address, OwnerKind kind, std::size_t index, std::size_t part, Index subnet) {
        if (address && subnet != kNone)
            all.privateOwners[*address].push_back({kind, static_cast<Index>(index), static_cast<Index>(part), vnetOf(subnet), subnet});
    };
    const auto ownPublic = [&](Index publicIp, OwnerKind kind, std::size_t index, std::size_t part) {
        if (publicIp != kNone && all.publicIps[static_cast<std::size_t>(publicIp)].address)
            all.publicOwners.emplace(*all.publicIps[static_cast<std::size_t>(publicIp)].address, PublicOwner{kind, static_cast<Index>(index), static_cast<Index>(part)});
    };
    for (std::size_t i = 0; i < all.privateEndpoints.size(); ++i)
        for (const IpAddress& address : all.privateEndpoints[i].addresses)
            own(address, OwnerKind::PrivateEndpoint, i, 0, all.privateEndpoints[i].subnet);
    for (std::size_t i = 0; i < all.interfaces.size(); ++i)
        for (std::size_t part = 0; part < all.interfaces[i].configurations.size(); ++part) {
            const IpConfiguration& one = all.interfaces[i].configurations[part];
            own(one.address, OwnerKind::Interface, i, part, one.subnet);
            ownPublic(one.publicIp, OwnerKind::Interface, i, part);
            if (one.address)
                for (const std::string& group : one.groups)
                    all.groupMembers[group].emplace_back(vnetOf(one.subnet), *one.address);
        }
    for (std::size_t i = 0; i < all.balancers.size(); ++i)
        for (std::size_t part = 0; part < all.balancers[i].frontends.size(); ++part) {
            const LoadBalancerFrontend& frontend = all.balancers[i].frontends[part];
            own(frontend.address, OwnerKind::Frontend, i, part, frontend.subnet);
            ownPublic(frontend.publicIp, OwnerKind::Frontend, i, part);
        }
    for (std::size_t i = 0; i < all.firewalls.size(); ++i) {
        for (const IpAddress& address : all.firewalls[i].addresses)
            own(address, OwnerKind::Firewall, i, 0, all.firewalls[i].subnet);
        for (const Index publicIp : all.firewalls[i].publicIps)
            ownPublic(publicIp, OwnerKind::Firewall, i, 0);
    }
}

} // namespace tocsin::network
