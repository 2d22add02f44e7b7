// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/FlowVerify.h"

#include "base/Utf8.h"
#include "network/Assumptions.h"
#include "network/ResourceId.h"

#include <algorithm>
#include <set>

namespace tocsin::network {
namespace {

/// A list of rules with its place, in the order the platform reads the lists.
struct RuleList {
    AppliedTo appliedTo;
    std::string appliedToId;
    std::string groupId;
    std::string groupName;
    const std::vector<SecurityRule>* rules;
};

/// The id of the manager a security admin rule comes from.
std::string managerOf(const std::vector<SecurityRule>& rules)
{
    if (rules.empty())
        return {};
    const std::string& id = rules.front().id;
    const auto at = lowered(id).find("/securityadminconfigurations/");
    return at == std::string::npos ? id : id.substr(0, at);
}

std::vector<RuleList> listsOf(const Inventory& inventory, Position position, Direction direction)
{
    std::vector<RuleList> lists;
    if (position.subnet == kNone)
        return lists;
    const Subnet& subnet = inventory.subnets[static_cast<std::size_t>(position.subnet)];
    const VirtualNetwork& vnet = inventory.vnets[static_cast<std::size_t>(subnet.vnet)];
    if (const auto admin = inventory.adminRules.find(vnet.info.key); admin != inventory.adminRules.end()) {
        const std::string manager = managerOf(admin->second);
        lists.push_back({AppliedTo::VirtualNetwork, vnet.info.id, manager, std::string(lastSegment(manager)), &admin->second});
    }
    const auto add = [&](Index group, AppliedTo place, const std::string& id) {
        if (group == kNone)
            return;
        const NetworkSecurityGroup& found = inventory.securityGroups[static_cast<std::size_t>(group)];
        lists.push_back({place, id, found.info.id, found.info.name, &found.rules});
    };
    const auto addSubnet = [&] { add(subnet.securityGroup, AppliedTo::Subnet, subnet.id); };
    const auto addNic = [&] {
        if (position.nic != kNone) {
            const NetworkInterface& nic = inventory.interfaces[static_cast<std::size_t>(position.nic)];
            add(nic.securityGroup, AppliedTo::NetworkInterface, nic.info.id);
        }
    };
    if (direction == Direction::Inbound) {
        addSubnet();
        addNic();
    } else {
        addNic();
        addSubnet();
    }
    return lists;
}

bool protocolMatches(Protocol rule, Protocol question)
{
    // ICMPv6 is not something these rules filter.
    if (question == Protocol::IcmpV6)
        return false;
    return rule == Protocol::Any || rule == question;
}

RuleTrial tryRule(const SecurityRule& rule, const FlowQuestion& question, TagScope& scope, bool withDestinationPort)
{
    RuleTrial trial{&rule};
    trial.protocol = protocolMatches(rule.protocol, question.protocol);
    const bool ports = hasPorts(question.protocol);
    trial.sourcePort = !ports || rule.sourcePorts.covers(question.sourcePorts);
    trial.destinationPort = !ports || !withDestinationPort || rule.destinationPorts.covers(question.destinationPorts);
    trial.source = matchAddresses(rule.source, question.source, scope);
    trial.destination = matchAddresses(rule.destination, question.destination, scope);
    return trial;
}

bool isMulticastOrBroadcast(const AddressSet& destination)
{
    static constexpr std::string_view kGroups[]{"224.0.0.0/4", "255.255.255.255/32", "ff00::/8"};
    return std::any_of(std::begin(kGroups), std::end(kGroups), [&](std::string_view text) { return AddressSet::of(*parsePrefix(text)).covers(destination); });
}

/// The platform's own services the question is about, or nullptr.
const PlatformFlow* platformFlow(const FlowQuestion& question)
{
    if (question.direction != Direction::Outbound || !question.destination.isSingle() || !question.destinationPorts.isSingle())
        return nullptr;
    for (const PlatformFlow& flow : kPlatformFlows) {
        const bool transport = question.protocol == Protocol::Tcp || (question.protocol == Protocol::Udp && flow.port == 53);
        if (transport && flow.port == question.destinationPorts.first && *parseIp(flow.address) == question.destination.ranges()[0].first)
            return &flow;
    }
    return nullptr;
}

bool namesPlatformTag(const SecurityRule& rule, std::string_view tag)
{
    return !tag.empty() && std::any_of(rule.destination.tags.begin(), rule.destination.tags.end(), [tag](const std::string& has) { return equalsIgnoringCase(has, tag); });
}

std::string missingTag(const SecurityRule& rule, TagScope& scope)
{
    std::string missing;
    if (expandAddresses(rule.source, scope, &missing))
        expandAddresses(rule.destination, scope, &missing);
    return missing;
}

RuleStage readStage(const RuleList& list, const FlowQuestion& question, TagScope& scope, const PlatformFlow* platform)
{
    RuleStage stage{list.appliedTo, list.appliedToId, list.groupId, list.groupName};
    const bool admin = list.appliedTo == AppliedTo::VirtualNetwork;
    // Platform services answer whatever the rules say, unless a rule names their tag.
    stage.access = admin || platform ? Access::Allow : Access::Deny;
    for (const SecurityRule& rule : *list.rules) {
        if (rule.direction != question.direction || (platform && !namesPlatformTag(rule, platform->tag)))
            continue;
        stage.trials.push_back(tryRule(rule, question, scope, true));
        const Match match = stage.trials.back().all();
        if (match == Match::No)
            continue;
        stage.rule = &rule;
        stage.access = match == Match::Yes ? rule.access : Access::Unknown;
        break;
    }
    return stage;
}

} // namespace

Match RuleTrial::all() const
{
    if (!protocol || !sourcePort || !destinationPort || source == Match::No || destination == Match::No)
        return Match::No;
    return source == Match::Yes && destination == Match::Yes ? Match::Yes : Match::Unknown;
}

Position positionOf(const Inventory& inventory, Index nic, const std::optional<IpAddress>& localAddress)
{
    const IpConfiguration* one = inventory.interfaces[static_cast<std::size_t>(nic)].configuration(localAddress);
    return {one ? one->subnet : kNone, nic};
}

Index vnetOf(const Inventory& inventory, Position position)
{
    return position.subnet == kNone ? kNone : inventory.subnets[static_cast<std::size_t>(position.subnet)].vnet;
}

FlowVerdict verifyFlow(const Inventory& inventory, Position position, const FlowQuestion& question)
{
    TagScope scope(inventory, vnetOf(inventory, position), position.subnet);
    return verifyFlow(inventory, position, question, scope);
}

FlowVerdict verifyFlow(const Inventory& inventory, Position position, const FlowQuestion& question, TagScope& scope)
{
    FlowVerdict verdict;
    const bool hostPort = question.protocol == Protocol::Udp
        && (question.sourcePorts == PortRange{kHostUdpPort, kHostUdpPort} || question.destinationPorts == PortRange{kHostUdpPort, kHostUdpPort});
    if (hostPort || isMulticastOrBroadcast(question.destination)) {
        verdict.access = Access::Deny;
        verdict.appliedTo = AppliedTo::Platform;
        verdict.note = hostPort ? "UDP port 65330 is reserved for the host" : "virtual networks carry no multicast or broadcast";
        return verdict;
    }
    if (question.protocol == Protocol::IcmpV6)
        verdict.note = "network security groups do not filter ICMPv6";
    const PlatformFlow* platform = platformFlow(question);
    if (platform)
        verdict.note = "the platform's own services are not subject to network security groups";
    for (const RuleList& list : listsOf(inventory, position, question.direction)) {
        if (question.protocol == Protocol::IcmpV6)
            break;
        RuleStage stage = readStage(list, question, scope, platform);
        // Admin rules that do not match, and groups silent about the platform, are no step of the decision.
        if (!stage.rule && (list.appliedTo == AppliedTo::VirtualNetwork || platform))
            continue;
        const bool last = stage.access != Access::Allow;
        verdict.access = stage.access == Access::AlwaysAllow ? Access::Allow : stage.access;
        verdict.rule = stage.rule;
        verdict.appliedTo = stage.appliedTo;
        verdict.groupId = stage.groupId;
        verdict.groupName = stage.groupName;
        if (stage.access == Access::Unknown && stage.rule)
            verdict.note = "rule " + stage.rule->name + " names the service tag " + missingTag(*stage.rule, scope) + ", which needs the service tag file";
        verdict.stages.push_back(std::move(stage));
        if (last)
            break;
    }
    return verdict;
}

PortVerdict verifyPorts(const Inventory& inventory, Position position, const FlowQuestion& question, TagScope& scope)
{
    PortVerdict verdict{PortSet::everything(), {}};
    if (isMulticastOrBroadcast(question.destination))
        return {};
    if (question.protocol == Protocol::IcmpV6)
        return verdict;
    PortSet possible = PortSet::everything();
    PortSet skipsGroups; // ports an AlwaysAllow has let through for good
    for (const RuleList& list : listsOf(inventory, position, question.direction)) {
        const bool admin = list.appliedTo == AppliedTo::VirtualNetwork;
        PortSet open = PortSet::everything();
        PortSet allowed = admin ? PortSet() : skipsGroups;
        PortSet unknown;
        for (const SecurityRule& rule : *list.rules) {
            if (open.isEmpty())
                break;
            if (rule.direction != question.direction)
                continue;
            const Match match = tryRule(rule, question, scope, false).all();
            if (match == Match::No)
                continue;
            const PortSet hit = hasPorts(question.protocol) ? open.intersected(rule.destinationPorts) : open;
            open = open.minus(hit);
            if (match == Match::Unknown)
                unknown = unknown.united(hit);
            else if (rule.access != Access::Deny)
                allowed = allowed.united(hit);
            if (match == Match::Yes && rule.access == Access::AlwaysAllow)
                skipsGroups = skipsGroups.united(hit);
        }
        if (admin)
            allowed = allowed.united(open);
        verdict.allowed = verdict.allowed.intersected(allowed);
        possible = possible.intersected(allowed.united(unknown));
    }
    verdict.unknown = possible.minus(verdict.allowed);
    // The exemptions of 168.63.129.16 and the metadata service are single ports: ask for each of them.
    for (const PlatformFlow& flow : kPlatformFlows) {
        FlowQuestion point = question;
        point.destinationPorts = {flow.port, flow.port};
        if (!platformFlow(point))
            continue;
        const PortSet one({point.destinationPorts});
        const Access access = verifyFlow(inventory, position, point, scope).access;
        verdict.allowed = access == Access::Allow ? verdict.allowed.united(one) : verdict.allowed.minus(one);
        verdict.unknown = verdict.unknown.minus(one);
    }
    if (question.protocol == Protocol::Udp)
        verdict.allowed = verdict.allowed.minus(PortSet({{kHostUdpPort, kHostUdpPort}}));
    return verdict;
}

std::vector<PortRange> ephemeralParts(const Inventory& inventory, Position position)
{
    std::set<int> starts{kFirstEphemeralPort};
    for (const Direction direction : {Direction::Inbound, Direction::Outbound})
        for (const RuleList& list : listsOf(inventory, position, direction))
            for (const SecurityRule& rule : *list.rules)
                for (const PortRange range : rule.sourcePorts.ranges()) {
                    if (range.first > kFirstEphemeralPort)
                        starts.insert(range.first);
                    if (range.last >= kFirstEphemeralPort && range.last < 65535)
                        starts.insert(range.last + 1);
                }
    std::vector<PortRange> parts;
    for (auto start = starts.begin(); start != starts.end(); ++start) {
        const auto next = std::next(start);
        parts.push_back({static_cast<std::uint16_t>(*start), static_cast<std::uint16_t>(next == starts.end() ? 65535 : *next - 1)});
    }
    return parts;
}

} // namespace tocsin::network
