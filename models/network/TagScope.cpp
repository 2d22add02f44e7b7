// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/TagScope.h"

#include "base/Utf8.h"
#include "network/Assumptions.h"

#include <algorithm>

namespace tocsin::network {
namespace {

void addGateway(const Inventory& inventory, Index index, std::vector<GatewayPrefix>& out)
{
    const VirtualNetworkGateway& gateway = inventory.gateways[static_cast<std::size_t>(index)];
    const auto add = [&](const std::vector<IpPrefix>& prefixes, bool clients = false) {
        for (const IpPrefix& prefix : prefixes) {
            const bool known = std::any_of(out.begin(), out.end(), [&prefix](const GatewayPrefix& has) { return has.prefix == prefix; });
            if (!known)
                out.push_back({prefix, index, clients});
        }
    };
    for (const GatewayConnection& connection : inventory.connections) {
        if (connection.gateway1 != gateway.info.key && connection.gateway2 != gateway.info.key)
            continue;
        for (const LocalNetworkGateway& site : inventory.localGateways)
            if (site.info.key == connection.localGateway)
                add(site.prefixes);
        const std::string& partner = connection.gateway1 == gateway.info.key ? connection.gateway2 : connection.gateway1;
        for (const VirtualNetworkGateway& other : inventory.gateways)
            if (other.info.key == partner && other.vnet != kNone && other.vnet != gateway.vnet)
                add(inventory.vnets[static_cast<std::size_t>(other.vnet)].prefixes);
    }
    add(gateway.learned);
    add(gateway.clientPool, true);
}

void append(std::vector<AddressRange>& ranges, const AddressSet& set) { ranges.insert(ranges.end(), set.ranges().begin(), set.ranges().end()); }

} // namespace

std::vector<GatewayPrefix> gatewayPrefixes(const Inventory& inventory, Index vnet)
{
    std::vector<GatewayPrefix> prefixes;
    if (vnet == kNone)
        return prefixes;
    for (std::size_t i = 0; i < inventory.gateways.size(); ++i) {
        const Index home = inventory.gateways[i].vnet;
        if (home == kNone)
            continue;
        bool usable = home == vnet;
        if (!usable) {
            const Peering* mine = inventory.peeringTo(vnet, home);
            const Peering* theirs = inventory.peeringTo(home, vnet);
            usable = mine && theirs && mine->connected && theirs->connected && mine->useRemoteGateways && theirs->allowGatewayTransit;
        }
        if (usable)
            addGateway(inventory, static_cast<Index>(i), prefixes);
    }
    return prefixes;
}

TagScope::TagScope(const Inventory& inventory, Index vnet, Index subnet) : m_inventory(inventory), m_vnet(vnet), m_subnet(subnet) {}

AddressSet TagScope::makeVirtualNetwork() const
{
    std::vector<AddressRange> ranges;
    append(ranges, AddressSet::of(*parsePrefix(kPlatformAddress)));
    if (m_vnet != kNone) {
        const VirtualNetwork& vnet = m_inventory.vnets[static_cast<std::size_t>(m_vnet)];
        append(ranges, vnet.space());
        for (const Peering& peering : vnet.peerings)
            if (peering.connected && peering.allowAccess)
                append(ranges, AddressSet::of(peering.remotePrefixes));
        for (const GatewayPrefix& one : gatewayPrefixes(m_inventory, m_vnet))
            append(ranges, AddressSet::of(one.prefix));
    }
    const Index table = m_subnet == kNone ? kNone : m_inventory.subnets[static_cast<std::size_t>(m_subnet)].routeTable;
    if (table != kNone)
        for (const Route& route : m_inventory.routeTables[static_cast<std::size_t>(table)].routes)
            if (route.nextHopType == NextHopType::VirtualAppliance || route.nextHopType == NextHopType::VirtualNetworkGateway)
                if (const auto prefix = parsePrefix(route.prefix))
                    append(ranges, AddressSet::of(*prefix));
    return AddressSet(std::move(ranges));
}

AddressSet TagScope::makeInternet() const
{
    std::vector<AddressRange> holes;
    for (const std::string_view text : kNotInternet)
        append(holes, AddressSet::of(*parsePrefix(text)));
    if (m_vnet != kNone) {
        const VirtualNetwork& vnet = m_inventory.vnets[static_cast<std::size_t>(m_vnet)];
        append(holes, vnet.space());
        for (const Peering& peering : vnet.peerings)
            if (peering.connected)
                append(holes, AddressSet::of(peering.remotePrefixes));
        // A learned default route does not make the whole Internet on-premises.
        for (const GatewayPrefix& one : gatewayPrefixes(m_inventory, m_vnet))
            if (one.prefix.length > 0)
                append(holes, AddressSet::of(one.prefix));
    }
    return AddressSet::allIpv4().united(AddressSet::of(*parsePrefix(kInternetIpv6))).minus(AddressSet(std::move(holes)));
}

const AddressSet& TagScope::virtualNetwork()
{
    if (!m_virtualNetwork)
        m_virtualNetwork = makeVirtualNetwork();
    return *m_virtualNetwork;
}

const AddressSet& TagScope::internet()
{
    if (!m_internet)
        m_internet = makeInternet();
    return *m_internet;
}

const AddressSet& TagScope::group(const std::string& key)
{
    const auto [entry, isNew] = m_others.try_emplace(key);
    if (isNew) {
        std::vector<AddressRange> ranges;
        if (const auto members = m_inventory.groupMembers.find(key); members != m_inventory.groupMembers.end())
            for (const auto& [vnet, address] : members->second)
                if (vnet == m_vnet)
                    ranges.push_back({address, address});
        entry->second = AddressSet(std::move(ranges));
    }
    return entry->second;
}

const AddressSet* TagScope::find(std::string_view tag)
{
    if (equalsIgnoringCase(tag, "VirtualNetwork"))
        return &virtualNetwork();
    if (equalsIgnoringCase(tag, "Internet"))
        return &internet();
    const std::string key = lowered(tag);
    if (const auto known = m_others.find(key); known != m_others.end())
        return &known->second;
    const auto keep = [this, &key](std::vector<AddressRange> ranges) { return &m_others.insert_or_assign(key, AddressSet(std::move(ranges))).first->second; };
    const auto lone = [](std::string_view text) { return AddressRange{*parseIp(text), *parseIp(text)}; };
    if (key == "azureloadbalancer")
        return keep({lone(kPlatformAddress), lone("fe80::1234:5678:9abc")});
    if (key == "azureplatformdns")
        return keep({lone(kPlatformAddress)});
    if (key == "azureplatformimds")
        return keep({lone(kMetadataAddress)});
    if (key == "azureplatformlkm")
        return keep({lone(kLicensingAddresses[0]), lone(kLicensingAddresses[1]), lone(kLicensingAddresses[2])});
    const ServiceTag* listed = m_inventory.serviceTags->find(tag);
    return listed ? &listed->addresses : nullptr;
}

Match matchAddresses(const AddressSpec& side, const AddressSet& question, TagScope& scope)
{
    if (!side.groups.empty()) {
        const bool member = std::any_of(side.groups.begin(), side.groups.end(), [&](const std::string& key) { return scope.group(key).covers(question); });
        if (member || side.groups.size() == 1)
            return member ? Match::Yes : Match::No;
        return expandAddresses(side, scope)->covers(question) ? Match::Yes : Match::No;
    }
    if (side.literal.covers(question))
        return Match::Yes;
    bool unknown = false;
    for (const std::string& tag : side.tags) {
        const AddressSet* set = scope.find(tag);
        if (set && set->covers(question))
            return Match::Yes;
        unknown = unknown || !set;
    }
    if (unknown)
        return Match::Unknown;
    // A single address is in the union only if it is in a part; a wider question may need several parts.
    if (question.isSingle() || side.tags.empty())
        return Match::No;
    return expandAddresses(side, scope)->covers(question) ? Match::Yes : Match::No;
}

std::optional<AddressSet> expandAddresses(const AddressSpec& side, TagScope& scope, std::string* missing)
{
    std::vector<AddressRange> ranges;
    if (!side.groups.empty()) {
        for (const std::string& key : side.groups)
            append(ranges, scope.group(key));
        return AddressSet(std::move(ranges));
    }
    append(ranges, side.literal);
    for (const std::string& tag : side.tags) {
        const AddressSet* set = scope.find(tag);
        if (!set) {
            if (missing)
                *missing = tag;
            return std::nullopt;
        }
        append(ranges, *set);
    }
    return AddressSet(std::move(ranges));
}

} // namespace tocsin::network
