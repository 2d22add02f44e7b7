// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "network/AddressSet.h"
#include "network/JsonTree.h"
#include "network/PortSet.h"
#include "network/Vocabulary.h"

#include <string>
#include <vector>

namespace tocsin::network {

/// One filter of a packet capture; its fields are all needed, and several filters are alternatives. Empty fields match anything.
/// https://learn.microsoft.com/rest/api/network-watcher/packet-captures/create
struct CaptureFilter {
    Protocol protocol = Protocol::Any; ///< Tcp, Udp or Any
    AddressSet local = AddressSet::everything();
    AddressSet remote = AddressSet::everything();
    PortSet localPorts = PortSet::everything();
    PortSet remotePorts = PortSet::everything();
};

struct CapturedPacket {
    Protocol protocol = Protocol::Any;
    IpAddress source;
    IpAddress destination;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
};

/// Reads `{protocol, localIPAddress, remoteIPAddress, localPort, remotePort}`: addresses as "a", "a-b" or "a;b;", ports as "80",
/// "80-85" or "80;443;". Errors: kBadProtocol, kBadAddress, kBadPort.
Result<CaptureFilter> parseCaptureFilter(const JsonTree& node);

/// Whether a packet seen at a machine with these addresses is captured: one filter must match it in one of the two directions.
/// No filter captures everything.
bool isCaptured(const std::vector<CaptureFilter>& filters, const AddressSet& localAddresses, const CapturedPacket& packet);

/// The same as an expression for pcap_compile; address ranges become their fewest prefixes.
std::string captureExpression(const std::vector<CaptureFilter>& filters, const AddressSet& localAddresses);

} // namespace tocsin::network
