// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Connectivity.h"
#include "network/InventoryLoader.h"
#include "network/Requests.h"

#include <QtTest>

#include <string>

namespace tocsin::network::fixture {

inline const std::string kBase = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network";

inline std::string quoted(const std::string& text) { return '"' + text + '"'; }

inline std::string reference(const std::string& typeAndName) { return "{\"id\":\"" + kBase + "/" + typeAndName + "\"}"; }

/// A resource of Microsoft.Network; `properties` is the inside of an object.
inline std::string resource(const std::string& type, const std::string& name, const std::string& properties, const std::string& more = {})
{
    return "{\"id\":\"" + kBase + "/" + type + "/" + name + "\",\"name\":\"" + name + "\",\"type\":\"Microsoft.Network/" + type + "\",\"location\":\"westeurope\"" + more
        + ",\"properties\":{" + properties + "}}";
}

inline std::string rule(const std::string& name, int priority, const std::string& direction, const std::string& access, const std::string& protocol, const std::string& source,
                        const std::string& destination, const std::string& ports, const std::string& sourcePorts = "*")
{
    return "{\"name\":\"" + name + "\",\"properties\":{\"priority\":" + std::to_string(priority) + ",\"direction\":\"" + direction + "\",\"access\":\"" + access
        + "\",\"protocol\":\"" + protocol + "\",\"sourceAddressPrefix\":\"" + source + "\",\"destinationAddressPrefix\":\"" + destination + "\",\"sourcePortRange\":\"" + sourcePorts
        + "\",\"destinationPortRange\":\"" + ports + "\"}}";
}

inline std::string group(const std::string& name, const std::string& rules) { return resource("networkSecurityGroups", name, "\"securityRules\":[" + rules + "]"); }

inline std::string route(const std::string& name, const std::string& prefix, const std::string& type, const std::string& address = {})
{
    return "{\"name\":\"" + name + "\",\"properties\":{\"addressPrefix\":\"" + prefix + "\",\"nextHopType\":\"" + type + "\",\"nextHopIpAddress\":\"" + address + "\"}}";
}

inline std::string table(const std::string& name, const std::string& routes, bool disablePropagation = false)
{
    return resource("routeTables", name, std::string("\"disableBgpRoutePropagation\":") + (disablePropagation ? "true" : "false") + ",\"routes\":[" + routes + "]");
}

inline std::string subnet(const std::string& vnet, const std::string& name, const std::string& prefix, const std::string& more = {})
{
    return "{\"id\":\"" + kBase + "/virtualNetworks/" + vnet + "/subnets/" + name + "\",\"name\":\"" + name + "\",\"properties\":{\"addressPrefix\":\"" + prefix + "\"" + more + "}}";
}

inline std::string vnet(const std::string& name, const std::string& prefix, const std::string& subnets, const std::string& peerings = {})
{
    return resource("virtualNetworks", name, "\"addressSpace\":{\"addressPrefixes\":[\"" + prefix + "\"]},\"subnets\":[" + subnets + "],\"virtualNetworkPeerings\":[" + peerings + "]");
}

inline std::string peering(const std::string& name, const std::string& remote, const std::string& more = {})
{
    return "{\"name\":\"" + name + "\",\"properties\":{\"peeringState\":\"Connected\",\"remoteVirtualNetwork\":" + reference("virtualNetworks/" + remote) + more + "}}";
}

inline std::string nic(const std::string& name, const std::string& address, const std::string& subnetPath, const std::string& more = {}, const std::string& configuration = {})
{
    return resource("networkInterfaces", name,
                    "\"ipConfigurations\":[{\"name\":\"ipconfig1\",\"properties\":{\"privateIPAddress\":\"" + address + "\",\"primary\":true,\"subnet\":" + reference("virtualNetworks/" + subnetPath)
                        + configuration + "}}]" + more);
}

inline std::string inventoryText(const std::string& resources, const std::string& extras = {}) { return "{\"resources\":[" + resources + "]" + extras + "}"; }

inline Inventory load(const std::string& resources, const std::string& extras = {})
{
    auto inventory = inventoryFromJson(inventoryText(resources, extras), "fixture");
    if (!inventory)
        qFatal("%s", errorMessage(inventory.error()).c_str());
    return std::move(*inventory);
}

inline ConnectivityRequest check(const std::string& source, const std::string& destination, int port, Protocol protocol = Protocol::Tcp)
{
    const auto endpoint = [](const std::string& text) {
        ConnectivityEndpoint end;
        (text.find_first_of(".:") == std::string::npos ? end.interface : end.address) = text;
        return end;
    };
    ConnectivityRequest request{endpoint(source), endpoint(destination), protocol};
    request.destination.port = static_cast<std::uint16_t>(port);
    return request;
}

/// `Allow RULE@place`, `Deny (none)` …
inline QString verdictText(const FlowVerdict& verdict)
{
    QString text = QString::fromUtf8(name(verdict.access).data());
    if (verdict.rule)
        text += " " + QString::fromStdString(verdict.rule->name) + "@" + QString::fromStdString(std::string(name(verdict.appliedTo)));
    return text;
}

inline QString hopsText(const ConnectivityResult& result)
{
    QStringList parts;
    for (const ConnectivityHop& hop : result.hops)
        parts << QString::fromStdString((hop.name.empty() ? hop.type : hop.name) + " " + hop.address);
    return parts.join(" > ");
}

/// `Outbound NetworkSecurityRule UserRule_X` of the issue that stops the packet.
inline QString failureText(const ConnectivityResult& result)
{
    const auto failure = result.failure();
    if (!failure.issue)
        return {};
    QString text = QString::fromStdString(failure.issue->origin + " " + failure.issue->type);
    for (const char* key : {"RuleName", "RouteName"})
        if (!failure.issue->value(key).empty())
            text += " " + QString::fromStdString(std::string(failure.issue->value(key)));
    return text + " at " + QString::fromStdString(failure.hop->name.empty() ? failure.hop->address : failure.hop->name);
}

} // namespace tocsin::network::fixture
