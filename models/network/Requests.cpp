// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Requests.h"

#include "base/Utf8.h"
#include "network/Errors.h"

#include <algorithm>

namespace tocsin::network {
namespace {

Result<PortRange> portsOf(const std::string& text)
{
    if (trimSpaces(text).empty())
        return PortRange{};
    const auto range = parsePortRange(text);
    if (!range)
        return fail(kBadPort, text);
    return *range;
}

Result<IpAddress> addressOf(const std::string& text)
{
    const auto address = parseIp(trimSpaces(text));
    if (!address)
        return fail(kBadAddress, text);
    return *address;
}

bool hasAddress(const NetworkInterface& nic, const IpAddress& address)
{
    return std::any_of(nic.configurations.begin(), nic.configurations.end(), [&](const IpConfiguration& one) { return one.address == address; });
}

Result<AddressSet> setOf(const std::string& text, TagScope& scope, bool v4)
{
    const auto trimmed = trimSpaces(text);
    if (trimmed.empty() || trimmed == "*" || equalsIgnoringCase(trimmed, "any"))
        return v4 ? AddressSet::allIpv4() : AddressSet::allIpv6();
    if (auto set = parseAddressSet(trimmed))
        return std::move(*set);
    if (trimmed.find_first_of("./:") != std::string_view::npos && trimmed[0] >= '0' && trimmed[0] <= '9')
        return fail(kBadAddress, text);
    const AddressSet* tag = scope.find(trimmed);
    if (!tag)
        return fail(kNeedsServiceTags, trimmed);
    return *tag;
}

} // namespace

Result<Index> findTarget(const Inventory& inventory, const TargetName& target, const std::optional<IpAddress>& localAddress)
{
    if (!target.interface.empty()) {
        TOCSIN_TRY_ASSIGN(const Index nic, inventory.findInterface(target.interface));
        if (localAddress && !hasAddress(inventory.interfaces[static_cast<std::size_t>(nic)], *localAddress))
            return fail(kForeignAddress, formatIp(*localAddress), target.interface);
        return nic;
    }
    TOCSIN_TRY_ASSIGN(const Index machine, inventory.findMachine(target.machine));
    const auto& interfaces = inventory.machines[static_cast<std::size_t>(machine)].interfaces;
    if (interfaces.empty())
        return fail(kUnknownResource, "network interface of virtual machine", target.machine);
    if (!localAddress)
        return interfaces.front();
    for (const Index nic : interfaces)
        if (hasAddress(inventory.interfaces[static_cast<std::size_t>(nic)], *localAddress))
            return nic;
    return fail(kForeignAddress, formatIp(*localAddress), target.machine);
}

Result<FlowVerdict> verifyIpFlow(const Inventory& inventory, const FlowVerifyRequest& request)
{
    TOCSIN_TRY_ASSIGN(const IpAddress local, addressOf(request.localAddress));
    TOCSIN_TRY_ASSIGN(const IpAddress remote, addressOf(request.remoteAddress));
    TOCSIN_TRY_ASSIGN(const PortRange localPorts, portsOf(request.localPort));
    TOCSIN_TRY_ASSIGN(const PortRange remotePorts, portsOf(request.remotePort));
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, request.target, local));
    FlowQuestion question;
    question.direction = request.direction;
    question.protocol = request.protocol;
    const bool inbound = request.direction == Direction::Inbound;
    question.source = AddressSet::of(inbound ? remote : local);
    question.destination = AddressSet::of(inbound ? local : remote);
    question.sourcePorts = inbound ? remotePorts : localPorts;
    question.destinationPorts = inbound ? localPorts : remotePorts;
    return verifyFlow(inventory, positionOf(inventory, nic, local), question);
}

Result<FlowVerdict> diagnoseRules(const Inventory& inventory, const RuleDiagnosticsRequest& request)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, request.target));
    const std::string& localText = request.direction == Direction::Inbound ? request.destination : request.source;
    const auto local = parseIp(trimSpaces(localText));
    const bool v4 = request.source.find(':') == std::string::npos && request.destination.find(':') == std::string::npos;
    const Position position = positionOf(inventory, nic, local);
    TagScope scope(inventory, vnetOf(inventory, position), position.subnet);
    FlowQuestion question;
    question.direction = request.direction;
    question.protocol = request.protocol;
    TOCSIN_TRY_ASSIGN(question.source, setOf(request.source, scope, v4));
    TOCSIN_TRY_ASSIGN(question.destination, setOf(request.destination, scope, v4));
    TOCSIN_TRY_ASSIGN(question.destinationPorts, portsOf(request.destinationPort));
    return verifyFlow(inventory, position, question, scope);
}

Result<NextHopAnswer> askNextHop(const Inventory& inventory, const TargetName& target, const std::string& destination, const std::string& source)
{
    TOCSIN_TRY_ASSIGN(const IpAddress address, addressOf(destination));
    std::optional<IpAddress> local;
    if (!trimSpaces(source).empty()) {
        TOCSIN_TRY_ASSIGN(local, addressOf(source));
    }
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, target, local));
    NextHopAnswer answer;
    answer.routes = effectiveRoutes(inventory, positionOf(inventory, nic, local).subnet);
    answer.hop = findNextHop(answer.routes, address);
    answer.routeTable = routeTableName(inventory, answer.hop.route);
    answer.routeTableId = answer.routeTable;
    if (answer.hop.route) {
        answer.address = answer.hop.route->nextHopAddress;
        if (answer.hop.route->routeTable != kNone)
            answer.routeTableId = inventory.routeTables[static_cast<std::size_t>(answer.hop.route->routeTable)].info.id;
    }
    return answer;
}

Result<std::vector<std::pair<std::string, bool>>> expandTag(const Inventory& inventory, const TargetName& target, const std::string& tag, const std::vector<std::string>& addresses)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, target));
    const Position position = positionOf(inventory, nic);
    TagScope scope(inventory, vnetOf(inventory, position), position.subnet);
    const AddressSet* set = scope.find(tag);
    if (!set)
        return fail(kNeedsServiceTags, tag);
    std::vector<std::pair<std::string, bool>> members;
    for (const std::string& text : addresses) {
        const auto asked = parseAddressSet(text);
        if (!asked)
            return fail(kBadAddress, text);
        members.emplace_back(text, set->covers(*asked));
    }
    return members;
}

Result<ReplyVerdict> verifyReply(const Inventory& inventory, const TargetName& target, const FlowQuestion& opening)
{
    const AddressSet& localSet = opening.direction == Direction::Inbound ? opening.destination : opening.source;
    const auto local = localSet.isSingle() ? std::optional(localSet.ranges()[0].first) : std::nullopt;
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, target, local));
    ReplyVerdict verdict;
    verdict.opening = verifyFlow(inventory, positionOf(inventory, nic, local), opening);
    verdict.reply = verdict.opening.access;
    return verdict;
}

} // namespace tocsin::network
