// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Routes.h"

#include "base/Utf8.h"
#include "network/Assumptions.h"
#include "network/TagScope.h"

#include <algorithm>
#include <array>

namespace tocsin::network {
namespace {

/// Services of endpoints and the tags that list their addresses.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kEndpointTags{{{"Microsoft.Storage", "Storage"},
                                                                                      {"Microsoft.Storage.Global", "Storage"},
                                                                                      {"Microsoft.Sql", "Sql"},
                                                                                      {"Microsoft.KeyVault", "AzureKeyVault"},
                                                                                      {"Microsoft.AzureCosmosDB", "AzureCosmosDB"},
                                                                                      {"Microsoft.EventHub", "EventHub"},
                                                                                      {"Microsoft.ServiceBus", "ServiceBus"},
                                                                                      {"Microsoft.Web", "AppService"},
                                                                                      {"Microsoft.ContainerRegistry", "AzureContainerRegistry"},
                                                                                      {"Microsoft.CognitiveServices", "CognitiveServicesManagement"},
                                                                                      {"Microsoft.AzureActiveDirectory", "AzureActiveDirectory"}}};

int rankOfTag(std::string_view tag)
{
    const bool cloud = lowered(tag).starts_with("azurecloud");
    const bool regional = tag.find('.') != std::string_view::npos;
    return (cloud ? 3 : 1) + (regional ? 0 : 1);
}

/// Gathers the rows of one subnet, then settles which of them count.
class RouteMaker {
public:
    RouteMaker(const Inventory& inventory, Index subnet)
        : m_inventory(inventory), m_subnet(inventory.subnets[static_cast<std::size_t>(subnet)]), m_vnet(inventory.vnets[static_cast<std::size_t>(m_subnet.vnet)])
    {
        m_out.subnet = subnet;
        m_out.routeTable = m_subnet.routeTable;
        m_out.propagationDisabled = m_subnet.routeTable != kNone && inventory.routeTables[static_cast<std::size_t>(m_subnet.routeTable)].disableBgpRoutePropagation;
    }

    EffectiveRoutes run()
    {
        addVnet();
        addPeerings();
        addServiceEndpoints();
        addPrivateEndpoints();
        if (!m_out.propagationDisabled)
            for (const GatewayPrefix& one : gatewayPrefixes(m_inventory, m_subnet.vnet))
                add({.source = RouteSource::VirtualNetworkGateway, .prefixes = {one.prefix}, .nextHopType = NextHopType::VirtualNetworkGateway, .gateway = one.gateway});
        addUserRoutes();
        addSystemDefaults();
        settle();
        return std::move(m_out);
    }

private:
    void add(EffectiveRoute route) { m_out.rows.push_back(std::move(route)); }

    void addVnet()
    {
        for (const IpPrefix& prefix : m_vnet.prefixes)
            add({.prefixes = {prefix}, .nextHopType = NextHopType::VnetLocal});
    }

    void addPeerings()
    {
        for (const Peering& peering : m_vnet.peerings) {
            if (!m_inventory.isEstablished(m_subnet.vnet, peering))
                continue;
            const bool global = peering.remote != kNone
                && !equalsIgnoringCase(m_inventory.vnets[static_cast<std::size_t>(peering.remote)].info.location, m_vnet.info.location);
            for (const IpPrefix& prefix : peering.remotePrefixes)
                add({.prefixes = {prefix}, .nextHopType = global ? NextHopType::VNetGlobalPeering : NextHopType::VNetPeering, .peerVnet = peering.remote, .peeringId = peering.id});
        }
    }

    void addServiceEndpoints()
    {
        for (const ServiceEndpoint& endpoint : m_subnet.serviceEndpoints) {
            const auto known = std::find_if(kEndpointTags.begin(), kEndpointTags.end(), [&](const auto& entry) { return equalsIgnoringCase(entry.first, endpoint.service); });
            if (known == kEndpointTags.end())
                continue;
            std::vector<std::string> tags;
            for (const std::string& location : endpoint.locations)
                if (location != "*" && m_inventory.serviceTags->find(std::string(known->second) + "." + location))
                    tags.push_back(std::string(known->second) + "." + location);
            if (tags.empty())
                tags.emplace_back(known->second);
            for (const std::string& tag : tags)
                addTag(tag, {.nextHopType = NextHopType::VirtualNetworkServiceEndpoint});
        }
    }

