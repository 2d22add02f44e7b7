// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/InventoryChecks.h"

#include "base/Utf8.h"

#include <algorithm>
#include <map>

namespace tocsin::network {
namespace {

void note(Inventory& inventory, std::string code, const ResourceInfo& info, std::string text)
{
    inventory.findings.push_back({FindingSeverity::Warning, std::move(code), info.id, info.source, std::move(text)});
}

void checkRules(Inventory& inventory, const NetworkSecurityGroup& group)
{
    std::map<std::pair<Direction, int>, std::string> seen;
    for (const SecurityRule& rule : group.rules) {
        if (!rule.isDefault) {
            const auto [first, isNew] = seen.emplace(std::pair(rule.direction, rule.priority), rule.name);
            if (!isNew)
                note(inventory, "duplicatePriority", group.info,
                     "Rules " + first->second + " and " + rule.name + " are both " + std::string(name(rule.direction)) + " with priority " + std::to_string(rule.priority) + ".");
        }
        for (const AddressSpec* side : {&rule.source, &rule.destination})
            for (const std::string& tag : side->tags)
                if (const ServiceTag* known = inventory.serviceTags->find(tag); known && !known->supports("NSG"))
                    note(inventory, "tagNotForRules", group.info, "Rule " + rule.name + ": service tag " + tag + " cannot be used in security rules.");
    }
}

void checkSubnets(Inventory& inventory, const VirtualNetwork& vnet)
{
    for (std::size_t i = 0; i < vnet.subnets.size(); ++i)
        for (std::size_t j = i + 1; j < vnet.subnets.size(); ++j) {
            const Subnet& a = inventory.subnets[static_cast<std::size_t>(vnet.subnets[i])];
            const Subnet& b = inventory.subnets[static_cast<std::size_t>(vnet.subnets[j])];
            for (const IpPrefix& one : a.prefixes)
                for (const IpPrefix& other : b.prefixes)
                    if (one.contains(other) || other.contains(one))
                        note(inventory, "overlappingSubnets", vnet.info, "Subnets " + a.name + " and " + b.name + " overlap in " + formatPrefix(one.length > other.length ? one : other) + ".");
        }
}

/// Next hop addresses must belong to somebody in the virtual network of a subnet that uses the table, or in a network peered with it.
void checkRoutes(Inventory& inventory, Index tableIndex)
{
    const RouteTable& table = inventory.routeTables[static_cast<std::size_t>(tableIndex)];
    for (const Route& route : table.routes) {
        if (!parsePrefix(route.prefix))
            if (const ServiceTag* tag = inventory.serviceTags->find(route.prefix); tag && !tag->supports("UDR"))
                note(inventory, "tagNotForRoutes", table.info, "Route " + route.name + ": service tag " + route.prefix + " cannot be used in routes.");
        if (route.nextHopType != NextHopType::VirtualAppliance)
            continue;
        const auto address = parseIp(route.nextHopAddress);
        if (!address)
            note(inventory, "badNextHop", table.info, "Route " + route.name + ": the next hop '" + route.nextHopAddress + "' is not an address.");
        else if (!inventory.privateOwners.contains(*address))
            note(inventory, "nextHopUnowned", table.info, "Route " + route.name + ": nobody in the inventory has the next hop address " + route.nextHopAddress + ".");
    }
}

} // namespace

void checkInventory(Inventory& inventory)
{
    for (const NetworkSecurityGroup& group : inventory.securityGroups)
        checkRules(inventory, group);
    for (const VirtualNetwork& vnet : inventory.vnets)
        checkSubnets(inventory, vnet);
    for (std::size_t i = 0; i < inventory.routeTables.size(); ++i)
        checkRoutes(inventory, static_cast<Index>(i));
}

} // namespace tocsin::network
