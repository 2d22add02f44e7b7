// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"
#include "network/TagScope.h"

#include <string>
#include <vector>

namespace tocsin::network {

/// The opening packet of a flow, or a set of them. A rule matches a set only if it covers all of it.
struct FlowQuestion {
    Direction direction = Direction::Inbound;
    Protocol protocol = Protocol::Tcp;
    AddressSet source;
    AddressSet destination;
    PortRange sourcePorts;
    PortRange destinationPorts;
};

/// How one rule compares with the question: five ticks, all needed.
struct RuleTrial {
    const SecurityRule* rule = nullptr; ///< lives as long as the inventory
    bool protocol = false;
    Match source = Match::No;
    bool sourcePort = false;
    Match destination = Match::No;
    bool destinationPort = false;

    Match all() const;
};

/// What one group of rules said. Groups are read one after the other until one denies.
struct RuleStage {
    AppliedTo appliedTo = AppliedTo::Nothing;
    std::string appliedToId; ///< of the subnet, interface or virtual network
    std::string groupId;     ///< network security group, or the network manager's configuration
    std::string groupName;
    Access access = Access::Unknown;
    const SecurityRule* rule = nullptr; ///< the one that decided; nullptr if none matched
    std::vector<RuleTrial> trials;      ///< up to and with the deciding one
};

struct FlowVerdict {
    Access access = Access::Allow; ///< Allow, Deny or Unknown
    const SecurityRule* rule = nullptr; ///< nullptr: nothing decided (no group at all, or the platform did)
    AppliedTo appliedTo = AppliedTo::Nothing;
    std::string groupId;
    std::string groupName;
    std::vector<RuleStage> stages;
    std::string note; ///< why it is Unknown, or what of the platform decided

    std::string_view ruleName() const { return rule ? std::string_view(rule->name) : std::string_view(); }
};

/// A place where rules are applied: a subnet, and the interface in it if there is one.
struct Position {
    Index subnet = kNone;
    Index nic = kNone;
    bool operator==(const Position&) const = default;
};

Position positionOf(const Inventory& inventory, Index nic, const std::optional<IpAddress>& localAddress = {});
Index vnetOf(const Inventory& inventory, Position position);

/// Judges the opening packet: admin rules of the network manager, then inbound the subnet's group and the interface's, outbound the
/// other way round; ascending priority, first match; a deny ends. If all allow, the group read last is the deciding one.
/// https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
FlowVerdict verifyFlow(const Inventory& inventory, Position position, const FlowQuestion& question);
FlowVerdict verifyFlow(const Inventory& inventory, Position position, const FlowQuestion& question, TagScope& scope);

/// The exact destination ports a place lets pass; the question's destination ports are not looked at.
struct PortVerdict {
    PortSet allowed;
    PortSet unknown; ///< hang on a tag whose addresses the inventory does not have
};
PortVerdict verifyPorts(const Inventory& inventory, Position position, const FlowQuestion& question, TagScope& scope);

/// Whether a rule names source ports inside the ephemeral range, so that the choice of the source port matters.
std::vector<PortRange> ephemeralParts(const Inventory& inventory, Position position);

} // namespace tocsin::network
