// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::network {

/// Place of a thing in one of the lists of an Inventory; kNone if there is none.
using Index = int;
inline constexpr Index kNone = -1;

enum class Direction { Inbound, Outbound };
enum class Access { Allow, Deny, AlwaysAllow, Unknown };
/// Numbers are those of IANA; Any is every protocol.
enum class Protocol { Any = -1, Icmp = 1, Tcp = 6, Udp = 17, Esp = 50, Ah = 51, IcmpV6 = 58 };
/// Where the rules that spoke are attached.
enum class AppliedTo { Nothing, VirtualNetwork, Subnet, NetworkInterface, Platform };

enum class NextHopType {
    None,
    VnetLocal,
    VNetPeering,
    VNetGlobalPeering,
    VirtualNetworkGateway,
    VirtualAppliance,
    VirtualNetworkServiceEndpoint,
    InterfaceEndpoint,
    Internet,
    HyperNetGateway ///< only ever read from recorded answers; Azure documents no meaning
};

std::string_view name(Direction direction);
std::string_view name(Access access);
/// `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah`, `*`.
std::string_view name(Protocol protocol);
/// `subnet`, `networkInterface`, `virtualNetwork`, `platform`, "" for nothing.
std::string_view name(AppliedTo place);
std::string_view name(NextHopType type);

std::optional<Direction> parseDirection(std::string_view text);
std::optional<Access> parseAccess(std::string_view text);
/// Names without regard to letter case, `Any`, `All`, `*`, `Http` and `Https` (they are Tcp) and IANA numbers.
std::optional<Protocol> parseProtocol(std::string_view text);
/// Also `VirtualNetwork` and `VirtualNetworkPeering`, as the newer calls say.
std::optional<NextHopType> parseNextHopType(std::string_view text);

/// Only TCP and UDP have ports; rules' ports are not looked at for others.
inline bool hasPorts(Protocol protocol) { return protocol == Protocol::Tcp || protocol == Protocol::Udp || protocol == Protocol::Any; }

/// Lower case ASCII, for keys.
std::string lowered(std::string_view text);

} // namespace tocsin::network
