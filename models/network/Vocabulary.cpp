// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Vocabulary.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::network {
namespace {

constexpr std::array<std::pair<std::string_view, Protocol>, 18> kProtocols{{{"*", Protocol::Any},
                                                                            {"any", Protocol::Any},
                                                                            {"all", Protocol::Any},
                                                                            {"tcp", Protocol::Tcp},
                                                                            {"http", Protocol::Tcp},
                                                                            {"https", Protocol::Tcp},
                                                                            {"mssql", Protocol::Tcp},
                                                                            {"6", Protocol::Tcp},
                                                                            {"udp", Protocol::Udp},
                                                                            {"17", Protocol::Udp},
                                                                            {"icmp", Protocol::Icmp},
                                                                            {"1", Protocol::Icmp},
                                                                            {"esp", Protocol::Esp},
                                                                            {"50", Protocol::Esp},
                                                                            {"ah", Protocol::Ah},
                                                                            {"51", Protocol::Ah},
                                                                            {"icmpv6", Protocol::IcmpV6},
                                                                            {"58", Protocol::IcmpV6}}};

constexpr std::array<std::pair<std::string_view, NextHopType>, 12> kNextHops{
    {{"None", NextHopType::None},
     {"VnetLocal", NextHopType::VnetLocal},
     {"VNetPeering", NextHopType::VNetPeering},
     {"VNetGlobalPeering", NextHopType::VNetGlobalPeering},
     {"VirtualNetworkGateway", NextHopType::VirtualNetworkGateway},
     {"VirtualAppliance", NextHopType::VirtualAppliance},
     {"VirtualNetworkServiceEndpoint", NextHopType::VirtualNetworkServiceEndpoint},
     {"InterfaceEndpoint", NextHopType::InterfaceEndpoint},
     {"Internet", NextHopType::Internet},
     {"HyperNetGateway", NextHopType::HyperNetGateway},
     {"VirtualNetwork", NextHopType::VnetLocal},
     {"VirtualNetworkPeering", NextHopType::VNetPeering}}};

template <typename Table>
auto lookUp(const Table& table, std::string_view text) -> std::optional<typename Table::value_type::second_type>
{
    const auto found = std::find_if(table.begin(), table.end(), [text](const auto& entry) { return equalsIgnoringCase(entry.first, text); });
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

std::string_view name(Direction direction) { return direction == Direction::Inbound ? "Inbound" : "Outbound"; }

std::string_view name(Access access)
{
    switch (access) {
    case Access::Allow: return "Allow";
    case Access::Deny: return "Deny";
    case Access::AlwaysAllow: return "AlwaysAllow";
    case Access::Unknown: break;
    }
    return "Unknown";
}

std::string_view name(Protocol protocol)
{
    switch (protocol) {
    case Protocol::Tcp: return "Tcp";
    case Protocol::Udp: return "Udp";
    case Protocol::Icmp: return "Icmp";
    case Protocol::Esp: return "Esp";
    case Protocol::Ah: return "Ah";
    case Protocol::IcmpV6: return "IcmpV6";
    case Protocol::Any: break;
    }
    return "*";
}

std::string_view name(AppliedTo place)
{
    switch (place) {
    case AppliedTo::VirtualNetwork: return "virtualNetwork";
    case AppliedTo::Subnet: return "subnet";
    case AppliedTo::NetworkInterface: return "networkInterface";
    case AppliedTo::Platform: return "platform";
    case AppliedTo::Nothing: break;
    }
    return "";
}

std::string_view name(NextHopType type)
{
    return std::find_if(kNextHops.begin(), kNextHops.end(), [type](const auto& entry) { return entry.second == type; })->first;
}

std::optional<Direction> parseDirection(std::string_view text)
{
    if (equalsIgnoringCase(text, "Inbound") || equalsIgnoringCase(text, "In") || equalsIgnoringCase(text, "I"))
        return Direction::Inbound;
    if (equalsIgnoringCase(text, "Outbound") || equalsIgnoringCase(text, "Out") || equalsIgnoringCase(text, "O"))
        return Direction::Outbound;
    return std::nullopt;
}

std::optional<Access> parseAccess(std::string_view text)
{
    for (const Access access : {Access::Allow, Access::Deny, Access::AlwaysAllow})
        if (equalsIgnoringCase(text, name(access)))
            return access;
    return std::nullopt;
}

std::optional<Protocol> parseProtocol(std::string_view text) { return lookUp(kProtocols, trimSpaces(text)); }

std::optional<NextHopType> parseNextHopType(std::string_view text) { return lookUp(kNextHops, trimSpaces(text)); }

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), foldAscii);
    return result;
}

} // namespace tocsin::network
