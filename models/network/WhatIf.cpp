// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/WhatIf.h"

#include "base/Utf8.h"
#include "network/Errors.h"
#include "network/RuleReading.h"

#include <algorithm>

namespace tocsin::network {
namespace {

/// A name given under one of several keys, as a text or as an object with a name.
std::string nameIn(const JsonTree& edit, std::initializer_list<std::string_view> keys)
{
    for (const std::string_view key : keys) {
        const JsonTree& value = edit.get(key);
        if (value.isString())
            return value.text();
        if (value.isObject() && value.get("name").isString())
            return value.get("name").text();
    }
    return {};
}

std::string plainRuleName(std::string_view name)
{
    for (const std::string_view prefix : {"UserRule_", "DefaultRule_", "securityRules/", "defaultSecurityRules/"})
        if (name.starts_with(prefix))
            return std::string(name.substr(prefix.size()));
    return std::string(name);
}

/// Removes by name from a list; an error if there is nothing of that name.
template <typename List>
Result<void> removeNamed(List& list, const std::string& name, std::string_view what)
{
    if (std::erase_if(list, [&name](const auto& one) { return equalsIgnoringCase(one.name, name); }) == 0)
        return fail(kUnknownResource, what, name);
    return {};
}

/// The body of a rule or route: below its own key, else beside the operation.
const JsonTree& bodyOf(const JsonTree& edit, std::string_view key) { return edit.get(key).isObject() ? edit.get(key) : edit; }

class Editor {
public:
    explicit Editor(Inventory& inventory) : m_inventory(inventory) {}

    Result<void> apply(const JsonTree& edit)
    {
        const std::string op = lowered(edit.get("op").view());
        if (op == "addrule" || op == "setrule")
            return addRule(edit, op == "setrule");
        if (op == "removerule") {
            TOCSIN_TRY_ASSIGN(NetworkSecurityGroup * group, groupOf(edit));
            return removeNamed(group->rules, plainRuleName(nameIn(edit, {"ruleName", "rule", "name"})), "security rule");
        }
        if (op == "addroute")
            return addRoute(edit);
        if (op == "removeroute") {
            TOCSIN_TRY_ASSIGN(RouteTable * table, tableOf(edit));
            return removeNamed(table->routes, nameIn(edit, {"routeName", "route", "name"}), "route");
        }
        if (op == "setpeering" || op == "removepeering")
            return editPeering(edit, op == "removepeering");
        if (op == "setsubnet")
            return setSubnet(edit);
        if (op == "setnic")
            return setNic(edit);
        return fail(kBadQuestion, "edits", "unknown operation '" + edit.get("op").text() + "'");
    }

private:
    Result<NetworkSecurityGroup*> groupOf(const JsonTree& edit)
    {
        TOCSIN_TRY_ASSIGN(const Index index, m_inventory.findSecurityGroup(nameIn(edit, {"nsg", "networkSecurityGroup"})));
        return &m_inventory.securityGroups[static_cast<std::size_t>(index)];
    }

    Result<RouteTable*> tableOf(const JsonTree& edit)
    {
        TOCSIN_TRY_ASSIGN(const Index index, m_inventory.findRouteTable(nameIn(edit, {"routeTable", "table"})));
        return &m_inventory.routeTables[static_cast<std::size_t>(index)];
    }

    Result<void> addRule(const JsonTree& edit, bool replace)
    {
        TOCSIN_TRY_ASSIGN(NetworkSecurityGroup * group, groupOf(edit));
        std::string complaint;
        SecurityRule rule = readSecurityRule(bodyOf(edit, "rule"), false, group->info.id, [&complaint](std::string code, std::string text) {
            if (code != "priorityOutOfRange" && code != "badAddress")
                complaint = std::move(text);
        });
        if (rule.name.empty())
            rule.name = nameIn(edit, {"ruleName"});
        if (!complaint.empty())
            return fail(kBadQuestion, "edits", complaint);
        if (replace)
            TOCSIN_TRY(removeNamed(group->rules, rule.name, "security rule"));
        group->rules.push_back(std::move(rule));
        std::stable_sort(group->rules.begin(), group->rules.end(), [](const SecurityRule& a, const SecurityRule& b) { return a.priority < b.priority; });
        return {};
    }

