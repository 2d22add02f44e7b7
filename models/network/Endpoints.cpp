// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Connectivity.h"

#include "base/Utf8.h"
#include "network/Errors.h"
#include "network/TagScope.h"

#include <algorithm>

namespace tocsin::network {
namespace {

/// The host of a URI, or the text itself.
std::string hostOf(std::string_view text)
{
    text = trimSpaces(text);
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
        text = text.substr(scheme + 3);
    if (text.starts_with('['))
        return std::string(text.substr(1, text.find(']') == std::string_view::npos ? text.size() : text.find(']') - 1));
    text = text.substr(0, text.find_first_of("/?#"));
    if (std::count(text.begin(), text.end(), ':') == 1)
        text = text.substr(0, text.find(':'));
    return std::string(text);
}

std::optional<IpAddress> resolveName(const Inventory& inventory, std::string_view host)
{
    for (const PrivateEndpoint& endpoint : inventory.privateEndpoints)
        for (const std::string& fqdn : endpoint.fqdns)
            if (!endpoint.addresses.empty() && equalsIgnoringCase(fqdn, host))
                return endpoint.addresses.front();
    for (const PublicIp& ip : inventory.publicIps)
        if (ip.address && equalsIgnoringCase(ip.fqdn, host))
            return ip.address;
    return std::nullopt;
}

PathEnd endOfInterface(const Inventory& inventory, Index nic, const std::optional<IpAddress>& wanted = {})
{
    PathEnd end;
    end.kind = PathEnd::Kind::Interface;
    end.nic = nic;
    const IpConfiguration* one = inventory.interfaces[static_cast<std::size_t>(nic)].configuration(wanted);
    if (one && one->address)
        end.address = *one->address;
    end.position = positionOf(inventory, nic, wanted);
    return end;
}

/// The virtual network an address belongs to, preferring the one given and its peers.
Index vnetHolding(const Inventory& inventory, const IpAddress& address, Index preferred)
{
    const auto holds = [&](Index vnet) { return vnet != kNone && inventory.vnets[static_cast<std::size_t>(vnet)].space().contains(address); };
    if (holds(preferred))
        return preferred;
    if (preferred != kNone)
        for (const Peering& peering : inventory.vnets[static_cast<std::size_t>(preferred)].peerings)
            if (holds(peering.remote))
                return peering.remote;
    for (std::size_t i = 0; i < inventory.vnets.size(); ++i)
        if (holds(static_cast<Index>(i)))
            return static_cast<Index>(i);
    return kNone;
}

Index gatewayTowards(const Inventory& inventory, const IpAddress& address)
{
    Index best = kNone;
    int longest = 0; // a learned default route makes nobody on-premises
    for (std::size_t i = 0; i < inventory.gateways.size(); ++i)
        for (const GatewayPrefix& one : gatewayPrefixes(inventory, inventory.gateways[i].vnet))
            if (one.prefix.contains(address) && one.prefix.length > longest && one.gateway == static_cast<Index>(i)) {
                best = one.gateway;
                longest = one.prefix.length;
            }
    return best;
}

PathEnd endOfAddress(const Inventory& inventory, const IpAddress& address, Index preferredVnet)
{
    PathEnd end;
    end.address = address;
    const Index vnet = vnetHolding(inventory, address, preferredVnet);
    if (vnet != kNone) {
        const AddressOwner* owner = inventory.ownerIn(vnet, address);
        if (owner && owner->kind == OwnerKind::Interface)
            return endOfInterface(inventory, owner->index, address);
        end.kind = PathEnd::Kind::Address;
        end.position = {inventory.subnetOf(vnet, address), kNone};
        return end;
    }
    if (const auto gateway = gatewayTowards(inventory, address); gateway != kNone) {
        end.kind = PathEnd::Kind::OnPremises;
        end.gateway = gateway;
    }
    return end;
}

Result<Index> interfaceOf(const Inventory& inventory, const ConnectivityEndpoint& endpoint)
{
    if (!endpoint.interface.empty())
        return inventory.findInterface(endpoint.interface);
    std::string_view machineName = endpoint.machine;
    if (machineName.empty()) {
        if (auto nic = inventory.findInterface(endpoint.resource))
            return nic;
        machineName = endpoint.resource;
    }
    TOCSIN_TRY_ASSIGN(const Index machine, inventory.findMachine(machineName));
    const auto& interfaces = inventory.machines[static_cast<std::size_t>(machine)].interfaces;
    if (interfaces.empty())
        return fail(kUnknownResource, "network interface of virtual machine", machineName);
    return interfaces.front();
}

bool namesResource(const ConnectivityEndpoint& endpoint) { return !endpoint.interface.empty() || !endpoint.machine.empty() || !endpoint.resource.empty(); }

std::optional<IpAddress> addressOfFamily(const NetworkInterface& nic, bool v4)
{
    for (const bool primary : {true, false})
        for (const IpConfiguration& one : nic.configurations)
            if (one.address && one.address->isV4() == v4 && one.primary == primary)
                return one.address;
    return std::nullopt;
}

} // namespace

Result<PathQuestion> resolveRequest(const Inventory& inventory, const ConnectivityRequest& request, std::string* unresolved)
{
    PathQuestion question;
    question.protocol = request.protocol;
    question.port = request.destination.port.value_or(0);
    Index sourceNic = kNone;
    if (namesResource(request.source)) {
        TOCSIN_TRY_ASSIGN(sourceNic, interfaceOf(inventory, request.source));
        question.source = endOfInterface(inventory, sourceNic);
    } else {
        const auto address = parseIp(hostOf(request.source.address));
        if (!address)
            return fail(kBadAddress, request.source.address);
        question.source = endOfAddress(inventory, *address, kNone);
        sourceNic = question.source.nic;
    }
    if (sourceNic != kNone && !inventory.interfaces[static_cast<std::size_t>(sourceNic)].configuration(question.source.address)->address)
        return fail(kBadQuestion, "source", "the interface has no known private address");
    const Index sourceVnet = vnetOf(inventory, question.source.position);
    if (namesResource(request.destination)) {
        TOCSIN_TRY_ASSIGN(const Index nic, interfaceOf(inventory, request.destination));
        const NetworkInterface& target = inventory.interfaces[static_cast<std::size_t>(nic)];
        question.destination = endOfInterface(inventory, nic, addressOfFamily(target, question.source.address.isV4()));
        const IpConfiguration* one = target.configuration(question.destination.address);
        if (!one || !one->address)
            return fail(kBadQuestion, "destination", "the interface has no known private address");
        // From outside an interface is reached by its public address, if it has one.
        if (question.source.kind == PathEnd::Kind::Internet && one->publicIp != kNone)
            if (const auto& address = inventory.publicIps[static_cast<std::size_t>(one->publicIp)].address)
                question.destination.address = *address;
    } else {
        const std::string host = hostOf(request.destination.address);
        if (host.empty())
            return fail(kBadQuestion, "destination", "a resource, an address or a name is needed");
        auto address = parseIp(host);
        if (!address) {
            address = resolveName(inventory, host);
            question.destination.fqdn = host;
        }
        if (!address) {
            if (unresolved)
                *unresolved = host;
            return question;
        }
        const std::string fqdn = question.destination.fqdn;
        question.destination = endOfAddress(inventory, *address, sourceVnet);
        question.destination.fqdn = fqdn;
    }
    if (question.source.kind == PathEnd::Kind::Interface && question.source.address.isV4() != question.destination.address.isV4())
        if (const auto other = addressOfFamily(inventory.interfaces[static_cast<std::size_t>(sourceNic)], question.destination.address.isV4()))
            question.source = endOfInterface(inventory, sourceNic, other);
    return question;
}

} // namespace tocsin::network