    void addTag(const std::string& tag, EffectiveRoute route)
    {
        const ServiceTag* listed = m_inventory.serviceTags->find(tag);
        if (!listed) {
            const std::string text(assumed::kMissingTags);
            if (std::find(m_out.assumptions.begin(), m_out.assumptions.end(), text) == m_out.assumptions.end())
                m_out.assumptions.push_back(text);
            return;
        }
        route.tag = listed->name;
        route.tagRank = rankOfTag(listed->name);
        route.prefixes = listed->prefixes;
        if (!route.prefixes.empty())
            add(std::move(route));
    }

    void addPrivateEndpoints()
    {
        for (const PrivateEndpoint& endpoint : m_inventory.privateEndpoints) {
            if (endpoint.subnet == kNone)
                continue;
            const Index home = m_inventory.subnets[static_cast<std::size_t>(endpoint.subnet)].vnet;
            const Peering* peering = home == m_subnet.vnet ? nullptr : m_inventory.peeringTo(m_subnet.vnet, home);
            if (home != m_subnet.vnet && (!peering || !m_inventory.isEstablished(m_subnet.vnet, *peering)))
                continue;
            for (const IpAddress& address : endpoint.addresses)
                add({.name = endpoint.info.name, .prefixes = {{address, address.isV4() ? 32 : 128}}, .nextHopType = NextHopType::InterfaceEndpoint,
                     .peerVnet = peering ? home : kNone, .peeringId = peering ? peering->id : std::string()});
        }
    }

    void addUserRoutes()
    {
        if (m_out.routeTable == kNone)
            return;
        for (const Route& route : m_inventory.routeTables[static_cast<std::size_t>(m_out.routeTable)].routes) {
            EffectiveRoute row{.name = route.name, .source = RouteSource::User, .nextHopType = route.nextHopType, .nextHopAddress = route.nextHopAddress,
                               .hasBgpOverride = route.hasBgpOverride, .routeTable = m_out.routeTable};
            if (const auto prefix = parsePrefix(route.prefix)) {
                row.prefixes = {prefix->normalized()};
                add(std::move(row));
            } else {
                addTag(route.prefix, std::move(row));
            }
        }
    }

    void addSystemDefaults()
    {
        const bool ownDefault = std::any_of(m_out.rows.begin(), m_out.rows.end(), [](const EffectiveRoute& row) {
            return row.source == RouteSource::User && row.prefixes[0].length == 0 && row.prefixes[0].address.isV4();
        });
        add({.prefixes = {{IpAddress::fromV4(0), 0}}, .nextHopType = NextHopType::Internet});
        if (m_vnet.hasIpv6())
            add({.prefixes = {{IpAddress{}, 0}}, .nextHopType = NextHopType::Internet});
        for (const std::string_view text : kReservedPrefixes) {
            const IpPrefix reserved = *parsePrefix(text);
            const bool inside = std::any_of(m_vnet.prefixes.begin(), m_vnet.prefixes.end(), [&](const IpPrefix& mine) { return mine.contains(reserved); });
            if (!inside && !ownDefault)
                add({.prefixes = {reserved}, .nextHopType = NextHopType::None});
        }
    }

    static bool isPreferred(const EffectiveRoute& row)
    {
        return row.source == RouteSource::Default
            && (row.nextHopType == NextHopType::VnetLocal || row.nextHopType == NextHopType::VNetPeering || row.nextHopType == NextHopType::VNetGlobalPeering
                || row.nextHopType == NextHopType::VirtualNetworkServiceEndpoint);
    }

    /// Whether a user route may take a private endpoint's traffic: at least as long as the network's prefix, and policies on.
    bool overridesEndpoint(const EffectiveRoute& user, const EffectiveRoute& endpoint) const
    {
        const IpAddress& address = endpoint.prefixes[0].address;
        const Index home = endpoint.peerVnet == kNone ? m_subnet.vnet : endpoint.peerVnet;
        const Index subnet = m_inventory.subnetOf(home, address);
        if (subnet == kNone)
            return false;
        const std::string& policies = m_inventory.subnets[static_cast<std::size_t>(subnet)].privateEndpointPolicies;
        if (!equalsIgnoringCase(policies, "Enabled") && !equalsIgnoringCase(policies, "RouteTableEnabled"))
            return false;
        for (const IpPrefix& space : m_inventory.vnets[static_cast<std::size_t>(home)].prefixes)
            if (space.contains(address))
                return user.prefixes[0].contains(address) && user.prefixes[0].length >= space.length;
        return false;
    }

