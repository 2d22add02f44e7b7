// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::network {

/// One flow tuple of an NSG flow log (version 1 or 2) or a virtual network flow log (version 4).
/// https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview#log-format
struct FlowTuple {
    std::int64_t epochMilliseconds = 0;
    IpAddress source;
    IpAddress destination;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    int protocol = 6; ///< IANA number
    Direction direction = Direction::Inbound;
    std::optional<bool> denied; ///< absent for states B, C and E of version 4
    char state = ' ';           ///< B, C, E, D, or a blank in version 1
    std::int64_t packetsSent = 0, bytesSent = 0, packetsReceived = 0, bytesReceived = 0;
};

/// Nothing if the text is none of the three forms.
std::optional<FlowTuple> parseFlowTuple(std::string_view text);

struct FlowTotals {
    std::int64_t packets = 0, bytes = 0;
    std::int64_t packetsSent = 0, bytesSent = 0, packetsReceived = 0, bytesReceived = 0;
    std::size_t tuples = 0, allowed = 0, denied = 0, refused = 0;
};
/// Counters of C and E records are what came since the record before: they are added.
FlowTotals addFlows(const std::vector<std::string>& tuples);

/// The FlowType of traffic analytics for two addresses: IntraVNet, InterVNet, S2S, P2S, AzurePublic, ExternalPublic, UnknownPrivate
/// or Unknown; MaliciousFlow if the caller's own list has one of them.
/// https://learn.microsoft.com/azure/network-watcher/traffic-analytics-schema#notes
std::string flowType(const Inventory& inventory, const IpAddress& a, const IpAddress& b, const AddressSet& malicious = {});

} // namespace tocsin::network
