// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Inventory.h"

#include "base/Utf8.h"
#include "network/Errors.h"
#include "network/ResourceId.h"

#include <algorithm>

namespace tocsin::network {
namespace {

template <typename List>
Result<Index> findIn(const List& list, std::string_view nameOrId, std::string_view what)
{
    const bool isId = nameOrId.find('/') != std::string_view::npos;
    const std::string key = isId ? resourceKey(nameOrId) : std::string();
    Index found = kNone;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const ResourceInfo& info = list[i].info;
        if (isId ? info.key != key : !equalsIgnoringCase(info.name, nameOrId))
            continue;
        if (found != kNone)
            return fail(kAmbiguousResource, what, nameOrId);
        found = static_cast<Index>(i);
    }
    if (found == kNone)
        return fail(kUnknownResource, what, nameOrId);
    return found;
}

void addDistinct(std::map<std::string, std::string>& spellings, const std::string& text)
{
    if (!text.empty())
        spellings.emplace(lowered(text), text);
}

std::vector<std::string> values(const std::map<std::string, std::string>& spellings)
{
    std::vector<std::string> result;
    for (const auto& [key, text] : spellings)
        result.push_back(text);
    return result;
}

} // namespace

AddressSet VirtualNetwork::space() const { return AddressSet::of(prefixes); }

bool VirtualNetwork::hasIpv6() const
{
    return std::any_of(prefixes.begin(), prefixes.end(), [](const IpPrefix& prefix) { return !prefix.address.isV4(); });
}

const IpConfiguration* NetworkInterface::configuration(const std::optional<IpAddress>& address) const
{
    if (configurations.empty())
        return nullptr;
    if (address)
        for (const IpConfiguration& one : configurations)
            if (one.address == address)
                return &one;
    for (const IpConfiguration& one : configurations)
        if (one.primary)
            return &one;
    return &configurations.front();
}

Index NetworkInterface::subnet() const
{
    const IpConfiguration* primary = configuration();
    return primary ? primary->subnet : kNone;
}

Result<Index> Inventory::findInterface(std::string_view nameOrId) const { return findIn(interfaces, nameOrId, "network interface"); }
Result<Index> Inventory::findMachine(std::string_view nameOrId) const { return findIn(machines, nameOrId, "virtual machine"); }
Result<Index> Inventory::findVnet(std::string_view nameOrId) const { return findIn(vnets, nameOrId, "virtual network"); }
Result<Index> Inventory::findSecurityGroup(std::string_view nameOrId) const { return findIn(securityGroups, nameOrId, "network security group"); }
Result<Index> Inventory::findRouteTable(std::string_view nameOrId) const { return findIn(routeTables, nameOrId, "route table"); }

Result<Index> Inventory::findSubnet(std::string_view nameOrId, Index vnet) const
{
    const bool isId = nameOrId.find('/') != std::string_view::npos;
    const std::string key = isId ? resourceKey(nameOrId) : std::string();
    Index found = kNone;
    for (std::size_t i = 0; i < subnets.size(); ++i) {
        const Subnet& subnet = subnets[i];
        if ((vnet != kNone && subnet.vnet != vnet) || (isId ? subnet.key != key : !equalsIgnoringCase(subnet.name, nameOrId)))
            continue;
        if (found != kNone)
            return fail(kAmbiguousResource, "subnet", nameOrId);
        found = static_cast<Index>(i);
    }
    if (found == kNone)
        return fail(kUnknownResource, "subnet", nameOrId);
    return found;
}

Index Inventory::vnetOfInterface(Index nic) const
{
    const Index subnet = interfaces[static_cast<std::size_t>(nic)].subnet();
    return subnet == kNone ? kNone : subnets[static_cast<std::size_t>(subnet)].vnet;
}

const AddressOwner* Inventory::ownerIn(Index vnet, const IpAddress& address) const
{
    const auto found = privateOwners.find(address);
    if (found == privateOwners.end())
        return nullptr;
    for (const AddressOwner& owner : found->second)
        if (owner.vnet == vnet)
            return &owner;
    return nullptr;
}

Index Inventory::subnetOf(Index vnet, const IpAddress& address) const
{
    if (vnet == kNone)
        return kNone;
    for (const Index subnet : vnets[static_cast<std::size_t>(vnet)].subnets)
        for (const IpPrefix& prefix : subnets[static_cast<std::size_t>(subnet)].prefixes)
            if (prefix.contains(address))
                return subnet;
    return kNone;
}

const Peering* Inventory::peeringTo(Index vnet, Index remote) const
{
    for (const Peering& peering : vnets[static_cast<std::size_t>(vnet)].peerings)
        if (peering.remote == remote && remote != kNone)
            return &peering;
    return nullptr;
}

bool Inventory::isEstablished(Index vnet, const Peering& peering) const
{
    if (!peering.connected)
        return false;
    if (peering.remote == kNone)
        return true;
    const Peering* back = peeringTo(peering.remote, vnet);
    return back && back->connected;
}

std::vector<std::string> Inventory::subscriptions() const
{
    std::map<std::string, std::string> spellings;
    for (const ResourceInfo& info : resources)
        addDistinct(spellings, info.subscription);
    return values(spellings);
}

std::vector<std::string> Inventory::resourceGroups(std::string_view subscription) const
{
    std::map<std::string, std::string> spellings;
    for (const ResourceInfo& info : resources)
        if (subscription.empty() || equalsIgnoringCase(info.subscription, subscription))
            addDistinct(spellings, info.resourceGroup);
    return values(spellings);
}

std::vector<Index> Inventory::machinesIn(std::string_view subscription, std::string_view resourceGroup) const
{
    std::vector<Index> result;
    for (std::size_t i = 0; i < machines.size(); ++i) {
        const ResourceInfo& info = machines[i].info;
        if ((subscription.empty() || equalsIgnoringCase(info.subscription, subscription))
            && (resourceGroup.empty() || equalsIgnoringCase(info.resourceGroup, resourceGroup)))
            result.push_back(static_cast<Index>(i));
    }
    std::sort(result.begin(), result.end(), [this](Index a, Index b) {
        return lowered(machines[static_cast<std::size_t>(a)].info.name) < lowered(machines[static_cast<std::size_t>(b)].info.name);
    });
    return result;
}

} // namespace tocsin::network
