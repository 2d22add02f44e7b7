// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "network/Resources.h"
#include "network/ServiceTags.h"

#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace tocsin::network {

enum class FindingSeverity { Information, Warning, Error };

/// Something about the inventory the user should know. A finding never refuses a file.
struct Finding {
    FindingSeverity severity = FindingSeverity::Warning;
    std::string code;     ///< stable: `duplicatePriority`, `missingReference` …
    std::string resource; ///< id, or "" if it concerns a file
    std::string place;    ///< file and JSON path
    std::string text;     ///< English sentence
};

enum class OwnerKind { Interface, Frontend, Firewall, PrivateEndpoint };

/// Who answers at a private address.
struct AddressOwner {
    OwnerKind kind = OwnerKind::Interface;
    Index index = kNone; ///< in the list of its kind
    Index part = kNone;  ///< ipConfiguration or frontend
    Index vnet = kNone;
    Index subnet = kNone;
};

/// Who stands behind a public address.
struct PublicOwner {
    OwnerKind kind = OwnerKind::Interface;
    Index index = kNone;
    Index part = kNone;
};

struct IpAddressHash {
    std::size_t operator()(const IpAddress& address) const
    {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
    }
};

/// A network as one model, whatever export it came from. A plain value: copies are independent (what-if edits a copy).
/// Resources refer to each other by position in these lists; everything is const once loaded, and safe to read from several threads.
struct Inventory {
    std::vector<ResourceInfo> resources; ///< every resource of the files, those without a list of their own included
    std::vector<VirtualNetwork> vnets;
    std::vector<Subnet> subnets;
    std::vector<NetworkInterface> interfaces;
    std::vector<VirtualMachine> machines;
    std::vector<NetworkSecurityGroup> securityGroups;
    std::vector<RouteTable> routeTables;
    std::vector<PublicIp> publicIps;
    std::vector<VirtualNetworkGateway> gateways;
    std::vector<LocalNetworkGateway> localGateways;
    std::vector<GatewayConnection> connections;
    std::vector<LoadBalancer> balancers;
    std::vector<PrivateEndpoint> privateEndpoints;
    std::vector<AzureFirewall> firewalls;
    std::map<std::string, std::vector<SecurityRule>> adminRules; ///< by key of the virtual network, ascending priority
    std::vector<LatencyRecord> latencies;
    std::vector<ObservedIssue> observations;
    std::shared_ptr<const ServiceTagFile> serviceTags = std::make_shared<ServiceTagFile>(); ///< never null; may be empty
    std::vector<Finding> findings;

    std::unordered_map<IpAddress, std::vector<AddressOwner>, IpAddressHash> privateOwners;
    std::unordered_map<IpAddress, PublicOwner, IpAddressHash> publicOwners;
    std::map<std::string, std::vector<std::pair<Index, IpAddress>>> groupMembers; ///< application security group → (virtual network, address)

    /// By name or id, without regard to case. Errors: kUnknownResource, kAmbiguousResource.
    Result<Index> findInterface(std::string_view nameOrId) const;
    Result<Index> findMachine(std::string_view nameOrId) const;
    Result<Index> findVnet(std::string_view nameOrId) const;
    Result<Index> findSubnet(std::string_view nameOrId, Index vnet = kNone) const;
    Result<Index> findSecurityGroup(std::string_view nameOrId) const;
    Result<Index> findRouteTable(std::string_view nameOrId) const;

    Index vnetOfInterface(Index nic) const;
    /// Who has this address in that virtual network; nullptr if nobody.
    const AddressOwner* ownerIn(Index vnet, const IpAddress& address) const;
    /// The subnet of a virtual network that holds the address, or kNone.
    Index subnetOf(Index vnet, const IpAddress& address) const;
    /// The peering of a virtual network to another one, or nullptr.
    const Peering* peeringTo(Index vnet, Index remote) const;
    /// Whether packets can pass a peering: both links Connected, or this one if the other network is not in the inventory.
    bool isEstablished(Index vnet, const Peering& peering) const;

    /// Distinct values in the order of the alphabet, with the spelling first met.
    std::vector<std::string> subscriptions() const;
    std::vector<std::string> resourceGroups(std::string_view subscription = {}) const;
    std::vector<Index> machinesIn(std::string_view subscription, std::string_view resourceGroup) const;
};

} // namespace tocsin::network
