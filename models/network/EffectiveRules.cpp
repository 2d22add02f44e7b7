// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/EffectiveRules.h"

#include <algorithm>
#include <set>

namespace tocsin::network {
namespace {

std::vector<std::string> expansion(const AddressSpec& side, TagScope& scope)
{
    std::vector<std::string> prefixes;
    if (side.tags.empty() && side.groups.empty())
        return prefixes;
    if (const auto set = expandAddresses(side, scope))
        for (const IpPrefix& prefix : set->prefixes())
            prefixes.push_back(formatPrefix(prefix));
    return prefixes;
}

bool portsCover(const PortSet& outer, const PortSet& inner) { return inner.minus(outer).isEmpty(); }

bool takesAll(const SecurityRule& earlier, const SecurityRule& rule, TagScope& scope)
{
    if (earlier.direction != rule.direction || (earlier.protocol != Protocol::Any && earlier.protocol != rule.protocol))
        return false;
    if (!portsCover(earlier.sourcePorts, rule.sourcePorts) || !portsCover(earlier.destinationPorts, rule.destinationPorts))
        return false;
    const auto covers = [&scope](const AddressSpec& outer, const AddressSpec& inner) {
        if (outer.isAny())
            return true;
        const auto set = expandAddresses(inner, scope);
        return set && !set->isEmpty() && matchAddresses(outer, *set, scope) == Match::Yes;
    };
    return covers(earlier.source, rule.source) && covers(earlier.destination, rule.destination);
}

EffectiveRuleGroup describe(AppliedTo place, const std::string& placeId, const std::string& id, const std::string& name, const std::vector<SecurityRule>& rules, TagScope& scope)
{
    EffectiveRuleGroup group{place, placeId, id, name, {}};
    for (const SecurityRule& rule : rules) {
        EffectiveRule effective{&rule, expansion(rule.source, scope), expansion(rule.destination, scope)};
        // An Allow of the network manager hands over to the groups, so nothing below it is covered.
        for (const EffectiveRule& earlier : group.rules)
            if (!effective.coveredBy && takesAll(*earlier.rule, rule, scope))
                effective.coveredBy = earlier.rule;
        group.rules.push_back(std::move(effective));
    }
    return group;
}

constexpr std::size_t kMostAtoms = 8192;

void addBounds(const AddressSet& set, std::set<IpAddress>& starts)
{
    for (const AddressRange& range : set.ranges())
        starts.insert(range.first);
    const AddressSet others = set.complement();
    for (const AddressRange& range : others.ranges())
        starts.insert(range.first);
}

} // namespace

std::vector<EffectiveRuleGroup> effectiveRules(const Inventory& inventory, Index nicIndex)
{
    std::vector<EffectiveRuleGroup> groups;
    const NetworkInterface& nic = inventory.interfaces[static_cast<std::size_t>(nicIndex)];
    const Position position = positionOf(inventory, nicIndex);
    TagScope scope(inventory, vnetOf(inventory, position), position.subnet);
    const auto add = [&](Index index, AppliedTo place, const std::string& id) {
        if (index == kNone)
            return;
        const NetworkSecurityGroup& group = inventory.securityGroups[static_cast<std::size_t>(index)];
        groups.push_back(describe(place, id, group.info.id, group.info.name, group.rules, scope));
    };
    if (position.subnet != kNone) {
        const Subnet& subnet = inventory.subnets[static_cast<std::size_t>(position.subnet)];
        const ResourceInfo& vnet = inventory.vnets[static_cast<std::size_t>(subnet.vnet)].info;
        if (const auto admin = inventory.adminRules.find(vnet.key); admin != inventory.adminRules.end())
            groups.push_back(describe(AppliedTo::VirtualNetwork, vnet.id, {}, {}, admin->second, scope));
        add(subnet.securityGroup, AppliedTo::Subnet, subnet.id);
    }
    add(nic.securityGroup, AppliedTo::NetworkInterface, nic.info.id);
    return groups;
}

OpenPorts openPorts(const Inventory& inventory, Index nicIndex, Protocol protocol, const AddressSet& remote)
{
    const Position position = positionOf(inventory, nicIndex);
    const IpConfiguration* local = inventory.interfaces[static_cast<std::size_t>(nicIndex)].configuration();
    OpenPorts open{PortSet::everything(), {}};
    if (!local || !local->address || remote.isEmpty())
        return {};
    TagScope scope(inventory, vnetOf(inventory, position), position.subnet);
    // Between the bounds of all sets the rules name every address is treated alike, so one of each stretch is enough.
    std::set<IpAddress> starts;
    addBounds(remote, starts);
    for (const EffectiveRuleGroup& group : effectiveRules(inventory, nicIndex))
        for (const EffectiveRule& rule : group.rules)
            if (rule.rule->direction == Direction::Inbound && starts.size() < kMostAtoms)
                if (const auto set = expandAddresses(rule.rule->source, scope))
                    addBounds(*set, starts);
    for (const IpAddress& start : starts) {
        if (!remote.contains(start))
            continue;
        FlowQuestion question{Direction::Inbound, protocol, AddressSet::of(start), AddressSet::of(*local->address), {49152, 65535}, {}};
        const PortVerdict verdict = verifyPorts(inventory, position, question, scope);
        open.fromAll = open.fromAll.intersected(verdict.allowed);
        open.fromSome = open.fromSome.united(verdict.allowed);
    }
    return open;
}

} // namespace tocsin::network
