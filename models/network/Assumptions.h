// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/AddressSet.h"

#include <array>
#include <cstdint>
#include <string_view>

/// What Azure's documentation leaves open, and what we take instead. Answers that rest on one of these say so in `assumptions`.
namespace tocsin::network {

/// The address the platform speaks from: load balancer probes, DNS, DHCP, the guest agent.
/// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
inline constexpr std::string_view kPlatformAddress = "168.63.129.16";
inline constexpr std::string_view kMetadataAddress = "169.254.169.254";

/// Space that is never part of the tag Internet. The documented beginning of its expansion (1.0.0.0/8, 2.0.0.0/7, 4.0.0.0/6,
/// 8.0.0.0/7, 11.0.0.0/8, 12.0.0.0/6) agrees; the whole is not documented.
inline constexpr std::array<std::string_view, 10> kNotInternet{"0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10",    "127.0.0.0/8", "169.254.0.0/16",
                                                               "172.16.0.0/12", "192.168.0.0/16", "168.63.129.16/32", "224.0.0.0/4", "240.0.0.0/4"};
inline constexpr std::string_view kInternetIpv6 = "2000::/3";

/// Reserved prefixes that get a system route to nowhere. https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default
inline constexpr std::array<std::string_view, 4> kReservedPrefixes{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"};

/// Outbound flows that no rule touches unless it names an AzurePlatform tag.
struct PlatformFlow {
    std::string_view address;
    std::uint16_t port;
    std::string_view tag; ///< "" if no tag governs it
};
inline constexpr std::array<PlatformFlow, 4> kPlatformFlows{{{kPlatformAddress, 53, "AzurePlatformDNS"},
                                                             {kPlatformAddress, 80, ""},
                                                             {kPlatformAddress, 32526, ""},
                                                             {kMetadataAddress, 80, "AzurePlatformIMDS"}}};
/// Licensing servers behind AzurePlatformLKM.
inline constexpr std::array<std::string_view, 3> kLicensingAddresses{"23.102.135.246", "20.118.99.224", "40.83.235.53"};

/// UDP port 65330 belongs to the host. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
inline constexpr std::uint16_t kHostUdpPort = 65330;

/// A source port that is not given is any ephemeral one.
inline constexpr std::uint16_t kFirstEphemeralPort = 49152;

namespace assumed {
inline constexpr std::string_view kForwardedTraffic = "allowForwardedTraffic off blocks forwarded packets (documented both ways)";
inline constexpr std::string_view kTemplateAddress = "an address the template leaves to the deployment was chosen in file order";
inline constexpr std::string_view kForcedTunnel = "what the on-premises site does with forced traffic is not known";
inline constexpr std::string_view kUnknownPublicSource = "the public address the traffic leaves with is not known; a rule matches only if it covers the Internet";
inline constexpr std::string_view kEphemeralSource = "the source port is any ephemeral one";
inline constexpr std::string_view kMissingTags = "the inventory has no service tag file; routes of service endpoints and tags are missing";
} // namespace assumed

} // namespace tocsin::network
