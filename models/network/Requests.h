// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/FlowVerify.h"
#include "network/Routes.h"

#include <string>
#include <vector>

namespace tocsin::network {

/// A machine or an interface as the user names it: one of the two, name or id.
struct TargetName {
    std::string machine;
    std::string interface;
};

/// The interface meant: the named one, or the machine's that has the local address, or its primary one.
/// Errors: kUnknownResource, kAmbiguousResource, kForeignAddress.
Result<Index> findTarget(const Inventory& inventory, const TargetName& target, const std::optional<IpAddress>& localAddress = {});

/// IP flow verify. Ports are texts: a number, or `*` where any will do.
struct FlowVerifyRequest {
    TargetName target;
    Direction direction = Direction::Inbound;
    Protocol protocol = Protocol::Tcp;
    std::string localAddress;
    std::string localPort;
    std::string remoteAddress;
    std::string remotePort;
};
Result<FlowVerdict> verifyIpFlow(const Inventory& inventory, const FlowVerifyRequest& request);

/// NSG diagnostics: source and destination are `*`, an address, a prefix or a service tag; the port is `*`, a number or a range.
struct RuleDiagnosticsRequest {
    TargetName target;
    Direction direction = Direction::Inbound;
    Protocol protocol = Protocol::Any;
    std::string source;
    std::string destination;
    std::string destinationPort;
};
Result<FlowVerdict> diagnoseRules(const Inventory& inventory, const RuleDiagnosticsRequest& request);

/// Next hop, with the table it was found in. `hop` points into `routes`.
struct NextHopAnswer {
    EffectiveRoutes routes;
    NextHop hop;
    std::string address;    ///< of an appliance, else ""
    std::string routeTable; ///< name of the user's table, or `System Route`
    std::string routeTableId;
};
Result<NextHopAnswer> askNextHop(const Inventory& inventory, const TargetName& target, const std::string& destination, const std::string& source = {});

/// A service tag's members among some addresses, seen from an interface. Errors: kNeedsServiceTags, kBadAddress.
Result<std::vector<std::pair<std::string, bool>>> expandTag(const Inventory& inventory, const TargetName& target, const std::string& tag, const std::vector<std::string>& addresses);

/// An opening packet at an interface, and its reply.
struct ReplyVerdict {
    FlowVerdict opening;
    Access reply = Access::Deny; ///< a flow that was let in is let out, whatever the other direction's rules say
};
Result<ReplyVerdict> verifyReply(const Inventory& inventory, const TargetName& target, const FlowQuestion& opening);

} // namespace tocsin::network
