// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Firewall.h"

#include "base/Utf8.h"

#include <algorithm>

namespace tocsin::network {
namespace {

bool matchesName(const std::vector<std::string>& patterns, std::string_view fqdn)
{
    return std::any_of(patterns.begin(), patterns.end(), [fqdn](const std::string& pattern) {
        if (pattern == "*")
            return true;
        if (pattern.starts_with("*."))
            return fqdn.size() >= pattern.size() && equalsIgnoringCase(fqdn.substr(fqdn.size() - pattern.size() + 1), std::string_view(pattern).substr(1));
        return !fqdn.empty() && equalsIgnoringCase(pattern, fqdn);
    });
}

/// Everything of a rule but its ports.
bool matchesWithoutPorts(const FirewallRule& rule, const FlowQuestion& question, std::string_view fqdn, TagScope& scope)
{
    const bool protocol = std::any_of(rule.protocols.begin(), rule.protocols.end(), [&](Protocol one) { return one == Protocol::Any || one == question.protocol; });
    if (!protocol || matchAddresses(rule.source, question.source, scope) != Match::Yes)
        return false;
    if (rule.kind == FirewallRuleKind::Application)
        return question.protocol == Protocol::Tcp && matchesName(rule.fqdns, fqdn);
    return matchAddresses(rule.destination, question.destination, scope) == Match::Yes || (!rule.fqdns.empty() && !fqdn.empty() && matchesName(rule.fqdns, fqdn));
}

} // namespace

FirewallVerdict verifyFirewall(const AzureFirewall& firewall, const FlowQuestion& question, std::string_view fqdn, TagScope& scope)
{
    for (const FirewallRule& rule : firewall.rules) {
        const bool ports = !hasPorts(question.protocol) || rule.destinationPorts.covers(question.destinationPorts);
        if (rule.kind != FirewallRuleKind::Dnat && ports && matchesWithoutPorts(rule, question, fqdn, scope))
            return {rule.access, &rule};
    }
    return {};
}

PortSet firewallPorts(const AzureFirewall& firewall, const FlowQuestion& question, std::string_view fqdn, TagScope& scope)
{
    PortSet open = PortSet::everything();
    PortSet allowed;
    for (const FirewallRule& rule : firewall.rules) {
        if (rule.kind == FirewallRuleKind::Dnat || !matchesWithoutPorts(rule, question, fqdn, scope))
            continue;
        const PortSet hit = hasPorts(question.protocol) ? open.intersected(rule.destinationPorts) : open;
        open = open.minus(hit);
        if (rule.access == Access::Allow)
            allowed = allowed.united(hit);
    }
    return allowed;
}

const FirewallRule* findDnat(const AzureFirewall& firewall, const FlowQuestion& question, TagScope& scope)
{
    for (const FirewallRule& rule : firewall.rules)
        if (rule.kind == FirewallRuleKind::Dnat && rule.destinationPorts.covers(question.destinationPorts) && matchesWithoutPorts(rule, question, {}, scope))
            return &rule;
    return nullptr;
}

} // namespace tocsin::network
