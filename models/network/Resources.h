// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/AddressSet.h"
#include "network/PortSet.h"
#include "network/Vocabulary.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::network {

/// What every resource has. The id keeps its spelling; `key` is its form for comparison.
struct ResourceInfo {
    std::string id;
    std::string key;
    std::string name;
    std::string type;
    std::string location;
    std::string subscription;
    std::string resourceGroup;
    std::string sku;
    std::string source; ///< file and JSON path it was read from
};

/// One side of a rule: the union of everything named.
struct AddressSpec {
    AddressSet literal;                   ///< prefixes and ranges, `*` included
    std::vector<std::string> tags;        ///< service tags as written
    std::vector<std::string> groups;      ///< keys of application security groups; they win over the rest
    std::vector<std::string> written;     ///< all tokens as written, for display
    bool isAny() const { return literal == AddressSet::everything(); }
};

struct SecurityRule {
    std::string id;
    std::string name;
    std::string description;
    Direction direction = Direction::Inbound;
    Access access = Access::Deny;
    Protocol protocol = Protocol::Any;
    int priority = 0;
    AddressSpec source;
    AddressSpec destination;
    PortSet sourcePorts;
    PortSet destinationPorts;
    bool isDefault = false;
};

struct NetworkSecurityGroup {
    ResourceInfo info;
    std::vector<SecurityRule> rules; ///< own and default, by ascending priority
};

struct Route {
    std::string id;
    std::string name;
    std::string prefix; ///< a prefix or a service tag, as written
    NextHopType nextHopType = NextHopType::None;
    std::string nextHopAddress;
    bool hasBgpOverride = false;
};

struct RouteTable {
    ResourceInfo info;
    std::vector<Route> routes;
    bool disableBgpRoutePropagation = false;
};

struct ServiceEndpoint {
    std::string service; ///< Microsoft.Storage
    std::vector<std::string> locations;
};

struct Subnet {
    std::string id;
    std::string key;
    std::string name;
    Index vnet = kNone;
    std::vector<IpPrefix> prefixes;
    Index securityGroup = kNone;
    Index routeTable = kNone;
    std::string natGateway; ///< key; "" if none
    std::vector<ServiceEndpoint> serviceEndpoints;
    bool defaultOutboundAccess = true;
    std::string privateEndpointPolicies;
};

struct Peering {
    std::string id;
    std::string name;
    bool connected = false;
    std::string state;
    std::string remoteKey;
    std::string remoteId;
    Index remote = kNone; ///< virtual network, kNone if it is not in the inventory
    std::vector<IpPrefix> remotePrefixes;
    bool allowAccess = true;
    bool allowForwarded = false;
    bool allowGatewayTransit = false;
    bool useRemoteGateways = false;
};

struct VirtualNetwork {
    ResourceInfo info;
    std::vector<IpPrefix> prefixes;
    std::vector<Index> subnets;
    std::vector<Peering> peerings;
    std::vector<std::string> dnsServers;
    AddressSet space() const;
    bool hasIpv6() const;
};

struct IpConfiguration {
    std::string id;
    std::string name;
    std::optional<IpAddress> address; ///< private
    bool assumed = false;             ///< address chosen by the loader because a template leaves it to the deployment
    bool primary = false;
    Index subnet = kNone;
    Index publicIp = kNone;
    std::vector<std::string> groups; ///< keys of application security groups
    std::vector<std::string> pools;  ///< keys of load balancer backend pools
};

struct NetworkInterface {
    ResourceInfo info;
    std::vector<IpConfiguration> configurations;
    Index securityGroup = kNone;
    Index machine = kNone;
    bool ipForwarding = false;
    bool isPrivateEndpoint = false;
    std::string macAddress;

    /// The configuration with that address, else the primary one; nullptr if there is none at all.
    const IpConfiguration* configuration(const std::optional<IpAddress>& address = {}) const;
    Index subnet() const;
};

struct VirtualMachine {
    ResourceInfo info;
    std::vector<Index> interfaces; ///< the primary one first
    std::string powerState;        ///< `running`, `deallocated` …; "" if the export does not say
};

struct PublicIp {
    ResourceInfo info;
    std::optional<IpAddress> address;
    bool standard = false;
    std::string fqdn;
};

struct BgpSettings {
    std::optional<std::int64_t> asn;
    std::string peeringAddress;
};

