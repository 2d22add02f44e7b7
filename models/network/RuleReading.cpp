// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/RuleReading.h"

#include "base/Utf8.h"
#include "network/ResourceId.h"

#include <algorithm>
#include <array>

namespace tocsin::network {
namespace {

bool isAnyToken(std::string_view token)
{
    return token == "*" || equalsIgnoringCase(token, "any");
}

std::vector<std::string> groupKeys(const JsonTree& list)
{
    std::vector<std::string> keys;
    for (const JsonTree& group : list.items())
        if (!group.get("id").view().empty())
            keys.push_back(resourceKey(group.get("id").view()));
    return keys;
}

Access readAccess(const JsonTree& node, const RuleComplaint& complain)
{
    const auto access = parseAccess(node.view());
    if (!access)
        complain("badAccess", "The access '" + node.text() + "' is neither Allow nor Deny; the rule is read as Deny.");
    return access.value_or(Access::Deny);
}

Direction readDirection(const JsonTree& node, const RuleComplaint& complain)
{
    const auto direction = parseDirection(node.view());
    if (!direction)
        complain("badDirection", "The direction '" + node.text() + "' is neither Inbound nor Outbound; the rule is read as Inbound.");
    return direction.value_or(Direction::Inbound);
}

Protocol readProtocol(const JsonTree& node, const RuleComplaint& complain)
{
    const auto protocol = parseProtocol(node.isNull() ? "*" : node.text());
    if (!protocol)
        complain("badProtocol", "The protocol '" + node.text() + "' is unknown; the rule is read as any protocol.");
    return protocol.value_or(Protocol::Any);
}

void checkAddresses(const AddressSpec& spec, const RuleComplaint& complain)
{
    for (const std::string& tag : spec.tags)
        if (!tag.empty() && (tag.find('/') != std::string::npos || (tag[0] >= '0' && tag[0] <= '9') || tag.find(':') != std::string::npos))
            complain("badAddress", "'" + tag + "' is neither an address prefix nor a service tag.");
}

std::vector<std::string> adminTokens(const JsonTree& list)
{
    std::vector<std::string> tokens;
    for (const JsonTree& item : list.items())
        if (!item.get("addressPrefix").view().empty())
            tokens.push_back(item.get("addressPrefix").text());
    return tokens;
}

std::vector<std::string> textItems(const JsonTree& list)
{
    std::vector<std::string> tokens;
    for (const JsonTree& item : list.items())
        tokens.push_back(item.text());
    return tokens;
}

} // namespace

std::vector<std::string> tokensOf(const JsonTree& node, std::string_view singular, std::string_view plural)
{
    std::vector<std::string> tokens;
    const auto add = [&tokens](const JsonTree& item) {
        const std::string text(trimSpaces(item.text()));
        if (!text.empty() && std::find(tokens.begin(), tokens.end(), text) == tokens.end())
            tokens.push_back(text);
    };
    const JsonTree& one = node.property(singular);
    if (one.isArray())
        for (const JsonTree& item : one.items())
            add(item);
    else
        add(one);
    for (const JsonTree& item : node.property(plural).items())
        add(item);
    return tokens;
}

AddressSpec parseAddressSpec(const std::vector<std::string>& tokens, std::vector<std::string> groups, bool isDefault)
{
    AddressSpec spec;
    spec.groups = std::move(groups);
    spec.written = tokens;
    std::vector<AddressRange> ranges;
    for (const std::string& token : tokens) {
        const bool isAny = isAnyToken(token) || (isDefault && token == "0.0.0.0/0");
        const auto set = isAny ? std::optional(AddressSet::everything()) : parseAddressSet(token);
        if (set)
            ranges.insert(ranges.end(), set->ranges().begin(), set->ranges().end());
        else
            spec.tags.push_back(token);
    }
    spec.literal = AddressSet(std::move(ranges));
    return spec;
}

PortSet parsePorts(const std::vector<std::string>& tokens, const RuleComplaint& complain)
{
    std::vector<PortRange> ranges;
    for (const std::string& token : tokens) {
        // Older exports write several ranges into one text.
        for (std::size_t start = 0; start <= token.size();) {
            const auto comma = std::min(token.find(',', start), token.size());
            const auto range = parsePortRange(std::string_view(token).substr(start, comma - start));
            if (range)
                ranges.push_back(*range);
            else
                complain("badPort", "'" + token + "' is not a port or port range; it matches nothing.");
            start = comma + 1;
        }
    }
    return tokens.empty() ? PortSet::everything() : PortSet(std::move(ranges));
}

SecurityRule readSecurityRule(const JsonTree& node, bool isDefault, const std::string& groupId, const RuleComplaint& complain)
{
    SecurityRule rule;
    rule.name = node.get("name").text();
    if (rule.name.empty())
        rule.name = lastSegment(node.get("id").view());
    rule.id = node.get("id").text();
    if (rule.id.empty())
        rule.id = groupId + (isDefault ? "/defaultSecurityRules/" : "/securityRules/") + rule.name;
    rule.description = node.property("description").text();
    rule.isDefault = isDefault;
    rule.direction = readDirection(node.property("direction"), complain);
    rule.access = readAccess(node.property("access"), complain);
    rule.protocol = readProtocol(node.property("protocol"), complain);
    rule.priority = static_cast<int>(std::clamp<std::int64_t>(node.property("priority").integer().value_or(isDefault ? 65500 : 0), 0, 1'000'000));
    if (!isDefault && (rule.priority < 100 || rule.priority > 4096))
        complain("priorityOutOfRange", "The priority " + std::to_string(rule.priority) + " is outside 100 to 4096.");
    rule.source = parseAddressSpec(tokensOf(node, "sourceAddressPrefix", "sourceAddressPrefixes"),
                                   groupKeys(node.property("sourceApplicationSecurityGroups")), isDefault);
    rule.destination = parseAddressSpec(tokensOf(node, "destinationAddressPrefix", "destinationAddressPrefixes"),
                                        groupKeys(node.property("destinationApplicationSecurityGroups")), isDefault);
    checkAddresses(rule.source, complain);
    checkAddresses(rule.destination, complain);
    rule.sourcePorts = parsePorts(tokensOf(node, "sourcePortRange", "sourcePortRanges"), complain);
    rule.destinationPorts = parsePorts(tokensOf(node, "destinationPortRange", "destinationPortRanges"), complain);
    return rule;
}

SecurityRule readAdminRule(const JsonTree& node, const RuleComplaint& complain)
{
    SecurityRule rule;
    rule.id = node.get("id").text();
    rule.name = rule.id.empty() ? node.property("flag").text() : std::string(lastSegment(rule.id));
    if (rule.name.empty())
        rule.name = node.get("name").text();
    rule.description = node.property("description").text();
    rule.direction = readDirection(node.property("direction"), complain);
    rule.access = readAccess(node.property("access"), complain);
    rule.protocol = readProtocol(node.property("protocol"), complain);
    rule.priority = static_cast<int>(std::clamp<std::int64_t>(node.property("priority").integer().value_or(0), 0, 1'000'000));
    rule.source = parseAddressSpec(adminTokens(node.property("sources")), {}, false);
    rule.destination = parseAddressSpec(adminTokens(node.property("destinations")), {}, false);
    rule.sourcePorts = parsePorts(textItems(node.property("sourcePortRanges")), complain);
    rule.destinationPorts = parsePorts(textItems(node.property("destinationPortRanges")), complain);
    return rule;
}

std::vector<SecurityRule> defaultRules(const std::string& groupId)
{
    struct Row {
        const char* name;
        Direction direction;
        int priority;
        const char* source;
        const char* destination;
        Access access;
    };
    static constexpr std::array<Row, 6> kRows{{{"AllowVnetInBound", Direction::Inbound, 65000, "VirtualNetwork", "VirtualNetwork", Access::Allow},
                                               {"AllowAzureLoadBalancerInBound", Direction::Inbound, 65001, "AzureLoadBalancer", "*", Access::Allow},
                                               {"DenyAllInBound", Direction::Inbound, 65500, "*", "*", Access::Deny},
                                               {"AllowVnetOutBound", Direction::Outbound, 65000, "VirtualNetwork", "VirtualNetwork", Access::Allow},
                                               {"AllowInternetOutBound", Direction::Outbound, 65001, "*", "Internet", Access::Allow},
                                               {"DenyAllOutBound", Direction::Outbound, 65500, "*", "*", Access::Deny}}};
    std::vector<SecurityRule> rules;
    for (const Row& row : kRows) {
        SecurityRule rule;
        rule.name = row.name;
        rule.id = groupId + "/defaultSecurityRules/" + row.name;
        rule.direction = row.direction;
        rule.access = row.access;
        rule.priority = row.priority;
        rule.source = parseAddressSpec({row.source}, {}, true);
        rule.destination = parseAddressSpec({row.destination}, {}, true);
        rule.sourcePorts = rule.destinationPorts = PortSet::everything();
        rule.isDefault = true;
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace tocsin::network
