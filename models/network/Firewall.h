// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/FlowVerify.h"

namespace tocsin::network {

struct FirewallVerdict {
    Access access = Access::Deny;
    const FirewallRule* rule = nullptr; ///< nullptr: nothing matched, which denies
};

/// A packet at an Azure Firewall: network rules, then application rules (TCP only), each by collection priority; first match ends,
/// nothing matched is denied. Application rules match by name, so without a name only `*` matches.
/// https://learn.microsoft.com/azure/firewall/rule-processing
FirewallVerdict verifyFirewall(const AzureFirewall& firewall, const FlowQuestion& question, std::string_view fqdn, TagScope& scope);
/// The exact destination ports it lets pass.
PortSet firewallPorts(const AzureFirewall& firewall, const FlowQuestion& question, std::string_view fqdn, TagScope& scope);
/// The DNAT rule for a packet from outside to one of its public addresses, or nullptr.
const FirewallRule* findDnat(const AzureFirewall& firewall, const FlowQuestion& question, TagScope& scope);

} // namespace tocsin::network
