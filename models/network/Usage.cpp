// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Usage.h"

#include "base/Utf8.h"

#include <algorithm>
#include <map>
#include <set>

namespace tocsin::network {
namespace {

/// Azure keeps the first four addresses and the last of every subnet.
constexpr std::int64_t kReservedAddresses = 5;

/// The row with the greatest count only: one line per kind is enough to see how close one is.
void addFullest(std::vector<LimitUsage>& rows, std::string_view kind, std::int64_t limit, const std::vector<std::pair<std::string, std::size_t>>& counts)
{
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != counts.end())
        rows.push_back({std::string(kind), most->first, static_cast<std::int64_t>(most->second), limit});
}

template <typename List>
void addPerLocation(std::vector<LimitUsage>& rows, std::string_view kind, std::int64_t limit, const List& list)
{
    std::map<std::string, std::int64_t> counts;
    for (const auto& one : list)
        ++counts[lowered(one.info.location)];
    for (const auto& [location, count] : counts)
        rows.push_back({std::string(kind), location, count, limit});
}

} // namespace

SubnetUsage subnetUsage(const Inventory& inventory, Index index)
{
    const Subnet& subnet = inventory.subnets[static_cast<std::size_t>(index)];
    if (equalsIgnoringCase(subnet.name, "GatewaySubnet"))
        return {-1, -1};
    SubnetUsage usage;
    for (const IpPrefix& prefix : subnet.prefixes)
        if (prefix.address.isV4())
            usage.limit += std::max<std::int64_t>(0, (std::int64_t{1} << (32 - prefix.length)) - kReservedAddresses);
    std::set<IpAddress> taken;
    for (const auto& [address, owners] : inventory.privateOwners)
        for (const AddressOwner& owner : owners)
            if (owner.subnet == index && address.isV4())
                taken.insert(address);
    usage.currentValue = static_cast<std::int64_t>(taken.size());
    return usage;
}

std::vector<LimitUsage> limitUsages(const Inventory& inventory)
{
    std::vector<LimitUsage> rows;
    addPerLocation(rows, "VirtualNetworks", 1000, inventory.vnets);
    addPerLocation(rows, "NetworkInterfaces", 65536, inventory.interfaces);
    addPerLocation(rows, "NetworkSecurityGroups", 5000, inventory.securityGroups);
    addPerLocation(rows, "RouteTables", 200, inventory.routeTables);
    std::vector<std::pair<std::string, std::size_t>> subnets, peerings, dnsServers, rules, routes, addresses;
    for (const VirtualNetwork& vnet : inventory.vnets) {
        subnets.emplace_back(vnet.info.name, vnet.subnets.size());
        peerings.emplace_back(vnet.info.name, vnet.peerings.size());
        dnsServers.emplace_back(vnet.info.name, vnet.dnsServers.size());
    }
    for (const NetworkSecurityGroup& group : inventory.securityGroups)
        rules.emplace_back(group.info.name, static_cast<std::size_t>(std::count_if(group.rules.begin(), group.rules.end(), [](const SecurityRule& rule) { return !rule.isDefault; })));
    for (const RouteTable& table : inventory.routeTables)
        routes.emplace_back(table.info.name, table.routes.size());
    for (const NetworkInterface& nic : inventory.interfaces)
        addresses.emplace_back(nic.info.name, nic.configurations.size());
    addFullest(rows, "SubnetsPerVirtualNetwork", 3000, subnets);
    addFullest(rows, "PeeringsPerVirtualNetwork", 500, peerings);
    addFullest(rows, "DnsServersPerVirtualNetwork", 20, dnsServers);
    addFullest(rows, "SecurityRulesPerNetworkSecurityGroup", 1000, rules);
    addFullest(rows, "RoutesPerRouteTable", 400, routes);
    addFullest(rows, "IPConfigurationsPerNetworkInterface", 256, addresses);
    std::stable_sort(rows.begin(), rows.end(), [](const LimitUsage& a, const LimitUsage& b) { return a.share() > b.share(); });
    return rows;
}

} // namespace tocsin::network