    Result<void> addRoute(const JsonTree& edit)
    {
        TOCSIN_TRY_ASSIGN(RouteTable * table, tableOf(edit));
        const JsonTree& body = bodyOf(edit, "route");
        Route route;
        route.name = body.get("name").isNull() ? nameIn(edit, {"routeName"}) : body.get("name").text();
        route.id = table->info.id + "/routes/" + route.name;
        route.prefix = body.property("addressPrefix").text();
        const auto type = parseNextHopType(body.property("nextHopType").view());
        if (!type || route.prefix.empty())
            return fail(kBadQuestion, "edits", "a route needs addressPrefix and nextHopType");
        route.nextHopType = *type;
        route.nextHopAddress = body.property("nextHopIpAddress").text();
        route.hasBgpOverride = body.property("hasBgpOverride").boolean(false);
        table->routes.push_back(std::move(route));
        return {};
    }

    Result<void> editPeering(const JsonTree& edit, bool remove)
    {
        TOCSIN_TRY_ASSIGN(const Index index, m_inventory.findVnet(nameIn(edit, {"vnet", "virtualNetwork"})));
        auto& peerings = m_inventory.vnets[static_cast<std::size_t>(index)].peerings;
        const std::string name = nameIn(edit, {"peeringName", "peering", "name"});
        if (remove)
            return removeNamed(peerings, name, "peering");
        for (Peering& peering : peerings) {
            if (!equalsIgnoringCase(peering.name, name))
                continue;
            const JsonTree& body = edit.get("properties").isObject() ? edit.get("properties") : bodyOf(edit, "peering");
            peering.allowAccess = body.property("allowVirtualNetworkAccess").boolean(peering.allowAccess);
            peering.allowForwarded = body.property("allowForwardedTraffic").boolean(peering.allowForwarded);
            peering.allowGatewayTransit = body.property("allowGatewayTransit").boolean(peering.allowGatewayTransit);
            peering.useRemoteGateways = body.property("useRemoteGateways").boolean(peering.useRemoteGateways);
            if (body.property("peeringState").isString()) {
                peering.state = body.property("peeringState").text();
                peering.connected = equalsIgnoringCase(peering.state, "Connected");
            }
            return {};
        }
        return fail(kUnknownResource, "peering", name);
    }

    /// Sets a reference that is named in the edit; null takes it away, an absent one stays.
    Result<void> setReference(const JsonTree& edit, std::string_view key, Index& reference, Result<Index> (Inventory::*find)(std::string_view) const)
    {
        const bool present = std::any_of(edit.members().begin(), edit.members().end(), [key](const JsonMember& member) { return equalsIgnoringCase(member.name, key); });
        if (!present)
            return {};
        reference = kNone;
        if (edit.get(key).isString()) {
            TOCSIN_TRY_ASSIGN(reference, (m_inventory.*find)(edit.get(key).view()));
        }
        return {};
    }

    Result<void> setSubnet(const JsonTree& edit)
    {
        Index vnet = kNone;
        if (edit.get("vnet").isString()) {
            TOCSIN_TRY_ASSIGN(vnet, m_inventory.findVnet(edit.get("vnet").view()));
        }
        TOCSIN_TRY_ASSIGN(const Index index, m_inventory.findSubnet(edit.get("subnet").view(), vnet));
        Subnet& subnet = m_inventory.subnets[static_cast<std::size_t>(index)];
        TOCSIN_TRY(setReference(edit, "nsg", subnet.securityGroup, &Inventory::findSecurityGroup));
        return setReference(edit, "routeTable", subnet.routeTable, &Inventory::findRouteTable);
    }

    Result<void> setNic(const JsonTree& edit)
    {
        TOCSIN_TRY_ASSIGN(const Index index, m_inventory.findInterface(edit.get("nic").view()));
        NetworkInterface& nic = m_inventory.interfaces[static_cast<std::size_t>(index)];
        nic.ipForwarding = edit.get("enableIPForwarding").boolean(nic.ipForwarding);
        return setReference(edit, "nsg", nic.securityGroup, &Inventory::findSecurityGroup);
    }

    Inventory& m_inventory;
};

} // namespace

Result<Inventory> applyEdits(const Inventory& inventory, const JsonTree& edits)
{
    Inventory copy = inventory;
    Editor editor(copy);
    for (const JsonTree& edit : edits.items())
        TOCSIN_TRY(editor.apply(edit));
    return copy;
}

Result<PortChange> whatIf(const Inventory& inventory, const JsonTree& edits, const ConnectivityRequest& request)
{
    PortChange change;
    TOCSIN_TRY_ASSIGN(change.before, reachablePorts(inventory, request));
    TOCSIN_TRY_ASSIGN(const Inventory edited, applyEdits(inventory, edits));
    TOCSIN_TRY_ASSIGN(change.after, reachablePorts(edited, request));
    change.gained = change.after.reachable.minus(change.before.reachable);
    change.lost = change.before.reachable.minus(change.after.reachable);
    return change;
}

} // namespace tocsin::network
