// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/FlowVerify.h"

namespace tocsin::network {

struct EffectiveRule {
    const SecurityRule* rule = nullptr;
    std::vector<std::string> expandedSource; ///< prefixes behind tags and groups; empty if the rule names none
    std::vector<std::string> expandedDestination;
    const SecurityRule* coveredBy = nullptr; ///< an earlier rule of the list that takes all its traffic: it never decides
};

/// The rules of one group as an interface sees them.
struct EffectiveRuleGroup {
    AppliedTo appliedTo = AppliedTo::Nothing;
    std::string appliedToId;
    std::string groupId;
    std::string groupName;
    std::vector<EffectiveRule> rules;
};

/// The security group view of an interface: admin rules, the subnet's group, the interface's group; both directions.
std::vector<EffectiveRuleGroup> effectiveRules(const Inventory& inventory, Index nic);

/// Ports that can be opened on an interface from somewhere in a set of addresses.
struct OpenPorts {
    PortSet fromAll;  ///< open to every address of the set
    PortSet fromSome; ///< open to at least one
};
/// `remote` is usually the Internet or a virtual network. Exact for every rule with at most a few thousand prefixes.
OpenPorts openPorts(const Inventory& inventory, Index nic, Protocol protocol, const AddressSet& remote);

} // namespace tocsin::network