struct VirtualNetworkGateway {
    ResourceInfo info;
    Index vnet = kNone;
    Index subnet = kNone;
    std::string gatewayType; ///< Vpn, ExpressRoute
    std::string vpnType;     ///< RouteBased, PolicyBased
    std::string provisioningState;
    std::string defaultSite; ///< key of the local network gateway that takes forced traffic
    std::vector<IpPrefix> clientPool;
    std::vector<IpPrefix> learned; ///< from an answer of Get learned routes
    std::vector<Index> publicIps;
    BgpSettings bgp;
};

struct LocalNetworkGateway {
    ResourceInfo info;
    std::vector<IpPrefix> prefixes;
    std::string address;
    BgpSettings bgp;
};

struct GatewayConnection {
    ResourceInfo info;
    std::string connectionType; ///< IPsec, Vnet2Vnet, ExpressRoute, VPNClient
    std::string status;         ///< Connected, Connecting, NotConnected, Unknown or ""
    std::string provisioningState;
    std::string gateway1;
    std::string gateway2;
    std::string localGateway; ///< keys
    bool enableBgp = false;
    bool hasSharedKey = false;
    std::uint64_t sharedKeyDigest = 0; ///< the key itself is not kept
    std::string ipsecPolicies;         ///< as JSON, for comparison
    std::vector<std::string> tunnelStates;
};

struct LoadBalancerFrontend {
    std::string key;
    std::string name;
    std::optional<IpAddress> address; ///< private
    Index subnet = kNone;
    Index publicIp = kNone;
};

struct LoadBalancerRule {
    std::string name;
    std::string frontend; ///< key
    std::string pool;     ///< key
    std::string probe;    ///< key; "" if none
    std::string target;   ///< key of an ipConfiguration, for inbound NAT rules
    Protocol protocol = Protocol::Tcp;
    PortRange frontendPorts;
    std::uint16_t backendPort = 0; ///< of the first frontend port
    bool floatingIp = false;
    bool keepsPort = false; ///< HA ports: every port goes to itself
};

struct LoadBalancerProbe {
    std::string key;
    std::string name;
    Protocol protocol = Protocol::Tcp;
    std::uint16_t port = 0;
};

struct LoadBalancer {
    ResourceInfo info;
    bool standard = false;
    bool hasOutboundRules = false;
    std::vector<LoadBalancerFrontend> frontends;
    std::vector<LoadBalancerRule> rules; ///< inbound NAT rules first, for they are more particular
    std::vector<LoadBalancerProbe> probes;
    std::map<std::string, std::vector<IpAddress>> poolAddresses; ///< pools that list addresses instead of interfaces
};

struct PrivateEndpoint {
    ResourceInfo info;
    Index subnet = kNone;
    std::vector<IpAddress> addresses;
    std::vector<std::string> fqdns;
    std::string target; ///< id of the service
};

enum class FirewallRuleKind { Dnat, Network, Application };

struct FirewallRule {
    std::string name;
    std::string collection;
    FirewallRuleKind kind = FirewallRuleKind::Network;
    Access access = Access::Deny;
    std::vector<Protocol> protocols;
    AddressSpec source;
    AddressSpec destination;
    PortSet destinationPorts;
    std::vector<std::string> fqdns;
    std::string translatedAddress;
    std::uint16_t translatedPort = 0;
};

struct AzureFirewall {
    ResourceInfo info;
    Index subnet = kNone;
    std::vector<IpAddress> addresses; ///< private
    std::vector<Index> publicIps;
    std::vector<FirewallRule> rules;  ///< DNAT, network, application; each kind in the order it is read
    std::string policy;               ///< key
};

/// A measurement that came with the inventory; the model itself never makes up a latency.
struct LatencyRecord {
    std::string source;      ///< id or name of a machine or interface, or an address
    std::string destination;
    std::optional<Protocol> protocol;
    std::optional<std::uint16_t> port;
    std::optional<double> average, minimum, maximum; ///< milliseconds
    std::optional<std::int64_t> probesSent, probesFailed;
};

/// Something seen on a machine that no configuration tells: guest firewall, CPU, DNS failure …
struct ObservedIssue {
    std::string resource; ///< id or name of a machine or interface
    std::string type;     ///< GuestFirewall, CPU, Memory, DnsResolution, AgentStopped, PortThrottled, Platform, SocketBind
    std::string origin;   ///< Local, Inbound, Outbound
    std::string severity; ///< Error, Warning
    std::optional<Protocol> protocol;
    std::optional<std::uint16_t> port;
    std::vector<std::pair<std::string, std::string>> context;
};

} // namespace tocsin::network