    std::string reasonAgainst(const EffectiveRoute& row) const
    {
        const IpPrefix& prefix = row.prefixes[0];
        for (const EffectiveRoute& other : m_out.rows) {
            if (&other == &row)
                continue;
            const bool isEndpoint = row.nextHopType == NextHopType::InterfaceEndpoint;
            if (isEndpoint && other.source == RouteSource::User && other.tag.empty() && overridesEndpoint(other, row))
                return "the user route " + other.name + " takes the private endpoint's traffic";
            if (other.tag.empty() && other.prefixes[0] == prefix && other.nextHopType != NextHopType::InterfaceEndpoint && !isEndpoint && other.source > row.source)
                return "same prefix, " + std::string(network::name(other.source)) + " goes first";
            if (row.source == RouteSource::User && other.nextHopType == NextHopType::InterfaceEndpoint && other.prefixes[0] == prefix && !overridesEndpoint(row, other))
                return "a private endpoint's route is not overridden";
            if (row.source != RouteSource::VirtualNetworkGateway)
                continue;
            for (const IpPrefix& outer : other.prefixes) {
                if (!outer.contains(prefix))
                    continue;
                if (isPreferred(other))
                    return "system routes of virtual networks, peerings and service endpoints are preferred";
                if (other.hasBgpOverride)
                    return "the user route " + other.name + " overrides BGP";
            }
        }
        return {};
    }

    void settle()
    {
        for (EffectiveRoute& row : m_out.rows)
            if (row.tag.empty())
                row.why = reasonAgainst(row);
        for (EffectiveRoute& row : m_out.rows)
            row.active = row.why.empty();
    }

    const Inventory& m_inventory;
    const Subnet& m_subnet;
    const VirtualNetwork& m_vnet;
    EffectiveRoutes m_out;
};

/// What decides between two rows that both cover the destination; higher wins, first members first.
auto precedence(const EffectiveRoute& row, const IpPrefix& prefix)
{
    const bool endpoint = row.nextHopType == NextHopType::VirtualNetworkServiceEndpoint;
    return std::tuple(endpoint, prefix.length, row.source, -row.tagRank);
}

} // namespace

std::string_view name(RouteSource source)
{
    switch (source) {
    case RouteSource::User: return "User";
    case RouteSource::VirtualNetworkGateway: return "VirtualNetworkGateway";
    case RouteSource::Default: break;
    }
    return "Default";
}

EffectiveRoutes effectiveRoutes(const Inventory& inventory, Index subnet)
{
    return subnet == kNone ? EffectiveRoutes{} : RouteMaker(inventory, subnet).run();
}

NextHop findNextHop(const EffectiveRoutes& routes, const IpAddress& destination)
{
    NextHop hop;
    std::vector<std::pair<const EffectiveRoute*, IpPrefix>> covering;
    for (const EffectiveRoute& row : routes.rows) {
        const IpPrefix* longest = nullptr;
        for (const IpPrefix& prefix : row.prefixes)
            if (prefix.contains(destination) && (!longest || prefix.length > longest->length))
                longest = &prefix;
        if (!longest)
            continue;
        covering.emplace_back(&row, *longest);
        if (row.active && (!hop.route || precedence(*hop.route, hop.prefix) < precedence(row, *longest))) {
            hop.route = &row;
            hop.prefix = *longest;
        }
    }
    for (const auto& [row, prefix] : covering) {
        if (row == hop.route)
            continue;
        std::string reason = !row->active ? row->why : prefix.length < hop.prefix.length ? "shorter prefix" : "same prefix, lower precedence";
        if (row->active && hop.route->nextHopType == NextHopType::VirtualNetworkServiceEndpoint)
            reason = "a service endpoint's route is not overridden";
        hop.losers.push_back({row, prefix, std::move(reason)});
    }
    return hop;
}

std::string routeTableName(const Inventory& inventory, const EffectiveRoute* route)
{
    if (!route || route->routeTable == kNone)
        return "System Route";
    return inventory.routeTables[static_cast<std::size_t>(route->routeTable)].info.name;
}

} // namespace tocsin::network
